//! `card verify`: a shop's look at a card, with nothing but files. It opens no store and asks no network.

use anggota::card::{
    Audience, CHALLENGE_LIFE, CardError, Challenge, Expected, MAX_STATUS_LIST, MAX_TRUST_LIST, NoMemory, Purchase,
    ReplayMemory, StatusList, StatusLists, TrustList, Verdict, Verifier,
};
use anggota::clock;
use anggota::domain::{Money, Timestamp};
use anggota::protocol::problem::Code;

use super::memory::Memory;
use crate::args::CardVerify;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{files, json, text};

pub(crate) fn verify(given: &CardVerify, out: Output) -> Result<Ending, Failure> {
    let now = given.at.unwrap_or_else(clock::wall);
    let challenge = challenge(given, now)?;
    let expected = challenge.as_ref().map_or(Expected::Show, Expected::Answer);
    let roots = given.root.iter().map(|file| files::root_key(file)).collect::<Result<Vec<_>, _>>()?;
    let mut memory = given.state.as_deref().map(Memory::open).transpose()?;

    let trust = files::read(&given.trust, MAX_TRUST_LIST, "trust")?;
    let trust = TrustList::read(&trust, &roots, memory.as_ref().map_or(0, Memory::trust_seq))
        .map_err(|error| unfit(error, "trust"))?;
    let mut statuses = StatusLists::default();
    for file in &given.status {
        let bytes = files::read(file, MAX_STATUS_LIST, "status")?;
        let list = StatusList::read(&bytes, &trust).map_err(|error| unfit(error, "status"))?;
        if memory.as_ref().is_some_and(|memory| list.issued_at() < memory.status_time(list.issuer())) {
            return Err(unfit(CardError::StatusWentBack, "status"));
        }
        if let Some(memory) = &mut memory {
            memory.saw_status(list.issuer(), list.issued_at());
        }
        statuses.accept(list).map_err(|error| unfit(error, "status"))?;
    }

    let verifier = Verifier { trust: &trust, statuses: &statuses };
    // A shell may hand over the line end of the file that a scanner wrote.
    let text = given.text.trim_end_matches(['\r', '\n']);
    let verdict = match &mut memory {
        None => examine(&verifier, text, expected, now, &mut NoMemory, |never| match never {})?,
        Some(memory) => {
            memory.saw_trust(trust.seq());
            let verdict = examine(&verifier, text, expected, now, memory, |failure| failure)?;
            memory.keep(now)?;
            verdict
        }
    };
    out.print(|| json::CardVerdict::from(&verdict), || text::verdict(&verdict))?;
    Ok(if verdict.outcome.is_accepted() { Ending::Done } else { Ending::Refused })
}

fn examine<M: ReplayMemory>(
    verifier: &Verifier<'_>,
    text: &str,
    expected: Expected<'_>,
    now: Timestamp,
    memory: &mut M,
    failure: impl FnOnce(M::Error) -> Failure,
) -> Result<Verdict, Failure> {
    verifier.verify(text, expected, now.seconds(), memory).map_err(failure)
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

/// A list that cannot be used: no verdict is given, because any would rest on sand.
fn unfit(error: CardError, option: &str) -> Failure {
    tracing::info!(%error, option, "a file is not fit for use");
    let (code, sentence) = match error {
        CardError::WrongRoot => (
            Code::NotVerified,
            "Daftar kepercayaan ini tidak ditandatangani kunci induk itu; minta lagi dari federasi.",
        ),
        CardError::SequenceWentBack => (
            Code::Rollback,
            "Daftar kepercayaan ini lebih lama dari yang sudah dipakai; minta yang terbaru dari federasi.",
        ),
        CardError::StatusWentBack => {
            (Code::Rollback, "Daftar status ini lebih lama dari yang sudah dipakai; minta yang terbaru dari koperasi.")
        }
        CardError::UnknownIssuer => (
            Code::NotVerified,
            "Daftar status ini dari koperasi yang tidak ada di daftar kepercayaan; perbarui daftar itu.",
        ),
        CardError::UnknownKey => {
            (Code::NotVerified, "Kunci daftar status ini tidak ada di daftar kepercayaan; perbarui daftar itu.")
        }
        _ => (Code::InvalidInput, "Berkas ini rusak atau bukan yang diminta; ambil lagi dari penerbitnya."),
    };
    Failure::saying(code, sentence).field(option)
}
