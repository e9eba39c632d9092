// A phone's key that does what a test wants to see survived.

import Anggota
import Foundation
import TestKit

/// A software key whose signing the test may spoil.
final class SpoiltKeys: DeviceKey, @unchecked Sendable {
    private let keys = SoftwareKeys()
    private let lock = NSLock()
    private var spoil: @Sendable (() throws -> Data) throws -> Data = { try $0() }

    /// From now on what a signature goes through.
    func sign(through spoil: @escaping @Sendable (() throws -> Data) throws -> Data) {
        lock.withLock { self.spoil = spoil }
    }

    func publicKey(alias: String, role: KeyRole) throws -> Data {
        try keys.publicKey(alias: alias, role: role)
    }

    func sign(alias: String, role: KeyRole, message: Data) throws -> Data {
        let spoil = lock.withLock { self.spoil }
        return try spoil { try keys.sign(alias: alias, role: role, message: message) }
    }

    func forget(alias: String) throws {
        try keys.forget(alias: alias)
    }
}
