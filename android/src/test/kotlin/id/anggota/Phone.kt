/** Phones for tests: a data folder of its own, keys, and a member enrolled on it. */
package id.anggota

import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.runBlocking

class Phone(val keys: SoftwareKeys = SoftwareKeys()) : AutoCloseable {
    val folder: Path = Files.createTempDirectory("anggota")
    val options = OpenOptions(folder.toString(), keys, keys, emptyList(), emptyList())
    val profileId: ProfileId get() = profiles(folder.toString()).single()

    suspend fun enrol(paper: Paper, serverUrl: String = paper.serverUrl, trust: Trust = Trust.ServerKey(paper.serverKey)): Client =
        Client.enrol(options, Enrolment(serverUrl, paper.memberNo, paper.code, trust))

    suspend fun open(): Client = Client.open(options, profileId)

    /** Everything the profile keeps. */
    fun file(name: String): Path = Files.walk(folder).use { files -> files.filter { it.endsWith(name) }.findFirst().orElseThrow() }

    override fun close() {
        check(folder.toFile().deleteRecursively()) { "the phone's folder is still in use" }
    }
}

/** Runs a test with a phone that is not enrolled yet. */
fun onPhone(keys: SoftwareKeys = SoftwareKeys(), test: suspend (Phone) -> Unit): Unit =
    runBlocking { Phone(keys).use { test(it) } }

/** Runs a test with a member of its own, or the one of the paper, enrolled and synced. */
fun onSyncedPhone(
    paper: Paper = Stand.freshPaper(),
    keys: SoftwareKeys = SoftwareKeys(),
    serverUrl: String = paper.serverUrl,
    test: suspend (client: Client, paper: Paper) -> Unit,
): Unit = onPhone(keys) { phone ->
    phone.enrol(paper, serverUrl).useAndShutDown { client ->
        client.sync()
        test(client, paper)
    }
}
