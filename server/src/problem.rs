//! Refusals over HTTP: problem documents (RFC 9457) of the one table of codes. Never says more than the code does.

use anggota::domain::Timestamp;
use anggota::protocol::problem::{Code, MEDIA_TYPE, Problem};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::activation::LOCK_SECONDS;
use crate::refusal::Refusal;

/// When somebody else writes, a phone asks again after this many seconds.
const RETRY_SECONDS: i64 = 5;

/// The answer that says no.
pub(crate) fn answer(refusal: &Refusal, now: Timestamp) -> Response {
    let code = public_code(refusal.code());
    match code {
        Code::Internal => tracing::error!(cause = %refusal.causes(), "a request failed"),
        _ => tracing::debug!(code = code.as_str(), "a request was refused"),
    }
    let mut problem = Problem::new(code);
    problem.server_time = (code == Code::ClockOff).then(|| now.seconds());
    // A document of plain texts and numbers always has a JSON form.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let again = match code {
        Code::Busy => Some(RETRY_SECONDS),
        Code::TooManyAttempts => Some(LOCK_SECONDS),
        _ => None,
    };
    if let Some(seconds) = again {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The code a phone is told: those that only a command says are faults of the server to it.
fn public_code(code: Code) -> Code {
    match code {
        Code::StoreBusy => Code::Busy,
        code if code.http_status() == 0 => Code::Internal,
        code => code,
    }
}
