//! libFuzzer around the target that `ANGGOTA_FUZZ_TARGET` names. Its options are libFuzzer's own.

#![no_main]

use std::sync::OnceLock;

use anggota_fuzz::{TARGETS, Target, target};

fn chosen() -> &'static Target {
    static CHOSEN: OnceLock<&'static Target> = OnceLock::new();
    CHOSEN.get_or_init(|| {
        let name = std::env::var("ANGGOTA_FUZZ_TARGET").unwrap_or_default();
        target(&name).unwrap_or_else(|| {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            panic!("ANGGOTA_FUZZ_TARGET must be one of {}", names.join(", "))
        })
    })
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| chosen().check(input));
