// The membership card, from the phone's key to a shop's verdict.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    @Test func cardIsVerifiedByAnotherClient() async throws {
        let (phone, shop) = (try Phone(), try Phone())
        let client = try await synced(phone)
        let card = try await client.showCard()
        #expect(card.bits.count == Int(card.modules) * Int(card.modules) && card.bits.contains(true) && card.expiresIn > 0)

        let files = try await stand.cardFiles()
        let check = { (text: String, memory: String?) in
            try verifyCard(check: CardCheck(
                text: text, trust: files.trust, statuses: files.statuses, roots: files.rootKeys, memory: memory))
        }
        let (verdict, profile) = (try check(card.text, nil), try client.profile())
        #expect(verdict.result == "green" && verdict.reason == nil)
        #expect(verdict.name == profile.name && verdict.cooperative == profile.cooperativeName)

        let changed = String(card.text.dropLast()) + (card.text.hasSuffix("0") ? "1" : "0")
        let red = try check(changed, nil)
        #expect(red.result == "red" && red.reason != nil && red.name == nil)

        // A second showing of the same code is noticed by a shop that remembers; a scanner that reads twice within five
        // seconds is no second showing.
        let memory = shop.folder.appendingPathComponent("memory").path
        #expect(try check(card.text, memory).result == "green")
        try await Task.sleep(for: .seconds(6))
        #expect(try check(card.text, memory).result == "red")

        try await stand.suspend(profile.memberNo)
        let later = try await stand.cardFiles()
        let shown = try await client.showCard().text
        let suspended = try verifyCard(check: CardCheck(
            text: shown, trust: later.trust, statuses: later.statuses, roots: later.rootKeys, memory: nil))
        #expect(suspended.result == "red")
    }
}
