### Days, clock times and ages, in Indonesian. `.spoken` is for the ear: whole words, no figures.

## Months
month-1 = Januari
month-2 = Februari
month-3 = Maret
month-4 = April
month-5 = Mei
month-6 = Juni
month-7 = Juli
month-8 = Agustus
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Desember

## Days and clock times
date = { $day } { $month } { $year }
clock = pukul { $time }
clock-zone = pukul { $time } { $zone }
# Spoken for { $time } above: on the hour, and with minutes.
clock-hour = { $hour }
clock-hour-minute = { $hour } lewat { $number } { $count ->
   *[other] menit
}
zone-wib = WIB
    .spoken = Waktu Indonesia Barat
zone-wita = WITA
    .spoken = Waktu Indonesia Tengah
zone-wit = WIT
    .spoken = Waktu Indonesia Timur

## A moment
when-today = hari ini { $clock }
when-yesterday = kemarin { $clock }
when-day = { $date } { $clock }
when-day-ago = { $date } { $clock }, { $ago }

## How long ago; $number is $count in figures or words
ago-now = baru saja
ago-minutes = { $count ->
   *[other] { $number } menit yang lalu
}
ago-hours = { $count ->
   *[other] { $number } jam yang lalu
}
ago-yesterday = kemarin
ago-days = { $count ->
   *[other] { $number } hari yang lalu
}
ago-weeks = { $count ->
   *[other] { $number } minggu yang lalu
}
ago-months = { $count ->
   *[other] { $number } bulan yang lalu
}
ago-years = { $count ->
   *[other] { $number } tahun yang lalu
}

## The age of a figure
age = per { $when }
age-offline = { $age }, belum ada jaringan
