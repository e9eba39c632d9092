### Days, clock times and ages, in English. `.spoken` is for the ear: whole words, no figures.

## Months
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Days and clock times
date = { $day } { $month } { $year }
clock = at { $time }
clock-zone = at { $time } { $zone }
# Spoken for { $time } above: on the hour, and with minutes.
clock-hour = { $hour } o'clock
clock-hour-minute = { $number } { $count ->
    [one] minute
   *[other] minutes
} past { $hour }
zone-wib = WIB
    .spoken = Western Indonesia Time
zone-wita = WITA
    .spoken = Central Indonesia Time
zone-wit = WIT
    .spoken = Eastern Indonesia Time

## A moment
when-today = today { $clock }
when-yesterday = yesterday { $clock }
when-day = { $date } { $clock }
when-day-ago = { $date } { $clock }, { $ago }

## How long ago; $number is $count in figures or words
ago-now = just now
ago-minutes = { $count ->
    [one] { $number } minute ago
   *[other] { $number } minutes ago
}
ago-hours = { $count ->
    [one] { $number } hour ago
   *[other] { $number } hours ago
}
ago-yesterday = yesterday
ago-days = { $count ->
    [one] { $number } day ago
   *[other] { $number } days ago
}
ago-weeks = { $count ->
    [one] { $number } week ago
   *[other] { $number } weeks ago
}
ago-months = { $count ->
    [one] { $number } month ago
   *[other] { $number } months ago
}
ago-years = { $count ->
    [one] { $number } year ago
   *[other] { $number } years ago
}

## The age of a figure
age = as of { $when }
age-offline = { $age }, no network since
