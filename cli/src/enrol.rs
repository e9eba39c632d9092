//! How this computer becomes a member's phone, and how it keeps up with the cooperative.

use anggota::client::{Client, Enrolment, SyncReport, Trust};
use anggota::protocol::problem::Code;
use anggota::words::screen;

use crate::args::{Enrol, Global};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone, progress, roots};

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
    let (profile, reader) = (client.profile()?, global.reader(&client)?);
    phone::close(client).await;
    out.print(|| json::Enrolled::from(&profile), || global.screen(&screen::enrolled(&profile, &reader)))
}

pub(crate) async fn sync(global: &Global, out: Output) -> Result<Ending, Failure> {
    let mut synced = synced(phone::open_for_sync(global)?).await;
    // Damage deeper in shows only once it is read.
    if synced.as_ref().is_err_and(|fault| fault.code() == Code::StoreUnreadable) {
        synced = self::synced(phone::rescue(global)?).await;
    }
    let (report, ending) = synced?;
    out.print(|| json::Synced::from(&report), || global.screen(&screen::synced(&report, &global.stranger())))?;
    Ok(ending)
}

/// The figures, then the documents of requests. One that the office refuses is told by the request, and by the status.
async fn synced(client: Client) -> Result<(SyncReport, Ending), Failure> {
    let report = progress::shown(client.subscribe(), client.sync()).await;
    let uploaded = client.upload().await;
    phone::close(client).await;
    match (report?, uploaded) {
        (report, Ok(())) => Ok((report, Ending::Done)),
        (report, Err(fault)) if fault.code() == Code::AttachmentRefused => Ok((report, Ending::Refused)),
        (_, Err(fault)) => Err(fault.into()),
    }
}
