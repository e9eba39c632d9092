//! Writes the Kotlin and Swift of the bindings; `cargo xtask bindings` runs it. A package of its own, so that the library
//! for phones is never built with what only the generator needs.

fn main() {
    uniffi::uniffi_bindgen_main()
}
