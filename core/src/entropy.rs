//! The one place that makes randomness from the operating system; everything else takes it as an argument.

use ring::rand::SystemRandom;

/// The operating system's randomness.
#[allow(clippy::disallowed_methods, reason = "this is the place that the ban points to")]
pub fn system() -> SystemRandom {
    SystemRandom::new()
}
