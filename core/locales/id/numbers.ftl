### Number words and amounts, in Indonesian. Which word follows which is code (core/src/words/number.rs); these are the words.
### `miliar`, not `milyar` (KBBI).

## Numbers with a word of their own
number-0 = nol
number-1 = satu
number-2 = dua
number-3 = tiga
number-4 = empat
number-5 = lima
number-6 = enam
number-7 = tujuh
number-8 = delapan
number-9 = sembilan
number-10 = sepuluh
number-11 = sebelas
number-12 = dua belas
number-13 = tiga belas
number-14 = empat belas
number-15 = lima belas
number-16 = enam belas
number-17 = tujuh belas
number-18 = delapan belas
number-19 = sembilan belas
number-20 = dua puluh
number-21 = dua puluh satu
number-22 = dua puluh dua
number-23 = dua puluh tiga
number-24 = dua puluh empat
number-25 = dua puluh lima
number-26 = dua puluh enam
number-27 = dua puluh tujuh
number-28 = dua puluh delapan
number-29 = dua puluh sembilan

## One to nine before a scale, as in 3.000
number-joined-1 = satu
number-joined-2 = dua
number-joined-3 = tiga
number-joined-4 = empat
number-joined-5 = lima
number-joined-6 = enam
number-joined-7 = tujuh
number-joined-8 = delapan
number-joined-9 = sembilan

## Tens and hundreds
number-30 = tiga puluh
number-40 = empat puluh
number-50 = lima puluh
number-60 = enam puluh
number-70 = tujuh puluh
number-80 = delapan puluh
number-90 = sembilan puluh
number-100 = seratus
number-200 = dua ratus
number-300 = tiga ratus
number-400 = empat ratus
number-500 = lima ratus
number-600 = enam ratus
number-700 = tujuh ratus
number-800 = delapan ratus
number-900 = sembilan ratus

## Thousand, million, 10^9 and 10^12: exactly one of them, and after a number
number-one-thousand = seribu
number-many-thousand = ribu
number-one-million = satu juta
number-many-million = juta
number-one-billion = satu miliar
number-many-billion = miliar
number-one-trillion = satu triliun
number-many-trillion = triliun

## What joins the parts. Spaces at the edge of a text must stand in braces and quotation marks.
number-join-tens = { " " }
number-join-hundreds = { " " }
number-join-groups = { " " }
number-join-last = { " " }

## Below nothing, and the sign before decimals
number-minus = minus
number-comma = koma

## Amounts
money-rupiah = { $number } rupiah
money-rupiah-sen = { $number } rupiah { $sen } sen
money-minus = minus { $amount }
