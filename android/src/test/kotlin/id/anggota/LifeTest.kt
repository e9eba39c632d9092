package id.anggota

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

private const val OPENS = 1_000
/** Opens before the first look, in which the JVM compiles and every pool fills. */
private const val WARM_UP = 1_000
/** Growth that is none, 16 KiB an open: a store or a runtime that leaked would be many times that. */
private const val SLACK_KB = 16 * 1024

/** A client's life beside other threads, through cancellation, and a thousand times over. */
class LifeTest {
    @Test
    fun cancelledSyncLeavesTheStoreWhole() {
        val long = Stand.members["long_passbook"]
        val accountNo = long["account_no"].text
        val proxy = Stand.proxy()
        val paper = Stand.paperOf(long["member_no"].text)
        onPhone { phone ->
            phone.enrol(paper, proxy.serverUrl).useAndShutDown { client ->
                proxy.fault("slow", "bytes" to 4_096, "pause_ms" to 200, "path" to "pull")
                coroutineScope {
                    val sync = async(Dispatchers.Default) { client.sync() }
                    delay(1.seconds)
                    assertTrue(sync.isActive, "the sync was over before it was cancelled")
                    sync.cancelAndJoin()
                    assertFailsWith<CancellationException> { sync.await() }
                }
                assertTrue(client.verify().ok)
                coroutineScope {
                    val sync = async(Dispatchers.Default) { runCatching { client.sync() } }
                    delay(1.seconds)
                    client.cancelSync()
                    assertFailsWith<AnggotaException.Cancelled> { withTimeout(20.seconds) { sync.await() }.getOrThrow() }
                }
                assertTrue(client.verify().ok)
                val held = client.balances().savings.flatMap { client.entries(it.accountNo).toList() }
                assertTrue(held.size < long["entries"].int, "the sync was over before it was cancelled")
            }
            phone.open().useAndShutDown { client ->
                proxy.fault("none")
                assertTrue(client.sync().complete)
                val expected = expectedEntries(paper, accountNo).map(::savingsEntry).reversed()
                assertEquals(expected, client.entries(accountNo).toList())
                assertTrue(client.verify().ok)
            }
        }
    }

    @Test
    fun thousandOpensWithoutGrowth() = onPhone { phone ->
        phone.enrol(Stand.freshPaper()).useAndShutDown { it.sync() }
        suspend fun opens(count: Int) = repeat(count) { phone.open().useAndShutDown { it.balances() } }
        opens(WARM_UP)
        val before = Footprint.now()
        opens(OPENS)
        var after = Footprint.now() // the last clients' threads end a moment after them
        repeat(100) {
            if (after.threads > before.threads + 4 || after.files > before.files + 2) {
                delay(100.milliseconds)
                after = Footprint.now()
            }
        }
        assertTrue(after.files <= before.files + 2, "open files: $before, $after")
        assertTrue(after.threads <= before.threads + 4, "threads: $before, $after")
        assertTrue(after.memoryKb <= before.memoryKb + SLACK_KB, "memory: $before, $after")
    }

    /** What the process holds of the machine; as the kernel counts, so that native memory and threads are in it; pom.xml fixes the heap. */
    private data class Footprint(val files: Long, val threads: Long, val memoryKb: Long) {
        companion object {
            fun now(): Footprint {
                System.gc() // clients that nobody closed would be freed by this
                val status = Files.readAllLines(Path.of("/proc/self/status"))
                fun value(name: String) = status.single { it.startsWith("$name:") }.filter(Char::isDigit).toLong()
                val files = Files.list(Path.of("/proc/self/fd")).use { it.count() }
                return Footprint(files, value("Threads"), value("RssAnon"))
            }
        }
    }

    @Test
    fun eightThreadsOnOneClient() = onSyncedPhone { client, paper ->
        val balances = client.balances()
        val accountNo = balances.savings.last().accountNo
        val expected = expectedEntries(paper, accountNo).map(::savingsEntry).reversed()
        val threads = Executors.newFixedThreadPool(8)
        try {
            val work = (0 until 8).map { thread ->
                threads.submit(Callable {
                    repeat(40) { round ->
                        assertEquals(balances.savings.map { it.balance }, client.balances().savings.map { it.balance })
                        assertEquals(expected, client.transactions(accountNo, 100u, null).entries)
                        if (round % 20 == thread) runBlocking { client.sync() }
                        if (round == 2 * thread) runBlocking { client.requestLoan(loanProduct, 2_000_000.toBigDecimal(), 12u, "Modal $thread") }
                    }
                })
            }
            work.forEach { it.get() }
        } finally {
            threads.shutdownNow()
        }
        client.sync()
        assertEquals((0 until 8).map { "Modal $it" }.toSet(), client.requests().map { it.purpose }.toSet())
        assertTrue(client.requests().all { it.state == RequestState.RECEIVED })
        assertTrue(client.verify().ok)
    }
}
