/** Keys in memory, for tests: what a phone's hardware does, by the JVM's own cryptography. */
package id.anggota

import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.SecureRandom
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.spec.GCMParameterSpec

private const val NONCE = 12
private const val TAG_BITS = 128
private const val COORDINATE = 32

/** Wraps with AES-256-GCM and signs with P-256. A subclass misbehaves by overriding. */
open class SoftwareKeys : KeyVault, DeviceKey {
    private val secret = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()
    private val random = SecureRandom()
    private val pairs = ConcurrentHashMap<Pair<String, KeyRole>, KeyPair>()

    override fun wrap(secret: ByteArray): ByteArray {
        val nonce = ByteArray(NONCE).also(random::nextBytes)
        return nonce + cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(secret)
    }

    override fun unwrap(wrapped: ByteArray): ByteArray =
        cipher(Cipher.DECRYPT_MODE, wrapped.copyOf(NONCE)).doFinal(wrapped, NONCE, wrapped.size - NONCE)

    override fun publicKey(alias: String, role: KeyRole): ByteArray {
        val point = (pair(alias, role).public as ECPublicKey).w
        return byteArrayOf(4) + coordinate(point.affineX.toByteArray()) + coordinate(point.affineY.toByteArray())
    }

    override fun sign(alias: String, role: KeyRole, message: ByteArray): ByteArray =
        Signature.getInstance("SHA256withECDSA").run {
            initSign(pair(alias, role).private)
            update(message)
            sign()
        }

    override fun forget(alias: String) {
        KeyRole.entries.forEach { pairs.remove(alias to it) }
    }

    private fun pair(alias: String, role: KeyRole): KeyPair = pairs.computeIfAbsent(alias to role) {
        KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
    }

    private fun cipher(mode: Int, nonce: ByteArray): Cipher =
        Cipher.getInstance("AES/GCM/NoPadding").apply { init(mode, secret, GCMParameterSpec(TAG_BITS, nonce)) }

    /** A whole number's bytes as exactly 32: BigInteger writes a sign and leaves out zeros. */
    private fun coordinate(bytes: ByteArray): ByteArray =
        ByteArray(maxOf(0, COORDINATE - bytes.size)) + bytes.takeLast(COORDINATE)
}
