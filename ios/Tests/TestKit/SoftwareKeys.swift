// A vault and keys for tests, in the memory of the process: what the platform's hardware does on a phone.

import Anggota
import Foundation

/// Gives a random token for a secret and the secret for its token: without the map a token says nothing.
public final class MemoryVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private var secrets: [Data: Data] = [:]

    public init() {}

    public func wrap(secret: Data) throws -> Data {
        var generator = SystemRandomNumberGenerator()
        let token = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        lock.withLock { secrets[token] = secret }
        return token
    }

    public func unwrap(wrapped: Data) throws -> Data {
        guard let secret = lock.withLock({ secrets[wrapped] }) else {
            throw KeyError.Failed(reason: "this vault did not wrap that")
        }
        return secret
    }
}

/// P-256 keys by alias and role, made when first asked for.
public final class SoftwareKeys: DeviceKey, @unchecked Sendable {
    private let lock = NSLock()
    private var keys: [String: [KeyRole: SoftwareKey]] = [:]

    public init() {}

    public func publicKey(alias: String, role: KeyRole) throws -> Data {
        try lock.withLock {
            if let key = keys[alias]?[role] { return try key.publicKey() }
            let key = try SoftwareKey()
            keys[alias, default: [:]][role] = key
            return try key.publicKey()
        }
    }

    public func sign(alias: String, role: KeyRole, message: Data) throws -> Data {
        guard let key = lock.withLock({ keys[alias]?[role] }) else { throw KeyError.Failed(reason: "no such key") }
        return try key.sign(message)
    }

    public func forget(alias: String) throws {
        _ = lock.withLock { keys.removeValue(forKey: alias) }
    }
}
