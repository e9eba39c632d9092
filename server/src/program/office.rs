//! The office's commands: activation codes, members, devices, epochs.

use std::fmt::Write;

use anggota::cose::Signer;
use anggota::domain::{DeviceId, MemberNo, Name, Reason, Timestamp};
use serde::Serialize;

use super::Desk;
use super::args::{Global, Member, Suspend};
use super::output::Answer;
use crate::cooperative::Cooperative;
use crate::keys::rotation;
use crate::refusal::Refusal;
use crate::{activation, devices, epochs, members};

#[derive(Serialize)]
struct Activated<'a> {
    code: &'a str,
    expires_at: String,
    server_key: &'a str,
}

pub(super) fn activate(global: &Global, member: &MemberNo, officer: Option<&Name>) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let keys = desk.keys()?;
    let made = desk.write(|transaction, cooperative| {
        let officer = officer.map(Name::as_str);
        activation::activate(transaction, cooperative, member, &keys, officer, desk.now, &*desk.rng)
    })?;
    let expires_at = made.expires_at.to_string();
    let document = Activated { code: &made.code, expires_at, server_key: &made.server_key };
    let text = format!(
        "Kode aktivasi: {}\nBerlaku sampai: {}\nKunci koperasi: {}\nBerikan kode dan kunci ini kepada anggota yang bersangkutan saja.",
        made.code,
        moment(&desk, made.expires_at),
        made.server_key
    );
    Answer::new(&document, text)
}

/// Day and clock at the cooperative.
pub(super) fn moment(desk: &Desk, at: Timestamp) -> String {
    let zone = desk.cooperative.zone;
    let (hour, minute) = at.clock_in(zone);
    format!("{} pukul {hour:02}.{minute:02} {}", at.day_in(zone), zone.as_str())
}

#[derive(Serialize)]
struct Standing {
    member_no: String,
    status: &'static str,
}

pub(super) fn suspend(global: &Global, given: Member) -> Result<Answer, Refusal> {
    let (Suspend { member, officer }, suspended) = match given {
        Member::Suspend(given) => (given, true),
        Member::Restore(given) => (given, false),
    };
    let desk = Desk::open(global)?;
    let status = desk.write(|transaction, cooperative| {
        members::suspend(transaction, cooperative, &member, suspended, &officer, desk.now)
    })?;
    use anggota::domain::MemberStatus as Status;
    let word = match status {
        Status::Active => "aktif",
        Status::Candidate => "calon anggota",
        Status::Suspended => "dibekukan",
        Status::Left => "sudah keluar",
    };
    let document = Standing { member_no: member.to_string(), status: status.as_str() };
    Answer::new(&document, format!("Anggota {member} sekarang: {word}."))
}

#[derive(Serialize)]
struct Devices {
    devices: Vec<Device>,
}

#[derive(Serialize)]
struct Device {
    device_id: String,
    member_no: String,
    enrolled_at: String,
    revoked: bool,
}

pub(super) fn devices(global: &Global) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let listed = desk.read(devices::list)?;
    let mut text = String::new();
    for device in &listed {
        let revoked = if device.is_revoked { ", sudah dicabut" } else { "" };
        let since = moment(&desk, device.enrolled_at);
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "{}  anggota {}, sejak {since}{revoked}", device.id, device.member);
    }
    if listed.is_empty() {
        text.push_str("Belum ada perangkat.");
    }
    let devices = listed
        .into_iter()
        .map(|device| Device {
            device_id: device.id.to_string(),
            member_no: device.member.to_string(),
            enrolled_at: device.enrolled_at.to_string(),
            revoked: device.is_revoked,
        })
        .collect();
    Answer::new(&Devices { devices }, text)
}

#[derive(Serialize)]
struct Revoked {
    device_id: String,
}

pub(super) fn revoke(global: &Global, id: &DeviceId, officer: Option<&Name>) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    desk.write(|transaction, cooperative| {
        devices::revoke(transaction, cooperative, id, officer.map(Name::as_str), desk.now)
    })?;
    Answer::new(&Revoked { device_id: id.to_string() }, "Perangkat dicabut dan kartunya tidak berlaku lagi.")
}

#[derive(Serialize)]
struct NewEpoch {
    epoch: u64,
    warning: &'static str,
}

/// What a backup does not hold and no epoch brings back.
const REPEAT: &str = "Ulangi pencabutan perangkat, pembekuan anggota, dan keputusan pengajuan yang dibuat sesudah cadangan itu; \
     basis data ini tidak mengetahuinya.";

pub(super) fn new_epoch(global: &Global, reason: &Reason, officer: Option<&Name>) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let keys = desk.keys()?;
    let epoch = desk.write(|transaction, cooperative| {
        let (folder, by) = (&desk.keys_folder, officer.map(Name::as_str));
        let epoch = epochs::begin(transaction, folder, cooperative, reason, by, desk.now, &keys.checkpoint)?;
        // Phones have seen the keys that were made after the backup. Read again: the epoch is another now.
        let cooperative = Cooperative::find(transaction, Some(&cooperative.id))?;
        while rotation::is_ahead(transaction, folder, &cooperative)? {
            rotation::rotate(transaction, folder, &cooperative, officer, desk.now, &desk.rng)?;
        }
        Ok(epoch)
    })?;
    Answer::new(&NewEpoch { epoch, warning: REPEAT }, format!("Zaman pembukuan ke-{epoch} dimulai.\n{REPEAT}"))
}

#[derive(Serialize)]
struct Rotated {
    kid: u8,
    server_key: String,
}

/// What the office has to do by hand.
const TELL: &str = "Simpan cadangan folder kunci, dan cetak kertas aktivasi baru mulai sekarang. Anggota federasi memerlukan daftar \
     kepercayaan baru: jalankan export issuer.";

pub(super) fn rotate_key(global: &Global, officer: Option<&Name>) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let key = desk.write(|transaction, cooperative| {
        rotation::rotate(transaction, &desk.keys_folder, cooperative, officer, desk.now, &desk.rng)
    })?;
    let server_key = data_encoding::HEXLOWER.encode(&key.signer.public_key().thumbprint());
    let text = format!("Kunci pembukuan diganti.\nKunci koperasi: {server_key}\n{TELL}");
    Answer::new(&Rotated { kid: key.kid, server_key }, text)
}
