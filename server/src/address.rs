//! The address a request was made to, as the phone knows it: what its proof must be made for.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls_pki_types::{CertificateDer, ServerName};
use url::Url;

use crate::refusal::Refusal;
use anggota::protocol::problem::Code;

/// Longest `--public-url`.
const MAX_PUBLIC_URL: usize = 200;

/// How the server knows its own name.
#[derive(Debug)]
pub(crate) enum Address {
    /// The one it was told: scheme, authority and perhaps a path, without a slash at the end.
    Public(String),
    /// Plain HTTP on this machine, by any name.
    Loopback,
    /// TLS, by any name that the certificate is good for.
    Certified(CertificateDer<'static>),
}

impl Address {
    /// Reads `--public-url`.
    pub(crate) fn public(url: &str) -> Result<Self, Refusal> {
        let rest = url
            .split_once("://")
            .filter(|(scheme, _)| ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()))
            .map(|(_, rest)| rest)
            .unwrap_or_default();
        let is_plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'@' | b'"' | b'<' | b'>' | b'\\');
        let has_host = !rest.is_empty() && !rest.starts_with(['/', ':']);
        let refused = || {
            Refusal::because(
                Code::Usage,
                "Alamat --public-url ditulis seperti https://koperasi.example.id, tanpa tanda tanya dan tanda pagar.",
            )
        };
        if !has_host || url.len() > MAX_PUBLIC_URL || !url.bytes().all(is_plain) {
            return Err(refused());
        }
        // Written as a phone writes it, which reads the address with the same library: lower case, no default port.
        let normal = Url::parse(url).map_err(|_| refused())?;
        Ok(Self::Public(normal.as_str().trim_end_matches('/').to_owned()))
    }

    /// The URL of a path; `None` when the phone speaks to another name than the server's.
    pub(crate) fn url_of(&self, path: &str, headers: &HeaderMap) -> Option<String> {
        match self {
            Self::Public(base) => Some(format!("{base}{path}")),
            Self::Loopback => Some(format!("http://{}{path}", host(headers)?)),
            Self::Certified(certificate) => {
                let host = host(headers)?;
                let name = ServerName::try_from(without_port(host)).ok()?;
                verify_server_name(&ParsedCertificate::try_from(certificate).ok()?, &name).ok()?;
                Some(format!("https://{host}{path}"))
            }
        }
    }
}

/// The one Host header.
fn host(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(HOST).iter();
    let host = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(host)
}

fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((v6, _)) => v6,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(hosts: &[&'static str]) -> HeaderMap {
        hosts.iter().map(|host| (HOST, host.parse().unwrap())).collect()
    }

    #[test]
    fn a_public_address_stands_whatever_the_phone_says() {
        let address = Address::public("https://koperasi.example.id/anggota/").unwrap();
        let url = address.url_of("/v1/a/pull", &headers(&["other"])).unwrap();
        assert_eq!(url, "https://koperasi.example.id/anggota/v1/a/pull");
        for bad in [
            "",
            "koperasi.id",
            "ftp://a",
            "https://",
            "https:///a",
            "https://a?b",
            "https://a#b",
            "http://u@a",
            "https://a b",
        ] {
            assert!(Address::public(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_public_address_is_written_as_a_phone_writes_it() {
        let Address::Public(base) = Address::public("HTTPS://Koperasi.Example.ID:443/Kop/").unwrap() else { panic!() };
        assert_eq!(base, "https://koperasi.example.id/Kop");
    }

    #[test]
    fn on_this_machine_the_host_header_is_the_name() {
        let one = headers(&["127.0.0.1:8080"]);
        assert_eq!(Address::Loopback.url_of("/v1", &one).as_deref(), Some("http://127.0.0.1:8080/v1"));
        assert_eq!(Address::Loopback.url_of("/v1", &headers(&[])), None);
        assert_eq!(Address::Loopback.url_of("/v1", &headers(&["a", "b"])), None);
    }

    #[test]
    fn a_port_is_no_part_of_a_name() {
        for (host, name) in [("a.id:8443", "a.id"), ("a.id", "a.id"), ("[::1]:80", "::1"), ("[::1]", "::1")] {
            assert_eq!(without_port(host), name);
        }
    }
}
