// The library as a shell imports it: the generated core, and beside it what is better said in Swift.
// It holds no rules and no state of its own.

@_exported import AnggotaCore
