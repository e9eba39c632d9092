// What it costs to ask the library from Swift: one line of JSON, medians in microseconds.
//
// A crossing is a call into the library, or one of a listener, a vault or a key by it. What UniFFI adds to each (a handle cloned, a buffer
// freed, the polls of an asynchronous call) has no count of its own and is in the time.

import Anggota
import Foundation
import TestKit

@main
struct Bench {
    static func main() async throws {
        let stand = try Stand()
        let long = try await stand.members().longPassbook
        let called = Called()
        let phone = try Phone(vault: called, keys: called)
        let client = try await phone.enrol(try await stand.papers(member: long.memberNo))
        _ = try await client.sync()

        var report = Report()
        try await report.measure("home") { round in
            _ = try round.cross { try client.balances() }
        }
        for (name, count) in [("page_50", 50), ("entries_1000", 1_000)] {
            try await report.measure(name) { round in
                let page = try round.cross { try client.transactions(accountNo: long.accountNo, limit: UInt32(count)) }
                precondition(page.entries.count == count, "the passbook is too short")
            }
        }
        // A sync says that it begins before it does anything else: the time from the call to the listener.
        try await report.measure("change_notice") { round in
            let first = First()
            let subscription = try client.subscribe(listener: first)
            let start = ContinuousClock.now
            _ = try await client.sync()
            while first.heard == nil {
                try await Task.sleep(for: .milliseconds(1))
            }
            try subscription.cancel()
            round.crossed((first.heard ?? .now) - start)
        }
        let profile = ProfileId(cooperative: try client.profile().cooperative, memberNo: long.memberNo)
        try await client.shutDown()
        try await report.measure("open") { round in
            let (start, before) = (ContinuousClock.now, called.times)
            let client = try await Client.open(options: phone.options, profile: profile)
            round.crossed(.now - start, times: 1 + called.times - before)
            try await client.shutDown()
        }
        print(try report.line())
    }
}

/// One time of what is measured.
private struct Round {
    private(set) var crossings = 0
    private(set) var took = Duration.zero

    /// Counts and times a call.
    mutating func cross<Value>(_ call: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        let value = try call()
        crossed(.now - start)
        return value
    }

    /// Counts what was timed elsewhere.
    mutating func crossed(_ took: Duration, times: Int = 1) {
        crossings += times
        self.took += took
    }
}

private struct Report {
    private static let rounds = 200

    private var crossings: [String: Int] = [:]
    private var micros: [String: Int] = [:]

    /// The crossings of one round, and the median of its times.
    mutating func measure(_ name: String, _ act: @Sendable (inout Round) async throws -> Void) async throws {
        var rounds: [Round] = []
        for _ in 0..<Self.rounds {
            var round = Round()
            try await act(&round)
            rounds.append(round)
        }
        let (seconds, attoseconds) = rounds.map(\.took).sorted()[Self.rounds / 2].components
        micros[name] = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        crossings[name] = rounds.map(\.crossings).max()
    }

    func line() throws -> String {
        let document: [String: Any] = ["language": "swift", "crossings": crossings, "micros": micros]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: document, options: .sortedKeys), as: UTF8.self)
    }
}

/// When the first notice came.
private final class First: ChangeListener, @unchecked Sendable {
    private let lock = NSLock()
    private var instant: ContinuousClock.Instant?

    var heard: ContinuousClock.Instant? { lock.withLock { instant } }

    func changed(topic: Topic) throws {
        let now = ContinuousClock.now
        lock.withLock { instant = instant ?? now }
    }
}

/// A vault and keys that count how often the library calls them.
private final class Called: KeyVault, DeviceKey, @unchecked Sendable {
    private let (vault, keys) = (MemoryVault(), SoftwareKeys())
    private let lock = NSLock()
    private var count = 0

    var times: Int { lock.withLock { count } }

    func wrap(secret: Data) throws -> Data { try counted { try vault.wrap(secret: secret) } }
    func unwrap(wrapped: Data) throws -> Data { try counted { try vault.unwrap(wrapped: wrapped) } }
    func publicKey(alias: String, role: KeyRole) throws -> Data {
        try counted { try keys.publicKey(alias: alias, role: role) }
    }
    func sign(alias: String, role: KeyRole, message: Data) throws -> Data {
        try counted { try keys.sign(alias: alias, role: role, message: message) }
    }
    func forget(alias: String) throws { try counted { try keys.forget(alias: alias) } }

    private func counted<Value>(_ call: () throws -> Value) rethrows -> Value {
        lock.withLock { count += 1 }
        return try call()
    }
}
