### Days, clock times and ages, in Javanese (krama). `.spoken` is for the ear: whole words, no figures.
### NATIVE READER: please confirm the whole file.

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
# NATIVE READER: `kaping` before the day of the month?
date = { $day } { $month } { $year }
# NATIVE READER: `tabuh` for a clock time in figures, as on a screen?
clock = tabuh { $time }
clock-zone = tabuh { $time } { $zone }
# Spoken for { $time } above: on the hour, and with minutes.
clock-hour = { $hour }
clock-hour-minute = { $hour } langkung { $number } { $count ->
   *[other] menit
}
zone-wib = WIB
    .spoken = Wekdal Indonesia Kilen
zone-wita = WITA
    .spoken = Wekdal Indonesia Tengah
zone-wit = WIT
    .spoken = Wekdal Indonesia Wetan

## A moment
when-today = dinten punika { $clock }
when-yesterday = kala wingi { $clock }
when-day = { $date } { $clock }
when-day-ago = { $date } { $clock }, { $ago }

## How long ago; $number is $count in figures or words
# NATIVE READER: numbers before a unit of time (`tigang dinten` or `tiga dinten`)? The words come from numbers.ftl.
ago-now = nembe kemawon
ago-minutes = { $count ->
   *[other] { $number } menit kepengker
}
ago-hours = { $count ->
   *[other] { $number } jam kepengker
}
ago-yesterday = kala wingi
ago-days = { $count ->
   *[other] { $number } dinten kepengker
}
ago-weeks = { $count ->
   *[other] { $number } minggu kepengker
}
ago-months = { $count ->
   *[other] { $number } wulan kepengker
}
ago-years = { $count ->
   *[other] { $number } taun kepengker
}

## The age of a figure
age = miturut { $when }
age-offline = { $age }, dereng wonten jaringan
