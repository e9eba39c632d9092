### Screens, in English. `.spoken` is for the ear, in whole sentences; what has none is said as it is shown.

## Home and loans
home-title = Your savings and loans
    .spoken = These are your savings and loans.
loans-title = Your loans
    .spoken = These are your loans.
figures-age = Figures { $age }.
no-figures = There are no figures on this device yet. Refresh when there is a network.
no-loans = You have no loan.
total-savings = Total savings
total-savings-said = All your savings together are { $amount }.
savings-said = { $product }: your balance is { $amount }.
loan-said = { $product }: the principal still owed is { $amount }.

## Proof
proof-whole = proven genuine, complete from the first entry
proof-partly = proven genuine, older entries not fetched yet
proof-none = not proven yet
proof-none-said = This figure is not proven to be genuine yet. Refresh when there is a network.

## Labels
label-balance = Balance
label-outstanding = Principal owed
label-account = Account
label-loan = Number
label-proof = Proof
label-age = Age of the figure
label-amount = Amount
label-principal = Amount
label-periods = Term
label-purpose = Purpose
label-product = Product
label-saved = Saved
label-request = Number
label-reason = Reason
label-description = Description
label-reference = Voucher
label-reverses = Reverses entry
label-seq = Entry
label-name = Name
label-member = Member number
label-instalment = Instalment
label-largest-instalment = Largest instalment
label-total-interest = Total interest
label-total = Total to pay
label-nominal-rate = Interest a year
label-effective-rate = Effective interest a year
label-due-on = Due
label-late = Late
label-days-late = Late by
label-running-interest = Running interest
label-to-pay = To pay

## Notices
notices-title = Notices
    .spoken = These are your notices.
no-notices = There are no notices.
notice-heading = Warning
account-said = The account is { $account }.
warning-rollback = The server showed older books than you have already seen, { $when }. The evidence is kept; ask at the cooperative's office.
warning-fork = The server showed other books than you have already seen, { $when }. The evidence is kept; ask at the cooperative's office.
warning-mismatch = Entries from the server do not agree with the cooperative's signature, { $when }. The evidence is kept; ask at the cooperative's office.
warning-past-changed = Entries that you have already seen are missing or changed, { $when }. The evidence is kept; ask at the cooperative's office.
warning-rebuilt = The data on this device was damaged and was built anew from the server, { $when }. Check your loan requests.
ended-savings = The cooperative no longer shows account { $account }, since { $when }. Ask at the office if you do not know why.
ended-loan = The cooperative no longer shows loan { $account }, since { $when }. Ask at the office if you do not know why.

## Loan requests
requests-title = Loan requests
    .spoken = These are your loan requests.
no-requests = There are no loan requests yet.
request-heading = Loan request
request-said = Request for a loan of { $amount } over { $months }.
request-saved = saved { $ago }
request-is-saved = This request is saved on this device and is sent as soon as there is a network.
request-cancel-wished = The wish to take it back is saved and is sent as soon as there is a network.
reason-said = The reason: { $reason }.
months = { $count ->
    [one] { $number } month
   *[other] { $number } months
}
days = { $count ->
    [one] { $number } day
   *[other] { $number } days
}
state-queued = Waiting to be sent as soon as there is a network.
state-sending = Being sent.
state-received = The cooperative has it, waiting for an answer.
state-approved = Approved by the cooperative.
state-rejected = Rejected by the cooperative.
state-stuck = Stuck, it cannot be sent; try once more, take it back, or ask at the cooperative's office.
state-cancelled = Taken back.

## What a loan costs, and its instalments; $of is an instalment's number
simulation-title = What a loan would cost
    .spoken = This is what a loan would cost, not the cooperative's decision.
schedule-title = Instalments of { $product }
    .spoken = These are the instalments of { $product }.
schedule-title-full = Instalments of { $product }, { $account }
    .spoken = These are the instalments of { $product }, number { $account }.
age-reckoned = reckoned, not the cooperative's decision
percent = { $number }%
    .spoken = { $number } percent
cost-heading = A loan of { $amount } over { $months }
cost-said = A loan of { $amount } over { $months }: the largest instalment is { $instalment } a month, the interest in all { $interest }, all that is paid { $total }.
rates-said = The interest is { $nominal } a year, the effective interest { $effective } a year.
instalment-heading = Instalment { $of }
instalment-heading-dated = Instalment { $of }, { $date }
instalment-said = Instalment { $of }, { $amount }.
instalment-said-dated = Instalment { $of }, due on { $date }, { $amount }.
instalment-paid = Paid.
instalment-paid-on = Paid on { $date }.
instalment-late = Late by { $days }, { $amount } is missing.
instalment-due = The next instalment.
instalment-due-part = The next instalment, { $amount } is missing.
instalment-upcoming = Not due yet.
schedule-not-proven = Not all entries of this loan are proven on this device, so it is not known yet what is paid. Refresh when there is a network.
schedule-paid = All instalments of this loan are paid.
due-heading = The next payment
due-said = The next instalment is { $amount }, due on { $date }.
due-passed-said = An instalment of { $amount } was due on { $date }.
late-said = { $amount } is late in all.
late-charge-said = The late charge is { $amount }.
pay-off-heading = Paid off on { $date }
pay-off-said = If it is paid off on { $date }, { $amount } is paid.
pay-late-heading = If instalment { $of } is paid on { $date }
pay-late-said = If instalment { $of } is paid on { $date }, late by { $days }, the late charge is { $charge }, together { $amount }.

## Passbooks
passbook-title = Entries of { $product }
    .spoken = These are the entries of { $product }.
passbook-title-full = Entries of { $product }, { $account }
    .spoken = These are the entries of { $product }, number { $account }.
no-entries = There are no entries.
entry-heading = { $date }, { $kind }
entry-said = On { $date }, { $kind }, { $moved }, the balance became { $balance }.
loan-entry-said = On { $date }, { $kind }.
part-said = { $part } { $moved }.
outstanding-said = The principal owed became { $amount }.
moved-in = in { $amount }
moved-out = out { $amount }
moved-up = went up by { $amount }
moved-down = went down by { $amount }
part-principal = Principal
part-interest = Interest
part-late-charge = Late charge
kind-deposit = deposit
kind-withdrawal = withdrawal
kind-interest = interest on savings
kind-tax = tax
kind-fee = fee
kind-transfer-in = transfer in
kind-transfer-out = transfer out
kind-reversal = reversal
kind-disbursement = loan paid out
kind-repayment = instalment
kind-late-charge = late charge
kind-waiver = waiver

## Card
card-title = Membership card
    .spoken = Membership card.
card-said = This is the membership card of { $name } at { $cooperative }.
card-hint = Show this code to the staff. The code changes in { $count ->
    [one] { $number } second
   *[other] { $number } seconds
}.

## What has just been done, and what came of it
enrolled-title = Welcome, { $name }.
enrolled-as = This device is enrolled as member number { $member } of { $cooperative }.
synced-title = Refreshed
    .spoken = The books are refreshed.
synced-nothing = There are no new entries.
synced-entries = { $count ->
    [one] Received { $number } new entry.
   *[other] Received { $number } new entries.
}
synced-requests = { $count ->
    [one] The cooperative received { $number } request.
   *[other] The cooperative received { $number } requests.
}
synced-whole = All entries are complete and proven genuine.
synced-partly = Not all entries are complete and proven yet; refresh once more.
verified-title = Check of the entries
    .spoken = The entries are checked.
verified-whole = Everything holds: each entry is tied to the cooperative's signature.
verified-not = It does not hold: refresh when there is a network, then ask at the cooperative's office.
verified-savings = Savings { $account }
verified-loan = Loan { $account }
entries = { $count ->
    [one] { $number } entry
   *[other] { $number } entries
}
verified-holds = { $entries }, everything holds.
verified-broken = { $entries }, they do not hold.
verified-broken-from = { $entries }, they do not hold from entry { $seq } on.
changed = { $clock }: { $what }.
changed-balances = balances changed
changed-transactions = there are new entries
changed-requests = the state of a request changed
changed-card = the card was renewed
changed-register = data of the member or the cooperative changed
changed-warnings = there is a warning, see the notices
changed-sync = in touch with the cooperative's server

## What can be done now: words on a button
action-sync = Refresh
action-open = See the entries of { $product }
action-schedule = See the instalments of { $product }
action-simulate = Reckon what a loan costs
action-older = See older entries
action-request-loan = Ask for a loan
action-requests = See the loan requests
action-retry = Send it now
action-cancel = Take this request back
action-card = Show the membership card
action-notices = See the notices
