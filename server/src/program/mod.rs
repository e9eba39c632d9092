//! The program `anggota-server`: commands for officers and scripts over the library beside it.
//!
//! Holds no rule of its own: the library decides, this reads arguments and prints. Officers decide here, on the server's
//! own machine, and nowhere else.

mod args;
mod books;
mod exports;
mod log;
mod office;
mod output;
mod requests;
mod serving;
mod unreadable;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use anggota::domain::Timestamp;
use rusqlite::{Connection, Transaction};

use crate::cooperative::Cooperative;
use crate::database::{COMMAND_WAIT, Database};
use crate::keys::IssuerKeys;
use crate::refusal::Refusal;
use crate::serve::Rng;
use args::{Args, Command, Global};
use output::Answer;

/// Runs one command; `given` begins with the program's name.
pub fn run(given: impl IntoIterator<Item = OsString>) -> ExitCode {
    let given: Vec<OsString> = given.into_iter().collect();
    // The arguments may be what is wrong, so they are looked at once more for how to say so.
    let as_json = given.iter().any(|argument| argument == "--json");
    let answered = args::read(&given).and_then(|args| match args {
        Some(args) => command(args),
        None => Ok(None),
    });
    match answered {
        Ok(answer) => output::print(answer, as_json),
        Err(refusal) => output::print_refusal(&refusal, as_json),
    }
}

/// `None`: the command has printed what there was to print.
fn command(args: Args) -> Result<Option<Answer>, Refusal> {
    log::start()?;
    let Args { global, command } = args;
    let answer = match command {
        Command::Serve(given) => return serving::serve(&global, given).map(|()| None),
        Command::Import { folder } => books::import(&global, &folder)?,
        Command::Activate { member, officer } => office::activate(&global, &member, officer.as_ref())?,
        Command::Requests(args::Requests::List) => requests::list(&global)?,
        Command::Requests(args::Requests::Attachments { id, folder }) => requests::attachments(&global, &id, &folder)?,
        Command::Requests(args::Requests::Decide(given)) => requests::decide(&global, given)?,
        Command::Member(given) => office::suspend(&global, given)?,
        Command::Device(args::Device::List) => office::devices(&global)?,
        Command::Device(args::Device::Revoke { id, officer }) => office::revoke(&global, &id, officer.as_ref())?,
        Command::Epoch(args::Epoch::New { reason, officer }) => office::new_epoch(&global, &reason, officer.as_ref())?,
        Command::Key(args::Key::Rotate { officer }) => office::rotate_key(&global, officer.as_ref())?,
        Command::Export(args::Export::Issuer { file }) => exports::issuer(&global, &file)?,
        Command::Export(args::Export::StatusList { file }) => exports::status_list(&global, &file)?,
        Command::Federation(args::Federation::Keygen { folder }) => exports::keygen(&folder)?,
        Command::Federation(args::Federation::Sign(given)) => exports::sign(&given)?,
    };
    Ok(Some(answer))
}

/// What a command of one cooperative works with.
struct Desk {
    database: Database,
    cooperative: Cooperative,
    now: Timestamp,
    rng: Rng,
    keys_folder: std::path::PathBuf,
}

impl Desk {
    fn open(global: &Global) -> Result<Self, Refusal> {
        let database = Database::open_existing(&global.database, COMMAND_WAIT)?;
        let find = |connection: &Connection| Ok(Cooperative::find(connection, global.cooperative.as_ref())?);
        let cooperative = database.read::<_, Refusal>(find)?;
        Ok(Self { database, cooperative, now: now(), rng: rng(), keys_folder: global.keys.clone() })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection, &Cooperative) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.database.read(|connection| read(connection, &self.cooperative))
    }

    fn write<T>(&self, write: impl FnOnce(&Transaction<'_>, &Cooperative) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.database.write(|transaction| write(transaction, &self.cooperative))
    }

    fn keys(&self) -> Result<IssuerKeys, Refusal> {
        let load = |connection: &Connection, cooperative: &Cooperative| {
            Ok(IssuerKeys::load(connection, &self.keys_folder, cooperative, &self.rng)?)
        };
        self.read(load)
    }
}

fn now() -> Timestamp {
    anggota::clock::wall()
}

fn rng() -> Rng {
    Arc::new(anggota::entropy::system())
}
