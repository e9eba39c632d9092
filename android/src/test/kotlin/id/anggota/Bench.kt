/**
 * What crossing costs: prints one line of JSON for `cargo xtask bench ffi`, medians over many rounds. `crossings` are calls
 * of the library's interface either way, `native_calls` those and what they need: memory, handles, polls.
 */
package id.anggota

import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Rounds that are run and not counted, while the JVM compiles. */
private const val WARM_UP = 300
private const val ROUNDS = 300
private const val NANOS = 1_000

fun main() {
    println(CountingLoader().loadClass("id.anggota.Bench").getDeclaredConstructor().newInstance())
}

class Bench {
    /** One round, or the median of many. */
    private class Cost(val crossings: Long, val nativeCalls: Long, val micros: Long)

    private val costs = linkedMapOf<String, Cost>()

    init {
        val long = Stand.members["long_passbook"]
        val accountNo = long["account_no"].text
        onPhone { phone ->
            phone.enrol(Stand.paperOf(long["member_no"].text)).useAndShutDown { client ->
                client.sync()
                measure("home") { round { client.balances() } }
                measure("page_50") { round { client.transactions(accountNo, 50u, null) } }
                measure("entries_1000") { round { client.transactions(accountNo, 1_000u, null) } }
                measureNotices(client)
            }
            measure("open") {
                lateinit var client: Client
                round { client = phone.open() }.also { client.useAndShutDown {} }
            }
        }
    }

    private suspend fun round(act: suspend () -> Unit): Cost {
        Crossings.take()
        val start = System.nanoTime()
        act()
        return cost(start, System.nanoTime(), Crossings.take())
    }

    /** From the call that begins a sync to the listener that is told so. */
    private suspend fun measureNotices(client: Client) {
        val notices = LinkedBlockingQueue<Long>()
        val listener = object : ChangeListener {
            override fun changed(topic: Topic) {
                notices += System.nanoTime()
            }
        }
        client.subscribe(listener).use { subscription ->
            measure("change_notice") {
                notices.clear()
                Crossings.take()
                val start = System.nanoTime()
                client.sync()
                val told = checkNotNull(notices.poll(10, SECONDS)) { "no notice of a sync" }
                val count = 1L + notices.size
                val crossed = Crossings.take().filterKeys { "ChangeListener" in it }
                cost(start, told, crossed.mapValues { it.value / count })
            }
            subscription.cancel()
        }
    }

    private fun cost(start: Long, end: Long, crossed: Map<String, Long>): Cost =
        Cost(crossed.filterKeys(::isOfTheInterface).values.sum(), crossed.values.sum(), (end - start) / NANOS)

    private suspend fun measure(name: String, round: suspend () -> Cost) {
        repeat(WARM_UP) { round() }
        val rounds = List(ROUNDS) { round() }
        fun median(value: (Cost) -> Long): Long = rounds.map(value).sorted()[ROUNDS / 2]
        costs[name] = Cost(median(Cost::crossings), median(Cost::nativeCalls), median(Cost::micros))
    }

    override fun toString(): String {
        fun column(value: (Cost) -> Long) = JsonObject(costs.mapValues { JsonPrimitive(value(it.value)) })
        val line = linkedMapOf(
            "language" to JsonPrimitive("kotlin"),
            "crossings" to column(Cost::crossings),
            "native_calls" to column(Cost::nativeCalls),
            "micros" to column(Cost::micros),
        )
        return JsonObject(line).toString()
    }
}
