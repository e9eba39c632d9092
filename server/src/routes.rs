//! The one table of what the server answers, and the way of every request through it: who asks, then the body, then the
//! handler. No handler is reached another way.

use std::sync::Arc;
use std::time::Duration;

use anggota::protocol::problem::{Code, MEDIA_TYPE};
use anggota::protocol::{CBOR, VERSION_HEADER, enrolment, operation, pull, upload, version_header};
use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::access::{self, Caller, LetIn, Renewing, Stranger};
use crate::bodies::Room;
use crate::json::{Accept, JSON};
use crate::refusal::Refusal;
use crate::service::{MAX_WAIT, Service};
use crate::{
    attachments, cards, enrolment as enrolling, json, operations, problem, public, pull as pulling, status_lists,
};

/// How long a request may take until its answer begins.
const MAX_REQUEST: Duration = Duration::from_secs(30);
/// Bytes that are taken from a phone after it was refused.
const MAX_DRAINED: usize = 4 * 1024 * 1024;
/// A refusal to somebody unknown takes at least this long: its time says nothing, and guessing is slow.
const REFUSAL_TAKES: Duration = Duration::from_millis(250);

/// What a request must show before its handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// A DPoP proof by any key.
    Proof,
    /// A device's token and a DPoP proof by that device's key.
    Device,
}

/// What a path is asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET (and HEAD).
    Get,
    /// POST.
    Post,
}

impl Method {
    /// Its name in HTTP.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// Answers somebody who was let in, with the body that was sent.
type Answering<Who> = fn(&Arc<Service>, &Who, &[u8]) -> Result<Response, Refusal>;

enum Handler {
    Public(fn(&Service, &Parts) -> Result<Response, Refusal>),
    Proof(Answering<Stranger>),
    Renewal(Answering<Renewing>),
    Device(Answering<Caller>),
}

/// One thing the server answers.
pub struct Route {
    /// Asked with.
    pub method: Method,
    /// The path; `{cooperative}` stands for a cooperative's id.
    pub path: &'static str,
    /// The largest body, in bytes. With 0 there is none, otherwise it is CBOR.
    pub body_limit: usize,
    /// Whether answering it may wait for a turn to write.
    writes: bool,
    handler: Handler,
}

impl Route {
    /// What a request must show.
    pub const fn access(&self) -> Access {
        match self.handler {
            Handler::Public(_) => Access::Public,
            Handler::Proof(_) | Handler::Renewal(_) => Access::Proof,
            Handler::Device(_) => Access::Device,
        }
    }
}

/// All of them.
pub static ROUTES: &[Route] = &[
    Route {
        method: Method::Get,
        path: "/health",
        body_limit: 0,
        writes: false,
        handler: Handler::Public(public::health),
    },
    Route {
        method: Method::Post,
        path: "/v1/{cooperative}/enrolments",
        body_limit: enrolment::MAX_BYTES,
        writes: true,
        handler: Handler::Proof(enrolling::enrol),
    },
    Route {
        method: Method::Post,
        path: "/v1/{cooperative}/tokens",
        body_limit: enrolment::MAX_BYTES,
        writes: true,
        handler: Handler::Renewal(enrolling::renew),
    },
    Route {
        method: Method::Post,
        path: "/v1/{cooperative}/pull",
        body_limit: pull::MAX_BYTES,
        writes: false,
        handler: Handler::Device(pulling::answer),
    },
    Route {
        method: Method::Post,
        path: "/v1/{cooperative}/operations",
        body_limit: operation::MAX_PUSH_BYTES,
        writes: true,
        handler: Handler::Device(operations::push),
    },
    Route {
        method: Method::Post,
        path: "/v1/{cooperative}/attachments",
        body_limit: upload::MAX_BYTES,
        writes: true,
        handler: Handler::Device(attachments::upload),
    },
    Route {
        method: Method::Post,
        path: "/v1/{cooperative}/card",
        body_limit: 0,
        writes: true,
        handler: Handler::Device(cards::answer),
    },
    Route {
        method: Method::Get,
        path: "/v1/{cooperative}/status-list",
        body_limit: 0,
        writes: true,
        handler: Handler::Public(status_lists::answer),
    },
    Route {
        method: Method::Get,
        path: "/v1/trust-list",
        body_limit: 0,
        writes: false,
        handler: Handler::Public(public::trust_list),
    },
];

/// The table as a router, with a problem document for everything that is not in it.
pub(crate) fn router(service: &Arc<Service>) -> Router {
    let refusing = |code: Code| {
        let service = Arc::clone(service);
        move || std::future::ready(problem::answer(&code.into(), service.now()))
    };
    let mut router = Router::new();
    for route in ROUTES {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let service = Arc::clone(service);
        router = router.route(route.path, on(filter, move |request| respond(route, Arc::clone(&service), request)));
    }
    router
        .fallback(refusing(Code::NotFound))
        .method_not_allowed_fallback(refusing(Code::MethodNotAllowed))
        .layer(map_response(mark))
        .layer(from_fn(name_as_asked))
}

/// Reads for all handlers what is asked for, and gives a problem document the name that was: there are readers that know no
/// JSON but `application/json`.
async fn name_as_asked(mut request: Request, next: Next) -> Response {
    let accept = Accept::of(request.headers());
    request.extensions_mut().insert(accept);
    let is_asked = accept.prefers_json(MEDIA_TYPE);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_asked && headers.get(CONTENT_TYPE).is_some_and(|media_type| media_type == MEDIA_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    }
    response
}

/// What every answer carries.
async fn mark(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(versions) = HeaderValue::from_str(&version_header()) {
        headers.insert(VERSION_HEADER, versions);
    }
    response
}

async fn respond(route: &'static Route, service: Arc<Service>, request: Request) -> Response {
    let refusal_takes = tokio::time::sleep(REFUSAL_TAKES);
    let accept = request.extensions().get().copied().unwrap_or_default();
    let answered = timeout(MAX_REQUEST, handle(route, &service, request)).await;
    let answered = match answered.unwrap_or_else(|_| Err(Code::Busy.into())) {
        Ok(response) => json::in_form(response, &accept).await,
        refused => refused,
    };
    let response = match answered {
        Ok(response) => response,
        Err(refusal) => {
            if route.access() == Access::Proof {
                refusal_takes.await;
            }
            problem::answer(&refusal, service.now())
        }
    };
    tracing::debug!(route = route.path, status = response.status().as_u16(), "answered");
    response
}

async fn handle(route: &'static Route, service: &Arc<Service>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    match route.handler {
        Handler::Public(answer) => {
            let turn = turn_to_write(route, service).await?;
            blocking(service, turn, move |service| answer(service, &parts)).await
        }
        Handler::Proof(answer) => admitted(route, service, parts, body, access::stranger, answer).await,
        Handler::Renewal(answer) => admitted(route, service, parts, body, access::renewing, answer).await,
        Handler::Device(answer) => admitted(route, service, parts, body, access::caller, answer).await,
    }
}

/// Lets somebody in, reads the body, answers.
async fn admitted<A: LetIn>(
    route: &'static Route,
    service: &Arc<Service>,
    parts: Parts,
    body: Body,
    let_in: fn(&Service, &Parts) -> Result<A, Refusal>,
    answer: Answering<A>,
) -> Result<Response, Refusal> {
    let headers = parts.headers.clone();
    let mut chunks = body.into_data_stream();
    let admitted = blocking(service, None, move |service| {
        access::check_version(&parts.headers)?;
        let_in(service, &parts)
    });
    let read = async {
        let admitted = admitted.await?;
        let mut room = service.bodies.begin(admitted.device_id())?;
        let body = read(&headers, &mut chunks, route.body_limit, &mut room).await?;
        Ok((admitted, body, room))
    };
    match read.await {
        Ok((admitted, body, room)) => {
            let turn = turn_to_write(route, service).await?;
            blocking(service, turn, move |service| {
                let _held = room;
                answer(service, &admitted, &body)
            })
            .await
        }
        Err(refusal) => {
            drain(&mut chunks).await;
            Err(refusal)
        }
    }
}

/// For a route that writes: one of the few turns to wait for the writer, taken before a place is.
async fn turn_to_write(route: &Route, service: &Service) -> Result<Option<OwnedSemaphorePermit>, Refusal> {
    if !route.writes {
        return Ok(None);
    }
    match timeout(MAX_WAIT, Arc::clone(&service.writers).acquire_owned()).await {
        Ok(Ok(turn)) => Ok(Some(turn)),
        _ => Err(Code::Busy.into()),
    }
}

/// Runs on a thread that may wait for the database. Turn and place are held until it has ended, also when nobody waits
/// for it any more.
async fn blocking<T: Send + 'static>(
    service: &Arc<Service>,
    turn: Option<OwnedSemaphorePermit>,
    run: impl FnOnce(&Arc<Service>) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let place = Arc::clone(&service.at_once).acquire_owned().await;
    let place = place.map_err(|closed| Refusal::caused(Code::Internal, closed))?;
    let service = Arc::clone(service);
    let done = tokio::task::spawn_blocking(move || {
        let _held = (turn, place);
        run(&service)
    })
    .await;
    done.unwrap_or_else(|panic| Err(Refusal::caused(Code::Internal, panic)))
}

/// The body, never more of it than agreed.
async fn read(
    headers: &HeaderMap,
    chunks: &mut BodyDataStream,
    limit: usize,
    room: &mut Room,
) -> Result<Vec<u8>, Refusal> {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(Code::TooLarge.into());
    }
    if limit > 0 && !is_cbor(headers) {
        return Err(Code::UnsupportedMediaType.into());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk: Bytes = chunk.map_err(|_| Code::BadRequest)?;
        if chunk.len() > limit - bytes.len() {
            return Err(Code::TooLarge.into());
        }
        room.grow(chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub(crate) fn is_cbor(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case(CBOR)
}

/// Takes what a refused phone is still sending, and forgets it: it would not see the answer otherwise.
async fn drain(chunks: &mut BodyDataStream) {
    let mut left = MAX_DRAINED;
    while let Some(Ok(chunk)) = chunks.next().await {
        let Some(less) = left.checked_sub(chunk.len()) else { return };
        left = less;
    }
}

/// A good answer.
pub(crate) fn with_type(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::tests::Shop;

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_place_until_it_ends() {
        let service = Shop::new().service;
        let places = service.at_once.available_permits();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let work = blocking(&service, None, move |_| {
            let _closed = ended.recv();
            Ok(())
        });
        assert!(timeout(Duration::from_millis(50), work).await.is_err());
        assert_eq!(service.at_once.available_permits(), places - 1);
        drop(end);
        let back = Arc::clone(&service.at_once).acquire_many_owned(places as u32);
        assert!(timeout(Duration::from_secs(10), back).await.is_ok());
    }
}
