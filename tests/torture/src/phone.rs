//! The child that is a phone: the core's client and software keys, doing what it is told, saying what it was promised.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anggota::client::Client;
use anggota::domain::{Money, OperationId, ProductCode, Purpose};
use anggota::error::{Error, Result};
use anggota::failpoint::here;
use anggota_tests::{Activation, Phone};
use clap::Subcommand;

use crate::world::COOPERATIVE;

/// What the phone does.
#[derive(Debug, Subcommand)]
pub(crate) enum Role {
    /// Become a device of a member
    Enrol { folder: PathBuf, server: String, member: String, code: String, server_key: String },
    /// Sync as a program that may find a damaged store does
    Sync { folder: PathBuf, member: String },
    /// Do these things, one after the other
    Act { folder: PathBuf, member: String, acts: Vec<Act> },
}

/// One thing to do.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Act {
    Sync,
    Request,
    /// Takes the last request back.
    Cancel,
}

impl Act {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Request => "request",
            Self::Cancel => "cancel",
        }
    }
}

pub(crate) fn run(role: Role) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match runtime.block_on(live(role)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

async fn live(role: Role) -> Result<()> {
    match role {
        Role::Enrol { folder, server, member, code, server_key } => {
            here("enrol.begin");
            let paper = Activation { code, server_key, expires_at: String::new() };
            let client = Phone::at(&folder).enrol_here(&server, &member, &paper).await?;
            here("enrol.end");
            client.shut_down().await
        }
        Role::Sync { folder, member } => {
            here("sync.begin");
            let client = Phone::at(&folder).client_for_sync(COOPERATIVE, &member)?;
            let synced = client.sync().await;
            here("sync.end");
            client.shut_down().await.and(synced.map(drop))
        }
        Role::Act { folder, member, acts } => {
            let client = Phone::at(&folder).client(COOPERATIVE, &member)?;
            let mut last = None;
            for act in acts {
                // A server that was killed is no reason to stop: what comes next is tried all the same.
                let _tried = perform(&client, act, &mut last).await;
            }
            client.shut_down().await
        }
    }
}

async fn perform(client: &Client, act: Act, last: &mut Option<OperationId>) -> std::result::Result<(), Error> {
    match act {
        Act::Sync => {
            here("sync.begin");
            let done = client.sync().await;
            here("sync.end");
            done.map(|_| ())
        }
        Act::Request => {
            here("request.begin");
            let (product, purpose) = (ProductCode::new("PF").unwrap(), Purpose::new("modal usaha").unwrap());
            let principal = Money::from_sen(500_000_000).unwrap();
            let saved = client.request_loan(product, principal, 12, purpose).await?;
            // From here on the member was told.
            let mut out = std::io::stdout();
            writeln!(out, "saved {}", saved.request_id).and_then(|()| out.flush()).unwrap();
            *last = Some(saved.request_id);
            here("request.end");
            Ok(())
        }
        Act::Cancel => match last {
            Some(id) => client.cancel_request(id).await.map(|_| ()),
            None => Ok(()),
        },
    }
}
