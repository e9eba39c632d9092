package id.anggota

import java.math.BigDecimal
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A request for a loan is saved, sent exactly once, answered and taken back. */
class RequestsTest {
    private suspend fun Client.ask(purpose: String = "Modal warung"): RequestView =
        requestLoan(loanProduct, BigDecimal(2_000_000), 12u, purpose)

    private fun Client.stateOf(request: RequestView): RequestState =
        requests().single { it.requestId == request.requestId }.state

    private fun atTheOffice(request: RequestView) = Stand.requests().filter { it["request_id"].text == request.requestId }

    @Test
    fun requestIsSubmittedListedAndCancelled() = onSyncedPhone { client, paper ->
        val request = client.ask("Atap rumah")
        assertEquals(RequestState.QUEUED, request.state)
        assertEquals(listOf(request), client.requests())
        assertEquals(listOf(request), client.balances().pending)
        assertTrue(atTheOffice(request).isEmpty())
        assertEquals(1uL, client.sync().requestsSent)
        assertEquals(RequestState.RECEIVED, client.stateOf(request))
        val received = atTheOffice(request).single()
        assertEquals(paper.memberNo, received["member_no"].text)
        assertEquals(BigDecimal("2000000.00"), BigDecimal(received["principal"].text))
        assertEquals("Atap rumah", received["purpose"].text)

        client.cancelRequest(request.requestId)
        client.sync()
        assertEquals(RequestState.CANCELLED, client.stateOf(request))
        assertTrue(client.balances().pending.isEmpty())

        val unsent = client.ask()
        assertEquals(RequestState.CANCELLED, client.cancelRequest(unsent.requestId).state)
        client.sync()
        assertTrue(atTheOffice(unsent).isEmpty(), "what was taken back in time is never sent")
        val stranger = "00000000-0000-7000-8000-000000000000"
        assertFailsWith<AnggotaException.Unknown> { client.cancelRequest(stranger) }
    }

    @Test
    fun requestIsAnsweredByAnOfficer() = onSyncedPhone { client, _ ->
        val (yes, no) = client.ask() to client.ask("Sepeda motor")
        assertEquals(2uL, client.sync().requestsSent)
        Stand.decide(yes.requestId, approve = true, reason = "Disetujui rapat")
        Stand.decide(no.requestId, approve = false, reason = "Angsuran terlalu besar")
        client.sync()
        val (approved, rejected) = client.requests()
        assertEquals(yes.requestId to RequestState.APPROVED, approved.requestId to approved.state)
        assertEquals(no.requestId to RequestState.REJECTED, rejected.requestId to rejected.state)
        assertEquals("Angsuran terlalu besar", rejected.reason)
        assertTrue(client.balances().pending.isEmpty())
        assertFailsWith<AnggotaException.NotPossible> { client.cancelRequest(yes.requestId) }
    }

    @Test
    fun droppedReplyIsSentOnce() {
        val proxy = Stand.proxy()
        onSyncedPhone(serverUrl = proxy.serverUrl) { client, _ ->
            val request = client.ask()
            assertNull(request.reason)
            proxy.fault("drop-replies")
            assertFailsWith<AnggotaException.NoNetwork> { client.sync() }
            assertTrue(proxy.dropped > 0)
            assertEquals(1, atTheOffice(request).size, "the server has it, and the phone does not know")
            assertEquals(RequestState.SENDING, client.stateOf(request))
            proxy.fault("none")
            client.sync()
            assertEquals(RequestState.RECEIVED, client.stateOf(request))
            assertEquals(1, atTheOffice(request).size)
        }
    }
}
