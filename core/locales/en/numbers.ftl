### Number words and amounts, in English. Which word follows which is code (core/src/words/number.rs); these are the words.

## Numbers with a word of their own
number-0 = zero
number-1 = one
number-2 = two
number-3 = three
number-4 = four
number-5 = five
number-6 = six
number-7 = seven
number-8 = eight
number-9 = nine
number-10 = ten
number-11 = eleven
number-12 = twelve
number-13 = thirteen
number-14 = fourteen
number-15 = fifteen
number-16 = sixteen
number-17 = seventeen
number-18 = eighteen
number-19 = nineteen
number-20 = twenty
number-21 = twenty-one
number-22 = twenty-two
number-23 = twenty-three
number-24 = twenty-four
number-25 = twenty-five
number-26 = twenty-six
number-27 = twenty-seven
number-28 = twenty-eight
number-29 = twenty-nine

## One to nine before a scale, as in 3.000
number-joined-1 = one
number-joined-2 = two
number-joined-3 = three
number-joined-4 = four
number-joined-5 = five
number-joined-6 = six
number-joined-7 = seven
number-joined-8 = eight
number-joined-9 = nine

## Tens and hundreds
number-30 = thirty
number-40 = forty
number-50 = fifty
number-60 = sixty
number-70 = seventy
number-80 = eighty
number-90 = ninety
number-100 = one hundred
number-200 = two hundred
number-300 = three hundred
number-400 = four hundred
number-500 = five hundred
number-600 = six hundred
number-700 = seven hundred
number-800 = eight hundred
number-900 = nine hundred

## Thousand, million, 10^9 and 10^12: exactly one of them, and after a number
number-one-thousand = one thousand
number-many-thousand = thousand
number-one-million = one million
number-many-million = million
number-one-billion = one billion
number-many-billion = billion
number-one-trillion = one trillion
number-many-trillion = trillion

## What joins the parts. Spaces at the edge of a text must stand in braces and quotation marks.
number-join-tens = -
number-join-hundreds = { " and " }
number-join-groups = { " " }
number-join-last = { " and " }

## Below nothing, and the sign before decimals
number-minus = minus
number-comma = point

## Amounts
money-rupiah = { $number } rupiah
money-rupiah-sen = { $number } rupiah { $sen } sen
money-minus = minus { $amount }
