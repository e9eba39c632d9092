// A phone's key that fails, hangs, or signs with every length of DER.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    @Test func keyThatFails() async throws {
        let keys = SpoiltKeys()
        let phone = try Phone(keys: keys)
        let client = try await synced(phone)
        let product = try await stand.members().loanProduct
        keys.sign { _ in throw KeyError.Failed(reason: "the screen is locked") }
        let ask = {
            _ = try await client.requestLoan(product: product, principal: 1_000_000, periods: 12, purpose: "Modal warung")
        }
        #expect(try await failure(of: ask) == "KeyFailed")
        #expect(try await failure { _ = try await client.showCard() } == "KeyFailed")
        #expect(try await failure { _ = try await client.sync() } == "KeyFailed")
        #expect(try client.requests().isEmpty)
        // An answer that is no signature is no better.
        keys.sign { _ in Data([0x30, 0x00]) }
        #expect(try await failure(of: ask) == "KeyFailed")
        keys.sign { try $0() }
        try await ask()
        #expect(try await client.sync().requestsSent == 1)
    }

    @Test func keyThatHangs() async throws {
        let keys = SpoiltKeys()
        let phone = try Phone(keys: keys)
        let client = try await synced(phone)
        let gate = DispatchSemaphore(value: 0)
        keys.sign { sign in
            gate.wait()
            return try sign()
        }
        let clock = ContinuousClock()
        let start = clock.now
        async let shown = failure { _ = try await client.showCard() }
        // Whoever only reads does not wait.
        #expect(try client.balances().asOf != nil)
        #expect(clock.now - start < .seconds(5))
        #expect(try await shown == "KeyFailed")
        let waited = clock.now - start
        #expect(waited > .seconds(19) && waited < .seconds(60))
        keys.sign { try $0() }
        gate.signal()
        #expect(try await client.showCard().expiresIn > 0)
    }

    @Test func keyWithEveryDerLength() async throws {
        let keys = SpoiltKeys()
        let phone = try Phone(keys: keys)
        let client = try await synced(phone)
        let files = try await stand.cardFiles()
        for length in 69...72 {
            keys.sign { sign in
                // Half of all signatures have 71 bytes, and one in about a hundred has 69.
                for _ in 0..<10_000 {
                    let signature = try sign()
                    if signature.count == length { return signature }
                }
                throw KeyError.Failed(reason: "no signature of \(length) bytes")
            }
            let card = try await client.showCard()
            let verdict = try verifyCard(check: CardCheck(
                text: card.text, trust: files.trust, statuses: files.statuses, roots: files.rootKeys, memory: nil))
            #expect(verdict.result == "green", "\(length) bytes")
            _ = try await client.sync()
        }
    }
}
