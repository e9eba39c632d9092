//! `cargo xtask bench`: what a sync costs a phone, beside a floor that does none of it; phone and server are processes of
//! their own, interleaved, and a figure is the median of several rounds. Says nothing of absolute speed: the machine decides.

#![allow(clippy::unwrap_used, reason = "a set-up that fails is the end of the measurement")]

mod floor;
mod phone;
mod probe;
mod sync;
mod world;

use std::path::PathBuf;

use anggota_tests::Phone;
use clap::{Args, Parser};

use floor::Rows;
use world::Measured;

#[derive(Parser)]
#[command(name = "cargo xtask bench")]
enum Task {
    /// A first sync, a delta and an opening, beside their floors
    Run(sync::Options),
    #[command(hide = true)]
    Sync(Whose),
    #[command(hide = true)]
    Delta(Whose),
    #[command(hide = true)]
    Usable(Whose),
    #[command(hide = true)]
    Open {
        #[command(flatten)]
        whose: Whose,
        account: String,
    },
    #[command(hide = true)]
    Pulls {
        #[command(flatten)]
        whose: Whose,
        count: u64,
    },
    #[command(hide = true)]
    Floor {
        #[command(flatten)]
        whose: Whose,
        /// A phone that holds the rows
        full: PathBuf,
    },
    #[command(hide = true)]
    OpenPlain {
        #[command(flatten)]
        whose: Whose,
        plain: PathBuf,
        account: String,
    },
}

/// A phone and its member.
#[derive(Args)]
struct Whose {
    data_dir: PathBuf,
    member: String,
}

impl Whose {
    fn phone(&self) -> Phone {
        Phone::at(&self.data_dir)
    }
}

fn main() {
    match Task::parse() {
        Task::Run(options) => sync::run(&options),
        Task::Sync(whose) => phone::sync(&whose.phone(), &whose.member).print(),
        Task::Delta(whose) => phone::delta(&whose.phone(), &whose.member).print(),
        Task::Usable(whose) => {
            phone::usable(&whose.phone(), &whose.member).print();
            // The sync is still under way.
            std::process::exit(0);
        }
        Task::Open { whose, account } => phone::open(&whose.phone(), &whose.member, &account).print(),
        Task::Pulls { whose, count } => phone::pulls(&whose.phone(), &whose.member, count).print(),
        Task::Floor { whose, full } => {
            let rows = Rows::of(&Phone::at(&full), &whose.member);
            Measured::of(floor::insert(&rows, &whose.phone(), &whose.member)).print();
        }
        Task::OpenPlain { plain, account, .. } => floor::open_plain(&plain, &account).print(),
    }
}
