//! The program that measures.

fn main() -> std::process::ExitCode {
    anggota_bench::run()
}
