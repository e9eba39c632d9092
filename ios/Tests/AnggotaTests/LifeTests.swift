// Cancelling, closing, many threads, many openings.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    @Test func cancelledSyncLeavesTheStoreWhole() async throws {
        let phone = try Phone()
        let long = try await stand.members().longPassbook
        let proxy = try await stand.proxy(.slow(bytes: 256, pauseMs: 50, path: "pull"))
        let client = try await phone.enrol(try await stand.papers(member: long.memberNo), by: proxy.serverUrl)
        let atPull = { (count: Int) in try await eventually { try await stand.counted(proxy).requests > count } }

        // By its own name, from elsewhere.
        async let cancelled = failure { _ = try await client.sync() }
        #expect(try await atPull(1))
        try client.cancelSync()
        #expect(try await cancelled == "Cancelled")

        // And as Swift cancels: with the task that waits.
        let before = try await stand.counted(proxy).requests
        let task = Task { try await failure { _ = try await client.syncWhileWanted() } }
        #expect(try await atPull(before))
        task.cancel()
        #expect(try await task.value == "Cancelled")
        let never = Task { try await failure { _ = try await client.syncWhileWanted() } }
        never.cancel()
        #expect(try await never.value == "Cancelled")

        // What was held stays readable, and nothing half is shown.
        #expect(try client.balances().savings.allSatisfy { $0.verified })
        try await stand.change(proxy, .none)
        #expect(try await client.sync().complete)
        #expect(try await client.verify().ok)
        #expect(try client.balances().savings.first { $0.accountNo == long.accountNo }?.seq == UInt32(long.entries))
    }

    @Test func useAfterCloseIsAnError() async throws {
        let phone = try Phone()
        let client = try await synced(phone)
        try await client.suspend()
        #expect(try await failure { _ = try client.balances() } == "Closed")
        try await client.resume()
        #expect(try client.balances().asOf != nil)

        try await client.shutDown()
        let account = "SS-C001"
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try client.balances() },
            { _ = try client.profile() },
            { _ = try client.transactions(accountNo: account, limit: 1, before: nil) },
            { _ = try client.loanTransactions(loanNo: account, limit: 1, before: nil) },
            { _ = try client.requests() },
            { _ = try client.drafts() },
            { _ = try await client.sync() },
            { try await client.upload() },
            { _ = try await client.verify() },
            { _ = try await client.showCard() },
            { _ = try await client.requestLoan(product: "PF", principal: 1, periods: 1, purpose: "Modal") },
            { try await client.resume() },
        ]
        for (number, call) in calls.enumerated() {
            #expect(try await failure(of: call) == "Closed", "call \(number)")
        }
        try await client.shutDown()
        #expect(try await phone.open().balances().asOf != nil)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "it counts what Linux shows"))
    func thousandOpensWithoutGrowth() async throws {
        let phone = try Phone()
        try await synced(phone).shutDown()
        let open = { (times: Int) in
            for _ in 0..<times {
                let client = try await phone.open()
                _ = try client.balances()
                try await client.shutDown()
            }
        }
        try await open(100)
        let before = try Usage()
        try await open(1_000)
        // The last clients' threads end a moment after them.
        #expect(try await eventually {
            let after = try Usage()
            return after.files <= before.files + 2 && after.threads <= before.threads + 2
        })
        // The allocator's own play is larger than half a kilobyte an opening; a client that leaks is larger than four.
        #expect(try Usage().kilobytes < before.kilobytes + 4_096)
    }

    @Test func eightThreadsOnOneClient() async throws {
        let phone = try Phone()
        let members = try await stand.members()
        let client = try await synced(phone, as: members.rich.memberNo)
        let total = try await stand.expected(members.rich.memberNo).totalSavings.money
        let account = try #require(try client.balances().savings.first?.accountNo)
        let failures = Failures()
        // A sync and a card go on beside them.
        async let synced = client.sync()
        async let shown = client.showCard()
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let threads = DispatchGroup()
            for _ in 0..<8 {
                threads.enter()
                Thread.detachNewThread {
                    defer { threads.leave() }
                    failures.collect {
                        for _ in 0..<100 {
                            guard try client.balances().totalSavings == total else { throw Failures.Wrong() }
                            _ = try client.transactions(accountNo: account, limit: 50, before: nil)
                            _ = try client.requests()
                        }
                    }
                }
            }
            threads.notify(queue: .global()) { done.resume() }
        }
        #expect(failures.all.isEmpty)
        _ = try await (synced, shown)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    number.isMultiple(of: 2) ? try await client.sync().complete : try await client.verify().ok
                }
            }
            for try await whole in group {
                #expect(whole)
            }
        }
    }

    @Test func panicBecomesAnError() async throws {
        let phone = try Phone()
        let client = try await synced(phone)
        // Nothing that the library says by itself: the call ended in the middle.
        #expect { try client.panicNow() } throws: { !($0 is AnggotaError) }
        await #expect { try await client.panicLater() } throws: { !($0 is AnggotaError) }
        #expect(try client.balances().asOf != nil)
        #expect(try await client.sync().complete)
        #expect(try await client.verify().ok)
    }

    @Test func logsArriveWithoutSecrets() async throws {
        let (sink, vault) = (Sink(), WatchedVault())
        try setLogSink(sink: sink, level: .debug)
        defer { try? setLogSink(sink: nil, level: .error) }
        let phone = try Phone(vault: vault)
        let (paper, product) = (try await stand.papers(fresh: true), try await stand.members().loanProduct)
        let proxy = try await stand.proxy(.none)
        let client = try await phone.enrol(paper, by: proxy.serverUrl)
        _ = try await client.sync()
        let asked = try await client.requestLoan(product: product, principal: 2_345_000, periods: 12, purpose: "Beli sapi")
        _ = try await client.sync()
        let card = try await client.showCard()
        // A good day says little: the network fails, and what goes on by itself tells of it.
        try await stand.change(proxy, .dropReplies(count: 1, path: "pull"))
        try client.runInBackground()
        #expect(try await eventually { sink.records.contains { $0.message.contains("tried again") } })
        try await client.shutDown()

        let records = sink.records
        #expect(records.allSatisfy { $0.target.hasPrefix("anggota") && !$0.message.isEmpty })
        let expected = try await stand.expected(paper.memberNo)
        var secrets = [paper.code, paper.memberNo, expected.name, "2345000", "Beli sapi", asked.requestId, card.text]
        secrets += expected.savings.flatMap { [$0.accountNo, "\($0.balance.money)"] }
        secrets += expected.loans.flatMap { [$0.accountNo, "\($0.outstanding.money)"] }
        secrets += vault.secrets.flatMap { secret in
            [secret.base64EncodedString(), secret.map { String(format: "%02x", $0) }.joined()]
        }
        for (number, secret) in secrets.enumerated() {
            #expect(!records.contains { $0.message.localizedCaseInsensitiveContains(secret) }, "secret \(number)")
        }
    }
}

/// What the process has in use.
private struct Usage {
    let files: Int
    let threads: Int
    let kilobytes: Int

    init() throws {
        files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let number = { (field: String) throws -> Int in
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) })
            return try #require(Int(line.filter(\.isNumber)))
        }
        (threads, kilobytes) = (try number("Threads:"), try number("VmRSS:"))
    }
}

/// What went wrong on other threads.
private final class Failures: @unchecked Sendable {
    struct Wrong: Error {}

    private let lock = NSLock()
    private var list: [any Error] = []

    var all: [any Error] { lock.withLock { list } }

    func collect(_ act: () throws -> Void) {
        do {
            try act()
        } catch {
            lock.withLock { list.append(error) }
        }
    }
}

private final class Sink: LogSink, @unchecked Sendable {
    private let lock = NSLock()
    private var list: [LogRecord] = []

    var records: [LogRecord] { lock.withLock { list } }

    func log(record: LogRecord) throws {
        lock.withLock { list.append(record) }
    }
}

/// A vault that remembers what it was given.
private final class WatchedVault: KeyVault, @unchecked Sendable {
    private let vault = MemoryVault()
    private let lock = NSLock()
    private var list: [Data] = []

    var secrets: [Data] { lock.withLock { list } }

    func wrap(secret: Data) throws -> Data {
        lock.withLock { list.append(secret) }
        return try vault.wrap(secret: secret)
    }

    func unwrap(wrapped: Data) throws -> Data {
        try vault.unwrap(wrapped: wrapped)
    }
}
