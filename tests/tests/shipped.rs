//! What is shipped holds nothing of the tests: no named point at which it could be made to die, no rule it could be told to break.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use anggota_tests::program;

#[test]
fn the_programs_have_no_named_points_and_no_rules_to_break() {
    for name in ["anggota", "anggota-server"] {
        let bytes = std::fs::read(program(name)).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        // The search finds what is there.
        assert!(has("anggota"), "{name}");
        for text in ["ANGGOTA_TORTURE", "COMMIT; BEGIN IMMEDIATE"] {
            assert!(!has(text), "{name} holds {text}");
        }
    }
}
