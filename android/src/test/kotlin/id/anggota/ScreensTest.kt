package id.anggota

import java.math.BigDecimal
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

/** What is ready to be shown, and what is reckoned ahead: the same figures as the books, in every language. */
class ScreensTest {
    @Test
    fun screensSayWhatTheBooksSay() = onSyncedPhone(Stand.paperOf(rich)) { client, _ ->
        val total = client.balances().totalSavings
        val said = Language.entries.map { language ->
            val screen = client.homeScreen(language, Level.PLAIN)
            val figure = screen.blocks.single { it.role == Role.TOTAL }.figure!!
            assertEquals(rupiah(total), figure.amount, "$language")
            assertEquals(amountInWords(language, total), figure.inWords, "$language")
            assertTrue(figure.verified && figure.inWords in spoken(screen) && screen.actions.any { it.kind == ActionKind.Sync })
            figure.inWords
        }
        assertEquals(Language.entries.size, said.toSet().size, "each language has words of its own")
        val accountNo = client.balances().savings.first().accountNo
        val newest = client.transactions(accountNo, 1u, null).entries.single()
        val passbook = client.passbookScreen(accountNo, 1u, null, Language.INDONESIAN, Level.FULL)
        assertEquals(rupiah(newest.amount), passbook.blocks.single { it.role == Role.ENTRY }.figure!!.amount)

        assertTrue(checkNik(Language.INDONESIAN, "3374010101900001").ok)
        val wrong = Language.entries.map { checkNik(it, "3374013201900001") }
        assertTrue(wrong.none { it.ok } && wrong.map { it.sentence }.toSet().size == Language.entries.size)
        assertFalse(checkQris(Language.ENGLISH, "000201").ok)
        val told = Language.entries.map { advice(it, "device-revoked", null) }
        assertEquals(Language.entries.size, told.toSet().size)
        assertNotEquals("", terbilang(Language.INDONESIAN, BigDecimal(1_500_000)))
    }

    @Test
    fun loansAndSavingsAreReckonedToTheSen() = onSyncedPhone(Stand.paperOf(rich)) { client, _ ->
        val principal = BigDecimal("2000000.00")
        assertTrue(client.loanProducts().any { it.code == loanProduct && it.ratePerPeriod > BigDecimal.ZERO })
        val plan = client.simulateLoan(loanProduct, principal, 12u)
        assertEquals(12, plan.instalments.size)
        assertEquals(principal, plan.instalments.sumOf { it.principal })
        assertEquals(plan.total, plan.instalments.sumOf { it.total })
        assertEquals(plan.total, principal + plan.totalInterest)
        assertEquals(0, plan.instalments.last().outstanding.signum())
        assertTrue(plan.effectiveYearlyRate > plan.nominalYearlyRate, "flat costs more than it says")
        assertFailsWith<AnggotaException.InvalidInput> { client.simulateLoan(loanProduct, BigDecimal(-1), 12u) }

        assertTrue(client.checkLoan(loanProduct, principal, 12u).obstacles.isEmpty())
        assertTrue(client.checkLoan(loanProduct, BigDecimal("1E+12"), 12u).obstacles.isNotEmpty())
        for (loan in client.balances().loans) {
            val schedule = client.loanSchedule(loan.loanNo)
            assertEquals(schedule.total, schedule.instalments.sumOf { it.total })
            assertTrue(schedule.verified && schedule.instalments.all { it.standing != null })
        }

        val savings = client.balances().savings.first()
        val projected = client.projectSavings(savings.accountNo, 12u)
        assertEquals(12, projected.months.size)
        assertEquals(projected.balance, savings.balance + projected.totalInterest - projected.totalTax)

        assertTrue(client.evidence().isEmpty())
        assertEquals(CheckpointComparison.SAME, client.compareCheckpoint(client.showCheckpoint().text))
    }
}
