/**
 * What Kotlin expects of a library and the generated code does not have: change notices and passbooks as flows, closing
 * that waits, and what all errors carry. It holds no rule of the product, and keeps nothing.
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
 * What changed, for as long as it is collected: topics only, so ask again for what is shown. While its collector is busy
 * a topic that comes again is told once, and none is lost. It does not end with the client: after [Client.shutDown] it
 * stays silent.
 */
public fun Client.changes(): Flow<Topic> = flow {
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
            for (unit in news) waiting.getAndSet(emptySet()).forEach { emit(it) }
        } finally {
            subscription.cancel()
        }
    }
}

/** A savings passbook from the newest entry down, a page of `limit` entries (1 to 1,000) at a time, read as it is collected. */
public fun Client.pages(accountNo: AccountNo, limit: UInt = PAGE): Flow<SavingsPageView> =
    pages({ before -> transactions(accountNo, limit, before) }) { page -> page.entries.lastOrNull()?.seq.takeIf { page.more } }

/** A loan's passbook from the newest entry down, a page of `limit` entries (1 to 1,000) at a time, read as it is collected. */
public fun Client.loanPages(loanNo: AccountNo, limit: UInt = PAGE): Flow<LoanPageView> =
    pages({ before -> loanTransactions(loanNo, limit, before) }) { page -> page.entries.lastOrNull()?.seq.takeIf { page.more } }

/** All entries of a savings passbook, newest first, read as they are collected. */
public fun Client.entries(accountNo: AccountNo): Flow<SavingsEntryView> =
    pages(accountNo).transform { page -> page.entries.forEach { emit(it) } }

/** All entries of a loan's passbook, newest first, read as they are collected. */
public fun Client.loanEntries(loanNo: AccountNo): Flow<LoanEntryView> =
    loanPages(loanNo).transform { page -> page.entries.forEach { emit(it) } }

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

/** The code, as docs/errors.md lists it. */
public val AnggotaException.code: String get() = parts.first

/** One Indonesian sentence for the member: what happened and what to do. */
public val AnggotaException.advice: String get() = parts.second

/** The rule that an input broke, in English, for the shell's developer. */
public val AnggotaException.rule: String? get() = parts.third

/** What every case carries: the generated code knows it of each alone. */
private val AnggotaException.parts: Triple<String, String, String?>
    get() = when (this) {
        is AnggotaException.NoNetwork -> Triple(code, advice, rule)
        is AnggotaException.NotAServer -> Triple(code, advice, rule)
        is AnggotaException.ServerBusy -> Triple(code, advice, rule)
        is AnggotaException.TryAgain -> Triple(code, advice, rule)
        is AnggotaException.TooManyAttempts -> Triple(code, advice, rule)
        is AnggotaException.CodeRefused -> Triple(code, advice, rule)
        is AnggotaException.EnrolAgain -> Triple(code, advice, rule)
        is AnggotaException.UpdateApp -> Triple(code, advice, rule)
        is AnggotaException.NotTrusted -> Triple(code, advice, rule)
        is AnggotaException.BooksDiffer -> Triple(code, advice, rule)
        is AnggotaException.InvalidInput -> Triple(code, advice, rule)
        is AnggotaException.Unknown -> Triple(code, advice, rule)
        is AnggotaException.NotPossible -> Triple(code, advice, rule)
        is AnggotaException.StoreBusy -> Triple(code, advice, rule)
        is AnggotaException.StoreUnreadable -> Triple(code, advice, rule)
        is AnggotaException.StoreFull -> Triple(code, advice, rule)
        is AnggotaException.KeyFailed -> Triple(code, advice, rule)
        is AnggotaException.Closed -> Triple(code, advice, rule)
        is AnggotaException.Cancelled -> Triple(code, advice, rule)
    }
