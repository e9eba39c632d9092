//! `anggota`, the terminal shell: what a member's phone does, by commands, for people and for scripts.
//!
//! It holds no rules of its own: the core decides, this prints. It never prints a code, a key or a token, and with `--json`
//! nothing but the one document of the command.

// What is shipped never ends by a panic of its own; a constant that is out of range does not compile.
#![cfg_attr(not(test), warn(clippy::expect_used, clippy::panic, clippy::unreachable))]

mod args;
mod books;
mod card;
mod demo;
mod draft;
mod enrol;
mod failure;
mod files;
mod json;
mod loan;
mod log;
mod output;
mod phone;
mod progress;
mod proof;
mod roots;
mod savings;
mod simulate;
mod text;
mod watch;
mod words;

use std::process::ExitCode;

use args::{Args, Card, Command, Loan, Savings, Text};
use failure::Failure;
use output::{Ending, Output};

fn main() -> ExitCode {
    let given: Vec<_> = std::env::args_os().collect();
    let ended = match args::parse(&given) {
        Ok(Some(args)) => run(args),
        Ok(None) => Ok(Ending::Done),
        Err(failure) => Err(failure),
    };
    match ended {
        Ok(ending) => ending.into(),
        // The arguments may be what is wrong, so they are looked at once more for how to say so.
        Err(failure) => failure.print(args::wants_json(&given), args::wanted_language(&given)),
    }
}

fn run(args: Args) -> Result<Ending, Failure> {
    log::start()?;
    // One thread is enough for a phone: the core brings its own for what blocks. The demo has a server in it too.
    let mut builder = match args.command {
        Command::Demo(_) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build().map_err(Failure::machine)?;
    runtime.block_on(async {
        let out = Output::new(args.global.json);
        let global = &args.global;
        match args.command {
            Command::Demo(given) => demo::demo(&given, out).await,
            Command::Enrol(given) => enrol::enrol(global, given, out).await,
            Command::Sync => enrol::sync(global, out).await,
            Command::Balance => books::balance(global, out),
            Command::Transactions(page) => books::transactions(global, &page, out),
            Command::Verify => books::verify(global, out),
            Command::Evidence { out: file } => proof::evidence(global, file.as_deref(), out),
            Command::Checkpoint(given) => proof::checkpoint(global, &given, out),
            Command::Loan(Loan::List) => books::loans(global, out),
            Command::Loan(Loan::Transactions(page)) => books::loan_transactions(global, &page, out),
            Command::Loan(Loan::Schedule { loan, pay: None }) => books::loan_schedule(global, &loan, out),
            Command::Loan(Loan::Schedule { loan, pay: Some(amount) }) => {
                books::loan_payment(global, &loan, amount, out)
            }
            Command::Loan(Loan::Reminders(given)) => books::reminders(global, &given, out),
            Command::Loan(Loan::Simulate(given)) => simulate::simulate(global, &given, out),
            Command::Loan(Loan::Check(given)) => loan::check(global, &given, out),
            Command::Loan(Loan::Request(request)) => loan::request(global, *request, out).await,
            Command::Loan(Loan::Reply(reply)) => loan::reply(global, *reply, out).await,
            Command::Loan(Loan::Draft(given)) => draft::draft(global, given, out).await,
            Command::Loan(Loan::Requests) => loan::requests(global, out),
            Command::Loan(Loan::Cancel { id }) => loan::cancel(global, &id, out).await,
            Command::Loan(Loan::Accept { id }) => loan::accept(global, &id, out).await,
            Command::Loan(Loan::Retry { id }) => loan::retry(global, &id, out).await,
            Command::Savings(Savings::Interest(given)) => savings::interest(global, &given, out),
            Command::Savings(Savings::Deposit(given)) => savings::deposit(global, &given, out),
            Command::Savings(Savings::Shu(given)) => savings::shu(global, &given, out),
            Command::Card(Card::Show(show)) => card::show(global, &show, out).await,
            Command::Card(Card::Verify(verify)) => card::verify(&verify, out),
            Command::Text(Text::Terbilang { number }) => words::terbilang(global, number, out),
            Command::Text(Text::Rupiah { amount }) => words::rupiah(amount, out),
            Command::Text(Text::Nik { digits }) => words::nik(global, &digits, out),
            Command::Text(Text::Qris { code }) => words::qris(global, &code, out),
            Command::Watch => watch::watch(global, out).await,
        }
    })
}
