// Asking for a loan.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    private func ask(_ client: Client, purpose: Purpose) async throws -> RequestView {
        let product = try await stand.members().loanProduct
        return try await client.requestLoan(product: product, principal: 2_000_000, periods: 12, purpose: purpose)
    }

    @Test func requestIsSubmittedListedAndCancelled() async throws {
        let phone = try Phone()
        let client = try await synced(phone)
        let unsent = try await ask(client, purpose: "Modal warung")
        #expect(unsent.state == .queued && unsent.principal == 2_000_000 && unsent.periods == 12)
        #expect(try client.requests() == [unsent])
        #expect(try client.balances().pending == [unsent])
        #expect(try await client.cancelRequest(requestId: unsent.requestId).state == .cancelled)
        #expect(try client.balances().pending.isEmpty)

        let sent = try await ask(client, purpose: "Biaya sekolah")
        #expect(try await client.sync().requestsSent == 1)
        #expect(try client.requests().map(\.state) == [.cancelled, .received])
        let seen = try #require(try await stand.request(sent.requestId))
        #expect(seen.principal.money == 2_000_000 && seen.periods == 12 && seen.purpose == "Biaya sekolah")
        #expect(try await stand.request(unsent.requestId) == nil)

        _ = try await client.cancelRequest(requestId: sent.requestId)
        _ = try await client.sync()
        #expect(try client.requests().map(\.state) == [.cancelled, .cancelled])
        #expect(try await stand.request(sent.requestId)?.state == "cancelled")
    }

    @Test func requestIsAnsweredByAnOfficer() async throws {
        let phone = try Phone()
        let client = try await synced(phone)
        let (first, second) = (try await ask(client, purpose: "Motor"), try await ask(client, purpose: "Renovasi"))
        _ = try await client.sync()
        try await stand.decide(first.requestId, approve: true, reason: "Sesuai aturan")
        try await stand.decide(second.requestId, approve: false, reason: "Lunasi dahulu pinjaman yang ada")
        _ = try await client.sync()
        let answered = try client.requests()
        #expect(answered.map(\.state) == [.approved, .rejected])
        #expect(answered.last?.reason == "Lunasi dahulu pinjaman yang ada")
        #expect(try client.balances().pending.isEmpty)
        #expect(try await failure { _ = try await client.cancelRequest(requestId: first.requestId) } == "NotPossible")
    }

    @Test func droppedReplyIsSentOnce() async throws {
        let phone = try Phone()
        let proxy = try await stand.proxy(.none)
        let client = try await phone.enrol(try await stand.papers(fresh: true), by: proxy.serverUrl)
        _ = try await client.sync()
        let asked = try await ask(client, purpose: "Modal warung")
        try await stand.change(proxy, .dropReplies(count: 1, path: "operations"))
        #expect(try await failure { _ = try await client.sync() } == "NoNetwork")
        #expect(try await stand.counted(proxy).dropped == 1)
        // The office has it, though the phone was not answered.
        #expect(try await stand.request(asked.requestId)?.state == "received")

        _ = try await client.sync()
        #expect(try client.requests().map(\.state) == [.received])
        #expect(try await stand.request(asked.requestId)?.state == "received")
    }
}
