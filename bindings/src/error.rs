//! The one error that a shell sees: a case for each thing that it does about it.

use anggota::domain::Invalid;
use anggota::error::Error;
use anggota::protocol::problem::Code;

/// The cases, which codes of the core's table each stands for, and what they all carry.
macro_rules! cases {
    ($($(#[$doc:meta])* $case:ident $($code:ident)*;)+) => {
        /// Why something failed, by what a shell does about it. Its texts hold no name, number, amount, code or key.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
        pub enum AnggotaError {
            $(
                $(#[$doc])*
                #[error("{code}: {advice}")]
                $case {
                    /// The code's name, as in docs/errors.md.
                    code: String,
                    /// What happened and what to do, one sentence for the member, in Indonesian.
                    advice: String,
                    /// The rule that was broken, for developers.
                    rule: Option<String>,
                },
            )+
        }

        impl AnggotaError {
            fn of(kind: Code, rule: Option<String>) -> Self {
                let (code, advice) = (kind.as_str().to_owned(), kind.advice().to_owned());
                match kind {
                    $($(Code::$code)|+ => Self::$case { code, advice, rule },)+
                }
            }

            /// The name of the case, for tests that compare the languages.
            #[cfg(test)]
            fn case(&self) -> &'static str {
                match self { $(Self::$case { .. } => stringify!($case)),+ }
            }
        }
    };
}

cases! {
    /// No network: show what is held and its age; it is tried again by itself.
    NoNetwork NoNetwork;
    /// Something else answers than a cooperative's server: look at the address, or at the wifi's own page.
    NotAServer NotAServer NotFound;
    /// The server has trouble or is busy: nothing to do but to wait.
    ServerBusy Busy Internal;
    /// Once more may help at once: the clock or a permit was off and has been put right.
    TryAgain TokenExpired ProofInvalid ClockOff;
    /// Too many attempts: wait before the next.
    TooManyAttempts TooManyAttempts;
    /// The number or the code from the activation paper is not right, or no longer: back to that page.
    CodeRefused CodeWrong CodeExpired;
    /// This device is not a member's device, or no longer: to the enrolment page.
    EnrolAgain Unauthorized DeviceRevoked NotEnrolled SignatureRefused;
    /// App and server, or app and data, do not fit each other: update the app.
    UpdateApp UpdateRequired BadRequest MethodNotAllowed UnsupportedMediaType TooLarge StoreNewer;
    /// The server cannot be believed: stop, and go to the office.
    NotTrusted TrustMissing TrustMismatch NotVerified;
    /// The books went back or differ from their proof: show the warning and the evidence.
    BooksDiffer Rollback ChainBroken;
    /// A value given is not valid: mark the field.
    InvalidInput InvalidInput Usage ProfileAmbiguous;
    /// No such account, loan or request.
    Unknown Unknown;
    /// Not possible as things stand.
    NotPossible NotPossible CardRefused OperationConflict RequestLost AttachmentRefused;
    /// Another process has the store: close it, then open again.
    StoreBusy StoreBusy;
    /// The store is damaged or its key is another one: offer to enrol again.
    StoreUnreadable StoreUnreadable;
    /// The disk is full or refuses to write: make room.
    StoreFull StoreWrite;
    /// The vault or the device's key failed or took too long: unlock the screen, then once more.
    KeyFailed KeyFailed;
    /// Used after it was shut down, or while suspended.
    Closed Closed;
    /// The shell itself stopped the call.
    Cancelled Cancelled;
}

impl From<Error> for AnggotaError {
    fn from(error: Error) -> Self {
        Self::of(error.code(), error.rule().map(str::to_owned))
    }
}

impl From<Invalid> for AnggotaError {
    fn from(invalid: Invalid) -> Self {
        Error::from(invalid).into()
    }
}

impl AnggotaError {
    /// A value that breaks a rule of the bindings' own types.
    pub(crate) fn invalid(rule: &str) -> Self {
        Self::of(Code::InvalidInput, Some(rule.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_the_case_of_what_a_shell_does_about_it() {
        let rows = Code::ALL.iter().map(|&code| (code.as_str(), AnggotaError::from(Error::new(code))));
        let rows: Vec<_> = rows.map(|(code, error)| format!("{code} {}", error.case())).collect();
        let expected = "bad-request UpdateApp, unauthorized EnrolAgain, token-expired TryAgain, proof-invalid TryAgain, \
            clock-off TryAgain, device-revoked EnrolAgain, code-wrong CodeRefused, code-expired CodeRefused, \
            card-refused NotPossible, not-found NotAServer, method-not-allowed UpdateApp, too-large UpdateApp, \
            unsupported-media-type UpdateApp, attachment-refused NotPossible, update-required UpdateApp, too-many-attempts TooManyAttempts, \
            internal ServerBusy, busy ServerBusy, no-network NoNetwork, not-a-server NotAServer, \
            invalid-input InvalidInput, usage InvalidInput, trust-missing NotTrusted, trust-mismatch NotTrusted, \
            not-verified NotTrusted, rollback BooksDiffer, chain-broken BooksDiffer, not-enrolled EnrolAgain, \
            profile-ambiguous InvalidInput, unknown Unknown, not-possible NotPossible, store-busy StoreBusy, \
            store-unreadable StoreUnreadable, store-newer UpdateApp, store-write StoreFull, key-failed KeyFailed, \
            closed Closed, operation-conflict NotPossible, request-lost NotPossible, signature-refused EnrolAgain, \
            cancelled Cancelled";
        assert_eq!(rows.join(", "), expected);
    }

    #[test]
    fn an_error_carries_code_sentence_and_rule() {
        let error = AnggotaError::from(Error::new(Code::InvalidInput).detail("a rule"));
        let AnggotaError::InvalidInput { code, advice, rule } = &error else { panic!("{error:?}") };
        assert_eq!((code.as_str(), advice.as_str()), ("invalid-input", Code::InvalidInput.advice()));
        assert_eq!(rule.as_deref(), Some("a rule"));
    }
}
