/**
 * What Kotlin expects of a library and the generated code does not have: change notices and passbooks as flows, and
 * closing that waits. It holds no rule of the product, and keeps nothing.
 */
package id.anggota

import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.withContext

/** How many entries a page has unless the caller says otherwise: what fits on a few screens. */
private const val PAGE: UInt = 50u

/**
 * What changed since the flow's last value, for as long as it is collected; ask again for what is shown.
 * A collector that is slow gets fewer and larger sets and never misses a topic. It does not end when the client is closed.
 */
public fun Client.changes(): Flow<Set<Topic>> = flow {
    val waiting = AtomicReference(emptySet<Topic>())
    val news = Channel<Unit>(Channel.CONFLATED)
    val listener = object : ChangeListener {
        override fun changed(topic: Topic) {
            waiting.updateAndGet { it + topic }
            news.trySend(Unit)
        }
    }
    subscribe(listener).use { subscription ->
        try {
            for (unit in news) emit(waiting.getAndSet(emptySet()))
        } finally {
            subscription.cancel()
        }
    }
}

/** A savings passbook from the newest entry down, a page (1 to 1,000 entries) at a time, read as it is collected. */
public fun Client.savingsPages(accountNo: AccountNo, size: UInt = PAGE): Flow<SavingsPageView> =
    pages({ before -> transactions(accountNo, size, before) }, { page -> page.entries.lastOrNull()?.seq.takeIf { page.more } })

/** A loan's passbook from the newest entry down, a page (1 to 1,000 entries) at a time, read as it is collected. */
public fun Client.loanPages(accountNo: AccountNo, size: UInt = PAGE): Flow<LoanPageView> =
    pages({ before -> loanTransactions(accountNo, size, before) }, { page -> page.entries.lastOrNull()?.seq.takeIf { page.more } })

/** All entries of a savings passbook, newest first, read as they are collected. */
public fun Client.savingsEntries(accountNo: AccountNo): Flow<SavingsEntryView> =
    savingsPages(accountNo).transform { page -> page.entries.forEach { emit(it) } }

/** All entries of a loan's passbook, newest first, read as they are collected. */
public fun Client.loanEntries(accountNo: AccountNo): Flow<LoanEntryView> =
    loanPages(accountNo).transform { page -> page.entries.forEach { emit(it) } }

/**
 * Uses the client, then shuts it down and frees it, however the block ends: the store is closed and its lock is gone
 * when this returns. `close` alone frees the object and waits for nothing.
 */
public suspend fun <R> Client.useAndShutDown(block: suspend (Client) -> R): R = use {
    try {
        block(this)
    } finally {
        withContext(NonCancellable) { shutDown() }
    }
}

/** Pages until one names no entry to go on below. The store is on a disk: never on the collector's own thread. */
private fun <P> pages(read: (before: UInt?) -> P, next: (P) -> UInt?): Flow<P> = flow {
    var before: UInt? = null
    do {
        val page = read(before)
        emit(page)
        before = next(page)
    } while (before != null)
}.flowOn(Dispatchers.IO)
