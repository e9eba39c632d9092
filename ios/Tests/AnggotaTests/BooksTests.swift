// What a member reads is what the books say.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    @Test func opensEnrolsAndSyncs() async throws {
        let phone = try Phone()
        #expect(try profiles(dataDir: phone.folder.path).isEmpty)
        let paper = try await stand.papers()
        let client = try await phone.enrol(paper)
        let profile = try client.profile()
        let (cooperative, name) = (try await stand.members().cooperative, try await stand.expected(paper.memberNo).name)
        #expect(profile.memberNo == paper.memberNo && profile.name == name && profile.cooperative == cooperative)
        #expect(try client.balances().asOf == nil)

        let report = try await client.sync()
        let lines = try await stand.expected(paper.memberNo)
        let accounts = lines.savings.map(\.accountNo) + lines.loans.map(\.accountNo)
        #expect(report.complete)
        #expect(report.entriesReceived == accounts.reduce(0) { $0 + UInt64(lines.entries(of: $1).count) })
        #expect(try await client.sync().entriesReceived == 0)

        try await client.shutDown()
        #expect(try profiles(dataDir: phone.folder.path) == [ProfileId(cooperative: cooperative, memberNo: paper.memberNo)])
        let again = try await phone.open()
        #expect(try again.profile() == profile)
        #expect(try again.balances().totalSavings == lines.totalSavings.money)
    }

    @Test func balancesEqualTheBooks() async throws {
        let phone = try Phone()
        let member = try await stand.members().rich.memberNo
        let client = try await synced(phone, as: member)
        let (expected, shown) = (try await stand.expected(member), try client.balances())
        #expect(shown.totalSavings == expected.totalSavings.money)
        #expect(shown.savings.count == expected.savings.count && shown.loans.count == expected.loans.count)
        for account in expected.savings {
            let view = try #require(shown.savings.first { $0.accountNo == account.accountNo })
            #expect(view.balance == account.balance.money && view.seq == account.seq && view.verified && view.complete)
        }
        for loan in expected.loans {
            let view = try #require(shown.loans.first { $0.loanNo == loan.accountNo })
            #expect(view.outstanding == loan.outstanding.money && view.seq == loan.seq && view.verified && view.complete)
        }
        #expect(try await client.verify().ok)
    }

    @Test func transactionsPageToTheEnd() async throws {
        let phone = try Phone()
        let long = try await stand.members().longPassbook
        let client = try await synced(phone, as: long.memberNo)
        let expected = try await stand.expected(long.memberNo).entries(of: long.accountNo)
        #expect(expected.count == long.entries)

        for limit: UInt32 in [50, 999, 1_000] {
            var entries: [SavingsEntryView] = []
            for try await page in client.pages(accountNo: long.accountNo, limit: limit) {
                #expect(page.accountNo == long.accountNo && page.entries.count <= Int(limit))
                entries += page.entries
            }
            #expect(entries.map(\.seq) == expected.map(\.seq).reversed())
            for (shown, line) in zip(entries.reversed(), expected) {
                #expect(shown.agrees(with: line), "seq \(line.seq)")
            }
        }
        #expect(try await failure { _ = try client.transactions(accountNo: long.accountNo, limit: 1_001, before: nil) }
            == "InvalidInput")
    }

    @Test func loanEntriesEqualTheBooks() async throws {
        let phone = try Phone()
        let loan = try await stand.members().loan
        let client = try await synced(phone, as: loan.memberNo)
        let expected = try await stand.expected(loan.memberNo).entries(of: loan.loanNo)
        var entries: [LoanEntryView] = []
        for try await page in client.loanPages(loanNo: loan.loanNo, limit: 2) {
            entries += page.entries
        }
        #expect(!expected.isEmpty && entries.map(\.seq) == expected.map(\.seq).reversed())
        for (shown, line) in zip(entries.reversed(), expected) {
            #expect(shown.agrees(with: line), "seq \(line.seq)")
        }
    }

    @Test func moneyAtTheEdges() async throws {
        let phone = try Phone()
        let members = try await stand.members()
        let edges = members.moneyEdges
        let client = try await synced(phone, as: edges.memberNo)
        for amount in [edges.largest, edges.smallest, edges.reversal] {
            let page = try client.transactions(accountNo: amount.accountNo, limit: 1, before: amount.seq + 1)
            #expect(page.entries.map(\.amount) == [amount.amount.money])
        }
        let shown = try client.balances()
        for balance in [edges.oneSen, edges.zero] {
            #expect(shown.savings.first { $0.accountNo == balance.accountNo }?.balance == balance.balance.money)
        }
        #expect(edges.largest.amount.money == Money(string: "999999999999999.99"))
        #expect(shown.totalSavings == edges.largest.amount.money)
        let expected = try await stand.expected(edges.memberNo)
        for account in expected.savings {
            let page = try client.transactions(accountNo: account.accountNo, limit: 50, before: nil)
            let lines = expected.entries(of: account.accountNo)
            #expect(page.entries.count == lines.count && !page.more)
            for (entry, line) in zip(page.entries.reversed(), lines) {
                #expect(entry.agrees(with: line))
            }
        }

        // The other way: exact to the sen, and what is finer or larger is refused before anything is done.
        let principal = try #require(Money(string: "1500000.75"))
        let ask = { (principal: Money) in
            try await client.requestLoan(
                product: members.loanProduct, principal: principal, periods: 12, purpose: "Modal warung")
        }
        #expect(try await ask(principal).principal == principal)
        #expect(try client.requests().map(\.principal) == [principal])
        for text in ["1500000.755", "1000000000000000", "-1", "0"] {
            let wrong = try #require(Money(string: text))
            #expect(try await failure { _ = try await ask(wrong) } == "InvalidInput", "\(text)")
        }
        #expect(try await failure { _ = try await ask(Money.nan) } == "InvalidInput")
        #expect(try client.requests().count == 1)
    }

    @Test func leapDaysAndInstants() async throws {
        let phone = try Phone()
        let members = try await stand.members()
        let before = Date()
        let client = try await synced(phone, as: members.leapDays.memberNo)
        let page = try client.transactions(accountNo: members.leapDays.accountNo, limit: 50, before: nil)
        #expect(Set(members.leapDays.dates).isSubset(of: page.entries.map(\.postedOn)))
        #expect(members.leapDays.dates.contains(try #require(CivilDate(year: 2024, month: 2, day: 29))))
        #expect(page.entries.map(\.postedOn) == page.entries.map(\.postedOn).sorted(by: >))
        for text in ["2023-02-29", "1900-02-29", "2024-13-01", "2024-04-31", "2024-2-29", "2024-02-29 ", "0000-01-01"] {
            #expect(CivilDate(iso: text) == nil, "\(text)")
        }
        #expect(CivilDate(iso: "2000-02-29")?.iso == "2000-02-29")

        let asked = try await client.requestLoan(
            product: members.loanProduct, principal: 1_000_000, periods: 12, purpose: "Modal warung")
        // Whole seconds, by the server's clock, which is this machine's.
        for instant in [try #require(try client.balances().asOf), asked.submittedAt] {
            #expect(instant.timeIntervalSince1970.truncatingRemainder(dividingBy: 1) == 0)
            #expect(instant > before - 2 && instant < Date() + 2)
        }
    }
}

extension SavingsEntryView {
    func agrees(with line: Expected.Entry) -> Bool {
        seq == line.seq && postedOn == line.postedOn && "\(kind)" == line.kind.camelCased && amount == line.amount?.money
            && balance == line.balance?.money && description == line.description && reference == line.reference
            && reverses == line.reverses
    }
}

extension LoanEntryView {
    func agrees(with line: Expected.Entry) -> Bool {
        seq == line.seq && postedOn == line.postedOn && "\(kind)" == line.kind.camelCased
            && principal == line.principal?.money && interest == line.interest?.money
            && lateCharge == line.lateCharge?.money && outstanding == line.outstanding?.money
            && description == line.description && reference == line.reference && reverses == line.reverses
    }
}

extension String {
    /// `transfer_in` as the case is called in Swift.
    fileprivate var camelCased: String {
        let words = split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.capitalized }
    }
}
