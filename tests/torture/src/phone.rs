//! The child that is a phone: the core's client and software keys, doing what it is told, saying what it was promised.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anggota::client::{Client, RequestView};
use anggota::domain::{Draft, DraftOf, Money, OperationId, ProductCode, Purpose};
use anggota::error::{Error, Result};
use anggota::failpoint::here;
use anggota::protocol::upload::MAX_PART_BYTES;
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
    /// Writes a request with a photograph, and sends it.
    Document,
    /// Takes the last request back.
    Cancel,
}

impl Act {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Request => "request",
            Self::Document => "document",
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
            let uploaded = client.upload().await;
            here("sync.end");
            done.and(uploaded)
        }
        Act::Request => {
            here("request.begin");
            let saved = client.request_loan(product(), principal(), 12, purpose()).await?;
            told("saved", &saved);
            *last = Some(saved.request_id);
            here("request.end");
            Ok(())
        }
        Act::Document => {
            here("request.begin");
            // What an earlier life left unsent was told to nobody.
            for left in client.drafts()? {
                client.delete_draft(&left.draft_id).await?;
            }
            let of = DraftOf::Request {
                product: Some(product()),
                principal: Some(principal()),
                periods: Some(12),
                purpose: Some(purpose()),
            };
            let draft = Draft { of, income: None, guarantors: Vec::new(), collateral: None };
            let id = client.save_draft(None, draft).await?.draft_id;
            client.attach(&id, photograph(&id)).await?;
            told("saved", &client.send_draft(&id).await?);
            here("request.end");
            Ok(())
        }
        Act::Cancel => {
            let Some(id) = last else { return Ok(()) };
            here("request.begin");
            told("taken-back", &client.cancel_request(id).await?);
            here("request.end");
            Ok(())
        }
    }
}

fn product() -> ProductCode {
    ProductCode::new("PF").unwrap()
}

fn principal() -> Money {
    Money::from_sen(500_000_000).unwrap()
}

fn purpose() -> Purpose {
    Purpose::new("modal usaha").unwrap()
}

/// From here on the member was told.
fn told(what: &str, request: &RequestView) {
    let mut out = std::io::stdout();
    writeln!(out, "{what} {}", request.request_id).and_then(|()| out.flush()).unwrap();
}

/// A photograph of two parts, unlike every other.
fn photograph(id: &OperationId) -> Vec<u8> {
    let id = id.as_bytes().iter().copied().cycle();
    [0xff, 0xd8, 0xff].into_iter().chain(id).take(MAX_PART_BYTES + 1_000).collect()
}
