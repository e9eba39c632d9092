package id.anggota

import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope

/** Keys that a phone's hardware may give: failing, hanging, and signing with every length of DER. */
class KeysTest {
    /** Keys that do something of a test's before they sign or unwrap. */
    private class Unruly : SoftwareKeys() {
        @Volatile var beforeSign: () -> Unit = {}
        @Volatile var beforeUnwrap: () -> Unit = {}
        @Volatile var derLength: Int? = null
        val signed = AtomicInteger()

        override fun sign(alias: String, role: KeyRole, message: ByteArray): ByteArray {
            beforeSign()
            signed.incrementAndGet()
            return generateSequence { super.sign(alias, role, message) }.first { derLength == null || it.size == derLength }
        }

        override fun unwrap(wrapped: ByteArray): ByteArray {
            beforeUnwrap()
            return super.unwrap(wrapped)
        }
    }

    private suspend fun Client.ask(): RequestView = requestLoan(loanProduct, 2_000_000.toBigDecimal(), 12u, "Modal warung")

    @Test
    fun keyThatFails() {
        val keys = Unruly()
        onPhone(keys) { phone ->
            phone.enrol(Stand.freshPaper()).useAndShutDown { client ->
                client.sync()
                for (failure in listOf(KeyException.Failed("locked"), IllegalStateException("a bug of the shell"))) {
                    keys.beforeSign = { throw failure }
                    assertFailsWith<AnggotaException.KeyFailed> { client.ask() }
                    assertFailsWith<AnggotaException.KeyFailed> { client.showCard() }
                }
                assertTrue(client.requests().isEmpty(), "what could not be signed is not saved")
                keys.beforeSign = {}
                client.ask()
                assertEquals(1uL, client.sync().requestsSent)
            }
            for (failure in listOf(KeyException.Failed("locked"), IllegalStateException("a bug of the shell"))) {
                keys.beforeUnwrap = { throw failure }
                assertFailsWith<AnggotaException.KeyFailed> { phone.open() }
            }
            keys.beforeUnwrap = {}
            phone.open().useAndShutDown { assertEquals(1, it.requests().size) }
        }
    }

    @Test
    fun keyThatHangs() {
        val keys = Unruly()
        onSyncedPhone(keys = keys) { client, _ ->
            val release = CountDownLatch(1)
            keys.beforeSign = { release.await() }
            try {
                coroutineScope {
                    val asking = async(Dispatchers.Default) { runCatching { client.ask() } }
                    val taken = measureTime {
                        while (asking.isActive) client.balances()
                        assertFailsWith<AnggotaException.KeyFailed> { asking.await().getOrThrow() }
                    }
                    assertTrue(taken in 15.seconds..40.seconds, "given up after $taken")
                }
            } finally {
                keys.beforeSign = {}
                release.countDown()
            }
            client.ask()
            assertEquals(1uL, client.sync().requestsSent)
        }
    }

    @Test
    fun keyWithEveryDerLength() {
        val keys = Unruly()
        onSyncedPhone(keys = keys) { client, _ ->
            for (length in 69..72) {
                keys.derLength = length
                val before = keys.signed.get()
                client.ask()
                assertEquals(1uL, client.sync().requestsSent, "$length bytes")
                assertTrue(keys.signed.get() > before + 1, "the request and its way to the server are signed")
                val lists = Stand.cardFiles()
                val card = CardCheck(client.showCard().text, lists.trust, lists.statuses, lists.roots, null)
                assertEquals("green", verifyCard(card).result, "$length bytes")
            }
        }
    }
}
