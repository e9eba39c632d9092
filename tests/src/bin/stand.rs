//! The test stand as a program: prints where it listens as one line of JSON, and ends when its stdin does or it is asked to,
//! so that it never outlives the suite that started it.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;

use anggota_tests::stand::{self, Stand};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

fn main() -> Result<(), Box<dyn Error>> {
    let stand = Arc::new(Stand::start());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(run(Arc::clone(&stand)));
    // Whatever still waits for the office is let go; then the server ends with the stand.
    drop(runtime);
    drop(stand);
    served
}

async fn run(stand: Arc<Stand>) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (closed, parent_is_gone) = oneshot::channel();
    std::thread::spawn(move || {
        let _read = stdin().read_to_end(&mut Vec::new());
        let _ended_already = closed.send(());
    });
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut out = stdout();
    writeln!(out, "{}", serde_json::json!({ "url": url }))?;
    out.flush()?;
    tokio::select! {
        served = stand::serve(stand, listener) => served?,
        _ = parent_is_gone => {}
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    Ok(())
}
