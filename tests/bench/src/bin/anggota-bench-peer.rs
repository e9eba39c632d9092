//! The program that does a first sync as PowerSync's client does it, and says what that cost: a process of its own, as the
//! phone's is.

fn main() {
    anggota_bench::run_as_peer();
}
