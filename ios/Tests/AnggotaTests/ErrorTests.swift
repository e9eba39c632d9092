// Every case of the library's error, each brought about by what a member, a network or a phone does.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    @Test func everyErrorCaseOnce() async throws {
        let seen = Seen()
        try await networkFails(seen)
        try await enrolmentFails(seen)
        try await clientRefuses(seen)
        try await storeFails(seen)
        try await booksGoBack(seen)
        #expect(seen.names == AnggotaError.everyCase)
    }

    private func networkFails(_ seen: Seen) async throws {
        let paper = try await stand.papers(fresh: true)
        let enrol = { (way: String) in
            let phone = try Phone()
            _ = try await phone.enrol(paper, by: way)
        }
        let ways: [(String, String)] = [
            ("NoNetwork", try await stand.refusing()),
            ("NotAServer", try await stand.answeringHtml()),
            ("ServerBusy", try await stand.answering(problem: "busy")),
            ("TryAgain", try await stand.answering(problem: "token-expired")),
            ("TooManyAttempts", try await stand.answering(problem: "too-many-attempts")),
            ("UpdateApp", try await stand.answering(problem: "update-required")),
            ("NotPossible", try await stand.answering(problem: "attachment-refused")),
        ]
        for (name, way) in ways {
            try await seen.expect(name) { try await enrol(way) }
        }
    }

    private func enrolmentFails(_ seen: Seen) async throws {
        let phone = try Phone()
        let paper = try await stand.papers(fresh: true)
        let wrong = paper.code.replacingOccurrences(of: paper.code.prefix(1), with: paper.code.hasPrefix("1") ? "2" : "1")
        try await seen.expect("CodeRefused") {
            _ = try await Client.enrol(options: phone.options, enrolment: paper.enrolment(code: wrong))
        }
        try await seen.expect("NotTrusted") {
            let trust = Trust.serverKey(thumbprint: String(repeating: "0", count: 64))
            _ = try await Client.enrol(options: phone.options, enrolment: paper.enrolment(trust: trust))
        }
        let client = try await synced(phone, as: paper.memberNo)
        try await stand.revoke(try client.profile().deviceId)
        try await seen.expect("EnrolAgain") { _ = try await client.sync() }
    }

    private func clientRefuses(_ seen: Seen) async throws {
        let keys = SpoiltKeys()
        let phone = try Phone(keys: keys)
        let proxy = try await stand.proxy(.none)
        let client = try await phone.enrol(try await stand.papers(fresh: true), by: proxy.serverUrl)
        let product = try await stand.members().loanProduct
        let ask = { (principal: Money) in
            _ = try await client.requestLoan(product: product, principal: principal, periods: 12, purpose: "Modal warung")
        }
        // The products come with the first sync.
        try await seen.expect("NotPossible") { try await ask(1_000_000) }
        _ = try await client.sync()
        try await seen.expect("InvalidInput") { try await ask(0) }
        try await seen.expect("Unknown") { _ = try client.transactions(accountNo: "SS-X", limit: 1, before: nil) }
        keys.sign { _ in throw KeyError.Failed(reason: "the screen is locked") }
        try await seen.expect("KeyFailed") { try await ask(1_000_000) }
        keys.sign { try $0() }

        try await stand.change(proxy, .slow(bytes: 1, pauseMs: 100, path: "pull"))
        let before = try await stand.counted(proxy).requests
        try await seen.expect("Cancelled") {
            async let synced = client.sync()
            _ = try await eventually { try await stand.counted(proxy).requests > before }
            try client.cancelSync()
            _ = try await synced
        }
        try await seen.expect("StoreBusy") { _ = try await phone.open() }
        try await client.shutDown()
        try await seen.expect("Closed") { _ = try client.balances() }
    }

    private func storeFails(_ seen: Seen) async throws {
        let phone = try Phone()
        let paper = try await stand.papers(fresh: true)
        let file = phone.folder.appendingPathComponent("file")
        try Data().write(to: file)
        try await seen.expect("StoreFull") {
            // Where a file stands no folder can be made, as where there is no room.
            let options = OpenOptions(dataDir: file.path, vault: phone.vault, deviceKey: phone.keys)
            _ = try await Client.enrol(options: options, enrolment: paper.enrolment())
        }
        try await phone.enrol(paper).shutDown()
        let files = FileManager.default.enumerator(at: phone.folder, includingPropertiesForKeys: nil)?.allObjects as? [URL]
        let store = try #require(files?.first { $0.lastPathComponent == "store.db" })
        try Data(repeating: 7, count: 4_096).write(to: store)
        try await seen.expect("StoreUnreadable") { _ = try await phone.open() }
    }

    /// A shop is shown an older status list than it has seen.
    private func booksGoBack(_ seen: Seen) async throws {
        let (phone, shop) = (try Phone(), try Phone())
        let client = try await synced(phone)
        let older = try await stand.cardFiles()
        try await Task.sleep(for: .seconds(2))
        let newer = try await stand.cardFiles()
        let check = { (files: CardFiles) in
            let memory = shop.folder.appendingPathComponent("memory").path
            let text = try await client.showCard().text
            return try verifyCard(check: CardCheck(
                text: text, trust: files.trust, statuses: files.statuses, roots: files.rootKeys, memory: memory))
        }
        #expect(try await check(newer).result == "green")
        try await seen.expect("BooksDiffer") { _ = try await check(older) }
    }
}

/// Which cases came up; each came as it was expected, with all that it carries.
private final class Seen {
    private(set) var names: Set<String> = []

    func expect(_ name: String, _ act: () async throws -> Void) async throws {
        do {
            try await act()
            Issue.record("\(name): nothing failed")
        } catch let error as AnggotaError {
            #expect(error.caseName == name)
            #expect(!error.code.isEmpty && error.advice.hasSuffix("."))
            names.insert(error.caseName)
        }
    }
}

extension AnggotaError {
    fileprivate static let everyCase: Set = [
        "NoNetwork", "NotAServer", "ServerBusy", "TryAgain", "TooManyAttempts", "CodeRefused", "EnrolAgain", "UpdateApp",
        "NotTrusted", "BooksDiffer", "InvalidInput", "Unknown", "NotPossible", "StoreBusy", "StoreUnreadable", "StoreFull",
        "KeyFailed", "Closed", "Cancelled",
    ]
}
