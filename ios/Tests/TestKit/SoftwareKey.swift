// One P-256 key: CryptoKit's where it is, OpenSSL's elsewhere.

import Anggota
import Foundation

#if canImport(CryptoKit)
import CryptoKit

final class SoftwareKey: Sendable {
    private let key = P256.Signing.PrivateKey()

    init() throws {}

    /// 65 bytes, uncompressed.
    func publicKey() throws -> Data { key.publicKey.x963Representation }

    /// The DER signature, ECDSA with SHA-256.
    func sign(_ message: Data) throws -> Data { try key.signature(for: message).derRepresentation }
}
#else
import COpenSSL

final class SoftwareKey: @unchecked Sendable {
    /// OpenSSL lets several threads sign with one key.
    private let key: OpaquePointer

    init() throws {
        guard let key = anggota_new_p256() else { throw failure }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// 65 bytes, uncompressed.
    func publicKey() throws -> Data {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = EVP_PKEY_get1_encoded_public_key(key, &bytes)
        guard let bytes, count == 65 else { throw failure }
        defer { CRYPTO_free(bytes, #file, #line) }
        return Data(bytes: bytes, count: count)
    }

    /// The DER signature, ECDSA with SHA-256.
    func sign(_ message: Data) throws -> Data {
        guard let context = EVP_MD_CTX_new() else { throw failure }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var count = signature.count
        let signed = [UInt8](message).withUnsafeBufferPointer { bytes in
            EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1
                && EVP_DigestSign(context, &signature, &count, bytes.baseAddress, bytes.count) == 1
        }
        guard signed else { throw failure }
        return Data(signature.prefix(count))
    }
}

private let failure = KeyError.Failed(reason: "OpenSSL failed")
#endif
