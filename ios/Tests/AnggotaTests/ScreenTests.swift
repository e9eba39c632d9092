// What is ready to be shown, and what is reckoned ahead: the same figures as the books, in every language.

import Anggota
import Foundation
import TestKit
import Testing

extension AnggotaTests {
    private static let languages: [Language] = [.indonesian, .javanese, .english]

    @Test func screensSayWhatTheBooksSay() async throws {
        let phone = try Phone()
        let client = try await synced(phone, as: try await stand.members().rich.memberNo)
        let shown = try client.balances()
        var said: Set<String> = []
        for language in Self.languages {
            let screen = try client.homeScreen(language: language, level: .plain)
            let figure = try #require(screen.blocks.first { $0.role == .total }?.figure)
            #expect(try figure.amount == rupiah(amount: shown.totalSavings))
            #expect(try figure.inWords == amountInWords(language: language, amount: shown.totalSavings))
            #expect(figure.verified && screen.actions.contains { $0.kind == .sync })
            #expect(try spoken(screen: screen).contains(figure.inWords))
            said.insert(figure.inWords)
        }
        #expect(said.count == Self.languages.count)
        let accountNo = try #require(shown.savings.first?.accountNo)
        let newest = try #require(try client.transactions(accountNo: accountNo, limit: 1, before: nil).entries.first)
        let passbook = try client.passbookScreen(
            accountNo: accountNo, limit: 1, before: nil, language: .indonesian, level: .full)
        let entry = try #require(passbook.blocks.first { $0.role == .entry })
        #expect(try entry.figure?.amount == rupiah(amount: newest.amount))

        #expect(try checkNik(language: .indonesian, digits: "3374010101900001").ok)
        let wrong = try Self.languages.map { try checkNik(language: $0, digits: "3374013201900001") }
        #expect(wrong.allSatisfy { !$0.ok } && Set(wrong.map(\.sentence)).count == Self.languages.count)
        #expect(try !checkQris(language: .english, code: "000201").ok)
        let told = try Self.languages.map { try advice(language: $0, code: "device-revoked", rule: nil) }
        #expect(Set(told).count == Self.languages.count)
        #expect(try !terbilang(language: .indonesian, amount: 1_500_000).isEmpty)
    }

    @Test func loansAndSavingsAreReckonedToTheSen() async throws {
        let phone = try Phone()
        let members = try await stand.members()
        let client = try await synced(phone, as: members.rich.memberNo)
        let (product, principal): (ProductCode, Money) = (members.loanProduct, 2_000_000)
        #expect(try client.loanProducts().contains { $0.code == product && $0.ratePerPeriod > 0 })
        let plan = try client.simulateLoan(product: product, principal: principal, periods: 12)
        #expect(plan.instalments.count == 12)
        #expect(plan.instalments.reduce(0) { $0 + $1.principal } == principal)
        #expect(plan.instalments.reduce(0) { $0 + $1.total } == plan.total)
        #expect(plan.total == principal + plan.totalInterest)
        #expect(plan.instalments.last?.outstanding == 0)
        #expect(plan.effectiveYearlyRate > plan.nominalYearlyRate)
        #expect(try await failure { _ = try client.simulateLoan(product: product, principal: -1, periods: 12) } == "InvalidInput")

        #expect(try client.checkLoan(product: product, principal: principal, periods: 12).obstacles.isEmpty)
        #expect(try !client.checkLoan(product: product, principal: 1_000_000_000_000, periods: 12).obstacles.isEmpty)
        let shown = try client.balances()
        for loan in shown.loans {
            let schedule = try client.loanSchedule(loanNo: loan.loanNo)
            #expect(schedule.instalments.reduce(0) { $0 + $1.total } == schedule.total)
            #expect(schedule.verified && schedule.instalments.allSatisfy { $0.standing != nil })
        }

        let savings = try #require(shown.savings.first)
        let projected = try client.projectSavings(accountNo: savings.accountNo, months: 12)
        #expect(projected.months.count == 12)
        #expect(projected.balance == savings.balance + projected.totalInterest - projected.totalTax)

        #expect(try client.evidence().isEmpty)
        #expect(try client.compareCheckpoint(text: client.showCheckpoint().text) == .same)
    }
}
