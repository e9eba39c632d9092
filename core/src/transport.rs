//! HTTP as the phone speaks it: one client, TLS by rustls and ring, plain HTTP only to this machine.
//!
//! Never retries, never follows a redirect, never logs what it carries. Knows nothing of the store.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode, Url};

use crate::error::{Error, Result};
use crate::protocol::problem::{self, Code, Problem};
use crate::protocol::{self, CBOR};

const CONNECT_LIMIT: Duration = Duration::from_secs(15);
/// The longest silence before and within an answer.
const READ_LIMIT: Duration = Duration::from_secs(45);
/// The longest that an answer of one piece may take: a server that sends a byte now and then is given up.
const WHOLE_LIMIT: Duration = Duration::from_secs(5 * 60);
/// The longest wait that a server may ask for.
pub(crate) const MAX_RETRY_AFTER_SECONDS: u32 = 3_600;

/// The HTTP client of one profile.
pub(crate) struct Transport {
    client: reqwest::Client,
}

/// A request, ready to be sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) proof: Option<&'a str>,
    pub(crate) body: Option<Vec<u8>>,
    /// The media type that the answer must have.
    pub(crate) accept: &'static str,
}

/// Why there is no answer of the kind that was asked for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The server refused, with one of the protocol's codes.
    Problem { code: Code, server_time: Option<i64>, retry_after: Option<u32> },
    /// No answer, or not one of a cooperative's server.
    Fault(Error),
}

impl Refusal {
    /// The seconds that the server asks to wait for.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Problem { retry_after, .. } => *retry_after,
            Self::Fault(fault) => fault.retry_after(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem { code, retry_after, .. } => Self::new(code).after(retry_after),
            Refusal::Fault(fault) => fault,
        }
    }
}

impl Transport {
    /// A client that trusts the web's certificate authorities, or only `roots` (DER) when there are any.
    pub(crate) fn new(roots: &[Vec<u8>]) -> Result<Self> {
        Self::that_waits(roots, READ_LIMIT)
    }

    /// The same, with the longest silence of a server before and within its answer.
    #[allow(clippy::disallowed_methods, reason = "this is the place that the ban points to")]
    fn that_waits(roots: &[Vec<u8>], silence: Duration) -> Result<Self> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(roots)?)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_LIMIT)
            .read_timeout(silence)
            .user_agent(concat!("anggota/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| Error::because(Code::Internal, source))?;
        Ok(Self { client })
    }

    /// Sends, and gives the answer with its body still to come.
    pub(crate) async fn send(&self, outgoing: Outgoing<'_>) -> std::result::Result<reqwest::Response, Refusal> {
        let mut request = self
            .client
            .request(outgoing.method, outgoing.url)
            .header(protocol::VERSION_HEADER, protocol::version_header())
            .header(reqwest::header::ACCEPT, outgoing.accept);
        if let Some(token) = outgoing.token {
            request = request.header(AUTHORIZATION, format!("DPoP {token}"));
        }
        if let Some(proof) = outgoing.proof {
            request = request.header("DPoP", proof);
        }
        if let Some(body) = outgoing.body {
            request = request.header(CONTENT_TYPE, CBOR).body(body);
        }
        let response = request.send().await.map_err(|fault| Refusal::Fault(no_network(fault)))?;
        if response.status() != StatusCode::OK {
            return Err(refusal(response).await);
        }
        if media_type(response.headers()) != Some(outgoing.accept) {
            // A login page of the wifi, most likely.
            return Err(Refusal::Fault(Error::new(Code::NotAServer)));
        }
        Ok(response)
    }

    /// Sends, and gives the whole body, at most `most` bytes.
    pub(crate) async fn fetch(&self, outgoing: Outgoing<'_>, most: usize) -> std::result::Result<Vec<u8>, Refusal> {
        let response = self.send(outgoing).await?;
        body(response, most).await.map_err(Refusal::Fault)
    }
}

/// The next bytes of a body.
pub(crate) async fn chunk(response: &mut reqwest::Response) -> Result<Option<bytes::Bytes>> {
    response.chunk().await.map_err(no_network)
}

/// A whole body, at most `most` bytes.
pub(crate) async fn body(response: reqwest::Response, most: usize) -> Result<Vec<u8>> {
    body_within(response, most, WHOLE_LIMIT).await
}

async fn body_within(mut response: reqwest::Response, most: usize, limit: Duration) -> Result<Vec<u8>> {
    let whole = async {
        let mut body = Vec::new();
        while let Some(bytes) = chunk(&mut response).await? {
            if body.len() + bytes.len() > most {
                return Err(Error::new(Code::NotAServer).detail("the answer is larger than agreed"));
            }
            body.extend_from_slice(&bytes);
        }
        Ok(body)
    };
    let too_long = |_| Err(Error::new(Code::NoNetwork).detail("the answer took too long"));
    tokio::time::timeout(limit, whole).await.unwrap_or_else(too_long)
}

async fn refusal(response: reqwest::Response) -> Refusal {
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let retry_after = retry_after.map(|seconds: u32| seconds.min(MAX_RETRY_AFTER_SECONDS));
    let is_problem = media_type(response.headers()) == Some(problem::MEDIA_TYPE);
    let transient = response.status().is_server_error();
    let document = match body(response, problem::MAX_BYTES).await {
        Ok(body) if is_problem => serde_json::from_slice::<Problem>(&body).ok(),
        _ => None,
    };
    // What only a phone says is no answer of a server.
    match document.as_ref().and_then(Problem::code).filter(|code| code.http_status() != 0) {
        Some(code) => {
            Refusal::Problem { code, server_time: document.and_then(|document| document.server_time), retry_after }
        }
        // A gateway in between says so in its own words.
        None if transient => Refusal::Fault(Error::new(Code::Busy).after(retry_after)),
        None => Refusal::Fault(Error::new(Code::NotAServer)),
    }
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}

/// reqwest's error names the address, and so the cooperative; only its kind is kept.
fn no_network(fault: reqwest::Error) -> Error {
    let kind = match () {
        () if fault.is_timeout() => "the server did not answer in time",
        () if fault.is_connect() => "the server cannot be reached",
        () if fault.is_decode() || fault.is_body() => "the connection broke off",
        () => "the request failed",
    };
    Error::because(Code::NoNetwork, kind)
}

fn tls(roots: &[Vec<u8>]) -> Result<rustls::ClientConfig> {
    let internal = |source: rustls::Error| Error::because(Code::Internal, source);
    let mut store = rustls::RootCertStore::empty();
    for der in roots {
        let certificate = rustls_pki_types::CertificateDer::from(der.clone());
        store
            .add(certificate)
            .map_err(|source| Error::because(Code::InvalidInput, source).detail("a pinned certificate is damaged"))?;
    }
    if roots.is_empty() {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(internal)?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(config)
}

/// The server's base address and the cooperative's id, from the address on the activation paper
/// (`https://server.example/handayani`). Plain HTTP only to this machine.
pub(crate) fn split_address(address: &str) -> Result<(String, &str)> {
    const RULE: &str = "the address is https://SERVER/COOPERATIVE";
    let invalid = || Error::new(Code::InvalidInput).detail(RULE);
    let (base, cooperative) = address.trim().trim_end_matches('/').rsplit_once('/').ok_or_else(invalid)?;
    let url = Url::parse(base).map_err(|_| invalid())?;
    let host = url.host_str().ok_or_else(invalid)?;
    let loopback = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let allowed = match url.scheme() {
        "https" => true,
        "http" => loopback,
        _ => false,
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !allowed || !plain || url.password().is_some() {
        return Err(if allowed { invalid() } else { invalid().detail("only https is safe outside of this machine") });
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), cooperative))
}

#[cfg(test)]
pub(crate) mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::JoinHandle;

    use super::*;

    /// No limit that a test sets is nearly as long.
    pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

    /// A server of this machine that reads one request; what it does then.
    async fn serve<F: Future<Output = ()> + Send>(
        answer: impl FnOnce(TcpStream) -> F + Send + 'static,
    ) -> (String, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _request = stream.read(&mut [0; 4096]).await.unwrap();
            answer(stream).await;
        });
        (url, server)
    }

    fn head(media_type: &str) -> String {
        format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: 400000\r\n\r\n")
    }

    /// A server that is never silent for long, until nobody listens any more.
    pub(crate) async fn drip(media_type: &'static str) -> (String, JoinHandle<()>) {
        serve(async move |mut stream| {
            stream.write_all(head(media_type).as_bytes()).await.unwrap();
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
    }

    /// The beginning of the answer at an address.
    pub(crate) async fn get(url: &str, accept: &'static str) -> std::result::Result<reqwest::Response, Refusal> {
        Transport::new(&[]).unwrap().send(asking(url, accept)).await
    }

    fn asking<'a>(url: &'a str, accept: &'static str) -> Outgoing<'a> {
        Outgoing { method: Method::GET, url, token: None, proof: None, body: None, accept }
    }

    #[test]
    fn the_tls_configuration_is_one_that_the_client_takes() {
        Transport::new(&[]).unwrap();
        assert_eq!(Transport::new(&[vec![1, 2, 3]]).err().map(|fault| fault.code()), Some(Code::InvalidInput));
    }

    #[tokio::test]
    async fn an_answer_that_drips_for_ever_is_given_up() {
        let (url, server) = drip(CBOR).await;
        let response = get(&url, CBOR).await.unwrap();
        let given_up = tokio::time::timeout(PATIENCE, body_within(response, 400_000, Duration::from_millis(200))).await;
        assert_eq!(given_up.unwrap().unwrap_err().code(), Code::NoNetwork);
        server.await.unwrap();
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_is_given_up() {
        for begins in [false, true] {
            let (url, server) = serve(async move |mut stream| {
                if begins {
                    stream.write_all(format!("{}half", head(CBOR)).as_bytes()).await.unwrap();
                }
                // Silent until the other side is gone.
                while stream.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {}
            })
            .await;
            let given_up = async {
                let transport = Transport::that_waits(&[], Duration::from_millis(500)).unwrap();
                // On a slow machine the beginning may be too late already, which is the same to the member.
                let response = transport.send(asking(&url, CBOR)).await?;
                body(response, 400_000).await.map_err(Refusal::Fault)
            };
            let fault = tokio::time::timeout(PATIENCE, given_up).await.unwrap().unwrap_err();
            assert_eq!(Error::from(fault).code(), Code::NoNetwork, "it began: {begins}");
            server.await.unwrap();
        }
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for (address, base, cooperative) in [
            ("http://127.0.0.1:8080/handayani", "http://127.0.0.1:8080", "handayani"),
            ("https://kop.example/a/b/handayani/", "https://kop.example/a/b", "handayani"),
            ("http://[::1]:1/x", "http://[::1]:1", "x"),
            ("http://localhost/x", "http://localhost", "x"),
        ] {
            assert_eq!(split_address(address).unwrap(), (base.to_owned(), cooperative));
        }
        for address in [
            "http://kop.example/x",
            "ftp://127.0.0.1/x",
            "handayani",
            "",
            "https://u:p@a.example/x",
            "http://10.0.0.1/x",
        ] {
            assert_eq!(split_address(address).err().map(|f| f.code()), Some(Code::InvalidInput), "{address}");
        }
    }
}
