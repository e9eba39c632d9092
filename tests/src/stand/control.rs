//! The stand's own server: what a test suite asks for, in HTTP and JSON on this machine. A refusal is one sentence in `error`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::Stand;
use crate::office::OFFICER;

/// The largest body of a request.
const MAX_BODY: usize = 64 * 1024;

/// Why something is not done.
pub(super) struct Refused {
    status: u16,
    sentence: String,
}

impl Refused {
    pub(super) fn new(status: u16, sentence: &str) -> Self {
        Self { status, sentence: sentence.trim().to_owned() }
    }

    pub(super) fn unknown(sentence: &str) -> Self {
        Self::new(404, sentence)
    }
}

/// Answers for a stand until the listener fails.
pub async fn serve(stand: Arc<Stand>, listener: TcpListener) -> std::io::Result<()> {
    let router = Router::new().fallback(move |request: Request| answer(Arc::clone(&stand), request));
    axum::serve(listener, router).await
}

async fn answer(stand: Arc<Stand>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return response(413, &json!({ "error": "the body is too large" }));
    };
    // The office's commands block, and a set-up that fails panics: both belong on a thread of their own.
    let asking = tokio::task::spawn_blocking(move || {
        dispatch(&stand, parts.method.as_str(), parts.uri.path(), parts.uri.query(), &body)
    });
    match asking.await {
        Ok(Ok(document)) => response(200, &document),
        Ok(Err(Refused { status, sentence })) => response(status, &json!({ "error": sentence })),
        Err(failure) => response(500, &json!({ "error": failure.to_string() })),
    }
}

fn response(status: u16, document: &Value) -> Response {
    let mut response = Response::new(Body::from(document.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("application/json"));
    response
}

fn dispatch(stand: &Stand, method: &str, path: &str, query: Option<&str>, body: &[u8]) -> Result<Value, Refused> {
    let places: Vec<_> = path.trim_matches('/').split('/').collect();
    match (method, places.as_slice()) {
        ("GET", ["members"]) => Ok(stand.members()),
        ("GET", ["expected"]) => stand.expected(&value(query, "member_no")?),
        ("POST", ["papers"]) => stand.papers(read(body)?),
        ("GET", ["requests"]) => stand.command(&["requests", "list"]),
        ("POST", ["decide"]) => stand.decide(&read(body)?),
        ("POST", ["ask"]) => stand.ask(&text(body, "request_id")?, &text(body, "reason")?),
        ("GET", ["documents"]) => stand.documents(&value(query, "request_id")?),
        ("POST", ["member", act @ ("suspend" | "restore")]) => {
            stand.command(&["member", act, &text(body, "member_no")?, "--officer", OFFICER])
        }
        ("POST", ["device", "revoke"]) => stand.command(&["device", "revoke", &text(body, "device_id")?]),
        ("POST", ["proxy"]) => stand.proxy(&read(body)?),
        ("POST", ["proxy", id]) => stand.change_proxy(id, &read(body)?),
        ("GET", ["proxy", id]) => stand.proxy_counted(id),
        ("POST", ["answer"]) => stand.answer(read(body)?),
        ("GET", ["card-files"]) => stand.card_files(),
        _ => Err(Refused::unknown("the stand has no such address")),
    }
}

/// The JSON of a body; an empty one counts as an empty object.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|fault| Refused::new(400, &fault.to_string()))
}

fn text(body: &[u8], field: &str) -> Result<String, Refused> {
    let document: Value = read(body)?;
    let text = document[field].as_str().map(str::to_owned);
    text.ok_or_else(|| Refused::new(400, &format!("give {field} as a text")))
}

fn value(query: Option<&str>, name: &str) -> Result<String, Refused> {
    let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let value = pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    value.ok_or_else(|| Refused::new(400, &format!("give {name} in the query")))
}
