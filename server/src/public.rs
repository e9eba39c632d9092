//! What anybody may ask. Says nothing of any member.

use std::io::Read;

use anggota::protocol::problem::Code;
use axum::http::request::Parts;
use axum::response::Response;

use crate::json::JSON;
use crate::refusal::Refusal;
use crate::routes::with_type;
use crate::service::Service;

/// The largest trust list (CARD.md).
pub(crate) const MAX_TRUST_LIST: u64 = 1_000_000;

/// GET health: the server answers and its database can be read.
pub(crate) fn health(service: &Service, _: &Parts) -> Result<Response, Refusal> {
    service.read(|connection| {
        Ok(connection.query_row("SELECT count(*) FROM cooperative", [], |row| row.get::<_, i64>(0)).map(drop)?)
    })?;
    Ok(with_type(JSON, br#"{"status":"ok"}"#.to_vec()))
}

/// GET trust-list: the file as the federation signed it, read anew each time so that a newer one needs no restart.
pub(crate) fn trust_list(service: &Service, _: &Parts) -> Result<Response, Refusal> {
    let path = service.trust_list.as_deref().ok_or(Code::NotFound)?;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| Refusal::caused(Code::Internal, error))?;
    file.take(MAX_TRUST_LIST).read_to_end(&mut bytes).map_err(|error| Refusal::caused(Code::Internal, error))?;
    Ok(with_type("application/kop-trust+cwt", bytes))
}
