//! What anybody may ask. Says nothing of any member.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anggota::protocol::problem::Code;
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;

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

/// The file of the federation's trust list. Whoever fetches it, and however slowly, has the same bytes as everybody else.
pub(crate) struct TrustListFile {
    path: PathBuf,
    newest: Mutex<Bytes>,
}

impl TrustListFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, newest: Mutex::default() }
    }

    /// The file as it is now, so that a newer list needs no restart.
    fn read(&self) -> io::Result<Bytes> {
        let mut bytes = Vec::new();
        File::open(&self.path)?.take(MAX_TRUST_LIST).read_to_end(&mut bytes)?;
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if *newest != bytes {
            *newest = bytes.into();
        }
        Ok(newest.clone())
    }
}

/// GET trust-list: the file as the federation signed it.
pub(crate) fn trust_list(service: &Service, _: &Parts) -> Result<Response, Refusal> {
    let file = service.trust_list.as_ref().ok_or(Code::NotFound)?;
    let bytes = file.read().map_err(|error| Refusal::caused(Code::Internal, error))?;
    Ok(with_type("application/kop-trust+cwt", bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_who_fetch_the_trust_list_share_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.bin");
        let file = TrustListFile::new(path.clone());
        std::fs::write(&path, "one").unwrap();
        let [first, second] = [(); 2].map(|()| file.read().unwrap());
        assert_eq!((&first[..], first.as_ptr()), (&b"one"[..], second.as_ptr()));
        std::fs::write(&path, "two").unwrap();
        assert_eq!((&file.read().unwrap()[..], &first[..]), (&b"two"[..], &b"one"[..]));
        std::fs::remove_file(&path).unwrap();
        assert!(file.read().is_err(), "never from memory alone");
    }
}
