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
label-held = Held
label-received = Received
label-first-seq = From entry
label-books = Books
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
label-running = Other loans
label-income = Income
label-share = Part of the income
label-remind-on = Remind on
label-fee = Fee
label-for-this = Of this payment
label-start = Balance at the start
label-interest = Interest
label-tax = Tax
label-yearly-rate = Interest a year
label-deposit = Paid in
label-opened-on = Opened
label-to-take = Paid out
label-shu-part = Your share
label-for-business = For business
label-for-capital = For savings
label-surplus = The cooperative's surplus
label-business-share = Part for business
label-total-business = Business of all members
label-member-business = Your business
label-capital-share = Part for savings
label-total-capital = Savings of all members
label-member-capital = Your savings
label-guarantors = Guarantors
label-collateral = Collateral
label-documents = Documents
label-reply = Your reply
label-reply-stands = How the reply stands

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
request-accept-wished = The wish to take this loan is saved and is sent as soon as there is a network.
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
state-in-review = The cooperative is looking at it.
state-more-asked = The cooperative asks for more; reply from here or ask at its office.
state-replied = The cooperative asks for more; your reply is sent as soon as there is a network.
state-accepted = Approved by the cooperative and accepted by you, waiting to be paid out.
state-disbursed = Paid out.
request-reply-saved = Your reply is saved on this device and sent as soon as there is a network.
reply-refused-said = Your reply was not taken: { $reason }.
documents-count = { $count ->
    [one] { $number } document
   *[other] { $number } documents
}
documents-here = { $count ->
    [one] { $number } document, sent with it
   *[other] { $number } documents, sent with it
}
    .spoken = { $count ->
        [one] One document is sent with it.
       *[other] { $number } documents are sent with it.
    }
documents-waiting = { $count ->
    [one] { $number } document, sent as soon as there is a network
   *[other] { $number } documents, sent as soon as there is a network
}
    .spoken = { $count ->
        [one] One document is sent as soon as there is a network.
       *[other] { $number } documents are sent as soon as there is a network.
    }
documents-on-the-way = at the office: { $whole } of { $number } documents; the rest is sent as soon as there is a network
    .spoken = Documents at the office: { $whole } of { $number }. The rest is sent as soon as there is a network.
documents-whole = { $count ->
    [one] { $number } document, at the office
   *[other] { $number } documents, at the office
}
    .spoken = All documents have reached the office.
documents-refused = not taken by the office: { $refused } of { $number } documents; send them once more or ask at the office
    .spoken = Documents not taken by the office: { $refused } of { $number }. Send them once more or ask at the office.

## Drafts
drafts-title = Drafts
    .spoken = These are the drafts that you have not sent yet.
no-drafts = There are no drafts.
draft-heading = Draft of a loan request
    .spoken = A draft of a loan request.
draft-reply-heading = Draft of a reply to the office
    .spoken = A draft of a reply to the office.
draft-said = A draft of a loan request for { $amount }.
draft-is-kept = This draft is kept on this device and was not sent.
draft-unfinished = Not finished, not sent.
draft-whole = Finished, not sent.

## What waits for the member: a loan to take, a question of the office to answer
todo-heading = Waiting for you
    .spoken = Something waits for you.
todo-accept = A loan of { $amount } is approved; take it before it is paid out.
    .spoken = A loan of { $amount } is approved by the cooperative. Take it before it is paid out.
todo-word = The cooperative says: { $reason }.
todo-answer = For the request for a loan of { $amount } the cooperative asks for more: { $reason }. Reply from here or give it to the cooperative's office.
todo-ask = For the request for a loan of { $amount } the cooperative asks for more; reply from here or ask at the cooperative's office.

## Before a loan is asked for, and terms that have changed
check-title = Check before asking for a loan
    .spoken = This is the check before asking for a loan.
check-heading = { $product }, { $amount } over { $months }
check-said = { $product }, { $amount } over { $months }: the largest instalment is { $instalment } a month.
check-running-said = The loans that run already ask for at most { $amount } a month.
check-share-said = All instalments together are { $share } of an income of { $income } a month.
check-free = Nothing that is known on this device speaks against it; the cooperative checks it again.
check-income-stays = The income that you named is not kept and not sent.
obstacle-heading = Obstacle
new-terms = The terms of this product have changed since this was asked for; ask again by the new ones: interest { $rate } a month.
new-terms-limits = The new limits: { $limits }.
terms-from = at least { $amount }
terms-to = at most { $amount }
terms-months = over at most { $months }

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
comparison-title = Two offers compared
    .spoken = These are two offers compared, not the cooperative's decision.
offer-first = The first offer: { $offer }
    .spoken = The first offer. { $offer }
offer-second = The second offer: { $offer }
    .spoken = The second offer. { $offer }
compared-interest-more = The second offer's interest is { $amount } more.
compared-interest-less = The second offer's interest is { $amount } less.
compared-interest-same = Both offers have the same interest.
compared-month-more = Its largest instalment is { $amount } larger.
compared-month-less = Its largest instalment is { $amount } smaller.
compared-month-same = Its largest instalment is the same.
compared-rate-higher = By the effective interest a year, the second offer is dearer.
compared-rate-lower = By the effective interest a year, the second offer is cheaper.
compared-rate-same = By the effective interest a year, both are equally dear.
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
schedule-terms-changed = The terms of this product have changed since this loan was given; the office's figures may differ.
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
reminders-title = Reminders of instalments
    .spoken = These are the reminders of your instalments.
no-reminders = There is no instalment to be reminded of.
remind-today = Instalment { $of } of { $product }, { $amount }, is due today, { $date }.
    .spoken = Instalment { $of } of { $product }, { $amount }, is due today, { $date }.
remind-tomorrow = Instalment { $of } of { $product }, { $amount }, is due tomorrow, { $date }.
    .spoken = Instalment { $of } of { $product }, { $amount }, is due tomorrow, { $date }.
remind-days = Instalment { $of } of { $product }, { $amount }, is due in { $days }, on { $date }.
    .spoken = Instalment { $of } of { $product }, { $amount }, is due in { $days }, on { $date }.
payment-title = If { $amount } is paid
    .spoken = This is how it is divided if you pay { $amount }.
payment-for = For instalment { $of }
    .spoken = For instalment { $of }.
payment-part-said = { $part } { $amount }.
payment-rest = { $amount } more than all that is still owed.
payment-nothing = Nothing is owed any more.

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
kind-other = other movement
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

## Proof beyond this device
evidence-title = Evidence of broken promises
    .spoken = This is the evidence of broken promises that is kept.
no-evidence = There is no evidence of a broken promise on this device.
evidence-written = All of the evidence is written out; hand the file to the cooperative's office.
checkpoint-title = The books on this device
    .spoken = These are the books on this device.
checkpoint-heading = For your other device
checkpoint-hint = Scan this text on your other device, or read it to it, then compare.
compared-title = Two devices compared
    .spoken = Two devices are compared.
compared-same = The same: both devices hold the same books.
compared-other-older = The other device is behind; refresh it, then compare again.
compared-other-newer = This device is behind; refresh it, then compare again.
compared-different = Different: the cooperative signed two different books. The evidence is kept; ask at the cooperative's office.

## What savings will bring
projection-title = Interest to be expected on savings
    .spoken = This is the interest to be expected on savings, not the cooperative's decision.
projection-heading = After { $months }, on { $date }
projection-said = After { $months } the balance is { $balance }: the interest is { $interest }, the tax { $tax }.
projection-month-said = On { $date }: interest { $interest }, tax { $tax }, the balance becomes { $balance }.
projection-assumes = Reckoned as if nothing is paid in or taken out, and as if there were no other savings. Interest of up to { $free } a month is free of tax; above it, the tax is ten percent of all interest of that month.
maturity-title = Term deposit
    .spoken = This is what a term deposit comes to, not the cooperative's decision.
maturity-heading = Due on { $date }
maturity-said = A term deposit of { $principal } over { $months } is due on { $date }. What is paid out is { $amount }: the interest is { $interest }, the tax { $tax }.
shu-title = Share of the SHU to be expected
    .spoken = This is the share of the year's surplus to be expected, not the members' meeting's decision.
shu-heading = Your share
shu-said = Your share is { $total }: { $business } for business, { $capital } for savings.
shu-figures = Reckoned from these figures
shu-surplus-said = The cooperative's surplus is { $amount }.
shu-business-said = For business, { $share }; the business of all members is { $all }, yours { $own }.
shu-capital-said = For savings, { $share }; the savings of all members are { $all }, yours { $own }.

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
action-accept = Take this loan
action-cancel = Take this request back
action-reply = Reply to the office
action-drafts = Look at the drafts
action-open-draft = Go on writing
action-send-draft = Send
action-delete-draft = Throw this draft away
action-card = Show the membership card
action-notices = See the notices
action-export-evidence = Write the evidence to a file
