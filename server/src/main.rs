//! `anggota-server`: what a cooperative runs for its members' phones, and the office's commands beside it.

fn main() -> std::process::ExitCode {
    anggota_server::program::run(std::env::args_os())
}
