package id.anggota

import java.nio.file.Files
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay

/** A card signed by the phone's key is judged without a network by whoever has the federation's lists. */
class CardTest {
    private fun CardFiles.judge(text: String, memory: String? = null): CardVerdict =
        verifyCard(CardCheck(text, trust, statuses, roots, memory))

    @Test
    fun cardIsVerifiedByAnotherClient() = onSyncedPhone { client, paper ->
        val card = client.showCard()
        assertTrue(card.text.startsWith("KTA1:"))
        assertEquals(card.modules.toInt() * card.modules.toInt(), card.bits.size)
        val memory = Files.createTempDirectory("till")
        try {
            val lists = Stand.cardFiles()
            val verdict = lists.judge(card.text, memory.toString())
            assertEquals("green", verdict.result, verdict.reason)
            assertEquals(Stand.expected(paper.memberNo)["name"].text, verdict.name)
            assertEquals(Stand.members["cooperative_name"].text, verdict.cooperative)
            assertNull(verdict.reason)
            delay(6.seconds) // until then it is the scanner that reads twice
            val again = lists.judge(card.text, memory.toString())
            assertEquals("red" to "replayed", again.result to again.reason)
            assertEquals("green", lists.judge(client.showCard().text, memory.toString()).result)
        } finally {
            memory.toFile().deleteRecursively()
        }
        assertEquals("red", Stand.cardFiles().judge(card.text.dropLast(1)).result)

        Stand.suspendMember(paper.memberNo)
        val suspended = Stand.cardFiles().judge(client.showCard().text)
        assertEquals("red" to "suspended", suspended.result to suspended.reason)
        Stand.restoreMember(paper.memberNo)
        assertEquals("green", Stand.cardFiles().judge(client.showCard().text).result)
    }
}
