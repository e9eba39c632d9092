//! The one place that reads clocks; everything else takes `now` as an argument.

use std::time::SystemTime;

use crate::domain::Timestamp;

/// The wall clock, as the machine believes it.
#[allow(clippy::disallowed_methods, reason = "this is the place that the ban points to")]
pub fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // A clock that was never set reads as the epoch, one beyond the range as its end.
    Timestamp::EPOCH.plus(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
