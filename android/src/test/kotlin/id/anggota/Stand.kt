/** The test stand: a live office and server, driven by HTTP and JSON. What is expected comes from the books it imported. */
package id.anggota

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.util.Base64
import java.util.HexFormat
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

operator fun JsonElement.get(name: String): JsonElement = jsonObject.getValue(name)
val JsonElement.text: String get() = jsonPrimitive.content
val JsonElement.int: Int get() = jsonPrimitive.int
val JsonElement.boolean: Boolean get() = jsonPrimitive.boolean
val JsonElement.list: JsonArray get() = jsonArray

/** What a member brings home from the office. */
data class Paper(val serverUrl: String, val memberNo: String, val code: String, val serverKey: String)

/** What a shop verifies cards by. */
class CardFiles(val trust: ByteArray, val statuses: List<ByteArray>, val roots: List<ByteArray>)

object Stand {
    private val address = checkNotNull(System.getenv("ANGGOTA_STAND")) {
        "ANGGOTA_STAND names no test stand; call the tests by: cargo xtask test --only kotlin"
    }
    private val http: HttpClient = HttpClient.newHttpClient()

    /** What is special about which member. */
    val members: JsonElement by lazy { ask("/members") }

    /** A paper for a member that no other test has. */
    fun freshPaper(): Paper = paper("fresh" to true)

    fun paperOf(memberNo: String): Paper = paper("member" to memberNo)

    /** The figures of a member, from the books alone. */
    fun expected(memberNo: String): JsonElement = ask("/expected?member_no=$memberNo")

    fun requests(): JsonArray = ask("/requests")["requests"].list

    fun decide(requestId: String, approve: Boolean, reason: String) {
        tell("/decide", "request_id" to requestId, "approve" to approve, "reason" to reason)
    }

    /** The office asks for more. */
    fun ask(requestId: String, reason: String) {
        tell("/ask", "request_id" to requestId, "reason" to reason)
    }

    /** The documents of a request that are whole at the office. */
    fun documents(requestId: String): List<ByteArray> =
        ask("/documents?request_id=$requestId")["documents"].list.map { Base64.getDecoder().decode(it.text) }

    fun suspendMember(memberNo: String) {
        tell("/member/suspend", "member_no" to memberNo)
    }

    fun restoreMember(memberNo: String) {
        tell("/member/restore", "member_no" to memberNo)
    }

    fun revokeDevice(deviceId: String) {
        tell("/device/revoke", "device_id" to deviceId)
    }

    /** The address of a server that answers everything so. */
    fun answering(vararg what: Pair<String, Any>): String = tell("/answer", *what)["server_url"].text

    fun cardFiles(): CardFiles {
        val files = ask("/card-files")
        val base64 = Base64.getDecoder()
        return CardFiles(
            base64.decode(files["trust"].text),
            files["statuses"].list.map { base64.decode(it.text) },
            files["roots"].list.map { HexFormat.of().parseHex(it.text) },
        )
    }

    /** A way to the server that passes everything on until it is told otherwise. */
    fun proxy(): Proxy = tell("/proxy", "fault" to "none").let { Proxy(it["id"].text, it["server_url"].text) }

    class Proxy(private val id: String, val serverUrl: String) {
        fun fault(fault: String, vararg more: Pair<String, Any>) {
            tell("/proxy/$id", "fault" to fault, *more)
        }

        /** How many replies did not arrive whole. */
        val dropped: Int get() = ask("/proxy/$id")["dropped"].int

        /** How many parts of documents were sent. */
        val uploads: Int get() = ask("/proxy/$id")["by_route"]["attachments"].int
    }

    private fun paper(vararg whose: Pair<String, Any>): Paper {
        val paper = tell("/papers", *whose)
        return Paper(paper["server_url"].text, paper["member_no"].text, paper["code"].text, paper["server_key"].text)
    }

    private fun ask(path: String): JsonElement = send(HttpRequest.newBuilder(URI(address + path)).GET())

    private fun tell(path: String, vararg fields: Pair<String, Any>): JsonElement {
        val body = JsonObject(fields.associate { (name, value) -> name to primitive(value) })
        return send(HttpRequest.newBuilder(URI(address + path)).POST(BodyPublishers.ofString(body.toString())))
    }

    private fun primitive(value: Any): JsonPrimitive = when (value) {
        is Boolean -> JsonPrimitive(value)
        is Number -> JsonPrimitive(value)
        else -> JsonPrimitive(value.toString())
    }

    private fun send(request: HttpRequest.Builder): JsonElement {
        val answer = http.send(request.build(), BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "the stand refused: ${answer.body()}" }
        return Json.parseToJsonElement(answer.body())
    }
}
