//! `card verify`: a shop's look at a card, with nothing but files. It opens no store and asks no network.

use anggota::card::{
    Audience, CHALLENGE_LIFE, CardError, Challenge, Expected, MAX_STATUS_LIST, MAX_TRUST_LIST, Purchase,
};
use anggota::client::{self, CardCheck, Unfit};
use anggota::clock;
use anggota::domain::{Money, Timestamp};
use anggota::error::Error;
use anggota::protocol::problem::Code;

use crate::args::CardVerify;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{files, json, text};

pub(crate) fn verify(given: &CardVerify, out: Output) -> Result<Ending, Failure> {
    let now = given.at.unwrap_or_else(clock::wall);
    let challenge = challenge(given, now)?;
    let expected = challenge.as_ref().map_or(Expected::Show, Expected::Answer);
    let roots = given.root.iter().map(|file| files::root_key(file)).collect::<Result<Vec<_>, _>>()?;
    let trust = files::read(&given.trust, MAX_TRUST_LIST, "trust")?;
    let statuses = given.status.iter().map(|file| files::read(file, MAX_STATUS_LIST, "status"));
    let statuses = statuses.collect::<Result<Vec<_>, _>>()?;
    // A shell may hand over the line end of the file that a scanner wrote.
    let text = given.text.trim_end_matches(['\r', '\n']);
    let memory = given.state.as_deref();
    let check = CardCheck { text, expected, trust: &trust, statuses: &statuses, roots: &roots, memory };
    let verdict = client::verify_card(&check, now).map_err(unfit)?;
    out.print(|| json::CardVerdict::from(&verdict), || text::verdict(&verdict))?;
    Ok(if verdict.outcome.is_accepted() { Ending::Done } else { Ending::Refused })
}

/// What the shop asked the member, if it asked. When it asked is not said on the command line, so the answer gets all of the
/// time that an answer has.
fn challenge(given: &CardVerify, now: Timestamp) -> Result<Option<Challenge>, Failure> {
    let asked_at = now.seconds() - CHALLENGE_LIFE;
    let purchase = given.amount.map(purchase).transpose()?;
    let missing = |option: &str| {
        Failure::saying(Code::Usage, format!("Untuk tujuan ini sebutkan juga --{option}; lihat --help.")).field(option)
    };
    let nonce = || given.nonce.ok_or_else(|| missing("nonce"));
    match &given.audience {
        Audience::Show if given.nonce.is_some() || purchase.is_some() => {
            let sentence = "--nonce dan --amount hanya untuk tujuan kop:b atau kop:s; sebutkan dengan --audience.";
            Err(Failure::saying(Code::Usage, sentence).field("audience"))
        }
        Audience::Show => Ok(None),
        Audience::Purchase(verifier) => {
            let purchase = purchase.ok_or_else(|| missing("amount"))?;
            Ok(Some(Challenge::purchase(verifier.clone(), nonce()?, purchase, asked_at)))
        }
        Audience::StepUp(verifier) => Ok(Some(Challenge::step_up(verifier.clone(), nonce()?, purchase, asked_at))),
    }
}

fn purchase(amount: Money) -> Result<Purchase, Failure> {
    let whole = (amount.sen() % 100 == 0).then(|| Purchase::new(amount.sen() / 100, None).ok()).flatten();
    whole.ok_or_else(|| {
        let sentence = "Isian --amount tidak sah: tulis rupiah bulat mulai dari 1.";
        Failure::saying(Code::InvalidInput, sentence).field("amount")
    })
}

/// What was given cannot be used: no verdict, because any would rest on sand.
fn unfit(unfit: Unfit) -> Failure {
    let (option, sentence) = match &unfit {
        Unfit::Trust(fault) => ("trust", list_sentence(fault)),
        Unfit::Status(fault) => ("status", list_sentence(fault)),
        Unfit::Memory(error) => ("state", memory_sentence(error.code())),
    };
    tracing::info!(?unfit, option, "a file is not fit for use");
    Failure::saying(Error::from(unfit).code(), sentence).field(option)
}

fn list_sentence(fault: &CardError) -> &'static str {
    match fault {
        CardError::WrongRoot => {
            "Daftar kepercayaan ini tidak ditandatangani kunci induk itu; minta lagi dari federasi."
        }
        CardError::SequenceWentBack => {
            "Daftar kepercayaan ini lebih lama dari yang sudah dipakai; minta yang terbaru dari federasi."
        }
        CardError::StatusWentBack => {
            "Daftar status ini lebih lama dari yang sudah dipakai; minta yang terbaru dari koperasi."
        }
        CardError::UnknownIssuer => {
            "Daftar status ini dari koperasi yang tidak ada di daftar kepercayaan; perbarui daftar itu."
        }
        CardError::UnknownKey => "Kunci daftar status ini tidak ada di daftar kepercayaan; perbarui daftar itu.",
        _ => "Berkas ini rusak atau bukan yang diminta; ambil lagi dari penerbitnya.",
    }
}

fn memory_sentence(code: Code) -> &'static str {
    match code {
        Code::StoreUnreadable => {
            "Ingatan pemeriksa kartu rusak; berkasnya tidak diubah, pakai folder --state yang lain."
        }
        Code::StoreWrite => "Ingatan pemeriksa kartu tidak dapat ditulis; periksa folder --state dan sisa ruangnya.",
        other => other.advice(),
    }
}
