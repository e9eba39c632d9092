//! A pull as JSON takes no more memory for a long passbook than for a short one, also when nobody reads on.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::time::Duration;

use anggota::protocol::dpop;
use anggota::protocol::{CBOR, VERSION_HEADER, version_header};
use peak_alloc::PeakAlloc;
use support::phone::{Phone, fresh, nothing_held};
use support::{Bench, FIRST};

/// Counts what server and reader take together; this file has one test, so that nobody else does.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MANY: u32 = 100_000;
/// Three chunks that wait and one that is made, each with a page of a thousand entries beyond its measure, and what the
/// reader holds: seen were 1.6 MB.
const MOST_BYTES: usize = 3_000_000;

/// How the whole array ends: with the frame that is the end.
const END: &[u8] = b",\n[6]]\n";

/// Pulls everything as JSON, waits after the first bytes, and holds none of them. How many came, and the peak meanwhile.
async fn pull(bench: &Bench, phone: &Phone) -> (usize, usize) {
    let url = format!("{}{}", phone.base, phone.path("pull"));
    let request = dpop::Request { method: "POST", url: &url, token: Some(&phone.access) };
    let proof = dpop::prove(&request, bench.now(), &fresh(), &phone.signer).unwrap();
    let request = phone.client.post(&url).header("Content-Type", CBOR).header("Accept", "application/json");
    let request = request.header(VERSION_HEADER, version_header()).header("DPoP", proof);
    let request = request.header("Authorization", format!("DPoP {}", phone.access)).body(nothing_held().encode());
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let mut response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let (mut bytes, mut end) = (0, Vec::new());
    while let Some(chunk) = response.chunk().await.unwrap() {
        if bytes == 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        bytes += chunk.len();
        end.extend_from_slice(&chunk);
        end.drain(..end.len().saturating_sub(END.len()));
    }
    assert_eq!(end, END);
    (bytes, MEMORY.peak_usage().saturating_sub(before))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_entries_as_json_take_bounded_memory() {
    let bench = Bench::start().await;
    bench.post(FIRST, 1, "SS-1", MANY);
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    for round in 0..2 {
        let (bytes, peak) = pull(&bench, &phone).await;
        println!("{bytes} bytes, {peak} held at most");
        assert!(bytes > 2 * MOST_BYTES, "{bytes}");
        assert!(peak < MOST_BYTES, "round {round}: {peak} bytes held of {bytes}");
    }
}
