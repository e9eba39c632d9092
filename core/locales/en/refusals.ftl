### Why something was refused and what to do, in English: one sentence each, never the value that was given.

## Rules of a loan request
rule-below-smallest = This is below the product's smallest loan; ask for a larger amount.
rule-above-largest = This is above the product's largest loan; ask for a smaller amount.
rule-too-long = This term is longer than the product allows; choose a shorter one.
rule-not-active = Only an active member may ask for a loan; refresh when there is a network, or ask at the office.
rule-above-income = All instalments of a month are more than the income; ask for a smaller amount or a longer term.
rule-no-income = An income must be more than zero; correct it or leave it out.
rule-nothing-asked = The amount of a loan must be more than zero; enter the amount.
rule-periods = A loan is repaid in 1 to 600 months; correct the term.
rule-nothing-lent = The amount lent must be more than zero; correct the amount.
rule-all-grace = Fewer instalments than all of them may pay interest alone; correct the grace.
rule-needs-dates = Reckoning by the day needs dates; enter the day it is paid out or the first due date.
rule-rounding-unit = The unit to round to must be more than zero; correct the unit.
rule-due-before = The first instalment falls due after the loan is paid out; correct one of the dates.
rule-date-range = A date must lie between the years 1900 and 2199, the last instalment's too; correct the date.
rule-too-much = An amount in this reckoning has more than 15 digits; use a smaller amount.
rule-paid-beyond = More instalments are said to be paid than there are; correct how many.
rule-pay-off-early = The day to pay off is before instalments that are paid; correct the date.
rule-all-paid = All instalments are paid, so none is late; correct how many are paid.
rule-loan-unproven = Not all entries of this loan are proven on this device; refresh first when there is a network.
rule-loan-too-long = This loan has too many entries to be matched with its instalments on this device; ask the cooperative's office what is left to pay.
rule-loan-other-movement = This loan has a movement that this app does not know yet, so it cannot be matched with its instalments; update the app, or ask the cooperative's office what is left to pay.
rule-nothing-paid = The amount paid must be more than zero; correct the amount.
rule-no-product = This cooperative has no product of this code; check the code at the office.
rule-products-unknown = The loan products are not known on this device yet; run sync first.
rule-decided = This request is decided already; look at its state in the list.
rule-not-approved = Only a loan that is approved can be taken; look at the state of the request.

## Rules of enrolment and card
rule-card-later = The card is not on this device yet; run sync first.
rule-code-digits = An activation code is digits only; check the paper from the office.
rule-https = A server's address must begin with https://; only a server on this computer may have http://.

## Rules of comparing two devices
rule-not-ours = This code is not from your cooperative; do not use it.
rule-another-member = This code is another membership's; compare with a device of your own.
rule-no-checkpoint = There are no books on this device yet; refresh when there is a network.
rule-no-checkpoint-text = This is no code of the books; scan the text that begins with KTB1: once more.
rule-own-guarantor = A guarantor is another member, not yourself.
rule-too-many-guarantors = A loan has at most five guarantors; name fewer and try again.
rule-guarantor-twice = A guarantor is named twice; take one of them out.
rule-too-many-documents = At most five documents can be attached; take one out before adding another.
rule-document-twice = This document is attached already.
rule-document-empty = This document is empty; choose another picture or file.
rule-document-too-large = This document is too large; take a smaller picture, of at most 4 MB.
rule-document-kind = This is neither a picture nor a PDF; attach a picture (JPEG or PNG) or a PDF.
rule-no-product-chosen = Choose the kind of loan first.
rule-no-purpose = Write first what the loan is for.
rule-purpose = The purpose is written in one to two hundred characters, on one line.
rule-collateral = Collateral is written in one to five hundred characters, on one line.
rule-reply = A reply is written in one to five hundred characters, on one line.
rule-no-reply = Write your reply to the office first.
rule-too-many-drafts = Twenty drafts are kept already; send or delete one first.
rule-draft-sent = This draft was sent already; look in the list of requests.
rule-draft-changed = This draft was changed just now; look at it again, then send it.
rule-nothing-asked-back = The office is not asking for anything more about this request.

## Rules of what savings will bring
rule-projection-months = Savings are projected over 1 to 600 months; correct the term.
rule-nothing-deposited = The amount deposited must be more than zero; correct the amount.
rule-deposit-months = A term deposit is for 1 to 600 months; correct the term.
rule-no-surplus = A year without a surplus has nothing to share; correct the surplus.
rule-shares-beyond = The parts for business and for savings are together at most the whole surplus; correct the fractions.
rule-part-of-all = A member's figure cannot be above that of all members; correct one of them.
rule-money-too-much = An amount has at most 15 digits; use a smaller amount.

## NIK, the number on the identity card (nomor induk kependudukan)
nik-empty = Enter your NIK, 16 digits, as it stands on your identity card.
nik-character = A NIK is digits only; character { $place } is not a digit, correct it.
nik-short = A NIK has 16 digits; { $count ->
    [one] { $count } digit is
   *[other] { $count } digits are
} still missing.
nik-long = A NIK has 16 digits; there { $count ->
    [one] is { $count } digit
   *[other] are { $count } digits
} too many, check whether one was typed twice.
nik-region = The first six digits of a NIK are a region's code, and these are none; compare them with the identity card.
nik-month = Digits 9 and 10 of a NIK are the month of birth, 01 to 12; compare them with the identity card.
nik-day = Digits 7 and 8 of a NIK are the day of birth (plus 40 for women), and its month has no such day; compare them with the identity card.
nik-serial = The last four digits of a NIK cannot be 0000; compare them with the identity card.

## QRIS, a merchant's payment code
qris-not-qris = This is not a QRIS payment code; ask the cashier for the code with the QRIS mark.
qris-too-long = This code is too long for QRIS; ask the cashier for another one.
qris-cut-off = This QRIS code is cut off or was not read as a whole; scan it once more.
qris-checksum = This QRIS code is damaged or was changed (its checksum does not agree); do not pay, scan it again or ask for another one.
qris-after-checksum = Something unprotected was added behind this QRIS code; do not pay, ask for another one.
qris-twice = This QRIS code has part { $tag } twice, so it is not clear which counts; ask for another one.
qris-missing = This QRIS code is not complete, part { $tag } is missing; ask for another one.
qris-value = Part { $tag } of this QRIS code cannot be understood; ask for another one.
qris-currency = This code is not for a payment in rupiah in Indonesia, so it cannot be used here.

## What a NIK or a QRIS code says, before it is used
nik-woman = This NIK is of a woman born on { $date }, registered in region { $region }.
nik-man = This NIK is of a man born on { $date }, registered in region { $region }.
qris-merchant = A payment to { $merchant } in { $city }.
qris-amount = The amount is { $amount }.
qris-any-amount = You enter the amount yourself.
qris-tip-asked = You may add a tip.
qris-tip = A fee of { $amount } is added.
qris-tip-percent = A fee of { $percent } percent is added.
