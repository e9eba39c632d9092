//! The one place that reads clocks; everything else takes `now` as an argument.

use std::sync::Arc;
use std::time::SystemTime;

use crate::domain::Timestamp;

/// Where a client reads the time.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    boot: Arc<dyn Fn() -> BootTime + Send + Sync>,
}

impl Clock {
    /// This machine's clocks.
    pub fn system() -> Self {
        Self { wall: Arc::new(wall), boot: Arc::new(boot) }
    }

    /// Other clocks, for simulations.
    pub fn new(
        wall: impl Fn() -> Timestamp + Send + Sync + 'static,
        boot: impl Fn() -> BootTime + Send + Sync + 'static,
    ) -> Self {
        Self { wall: Arc::new(wall), boot: Arc::new(boot) }
    }

    /// The wall clock, as the machine believes it.
    pub fn wall(&self) -> Timestamp {
        (self.wall)()
    }

    /// The time since boot.
    pub fn boot(&self) -> BootTime {
        (self.boot)()
    }
}

/// The wall clock, as the machine believes it.
#[allow(clippy::disallowed_methods, reason = "this is the place that the ban points to")]
pub fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // A clock that was never set reads as the epoch, one beyond the range as its end.
    Timestamp::EPOCH.plus(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Milliseconds since 1970 by the wall clock, for ids that sort by time.
#[allow(clippy::disallowed_methods, reason = "this is the place that the ban points to")]
pub fn wall_millis() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(0)
}

/// Time that nobody can set: seconds since this boot of the machine, sleep included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootTime {
    /// Which boot; empty where the machine does not say.
    pub boot: String,
    /// Seconds since it.
    pub seconds: i64,
}

/// The time since boot, where the machine tells its boots apart.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn boot() -> BootTime {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let seconds = rustix::time::clock_gettime(rustix::time::ClockId::Boottime).tv_sec;
    BootTime { boot: boot.trim().to_owned(), seconds }
}

/// The time since boot, where the machine tells its boots apart: here it does not.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn boot() -> BootTime {
    BootTime { boot: String::new(), seconds: 0 }
}

/// The server's time now: what it last said plus the time gone by since, in the same boot; after a reboot the later of
/// the wall clock and what it last said.
pub fn server_now(last: Timestamp, then: &BootTime, now: &BootTime, wall: Timestamp) -> Timestamp {
    if !now.boot.is_empty() && then.boot == now.boot && now.seconds >= then.seconds {
        last.plus(now.seconds - then.seconds)
    } else {
        wall.max(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_wall_clock_does_not_move_the_servers_time() {
        let at = |seconds| Timestamp::from_seconds(seconds).unwrap();
        let boot = |name: &str, seconds| BootTime { boot: name.into(), seconds };
        let now = |wall, boot_now: BootTime| server_now(at(1000), &boot("a", 50), &boot_now, at(wall)).seconds();
        assert_eq!(now(9_999_999, boot("a", 80)), 1030);
        assert_eq!(now(0, boot("a", 80)), 1030);
        assert_eq!(now(2000, boot("b", 10)), 2000, "after a reboot the wall clock counts");
        assert_eq!(now(5, boot("b", 10)), 1000, "but never behind what the server said");
        assert_eq!(now(2000, boot("a", 40)), 2000, "a boot clock that went back is another boot");
        assert_eq!(now(2000, boot("", 80)), 2000);
    }

    #[test]
    fn this_machine_counts_its_boots() {
        let first = boot();
        assert!(!first.boot.is_empty() && first.seconds > 0);
        assert_eq!(boot().boot, first.boot);
    }
}
