//! The core's log for a shell that keeps one. Records hold no name, number, amount, code or key.
//!
//! The sink is called on a thread of its own, so that a slow one never holds up the core: what it cannot take is dropped.

use std::fmt::{Debug, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::reload::{self, Handle};

use crate::changes::ListenerError;
use crate::error::AnggotaError;

/// Records that wait for a slow sink.
const WAITING: usize = 1024;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What may fail soon, or failed and was put right.
    Warn,
    /// What a developer wants to see of a good day.
    Info,
    /// Every decision.
    Debug,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LogRecord {
    /// How bad.
    pub level: LogLevel,
    /// The module that says it.
    pub target: String,
    /// What it says.
    pub message: String,
}

/// Keeps the log.
#[uniffi::export(with_foreign)]
pub trait LogSink: Send + Sync {
    /// Keeps one record.
    fn log(&self, record: LogRecord) -> Result<(), ListenerError>;
}

type Sink = Arc<Mutex<Option<Arc<dyn LogSink>>>>;

struct Log {
    sink: Sink,
    level: Handle<LevelFilter, Registry>,
}

/// Sends the log of the whole library to this sink, instead of the one before; without one nothing is logged.
#[uniffi::export]
pub fn set_log_sink(sink: Option<Arc<dyn LogSink>>, level: LogLevel) -> Result<(), AnggotaError> {
    static LOG: OnceLock<Log> = OnceLock::new();
    let log = LOG.get_or_init(Log::start);
    let filter = if sink.is_some() { level.into() } else { LevelFilter::OFF };
    *log.sink.lock().unwrap_or_else(PoisonError::into_inner) = sink;
    log.level.modify(|held| *held = filter).map_err(|_| AnggotaError::invalid("another log was installed before"))
}

impl Log {
    fn start() -> Self {
        let sink = Sink::default();
        let (records, waiting) = sync_channel(WAITING);
        let for_thread = sink.clone();
        let writer = std::thread::Builder::new().name("anggota-log".into()).spawn(move || write(&waiting, &for_thread));
        let (filter, level) = reload::Layer::new(LevelFilter::OFF);
        let layers = tracing_subscriber::registry().with(filter).with(Forward(records));
        // Without a thread, or beside a log that a Rust program installed first, there is nothing to send to.
        if writer.is_ok() {
            let _already = tracing::subscriber::set_global_default(layers);
        }
        Self { sink, level }
    }
}

fn write(waiting: &Receiver<LogRecord>, sink: &Sink) {
    for record in waiting {
        let sink = sink.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sink) = sink {
            // A sink that cannot take a record cannot be told so either.
            let _lost = sink.log(record);
        }
    }
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
        }
    }
}

/// Hands records to the log's thread.
struct Forward(SyncSender<LogRecord>);

impl<S: Subscriber> Layer<S> for Forward {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        // Only our own words: what other crates log may hold what we would never say.
        if !metadata.target().starts_with("anggota") {
            return;
        }
        let level = match *metadata.level() {
            Level::ERROR => LogLevel::Error,
            Level::WARN => LogLevel::Warn,
            Level::INFO => LogLevel::Info,
            Level::DEBUG | Level::TRACE => LogLevel::Debug,
        };
        let mut text = Text::default();
        event.record(&mut text);
        let record = LogRecord { level, target: metadata.target().to_owned(), message: text.0 };
        let _full = self.0.try_send(record);
    }
}

/// A record's message and fields in one line.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let gap = if self.0.is_empty() { "" } else { " " };
        let _infallible = match field.name() {
            "message" => write!(self.0, "{gap}{value:?}"),
            name => write!(self.0, "{gap}{name}={value:?}"),
        };
    }
}
