// The suite against the real library and a live server. The same tests with the same names stand in Kotlin.

import Anggota
import Foundation
import TestKit
import Testing

/// One after the other: some measure the process, and some the time.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct AnggotaTests {
    let stand: Stand

    init() throws {
        stand = try Stand()
    }

    /// A member whom no other test has, enrolled and synced.
    func synced(_ phone: Phone) async throws -> Client {
        let client = try await phone.enrol(try await stand.papers(fresh: true))
        _ = try await client.sync()
        return client
    }

    /// The named member, enrolled and synced.
    func synced(_ phone: Phone, as member: MemberNo) async throws -> Client {
        let client = try await phone.enrol(try await stand.papers(member: member))
        _ = try await client.sync()
        return client
    }
}

/// Waits, not for long, until it holds.
func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<200 {
        if try await holds() { return true }
        try await Task.sleep(for: .milliseconds(50))
    }
    return false
}

/// Which of the library's errors it fails with, by its case; nil when it does not fail.
func failure(of act: () async throws -> Void) async throws -> String? {
    do {
        try await act()
        return nil
    } catch let error as AnggotaError {
        return error.caseName
    }
}

extension AnggotaError {
    /// The case, without what it carries.
    var caseName: String {
        Mirror(reflecting: self).children.first?.label ?? "\(self)"
    }
}
