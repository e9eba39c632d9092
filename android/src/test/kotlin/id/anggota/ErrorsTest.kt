package id.anggota

import java.math.BigDecimal
import java.nio.file.Files
import java.util.Collections
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.reflect.KClass
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout

/** Whatever goes wrong arrives as the one case that a shell acts on, and never takes the app with it. */
class ErrorsTest {
    @Test
    fun everyErrorCaseOnce() {
        val seen = Collections.synchronizedSet(mutableSetOf<String>())
        suspend fun <E : AnggotaException> expect(case: KClass<E>, why: String, act: suspend () -> Unit) {
            val fault = runCatching { act() }.exceptionOrNull()
            assertTrue(fault is AnggotaException && case.isInstance(fault), "$why must be ${case.simpleName}, but is $fault")
            assertTrue(fault.advice.endsWith(".") && fault.message!!.contains("code=${fault.code}"), "${fault.message}")
            seen += case.simpleName!!
        }

        onPhone { phone ->
            suspend fun enrolAt(serverUrl: String) = phone.enrol(Stand.freshPaper(), serverUrl).close()
            suspend fun expect(case: KClass<out AnggotaException>, vararg answer: Pair<String, Any>) =
                expect(case, answer.toList().toString()) { enrolAt(Stand.answering(*answer)) }
            expect(AnggotaException.NoNetwork::class, "refuse" to true)
            expect(AnggotaException.NotAServer::class, "html" to true)
            expect(AnggotaException.ServerBusy::class, "problem" to "busy")
            expect(AnggotaException.TryAgain::class, "problem" to "proof-invalid")
            expect(AnggotaException.TooManyAttempts::class, "problem" to "too-many-attempts")
            expect(AnggotaException.CodeRefused::class, "problem" to "code-wrong")
            expect(AnggotaException.EnrolAgain::class, "problem" to "device-revoked")
            expect(AnggotaException.UpdateApp::class, "problem" to "update-required")
            expect(AnggotaException.NotPossible::class, "problem" to "attachment-refused")
            val paper = Stand.freshPaper()
            expect(AnggotaException.NotTrusted::class, "another key") { phone.enrol(paper, trust = Trust.ServerKey("00".repeat(32))) }
            expect(AnggotaException.InvalidInput::class, "no address") { enrolAt("nowhere") }
            val noKey = assertFailsWith<AnggotaException.InvalidInput> { phone.enrol(paper, trust = Trust.ServerKey("00")) }
            assertEquals("invalid-input" to "a server's key is written as 64 hex digits", noKey.code to (noKey as AnggotaException).rule)
        }
        onPhone { phone ->
            phone.enrol(Stand.freshPaper()).useAndShutDown { client ->
                val ask = suspend { client.requestLoan(loanProduct, BigDecimal(2_000_000), 12u, "Modal warung").let {} }
                expect(AnggotaException.NotPossible::class, "products that are not known yet", ask)
                client.sync()
                expect(AnggotaException.Unknown::class, "no such account") { client.transactions("SS-999", 1u, null) }
                expect(AnggotaException.StoreBusy::class, "open twice") { phone.open() }
                val device = client.profile().deviceId
                Stand.revokeDevice(device)
                expect(AnggotaException.EnrolAgain::class, "revoked at the office") { client.sync() }
                client.shutDown()
                expect(AnggotaException.Closed::class, "shut down") { client.balances() }
            }
            val store = phone.file("store.db")
            Files.write(store, ByteArray(Files.size(store).toInt()) { 1 })
            expect(AnggotaException.StoreUnreadable::class, "a store that was written over") { phone.open() }
            val noFolder = phone.options.copy(dataDir = store.toString())
            val paper = Stand.freshPaper()
            expect(AnggotaException.StoreFull::class, "a folder that cannot be made") {
                Client.enrol(noFolder, Enrolment(paper.serverUrl, paper.memberNo, paper.code, Trust.FirstUse))
            }
        }
        onPhone(object : SoftwareKeys() {
            override fun wrap(secret: ByteArray): ByteArray = throw KeyException.Failed("locked")
        }) { phone -> expect(AnggotaException.KeyFailed::class, "a vault that fails") { phone.enrol(Stand.freshPaper()) } }

        val proxy = Stand.proxy()
        onSyncedPhone(serverUrl = proxy.serverUrl) { client, _ ->
            proxy.fault("slow", "bytes" to 1, "pause_ms" to 1_000)
            coroutineScope {
                val sync = async(Dispatchers.Default) { runCatching { client.sync() } }
                while (sync.isActive) {
                    delay(100)
                    client.cancelSync()
                }
                expect(AnggotaException.Cancelled::class, "cancelSync") { sync.await().getOrThrow() }
            }
        }
        onSyncedPhone { client, _ ->
            val memory = Files.createTempDirectory("till").toFile()
            val older = Stand.cardFiles()
            delay(1_100) // lists are dated in whole seconds
            val newer = Stand.cardFiles()
            for (lists in listOf(newer, older)) {
                val check = CardCheck(client.showCard().text, lists.trust, lists.statuses, lists.roots, memory.path)
                if (lists === newer) verifyCard(check) else expect(AnggotaException.BooksDiffer::class, "a list that went back") { verifyCard(check) }
            }
            memory.deleteRecursively()
        }
        val cases = AnggotaException::class.java.declaredClasses.filter { AnggotaException::class.java.isAssignableFrom(it) }
        assertEquals(cases.map { it.simpleName }.toSet(), seen)
    }

    @Test
    fun useAfterCloseIsAnError() = onPhone { phone ->
        val client = phone.enrol(Stand.freshPaper())
        client.sync()
        val accountNo = client.balances().savings.first().accountNo
        client.shutDown()
        client.shutDown()
        val calls: List<suspend () -> Any?> = listOf(
            { client.profile() },
            { client.balances() },
            { client.requests() },
            { client.drafts() },
            { client.sync() },
            { client.upload() },
            { client.verify() },
            { client.showCard() },
            { client.resume() },
            { client.transactions(accountNo, 1u, null) },
            { client.loanTransactions(accountNo, 1u, null) },
            { client.requestLoan(loanProduct, BigDecimal(2_000_000), 12u, "Modal warung") },
        )
        for (call in calls) assertFailsWith<AnggotaException.Closed> { call() }
        client.close()
        client.close()
        for (call in calls) assertFailsWith<IllegalStateException> { call() }
        phone.open().useAndShutDown { assertEquals(accountNo, it.balances().savings.first().accountNo) }
    }

    @Test
    fun panicBecomesAnError() = onSyncedPhone { client, _ ->
        val before = client.balances()
        repeat(3) {
            assertFailsWith<InternalException> { client.panicNow() }
            assertFailsWith<InternalException> { client.panicLater() }
        }
        assertEquals(before, client.balances())
        client.sync()
        assertTrue(client.verify().ok)
    }

    @Test
    fun logsArriveWithoutSecrets() {
        val records = CopyOnWriteArrayList<LogRecord>()
        val sink = object : LogSink {
            override fun log(record: LogRecord) {
                records += record
                throw ListenerException.Failed("a sink that fails harms nobody")
            }
        }
        val secrets = mutableListOf("Modal rahasia", "2000000", "2.000.000")
        // What the log tells of: a listener that fails, requests and syncs without a network.
        fun trouble(purpose: String, wait: suspend () -> Unit) {
            val proxy = Stand.proxy()
            onSyncedPhone(serverUrl = proxy.serverUrl) { client, paper ->
                secrets += listOf(paper.memberNo, paper.code, paper.code.filter(Char::isDigit), client.profile().name)
                secrets += client.showCard().text
                secrets += client.balances().savings.flatMap { listOf(it.accountNo, it.balance.toPlainString()) }
                secrets += client.balances().loans.flatMap { listOf(it.loanNo, it.outstanding.toPlainString()) }
                val listener = object : ChangeListener {
                    override fun changed(topic: Topic) = throw ListenerException.Failed(purpose)
                }
                client.subscribe(listener).use { subscription ->
                    proxy.fault("refuse")
                    client.requestLoan(loanProduct, BigDecimal(2_000_000), 12u, purpose)
                    client.runInBackground()
                    client.wake()
                    wait()
                    subscription.cancel()
                }
            }
        }
        setLogSink(sink, LogLevel.DEBUG)
        try {
            trouble("Modal rahasia") {
                val levels = listOf(LogLevel.WARN, LogLevel.INFO)
                withTimeout(20.seconds) { while (!records.map { it.level }.containsAll(levels)) delay(20.milliseconds) }
            }
        } finally {
            setLogSink(null, LogLevel.ERROR)
        }
        for (record in records) {
            val text = "${record.target} ${record.message}"
            assertTrue(secrets.none { it in text }, "a log says what it must not: ${record.target}")
        }
        val count = records.size
        trouble("Modal warung") { delay(1.seconds) }
        assertEquals(count, records.size, "without a sink nothing is told")
    }
}
