//! The status lists that anybody may fetch: signed anew only when a card's status may have changed or the list grows old,
//! since shops ask far more often than that.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anggota::domain::Timestamp;
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;
use rusqlite::Connection;

use crate::access;
use crate::cards;
use crate::cooperative::Cooperative;
use crate::refusal::Refusal;
use crate::routes::with_type;
use crate::service::Service;

/// A list this old is signed again, in seconds; shops take one for fresh for a day.
const MAX_AGE: i64 = 3_600;

/// The newest list of each cooperative.
#[derive(Default)]
pub(crate) struct StatusLists(Mutex<HashMap<i64, Kept>>);

struct Kept {
    mark: Mark,
    signed_at: Timestamp,
    /// Shared by all who fetch it, however slowly.
    bytes: Bytes,
}

/// Changes whenever the status of a card may have: with every card, every officer's act, every import.
#[derive(PartialEq, Eq)]
struct Mark {
    cards: i64,
    changes: i64,
}

impl Mark {
    fn read(connection: &Connection, cooperative: &Cooperative) -> Result<Self, Refusal> {
        let newest = |sql: &str| connection.prepare_cached(sql)?.query_row([cooperative.number], |row| row.get(0));
        Ok(Self {
            cards: newest("SELECT coalesce(max(status_index), -1) FROM card WHERE cooperative = ?1")?,
            changes: newest("SELECT coalesce(max(number), 0) FROM change WHERE cooperative = ?1")?,
        })
    }
}

/// GET status-list.
pub(crate) fn answer(service: &Service, parts: &Parts) -> Result<Response, Refusal> {
    let cooperative = access::cooperative(service, parts)?;
    let now = service.now();
    let mark = service.read(|connection| Mark::read(connection, &cooperative))?;
    // Whatever another thread did, the map holds whole lists only. Held while signing: nobody signs the same list twice.
    let mut kept = service.status_lists.0.lock().unwrap_or_else(PoisonError::into_inner);
    let bytes = match kept.get(&cooperative.number) {
        Some(list) if list.mark == mark && (0..MAX_AGE).contains(&(now.seconds() - list.signed_at.seconds())) => {
            list.bytes.clone()
        }
        _ => {
            let keys = service.keys(&cooperative)?;
            let (mark, bytes) = service.write(|transaction| {
                let mark = Mark::read(transaction, &cooperative)?;
                Ok((mark, Bytes::from(cards::status_list(transaction, &cooperative, &keys, now)?)))
            })?;
            kept.insert(cooperative.number, Kept { mark, signed_at: now, bytes: bytes.clone() });
            bytes
        }
    };
    Ok(with_type("application/statuslist+cwt", bytes))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::Request;

    use super::*;
    use crate::keys::IssuerKeys;
    use crate::service::tests::Shop;

    #[tokio::test]
    async fn all_who_fetch_a_status_list_share_its_bytes() {
        let shop = Shop::new();
        let service = &shop.service;
        let make = |transaction: &rusqlite::Transaction<'_>| -> Result<_, Refusal> {
            let (keys, now) = (&service.keys_folder, service.now());
            Ok(IssuerKeys::load_or_create(transaction, keys, &shop.cooperative, now, &service.rng)?)
        };
        service.database.write(make).unwrap();
        let mut lists = Vec::new();
        for _ in 0..2 {
            let service = service.clone();
            let parts = Request::get("/v1/handayani/status-list").body(()).unwrap().into_parts().0;
            let answered = tokio::task::spawn_blocking(move || answer(&service, &parts)).await.unwrap();
            lists.push(to_bytes(answered.unwrap().into_body(), usize::MAX).await.unwrap());
        }
        assert!(!lists[0].is_empty());
        assert_eq!(lists[0].as_ptr(), lists[1].as_ptr());
    }
}
