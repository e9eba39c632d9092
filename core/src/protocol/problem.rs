//! Every way in which something can fail for the one who asked: one table for the server's problem documents
//! (RFC 9457, `type` = `urn:anggota:problem:CODE`), the command line's exit status, the shells' errors and docs/errors.md. The
//! sentences stand in core/locales, a file for each language.

use serde::{Deserialize, Serialize};

/// The `type` of a problem document is this and the code.
pub const URN: &str = "urn:anggota:problem:";
/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// The largest problem document that is read.
pub const MAX_BYTES: usize = 8 * 1024;

/// What the caller's own machine can do about it; also the command line's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Refused: bad input, rejected, a broken chain.
    Refused = 1,
    /// The command was not understood.
    Usage = 2,
    /// No network, or nobody sensible at the other end.
    NoNetwork = 3,
    /// The store cannot be used.
    Store = 4,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:tt $http:literal $exit:ident;)+) => {
        /// A kind of failure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// All of them, in the order of docs/errors.md.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in problem documents and in the command line's JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The HTTP status of the server's answer; 0 where only a phone or a command says it.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $http),+ }
            }

            /// The exit status of a command that ends with it.
            pub const fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit),+ }
            }

            /// What happened and what to do, one sentence for the member or officer, in Indonesian:
            /// `core/locales/id/problems.ftl`.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => sentence!(problem $code)),+ }
            }
        }
    };
}

codes! {
    /// The request is not of the protocol's form.
    BadRequest "bad-request" 400 Refused;
    /// No access token, or one that the server does not know.
    Unauthorized "unauthorized" 401 Refused;
    /// The access token has run out: renew it.
    TokenExpired "token-expired" 401 Refused;
    /// The DPoP proof is missing, wrong or was used before.
    ProofInvalid "proof-invalid" 401 Refused;
    /// The DPoP proof's time is too far from the server's.
    ClockOff "clock-off" 401 Refused;
    /// The device was revoked at the office.
    DeviceRevoked "device-revoked" 403 Refused;
    /// Wrong member number, activation code or both.
    CodeWrong "code-wrong" 403 Refused;
    /// The activation code has run out or was used on another device.
    CodeExpired "code-expired" 403 Refused;
    /// No card can be issued as the member stands.
    CardRefused "card-refused" 403 Refused;
    /// No such address at the server.
    NotFound "not-found" 404 Refused;
    /// The address knows another method.
    MethodNotAllowed "method-not-allowed" 405 Refused;
    /// The body is larger than agreed.
    TooLarge "too-large" 413 Refused;
    /// The body is of another media type.
    UnsupportedMediaType "unsupported-media-type" 415 Refused;
    /// The document is not one that an open request of this member named, or its bytes are not what was named.
    AttachmentRefused "attachment-refused" 422 Refused;
    /// Phone and server have no protocol version in common.
    UpdateRequired "update-required" 426 Refused;
    /// Too many wrong codes or too many requests: wait.
    TooManyAttempts "too-many-attempts" 429 Refused;
    /// A fault of the server.
    Internal "internal" 500 NoNetwork;
    /// The server is busy or being maintained.
    Busy "busy" 503 NoNetwork;

    /// The server cannot be reached.
    NoNetwork "no-network" 0 NoNetwork;
    /// What answers is not a cooperative's server.
    NotAServer "not-a-server" 0 NoNetwork;
    /// A value given is not valid.
    InvalidInput "invalid-input" 0 Refused;
    /// The command line was not understood.
    Usage "usage" 0 Usage;
    /// Without a trust list, a key or consent the server's key is not believed.
    TrustMissing "trust-missing" 0 Refused;
    /// The server's key is not the one expected.
    TrustMismatch "trust-mismatch" 0 Refused;
    /// A signed statement of the server does not verify: nothing was written.
    NotVerified "not-verified" 0 Refused;
    /// The server showed older or other books than before: evidence is kept.
    Rollback "rollback" 0 Refused;
    /// A chain in the store does not verify.
    ChainBroken "chain-broken" 0 Refused;
    /// No enrolment in the data folder.
    NotEnrolled "not-enrolled" 0 Refused;
    /// Several enrolments and none was named.
    ProfileAmbiguous "profile-ambiguous" 0 Usage;
    /// No such account, loan, request, member or device.
    Unknown "unknown" 0 Refused;
    /// What is asked is not possible as things stand.
    NotPossible "not-possible" 0 Refused;
    /// The store is used by another process.
    StoreBusy "store-busy" 0 Store;
    /// The store cannot be read: not a store, damaged, or another key.
    StoreUnreadable "store-unreadable" 0 Store;
    /// The store was written by a newer version.
    StoreNewer "store-newer" 0 Store;
    /// The disk is full or refuses to write.
    StoreWrite "store-write" 0 Store;
    /// The key vault or the device's key failed.
    KeyFailed "key-failed" 0 Store;
    /// Used after it was closed or while suspended.
    Closed "closed" 0 Store;
    /// The server knows the operation's id with another content.
    OperationConflict "operation-conflict" 0 Refused;
    /// A command stands after one that this device does not have any more.
    RequestLost "request-lost" 0 Refused;
    /// The server does not take this device's signature under a command.
    SignatureRefused "signature-refused" 0 Refused;
    /// The shell stopped what it had asked for.
    Cancelled "cancelled" 0 Refused;
}

impl Code {
    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// Its name where other texts may stand too.
    pub fn urn(self) -> String {
        format!("{URN}{}", self.as_str())
    }

    /// The code of that URN.
    pub fn from_urn(urn: &str) -> Option<Self> {
        urn.strip_prefix(URN).and_then(Self::from_name)
    }

    /// Whether the same request may succeed later without anybody doing anything.
    pub const fn is_transient(self) -> bool {
        matches!(self.exit(), Exit::NoNetwork) || matches!(self, Self::TokenExpired | Self::ClockOff | Self::StoreBusy)
    }
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// [`URN`] and the code.
    #[serde(rename = "type")]
    pub type_: String,
    /// The sentence of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The server's time in seconds, with `clock-off`, so that a phone with a wrong clock can prove itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<i64>,
}

impl Problem {
    /// The document of a code.
    pub fn new(code: Code) -> Self {
        Self { type_: code.urn(), title: code.advice().into(), status: code.http_status(), server_time: None }
    }

    /// The code in a document; `None` for one that is not ours.
    pub fn code(&self) -> Option<Code> {
        Code::from_urn(&self.type_)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_name_and_one_sentence() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.advice().ends_with('.'), "{code:?}");
            assert!(matches!(code.http_status(), 0 | 400..=599));
            assert_eq!(Code::from_name(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn a_problem_document_reads_back() {
        let json = serde_json::to_string(&Problem::new(Code::TokenExpired)).unwrap();
        assert!(json.contains("\"type\":\"urn:anggota:problem:token-expired\""));
        let problem: Problem = serde_json::from_str(&json).unwrap();
        assert_eq!(problem.code(), Some(Code::TokenExpired));
    }
}
