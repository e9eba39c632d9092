package id.anggota

import java.math.BigDecimal
import java.security.MessageDigest
import java.util.HexFormat
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout

/** How many bytes go at once. */
private const val PART = 64 * 1024
private val JPEG = byteArrayOf(-1, -40, -1, -32)
private val PNG = byteArrayOf(-119, 80, 78, 71, 13, 10, 26, 10)

/** Drafts and what stands behind them: kept unfinished, sent once, and whole at the office whatever the network does. */
class DocumentsTest {
    /** A file that takes so many parts and is unlike every other. */
    private fun document(parts: Int, beginning: ByteArray = JPEG): ByteArray =
        beginning + Random.nextBytes((parts - 1) * PART + 1_000)

    private fun draft(purpose: String? = "Modal warung"): Draft =
        Draft(DraftOf.Request(loanProduct, BigDecimal(2_000_000), 12u, purpose), BigDecimal(9_000_000), listOf(rich), "BPKB motor")

    /** A draft with that document becomes a request that the office has, and none of the document's bytes is there yet. */
    private suspend fun Client.ask(document: ByteArray): String {
        val id = saveDraft(null, draft()).draftId
        attach(id, document)
        sendDraft(id)
        sync()
        assertEquals(0, heldAtTheOffice(id))
        return id
    }

    private fun Client.documentOf(id: String): AttachmentView =
        requests().single { it.requestId == id }.backing.attachments.single()

    private fun atTheOffice(id: String) = Stand.requests().single { it["request_id"].text == id }

    private fun heldAtTheOffice(id: String): Int = atTheOffice(id)["attachments"].list.single()["held"].int

    private fun assertWhole(client: Client, id: String, document: ByteArray) {
        val told = client.documentOf(id)
        assertTrue(told.whole && told.sent == document.size.toUInt() && told.reason == null, "$told")
        assertContentEquals(document, Stand.documents(id).single())
    }

    @Test
    fun draftWithAPhotographIsKeptThenSentWhole() = onPhone { phone ->
        val photograph = document(3)
        val kept = phone.enrol(Stand.freshPaper()).useAndShutDown { client ->
            client.sync()
            val id = client.saveDraft(null, draft(purpose = null)).draftId
            client.attach(id, photograph)
            val missing: AnggotaException = assertFailsWith<AnggotaException.InvalidInput> { client.sendDraft(id) }
            assertEquals("a request says what the loan is for", missing.rule)
            client.drafts().single()
        }
        phone.open().useAndShutDown { client ->
            assertEquals(listOf(kept), client.drafts())
            val (id, document) = kept.draftId to kept.backing.attachments.single()
            val hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(photograph))
            assertEquals(AttachmentView(hash, photograph.size.toUInt(), MediaType.JPEG, 0u, false, false, null), document)
            val finished = client.saveDraft(id, draft("Atap rumah"))
            assertEquals(id to kept.backing, finished.draftId to finished.backing)

            val request = client.sendDraft(id)
            assertEquals(id to RequestState.QUEUED, request.requestId to request.state)
            assertTrue(client.drafts().isEmpty())
            client.upload()
            assertEquals(0u, client.documentOf(id).sent, "no document goes before its request")
            client.sync()
            client.upload()
            assertWhole(client, id, photograph)
            val received = atTheOffice(id)
            assertEquals(listOf("Atap rumah", "9000000.00", "BPKB motor"), listOf("purpose", "income", "collateral").map { received[it].text })
            assertEquals(listOf(rich), received["guarantors"].list.map { it.text })
            assertEquals(hash, received["attachments"].list.single()["hash"].text)
        }
    }

    @Test
    fun uploadGoesOnWhereTheNetworkBroke() {
        val proxy = Stand.proxy()
        onSyncedPhone(serverUrl = proxy.serverUrl) { client, _ ->
            val photograph = document(5)
            val id = client.ask(photograph)
            proxy.fault("drop-replies", "path" to "attachments", "after" to 2, "count" to 1)
            assertFailsWith<AnggotaException.NoNetwork> { client.upload() }
            assertEquals(2u * PART.toUInt(), client.documentOf(id).sent)
            assertEquals(3 * PART, heldAtTheOffice(id), "the office has a part more than the phone knows")
            client.upload()
            assertWhole(client, id, photograph)
            assertEquals(5 + 1, proxy.uploads, "the part that was not answered is sent twice, and no other")
        }
    }

    @Test
    fun draftSentTwiceIsOneRequest() {
        val proxy = Stand.proxy()
        onSyncedPhone(serverUrl = proxy.serverUrl) { client, paper ->
            val id = client.saveDraft(null, draft()).draftId
            val request = client.sendDraft(id)
            assertEquals(request, client.sendDraft(id))
            proxy.fault("drop-replies", "path" to "operations", "count" to 1)
            assertFailsWith<AnggotaException.NoNetwork> { client.sync() }
            assertEquals(id, client.sendDraft(id).requestId)
            client.sync()
            assertEquals(listOf(id to RequestState.RECEIVED), client.requests().map { it.requestId to it.state })
            assertEquals(listOf(id), Stand.requests().filter { it["member_no"].text == paper.memberNo }.map { it["request_id"].text })
            assertFailsWith<AnggotaException.NotPossible> { client.saveDraft(id, draft("Sepeda motor")) }
        }
    }

    @Test
    fun replyWithADocumentBringsTheRequestBack() = onSyncedPhone { client, _ ->
        val (photograph, slip) = document(1) to document(2, PNG)
        val id = client.ask(photograph)
        client.upload()
        val reply = Draft(DraftOf.Reply(id, "Ini slip gaji saya"), null, emptyList(), null)
        val draftId = client.saveDraft(null, reply).draftId
        client.attach(draftId, slip)
        assertFailsWith<AnggotaException.NotPossible>("nothing was asked") { client.sendDraft(draftId) }
        Stand.ask(id, "Mohon slip gaji")
        client.sync()
        val asked = client.requests().single()
        assertEquals(RequestState.MORE_ASKED to "Mohon slip gaji", asked.state to asked.reason)

        val replied = client.sendDraft(draftId)
        assertEquals(id to RequestState.QUEUED, replied.requestId to replied.replies.single().state)
        client.sync()
        client.upload()
        val request = client.requests().single()
        val given = request.replies.single()
        assertEquals(listOf(RequestState.RECEIVED, RequestState.RECEIVED), listOf(request.state, given.state))
        assertTrue(given.backing.attachments.single().let { it.whole && it.mediaType == MediaType.PNG })
        val received = atTheOffice(id)
        assertEquals("received" to "Ini slip gaji saya", received["state"].text to received["replies"].list.single()["text"].text)
        val documents = Stand.documents(id)
        assertTrue(documents.size == 2 && listOf(photograph, slip).all { sent -> documents.any(sent::contentEquals) })
    }

    @Test
    fun whatIsNoPictureIsRefused() = onSyncedPhone { client, _ ->
        val id = client.saveDraft(null, draft()).draftId
        suspend fun assertRefused(rule: String, document: ByteArray) {
            val fault: AnggotaException = assertFailsWith<AnggotaException.InvalidInput> { client.attach(id, document) }
            assertEquals(rule, fault.rule)
            val told = Language.entries.map { advice(it, fault.code, rule) }
            assertTrue(Language.entries.size == told.toSet().size && told.none { it.isEmpty() }, "$told")
            assertNotEquals(advice(Language.INDONESIAN, fault.code, null), told.first(), "the rule has words of its own")
        }
        assertRefused("a document is a JPEG or PNG picture or a PDF file", "<html>".encodeToByteArray())
        assertRefused("a document has at most 4 MiB", JPEG + ByteArray(4 * 1024 * 1024))
        val photographs = List(5) { document(1) }
        for (photograph in photographs + photographs) client.attach(id, photograph)
        assertRefused("at most 5 documents are attached", document(1))
        val attached = client.drafts().single().backing.attachments
        assertEquals(5, attached.size)
        assertEquals(attached.drop(1), client.detach(id, attached.first().hash).backing.attachments)
        client.deleteDraft(id)
        assertTrue(client.drafts().isEmpty())
        assertFailsWith<AnggotaException.Unknown> { client.attach(id, photographs.first()) }
    }

    @Test
    fun draftsAreWordedInEveryLanguage() = onSyncedPhone { client, _ ->
        suspend fun assertShown(isFinished: Boolean, id: String) {
            val blocks = Language.entries.map { language ->
                val screen = client.draftsScreen(language, Level.PLAIN)
                val block = screen.blocks.single()
                val figure = block.figure!!
                assertEquals(rupiah(BigDecimal(2_000_000)), figure.amount)
                assertTrue(figure.inWords == amountInWords(language, BigDecimal(2_000_000)) && figure.inWords in spoken(screen))
                val possible = block.actions.map { it.kind }
                assertEquals(isFinished, ActionKind.SendDraft(id) in possible)
                assertTrue(possible.containsAll(listOf(ActionKind.OpenDraft(id), ActionKind.DeleteDraft(id))))
                block
            }
            for (said in listOf(blocks.map { it.heading }, blocks.map { it.text })) assertEquals(Language.entries.size, said.toSet().size, "$said")
        }
        val none = Language.entries.map { client.draftsScreen(it, Level.PLAIN).blocks.single().text }
        assertEquals(Language.entries.size, none.toSet().size)
        val id = client.saveDraft(null, draft(purpose = null)).draftId
        assertShown(isFinished = false, id)
        client.saveDraft(id, draft())
        assertShown(isFinished = true, id)
    }

    @Test
    fun cancelledUploadGoesOn() {
        val proxy = Stand.proxy()
        onSyncedPhone(serverUrl = proxy.serverUrl) { client, _ ->
            val photograph = document(10)
            val id = client.ask(photograph)
            suspend fun sentMoreThan(sent: UInt) = withTimeout(20.seconds) { while (client.documentOf(id).sent <= sent) delay(10.milliseconds) }
            proxy.fault("slow", "bytes" to 64, "pause_ms" to 200, "path" to "attachments")
            coroutineScope {
                val upload = async(Dispatchers.Default) { client.upload() }
                sentMoreThan(0u)
                upload.cancelAndJoin()
                assertFailsWith<CancellationException> { upload.await() }
            }
            coroutineScope {
                val upload = async(Dispatchers.Default) { runCatching { client.upload() } }
                sentMoreThan(client.documentOf(id).sent)
                client.cancelUpload()
                assertFailsWith<AnggotaException.Cancelled> { withTimeout(20.seconds) { upload.await() }.getOrThrow() }
            }
            delay(500.milliseconds) // what was on its way
            val (half, count) = client.documentOf(id) to proxy.uploads
            assertFalse(half.whole, "the upload was over before it was cancelled")
            delay(1.seconds)
            assertEquals(half to count, client.documentOf(id) to proxy.uploads, "nothing is sent after it was cancelled")
            proxy.fault("none")
            client.upload()
            assertWhole(client, id, photograph)
        }
    }

    @Test
    fun refusedDocumentWaitsForTheMember() {
        val proxy = Stand.proxy()
        onSyncedPhone(serverUrl = proxy.serverUrl) { client, _ ->
            val photograph = document(2)
            val id = client.ask(photograph)
            proxy.fault("problem", "problem" to "attachment-refused", "path" to "attachments", "after" to 1, "count" to 1)
            val fault: AnggotaException = assertFailsWith<AnggotaException.NotPossible> { client.upload() }
            assertEquals("attachment-refused", fault.code)
            val refused = client.documentOf(id)
            assertTrue(refused.refused && !refused.whole)
            assertEquals(fault.advice, refused.reason)
            client.upload()
            assertEquals(refused, client.documentOf(id), "only the member sends it again")
            client.retryRequest(id)
            client.upload()
            assertWhole(client, id, photograph)
        }
    }
}
