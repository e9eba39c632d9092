// What it costs to ask the library from Swift: one line of JSON, medians in microseconds.
//
// A crossing is a call into the library or a listener called by it. What UniFFI adds to each (a handle cloned, a buffer
// freed, the polls of an asynchronous call) has no count of its own and is in the time.

import Anggota
import Foundation
import TestKit

private let rounds = 200

private let stand = try Stand()
private let long = try await stand.members().longPassbook
private let phone = try Phone()
private let client = try await phone.enrol(try await stand.papers(member: long.memberNo))
_ = try await client.sync()

private var report = Report()
try await report.measure("home", crossings: 1) {
    _ = try client.balances()
}
try await report.measure("page_50", crossings: 1) {
    guard try client.transactions(accountNo: long.accountNo, limit: 50).entries.count == 50 else { throw Short() }
}
try await report.measure("entries_1000", crossings: 1) {
    guard try client.transactions(accountNo: long.accountNo, limit: 1_000).entries.count == 1_000 else { throw Short() }
}

// A sync says that it begins before it does anything else: from the call to the listener.
private var notices = client.changes().makeAsyncIterator()
try await report.measure("change_notice", crossings: 1) {
    async let synced = client.sync()
    guard await notices.next() == .sync else { throw Short() }
    return {
        _ = try await synced
        while await notices.next() != .sync {}
    }
}

try await client.shutDown()
try await report.measure("open", crossings: 1) {
    let client = try await phone.open()
    return { try await client.shutDown() }
}
try report.print()

/// Less came than there is.
private struct Short: Error {}

/// The figures so far.
private struct Report: Encodable {
    let language = "swift"
    private var crossings: [String: Int] = [:]
    private var micros: [String: Int] = [:]

    /// The median time of `act`; what it leaves to be done between two rounds is not measured.
    mutating func measure(_ name: String, crossings: Int, _ act: () async throws -> (() async throws -> Void)?) async throws {
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<rounds {
            let start = clock.now
            let rest = try await act()
            times.append(clock.now - start)
            try await rest?()
        }
        times.sort()
        let (seconds, attoseconds) = times[rounds / 2].components
        self.crossings[name] = crossings
        micros[name] = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }

    mutating func measure(_ name: String, crossings: Int, _ act: () throws -> Void) async throws {
        try await measure(name, crossings: crossings) {
            try act()
            return nil
        }
    }

    func print() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}
