// Drafts and what stands behind them: kept unfinished, sent once, and whole at the office whatever the network does.

import Anggota
import Foundation
import TestKit
import Testing

/// How many bytes go at once.
private let part = 64 * 1024
private let jpeg = Data([0xff, 0xd8, 0xff, 0xe0])
private let png = Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

extension AnggotaTests {
    private static let languages: [Language] = [.indonesian, .javanese, .english]

    /// A file that takes so many parts and is unlike every other.
    private func document(_ parts: Int, beginning: Data = jpeg) -> Data {
        var generator = SystemRandomNumberGenerator()
        let words = ((parts - 1) * part + 1_000) / 8
        return beginning + (0..<words).reduce(into: Data()) { data, _ in
            withUnsafeBytes(of: generator.next()) { data.append(contentsOf: $0) }
        }
    }

    private func draft(_ purpose: Purpose? = "Modal warung") async throws -> Draft {
        let members = try await stand.members()
        let asked = DraftOf.request(product: members.loanProduct, principal: 2_000_000, periods: 12, purpose: purpose)
        return Draft(of: asked, income: 9_000_000, guarantors: [members.rich.memberNo], collateral: "BPKB motor")
    }

    /// A draft with that document becomes a request that the office has, and none of the document's bytes is there yet.
    private func ask(_ client: Client, _ document: Data) async throws -> OperationId {
        let id = try await client.saveDraft(draftId: nil, draft: try await draft()).draftId
        _ = try await client.attach(draftId: id, document: document)
        _ = try await client.sendDraft(draftId: id)
        _ = try await client.sync()
        #expect(try await held(id) == 0)
        return id
    }

    /// Enrolled over a way that faults are put on, and synced.
    private func synced(_ phone: Phone, over proxy: Proxy) async throws -> Client {
        let client = try await phone.enrol(try await stand.papers(fresh: true), by: proxy.serverUrl)
        _ = try await client.sync()
        return client
    }

    private func document(of id: OperationId, _ client: Client) throws -> AttachmentView {
        try #require(try client.requests().first { $0.requestId == id }?.backing.attachments.first)
    }

    /// How much of a request's document the office holds.
    private func held(_ id: OperationId) async throws -> Int? {
        try await stand.request(id)?.attachments.first?.held
    }

    private func expectWhole(_ client: Client, _ id: OperationId, _ sent: Data) async throws {
        let told = try document(of: id, client)
        #expect(told.whole && told.sent == UInt32(sent.count) && told.reason == nil)
        #expect(try await stand.documents(id) == [sent])
    }

    /// What it fails with.
    private func thrown(by act: () async throws -> Void) async throws -> AnggotaError? {
        do {
            try await act()
            return nil
        } catch let error as AnggotaError {
            return error
        }
    }

    @Test func draftWithAPhotographIsKeptThenSentWhole() async throws {
        let (phone, photograph) = (try Phone(), document(3))
        let first = try await synced(phone)
        let id = try await first.saveDraft(draftId: nil, draft: try await draft(nil)).draftId
        _ = try await first.attach(draftId: id, document: photograph)
        let missing = try #require(try await thrown { _ = try await first.sendDraft(draftId: id) })
        #expect(missing.caseName == "InvalidInput" && missing.rule == "a request says what the loan is for")
        let kept = try first.drafts()
        try await first.shutDown()

        let client = try await phone.open()
        #expect(try client.drafts() == kept && kept.map(\.draftId) == [id])
        let attached = try #require(kept.first?.backing.attachments.first)
        #expect(attached.size == UInt32(photograph.count) && attached.mediaType == .jpeg)
        #expect(attached.sent == 0 && !attached.whole && !attached.refused && attached.reason == nil)
        let finished = try await client.saveDraft(draftId: id, draft: try await draft("Atap rumah"))
        #expect(finished.draftId == id && finished.backing == kept.first?.backing)

        let request = try await client.sendDraft(draftId: id)
        #expect(request.requestId == id && request.state == .queued)
        #expect(try client.drafts().isEmpty)
        try await client.upload()
        #expect(try document(of: id, client).sent == 0, "no document goes before its request")
        _ = try await client.sync()
        try await client.upload()
        try await expectWhole(client, id, photograph)
        let received = try #require(try await stand.request(id))
        #expect(received.purpose == "Atap rumah" && received.income?.money == 9_000_000)
        #expect(received.collateral == "BPKB motor")
        let rich = try await stand.members().rich.memberNo
        #expect(received.guarantors == [rich])
        #expect(received.attachments.map(\.hash) == [attached.hash])
    }

    @Test func uploadGoesOnWhereTheNetworkBroke() async throws {
        let (phone, photograph, proxy) = (try Phone(), document(5), try await stand.proxy(.none))
        let client = try await synced(phone, over: proxy)
        let id = try await ask(client, photograph)
        try await stand.change(proxy, .dropReplies(count: 1, path: "attachments", after: 2))
        #expect(try await failure { try await client.upload() } == "NoNetwork")
        #expect(try document(of: id, client).sent == UInt32(2 * part))
        #expect(try await held(id) == 3 * part, "the office has a part more than the phone knows")
        try await client.upload()
        try await expectWhole(client, id, photograph)
        #expect(try await stand.counted(proxy).uploads == 5 + 1, "the part that was not answered is sent twice, and no other")
    }

    @Test func draftSentTwiceIsOneRequest() async throws {
        let (phone, proxy) = (try Phone(), try await stand.proxy(.none))
        let client = try await synced(phone, over: proxy)
        let id = try await client.saveDraft(draftId: nil, draft: try await draft()).draftId
        let request = try await client.sendDraft(draftId: id)
        #expect(try await client.sendDraft(draftId: id) == request)
        try await stand.change(proxy, .dropReplies(count: 1, path: "operations"))
        #expect(try await failure { _ = try await client.sync() } == "NoNetwork")
        #expect(try await client.sendDraft(draftId: id).requestId == id)
        _ = try await client.sync()
        let requests = try client.requests()
        #expect(requests.map(\.requestId) == [id] && requests.map(\.state) == [.received])
        let member = try client.profile().memberNo
        #expect(try await stand.requests().filter { $0.memberNo == member }.map(\.requestId) == [id])
        let other = try await draft("Sepeda motor")
        #expect(try await failure { _ = try await client.saveDraft(draftId: id, draft: other) } == "NotPossible")
    }

    @Test func replyWithADocumentBringsTheRequestBack() async throws {
        let (phone, photograph, slip) = (try Phone(), document(1), document(2, beginning: png))
        let client = try await synced(phone)
        let id = try await ask(client, photograph)
        try await client.upload()
        let text = DraftOf.reply(requestId: id, text: "Ini slip gaji saya")
        let reply = Draft(of: text, income: nil, guarantors: [], collateral: nil)
        let draftId = try await client.saveDraft(draftId: nil, draft: reply).draftId
        _ = try await client.attach(draftId: draftId, document: slip)
        #expect(try await failure { _ = try await client.sendDraft(draftId: draftId) } == "NotPossible", "nothing was asked")
        try await stand.ask(id, reason: "Mohon slip gaji")
        _ = try await client.sync()
        let asked = try #require(try client.requests().first)
        #expect(asked.state == .moreAsked && asked.reason == "Mohon slip gaji")

        let replied = try await client.sendDraft(draftId: draftId)
        #expect(replied.requestId == id && replied.replies.map(\.state) == [.queued])
        _ = try await client.sync()
        try await client.upload()
        let request = try #require(try client.requests().first)
        let given = try #require(request.replies.first)
        #expect(request.state == .received && given.state == .received)
        #expect(given.backing.attachments.map(\.whole) == [true] && given.backing.attachments.map(\.mediaType) == [.png])
        let received = try #require(try await stand.request(id))
        #expect(received.state == "received" && received.replies.map(\.text) == ["Ini slip gaji saya"])
        #expect(Set(try await stand.documents(id)) == [photograph, slip])
    }

    @Test func whatIsNoPictureIsRefused() async throws {
        let phone = try Phone()
        let client = try await synced(phone)
        let id = try await client.saveDraft(draftId: nil, draft: try await draft()).draftId
        let refused = { (rule: String, document: Data) async throws -> Void in
            let fault = try #require(try await thrown { _ = try await client.attach(draftId: id, document: document) })
            #expect(fault.caseName == "InvalidInput" && fault.rule == rule)
            let told = try Self.languages.map { try advice(language: $0, code: fault.code, rule: rule) }
            #expect(Set(told).count == Self.languages.count && told.allSatisfy { !$0.isEmpty })
            #expect(try told.first != advice(language: .indonesian, code: fault.code, rule: nil), "the rule has words of its own")
        }
        try await refused("a document is a JPEG or PNG picture or a PDF file", Data("<html>".utf8))
        try await refused("a document has at most 4 MiB", jpeg + Data(count: 4 * 1024 * 1024))
        let photographs = (0..<5).map { _ in document(1) }
        for photograph in photographs + photographs {
            _ = try await client.attach(draftId: id, document: photograph)
        }
        try await refused("at most 5 documents are attached", document(1))
        let attached = try #require(try client.drafts().first).backing.attachments
        #expect(attached.count == 5)
        let fewer = try await client.detach(draftId: id, hash: try #require(attached.first).hash)
        #expect(fewer.backing.attachments == Array(attached.dropFirst()))
        try await client.deleteDraft(draftId: id)
        #expect(try client.drafts().isEmpty)
        #expect(try await failure { _ = try await client.attach(draftId: id, document: photographs[0]) } == "Unknown")
    }

    @Test func draftsAreWordedInEveryLanguage() async throws {
        let phone = try Phone()
        let client = try await synced(phone)
        let shown = { (id: OperationId, isFinished: Bool) throws -> Void in
            let blocks = try Self.languages.map { (language: Language) throws -> Block in
                let screen = try client.draftsScreen(language: language, level: .plain)
                let block = try #require(screen.blocks.first)
                let figure = try #require(block.figure)
                #expect(try figure.amount == rupiah(amount: 2_000_000))
                #expect(try figure.inWords == amountInWords(language: language, amount: 2_000_000))
                #expect(try spoken(screen: screen).contains(figure.inWords))
                let possible = block.actions.map(\.kind)
                #expect(possible.contains(.sendDraft(id)) == isFinished)
                #expect(possible.contains(.openDraft(id)) && possible.contains(.deleteDraft(id)))
                return block
            }
            #expect(Set(blocks.map(\.heading)).count == Self.languages.count)
            #expect(Set(blocks.map(\.text)).count == Self.languages.count)
        }
        let none = try Self.languages.map { try client.draftsScreen(language: $0, level: .plain).blocks.map(\.text) }
        #expect(Set(none).count == Self.languages.count)
        let id = try await client.saveDraft(draftId: nil, draft: try await draft(nil)).draftId
        try shown(id, false)
        _ = try await client.saveDraft(draftId: id, draft: try await draft())
        try shown(id, true)
    }

    @Test func cancelledUploadGoesOn() async throws {
        let (phone, photograph, proxy) = (try Phone(), document(10), try await stand.proxy(.none))
        let client = try await synced(phone, over: proxy)
        let id = try await ask(client, photograph)
        let sentMoreThan = { (sent: UInt32) in try await eventually { try document(of: id, client).sent > sent } }
        try await stand.change(proxy, .slow(bytes: 64, pauseMs: 200, path: "attachments"))

        // With the task that waits, as Swift cancels.
        let task = Task { try await failure { try await client.uploadWhileWanted() } }
        #expect(try await sentMoreThan(0))
        task.cancel()
        #expect(try await task.value == "Cancelled")
        // And by its own name, from elsewhere.
        let before = try document(of: id, client).sent
        async let cancelled = failure { try await client.upload() }
        #expect(try await sentMoreThan(before))
        try client.cancelUpload()
        #expect(try await cancelled == "Cancelled")

        try await Task.sleep(for: .milliseconds(500))  // what was on its way
        let (half, count) = (try document(of: id, client), try await stand.counted(proxy).uploads)
        #expect(!half.whole, "the upload was over before it was cancelled")
        try await Task.sleep(for: .seconds(1))
        #expect(try document(of: id, client) == half)
        #expect(try await stand.counted(proxy).uploads == count, "nothing is sent after it was cancelled")
        try await stand.change(proxy, .none)
        try await client.upload()
        try await expectWhole(client, id, photograph)
    }

    @Test func refusedDocumentWaitsForTheMember() async throws {
        let (phone, photograph, proxy) = (try Phone(), document(2), try await stand.proxy(.none))
        let client = try await synced(phone, over: proxy)
        let id = try await ask(client, photograph)
        try await stand.change(proxy, .problem("attachment-refused", count: 1, path: "attachments", after: 1))
        let fault = try #require(try await thrown { try await client.upload() })
        #expect(fault.caseName == "NotPossible" && fault.code == "attachment-refused")
        let refused = try document(of: id, client)
        #expect(refused.refused && !refused.whole && refused.reason == fault.advice)
        try await client.upload()
        #expect(try document(of: id, client) == refused, "only the member sends it again")
        _ = try await client.retryRequest(requestId: id)
        try await client.upload()
        try await expectWhole(client, id, photograph)
    }
}
