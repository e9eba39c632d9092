package id.anggota

import java.math.BigDecimal
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonObject

/** What a member sees is what the office's books say, as BigDecimal, LocalDate and Instant. */
class BooksTest {
    @Test
    fun opensEnrolsAndSyncs() = onPhone { phone ->
        val paper = Stand.freshPaper()
        val expected = Stand.expected(paper.memberNo)
        val balances = phone.enrol(paper).useAndShutDown { client ->
            val profile = client.profile()
            assertEquals(paper.memberNo, profile.memberNo)
            assertEquals(expected["name"].text, profile.name)
            assertEquals(Stand.members["cooperative_name"].text, profile.cooperativeName)
            assertNull(client.balances().asOf, "nothing is known before the first sync")
            val report = client.sync()
            assertTrue(report.complete && report.entriesReceived > 0u && report.bytesReceived > 0u)
            client.balances()
        }
        assertEquals(listOf(ProfileId(Stand.members["cooperative"].text, paper.memberNo)), profiles(phone.folder.toString()))
        phone.open().useAndShutDown { client ->
            assertEquals(balances, client.balances(), "the figures are there without a network")
            assertEquals(0uL, client.sync().entriesReceived, "what is held is not sent again")
            assertTrue(client.verify().ok)
        }
    }

    @Test
    fun balancesEqualTheBooks() = onSyncedPhone(Stand.paperOf(rich)) { client, paper ->
        val expected = Stand.expected(paper.memberNo)
        val balances = client.balances()
        assertTrue(balances.savings.size >= 2 && balances.loans.isNotEmpty())
        assertEquals(BigDecimal(expected["total_savings"].text), balances.totalSavings)
        assertEquals(
            expected["savings"].list.map { Triple(it["account_no"].text, BigDecimal(it["balance"].text), it["seq"].int.toUInt()) },
            balances.savings.map { Triple(it.accountNo, it.balance, it.seq) },
        )
        assertEquals(
            expected["loans"].list.map { Triple(it["account_no"].text, BigDecimal(it["outstanding"].text), it["seq"].int.toUInt()) },
            balances.loans.map { Triple(it.loanNo, it.outstanding, it.seq) },
        )
        assertTrue(balances.savings.all { it.verified && it.complete } && balances.loans.all { it.verified && it.complete })
        assertTrue(balances.pending.isEmpty() && balances.ended.isEmpty() && balances.warnings.isEmpty())
    }

    @Test
    fun transactionsPageToTheEnd() {
        val long = Stand.members["long_passbook"]
        onSyncedPhone(Stand.paperOf(long["member_no"].text)) { client, paper ->
            val accountNo = long["account_no"].text
            val expected = expectedEntries(paper, accountNo).map(::savingsEntry).reversed()
            assertEquals(long["entries"].int, expected.size)
            for (size in listOf(1_000u, 49u)) {
                val pages = client.pages(accountNo, size).toList()
                assertEquals(expected, pages.flatMap { it.entries })
                assertTrue(pages.dropLast(1).all { it.more && it.entries.size.toUInt() == size })
                assertTrue(!pages.last().more && pages.all { it.accountNo == accountNo })
            }
            assertEquals(expected, client.entries(accountNo).toList())
            assertEquals(expected.subList(2_490, 2_500), client.transactions(accountNo, 50u, 11u).entries)
            assertEquals(SavingsPageView(accountNo, emptyList(), false), client.transactions(accountNo, 50u, 1u))
        }
    }

    @Test
    fun loanEntriesEqualTheBooks() = onSyncedPhone(Stand.paperOf(rich)) { client, paper ->
        for (loan in client.balances().loans) {
            val expected = expectedEntries(paper, loan.loanNo).map(::loanEntry).reversed()
            assertTrue(expected.isNotEmpty())
            assertEquals(expected, client.loanPages(loan.loanNo, 7u).toList().flatMap { it.entries })
            assertEquals(expected, client.loanEntries(loan.loanNo).toList())
        }
    }

    @Test
    fun moneyAtTheEdges() {
        val edges = Stand.members["money_edges"]
        onSyncedPhone(Stand.paperOf(edges["member_no"].text)) { client, paper ->
            for (name in listOf("largest", "smallest", "reversal")) {
                val edge = edges[name]
                val entry = client.transactions(edge["account_no"].text, 1u, edge["seq"].int.toUInt() + 1u).entries.single()
                assertEquals(BigDecimal(edge["amount"].text), entry.amount, name)
            }
            val balances = client.balances()
            for (name in listOf("one_sen", "zero")) {
                val account = balances.savings.single { it.accountNo == edges[name]["account_no"].text }
                assertEquals(BigDecimal(edges[name]["balance"].text), account.balance, name)
            }
            assertEquals(BigDecimal(Stand.expected(paper.memberNo)["total_savings"].text), balances.totalSavings)
            for (account in balances.savings) {
                val expected = expectedEntries(paper, account.accountNo).map(::savingsEntry).reversed()
                assertEquals(expected, client.entries(account.accountNo).toList())
            }
            val loanNo = edges["loan"]["loan_no"].text
            assertEquals(expectedEntries(paper, loanNo).map(::loanEntry).reversed(), client.loanEntries(loanNo).toList())
            // What a shell hands over is exact too: an exponent is written out, a third decimal or too much is refused.
            for (tooMuch in listOf("0.001", "1E+15", "1E+2000000000")) {
                assertFailsWith<AnggotaException.InvalidInput> { client.requestLoan(loanProduct, BigDecimal(tooMuch), 12u, "Modal") }
            }
            assertEquals(BigDecimal("2000000.00"), client.requestLoan(loanProduct, BigDecimal("2E+6"), 12u, "Modal").principal)
        }
    }

    @Test
    fun leapDaysAndInstants() {
        val leap = Stand.members["leap_days"]
        onSyncedPhone(Stand.paperOf(leap["member_no"].text)) { client, _ ->
            val days = client.entries(leap["account_no"].text).toList().map { it.postedOn }
            val leapDays = leap["dates"].list.map { LocalDate.parse(it.text) }
            assertTrue(leapDays.size >= 2 && days.containsAll(leapDays))
            assertTrue(days.containsAll(leapDays.map { it.plusDays(1) }.filter { it.year == 2000 }))
            assertEquals(days.sortedDescending(), days)
            val balances = client.balances()
            val request = client.requestLoan(loanProduct, BigDecimal(2_000_000), 12u, "Modal warung")
            for (instant in listOf(balances.asOf!!, balances.savings.first().asOf, request.submittedAt)) {
                assertTrue(Duration.between(instant, Instant.now()).abs() < Duration.ofMinutes(5), "$instant is not now")
                assertEquals(0, instant.nano, "instants are whole seconds")
            }
        }
    }
}

val rich: String get() = Stand.members["rich"]["member_no"].text
val loanProduct: String get() = Stand.members["loan_product"].text

fun expectedEntries(paper: Paper, accountNo: String): List<JsonElement> =
    Stand.expected(paper.memberNo)["entries"][accountNo].list

fun savingsKind(word: String): SavingsKind = when (word) {
    "deposit" -> SavingsKind.Deposit
    "withdrawal" -> SavingsKind.Withdrawal
    "interest" -> SavingsKind.Interest
    "tax" -> SavingsKind.Tax
    "fee" -> SavingsKind.Fee
    "transfer_in" -> SavingsKind.TransferIn
    "transfer_out" -> SavingsKind.TransferOut
    "reversal" -> SavingsKind.Reversal
    else -> error("the books have no kind $word")
}

fun loanKind(word: String): LoanKind = when (word) {
    "disbursement" -> LoanKind.Disbursement
    "repayment" -> LoanKind.Repayment
    "late_charge" -> LoanKind.LateCharge
    "waiver" -> LoanKind.Waiver
    "reversal" -> LoanKind.Reversal
    else -> error("the books have no kind $word")
}

fun savingsEntry(entry: JsonElement) = SavingsEntryView(
    seq = entry["seq"].int.toUInt(),
    postedOn = LocalDate.parse(entry["posted_on"].text),
    kind = savingsKind(entry["kind"].text),
    amount = BigDecimal(entry["amount"].text),
    balance = BigDecimal(entry["balance"].text),
    description = entry["description"].text,
    reference = entry["reference"].text,
    reverses = entry.jsonObject["reverses"]?.int?.toUInt(),
)

fun loanEntry(entry: JsonElement) = LoanEntryView(
    seq = entry["seq"].int.toUInt(),
    postedOn = LocalDate.parse(entry["posted_on"].text),
    kind = loanKind(entry["kind"].text),
    principal = BigDecimal(entry["principal"].text),
    interest = BigDecimal(entry["interest"].text),
    lateCharge = BigDecimal(entry["late_charge"].text),
    outstanding = BigDecimal(entry["outstanding"].text),
    description = entry["description"].text,
    reference = entry["reference"].text,
    reverses = entry.jsonObject["reverses"]?.int?.toUInt(),
)
