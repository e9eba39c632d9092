### Number words and amounts, in Javanese (krama). Which word follows which is code (core/src/words/number.rs).
### NATIVE READER: please confirm every line of this file; those marked below are the least certain.
### NATIVE READER: zero is `nol` here, as in daily speech; `das` is the older word.
### NATIVE READER: 21 to 29 are the likuran, 25 is `selangkung`, 50 `seket`, 60 `sewidak`: right for amounts too?
### NATIVE READER: before a scale the words take their joined form (`tigang ewu`, `sewidak pitung ewu`), also before
### miliar and triliun, which are Indonesian: right?

## Numbers with a word of their own
number-0 = nol
number-1 = setunggal
number-2 = kalih
number-3 = tiga
number-4 = sekawan
number-5 = gangsal
number-6 = enem
number-7 = pitu
number-8 = wolu
number-9 = sanga
number-10 = sedasa
number-11 = sewelas
number-12 = kalih welas
number-13 = tiga welas
number-14 = sekawan welas
number-15 = gangsal welas
number-16 = enem welas
number-17 = pitu welas
number-18 = wolu welas
number-19 = sanga welas
number-20 = kalih dasa
number-21 = selikur
number-22 = kalih likur
number-23 = tiga likur
number-24 = sekawan likur
number-25 = selangkung
number-26 = enem likur
number-27 = pitu likur
number-28 = wolu likur
number-29 = sanga likur

## One to nine before a scale, as in 3.000
number-joined-1 = setunggal
number-joined-2 = kalih
number-joined-3 = tigang
number-joined-4 = sekawan
number-joined-5 = gangsal
number-joined-6 = enem
number-joined-7 = pitung
number-joined-8 = wolung
number-joined-9 = sangang

## Tens and hundreds
number-30 = tigang dasa
number-40 = sekawan dasa
number-50 = seket
number-60 = sewidak
number-70 = pitung dasa
number-80 = wolung dasa
number-90 = sangang dasa
number-100 = satus
number-200 = kalih atus
number-300 = tigang atus
number-400 = sekawan atus
number-500 = gangsal atus
number-600 = enem atus
number-700 = pitung atus
number-800 = wolung atus
number-900 = sangang atus

## Thousand, million, 10^9 and 10^12: exactly one of them, and after a number
number-one-thousand = sewu
number-many-thousand = ewu
number-one-million = sayuta
number-many-million = yuta
number-one-billion = setunggal miliar
number-many-billion = miliar
number-one-trillion = setunggal triliun
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
