//! How this computer becomes a member's phone, and how it keeps up with the cooperative.

use anggota::client::{Client, Enrolment, SyncReport, Trust};
use anggota::protocol::problem::Code;

use crate::args::{Enrol, Global};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone, progress, roots, text};

pub(crate) async fn enrol(global: &Global, given: Enrol, out: Output) -> Result<Ending, Failure> {
    let trust = match given.server_key {
        Some(hash) => Trust::ServerKey(hash),
        None if given.trust_on_first_use => Trust::FirstUse,
        None if !given.root.is_empty() => Trust::Federation,
        None => return Err(Failure::new(Code::TrustMissing)),
    };
    let data_dir = phone::data_dir(global)?;
    if !given.root.is_empty() {
        roots::add(&data_dir, &given.root)?;
    }
    let options = phone::options(data_dir)?;
    let enrolment = Enrolment { server_url: given.server, member: given.member, code: given.code, trust };
    let client = Client::enrol(options, enrolment).await?;
    let profile = client.profile()?;
    phone::close(client).await;
    out.print(|| json::Enrolled::from(&profile), || text::enrolled(&profile))
}

pub(crate) async fn sync(global: &Global, out: Output) -> Result<Ending, Failure> {
    let mut report = synced(phone::open_for_sync(global)?).await;
    // Damage deeper in shows only once it is read.
    if report.as_ref().is_err_and(|fault| fault.code() == Code::StoreUnreadable) {
        report = synced(phone::rescue(global)?).await;
    }
    let report = report?;
    out.print(|| json::Synced::from(&report), || text::synced(&report))
}

async fn synced(client: Client) -> Result<SyncReport, Failure> {
    let report = progress::shown(client.subscribe(), client.sync()).await;
    phone::close(client).await;
    Ok(report?)
}
