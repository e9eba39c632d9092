package id.anggota

import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout

/** Long enough for a notice that is under way to arrive. */
private val SETTLED = 500.milliseconds

/** Change notices reach a listener, and nothing it does reaches the client. */
class ListenersTest {
    private class Listener(val act: () -> Unit = {}) : ChangeListener {
        val topics = CopyOnWriteArrayList<Topic>()

        override fun changed(topic: Topic) {
            topics += topic
            act()
        }

        suspend fun awaits(count: Int) = withTimeout(20.seconds) { while (topics.size < count) delay(10.milliseconds) }
    }

    @Test
    fun listenerThatThrows() = onSyncedPhone { client, _ ->
        val calm = Listener()
        val declared = Listener { throw ListenerException.Failed("no") }
        val surprising = Listener { error("no") }
        val subscriptions = listOf(calm, declared, surprising).map(client::subscribe)
        repeat(2) { client.sync() }
        for (listener in listOf(calm, declared, surprising)) listener.awaits(4)
        assertTrue(Topic.SYNC in calm.topics)
        assertTrue(client.verify().ok)
        subscriptions.forEach { it.cancel() }
    }

    @Test
    fun listenerThatIsSlow() = onSyncedPhone { client, _ ->
        val release = CountDownLatch(1)
        val slow = Listener { release.await(60, SECONDS) }
        client.subscribe(slow).use { subscription ->
            val taken = measureTime { repeat(3) { client.sync() } }
            assertTrue(taken < 30.seconds, "a sync waited for a listener: $taken")
            slow.awaits(1)
            assertEquals(1, slow.topics.size, "one notice at a time")
            client.requestLoan(loanProduct, 2_000_000.toBigDecimal(), 12u, "Modal warung")
            release.countDown()
            withTimeout(20.seconds) { while (slow.topics.last() != Topic.REQUESTS) delay(10.milliseconds) }
            subscription.cancel()
        }
    }

    @Test
    fun listenerThatIsCancelled() = onSyncedPhone { client, _ ->
        val listener = Listener()
        client.subscribe(listener).use { subscription ->
            client.sync()
            listener.awaits(2)
            subscription.cancel()
            subscription.cancel()
        }
        delay(SETTLED)
        val before = listener.topics.size
        client.sync()
        delay(SETTLED)
        assertEquals(before, listener.topics.size)

        // The same by a flow: it ends with its collector, and starts anew for the next.
        coroutineScope {
            val seen = CopyOnWriteArrayList<Topic>()
            val collector = launch(Dispatchers.Default) { client.changes().collect { seen += it } }
            withTimeout(20.seconds) { while (Topic.SYNC !in seen) client.sync() }
            collector.cancelAndJoin()
            val collected = seen.size
            client.sync()
            delay(SETTLED)
            assertEquals(collected, seen.size)
        }
    }

    @Test
    fun listenerThatOutlivesClose() = onPhone { phone ->
        val listener = Listener()
        val client = phone.enrol(Stand.freshPaper())
        val subscription = client.subscribe(listener)
        client.sync()
        listener.awaits(2)
        client.shutDown()
        client.close()
        delay(SETTLED)
        val before = listener.topics.size
        phone.open().useAndShutDown { it.sync() }
        delay(SETTLED)
        assertEquals(before, listener.topics.size, "the notices of a client are its own")
        subscription.cancel()
        subscription.close()
    }
}
