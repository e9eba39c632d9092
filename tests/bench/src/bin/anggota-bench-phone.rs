//! The program that is measured: it does one thing as a phone does it and says what that cost. A program of its own, so that
//! its memory is what a phone's library takes and nothing else.

fn main() {
    anggota_bench::run_as_phone();
}
