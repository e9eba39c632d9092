// A phone for a test: a data folder of its own, a vault and keys. All of it goes with the object.

import Anggota
import Foundation

public final class Phone: Sendable {
    public let folder: URL
    public let vault: any KeyVault
    public let keys: any DeviceKey

    public init(vault: any KeyVault = MemoryVault(), keys: any DeviceKey = SoftwareKeys()) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("anggota-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        (self.vault, self.keys) = (vault, keys)
    }

    deinit {
        // What cannot be removed lies in the system's temporary folder.
        try? FileManager.default.removeItem(at: folder)
    }

    public var options: OpenOptions {
        OpenOptions(dataDir: folder.path, vault: vault, deviceKey: keys)
    }

    /// Becomes a device of the paper's member.
    public func enrol(_ paper: Paper, by way: String? = nil) async throws -> Client {
        try await Client.enrol(options: options, enrolment: paper.enrolment(by: way))
    }

    /// Opens the only profile on it.
    public func open() async throws -> Client {
        guard let profile = try profiles(dataDir: folder.path).first else { throw Refused("nobody is enrolled here") }
        return try await Client.open(options: options, profile: profile)
    }
}
