// The test stand: a live office, its server and the network's faults, over HTTP and JSON. It answers from the books that
// the office imported, so its figures are a judge of the library's.

import Anggota
import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The stand whose address stands in `ANGGOTA_STAND`.
public struct Stand: Sendable {
    private let base: URL

    /// Fails with what to do when no stand is named.
    public init() throws {
        guard let address = ProcessInfo.processInfo.environment["ANGGOTA_STAND"], let base = URL(string: address) else {
            throw Refused("start a stand and name it in ANGGOTA_STAND, as `cargo xtask test --only swift` does")
        }
        self.base = base
    }

    // MARK: the office

    /// A new activation for a member: of `member`, else of one whom no other test has when `fresh`, else of the rich one.
    public func papers(member: MemberNo? = nil, fresh: Bool = false) async throws -> Paper {
        var asked: [String: any Sendable] = ["fresh": fresh]
        asked["member"] = member
        return try await post("papers", asked)
    }

    /// What the member must see.
    public func expected(_ member: MemberNo) async throws -> Expected {
        try await get("expected?member_no=\(member)")
    }

    /// Members with something special, and where it is.
    public func members() async throws -> Members {
        try await get("members")
    }

    /// All requests as the office sees them.
    public func requests() async throws -> [OfficeRequest] {
        try await get("requests", as: OfficeRequests.self).requests
    }

    /// A request as the office sees it.
    public func request(_ id: OperationId) async throws -> OfficeRequest? {
        let found = try await requests().filter { $0.requestId == id }
        guard found.count < 2 else { throw Refused("the office has the request \(found.count) times") }
        return found.first
    }

    /// An officer answers.
    public func decide(_ id: OperationId, approve: Bool, reason: String) async throws {
        let _: Ignored = try await post("decide", ["request_id": id, "approve": approve, "reason": reason])
    }

    /// An officer asks for more.
    public func ask(_ id: OperationId, reason: String) async throws {
        let _: Ignored = try await post("ask", ["request_id": id, "reason": reason])
    }

    /// The documents of a request that are whole at the office.
    public func documents(_ id: OperationId) async throws -> [Data] {
        try await get("documents?request_id=\(id)", as: OfficeDocuments.self).documents
    }

    /// An officer suspends a member.
    public func suspend(_ member: MemberNo) async throws {
        let _: Ignored = try await post("member/suspend", ["member_no": member])
    }

    /// An officer revokes a device.
    public func revoke(_ device: DeviceId) async throws {
        let _: Ignored = try await post("device/revoke", ["device_id": device])
    }

    /// What a shop checks cards by.
    public func cardFiles() async throws -> CardFiles {
        try await get("card-files")
    }

    // MARK: the network

    /// A way to the server with a fault on it.
    public func proxy(_ fault: Fault) async throws -> Proxy {
        try await post("proxy", fault.asked)
    }

    /// Another fault on the same way.
    public func change(_ proxy: Proxy, _ fault: Fault) async throws {
        let _: Ignored = try await post("proxy/\(proxy.id)", fault.asked)
    }

    /// What went over it.
    public func counted(_ proxy: Proxy) async throws -> Counted {
        try await get("proxy/\(proxy.id)")
    }

    /// An address that answers everything with this problem document.
    public func answering(problem: String) async throws -> String {
        try await post("answer", ["problem": problem], as: Address.self).serverUrl
    }

    /// An address that answers everything with a web page.
    public func answeringHtml() async throws -> String {
        try await post("answer", ["html": true], as: Address.self).serverUrl
    }

    /// An address where nobody listens.
    public func refusing() async throws -> String {
        try await post("answer", ["refuse": true], as: Address.self).serverUrl
    }

    // MARK: HTTP

    private func get<Answer: Decodable>(_ path: String, as: Answer.Type = Answer.self) async throws -> Answer {
        try await ask(URLRequest(url: url(path)))
    }

    private func post<Answer: Decodable>(
        _ path: String, _ asked: [String: any Sendable], as: Answer.Type = Answer.self
    ) async throws -> Answer {
        var request = URLRequest(url: try url(path))
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(withJSONObject: asked)
        return try await ask(request)
    }

    private func url(_ path: String) throws -> URL {
        guard let url = URL(string: path, relativeTo: base) else { throw Refused("no address: \(path)") }
        return url
    }

    private func ask<Answer: Decodable>(_ request: URLRequest) async throws -> Answer {
        let (body, response) = try await URLSession.shared.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw Refused(String(decoding: body, as: UTF8.self))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Answer.self, from: body)
    }
}

/// Why the stand does not do it.
public struct Refused: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

private struct Ignored: Decodable {}

private struct Address: Decodable {
    let serverUrl: String
}

private struct OfficeRequests: Decodable {
    let requests: [OfficeRequest]
}

private struct OfficeDocuments: Decodable {
    let documents: [Data]
}
