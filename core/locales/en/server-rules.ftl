### Why the cooperative's server itself refused a command, one sentence for each rule of core/src/protocol/rule.rs, in
### English.

server-rule-not-active = Only an active member can ask for a loan; ask at the cooperative's office.
server-rule-product-gone = This kind of loan is not given any more; choose another one.
server-rule-terms-changed = The terms of this loan have changed; refresh, then ask again.
server-rule-beyond-limits = The amount or the time is outside of what this kind of loan allows; change it, then ask again.
server-rule-too-many-open = Too many requests are not answered yet; wait for the cooperative's answer.
server-rule-already-cancelled = This request was already taken back.
server-rule-already-decided = The cooperative has already answered this request; ask at the office if you want to add something or take it back.
server-rule-already-accepted = This loan was already taken.
server-rule-not-approved = This request is not approved yet, or it is over; ask at the cooperative's office.
server-rule-no-such-request = The cooperative's office has no such request; ask there if you have made it.
server-rule-own-guarantor = A borrower cannot guarantee the own loan; choose another member.
server-rule-guarantor-not-active = A guarantor must be an active member of this cooperative; check the member number.
server-rule-too-much-attached = The documents of requests that wait are too large together; wait for the office or attach smaller ones.
server-rule-above-income = The instalments of this loan and the running ones are more than the income; ask for less or for longer.
server-rule-not-reckoned = The instalments of this loan cannot be reckoned; change the amount or the term.
server-rule-too-many-replies = There are too many replies to this request; ask at the office.
