//! What the service says about itself: structured logs with request ids, and
//! figures. Never a name, an address, a query string or a token.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use chrono::NaiveDate;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::access::oauth::TOKEN_PATH;
use crate::app::App;
use crate::config::{Log, LogFormat};
use crate::web::Problem;
use crate::web::contract::Found;

/// How many different failures of anonymous answers are kept for the next day.
const MOST_KEPT: usize = 20;

static FIGURES: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts the log, once for the process.
pub fn start_log(log: &Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let plain = tracing_subscriber::fmt().with_env_filter(filter).with_target(true).with_writer(std::io::stdout);
    // A second start (in tests) leaves the first in place.
    let _started = match log.format {
        LogFormat::Json => plain.json().flatten_event(true).try_init(),
        LogFormat::Text => plain.with_ansi(false).try_init(),
    };
}

/// The figures, in Prometheus' text form.
pub fn figures() -> String {
    handle().map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds what was measured since the last time into the figures: without it they
/// pile up for as long as nobody asks for them.
pub(crate) fn upkeep() {
    if let Some(handle) = handle() {
        handle.run_upkeep();
    }
}

fn handle() -> Option<&'static PrometheusHandle> {
    FIGURES.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

/// What went wrong with anonymous answers: of that nothing is said but on the next day, since
/// the instant at which one failed would lead to who gave it.
static KEPT_BACK: KeptBack = KeptBack(Mutex::new(BTreeMap::new()));

struct KeptBack(Mutex<BTreeMap<(NaiveDate, &'static str, String), u64>>);

impl KeptBack {
    fn keep(&self, day: NaiveDate, code: &'static str, cause: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (day, code, cause.to_owned());
        if kept.len() < MOST_KEPT || kept.contains_key(&key) {
            *kept.entry(key).or_default() += 1;
        }
    }

    /// Says what was kept of the days before this one.
    fn tell(&self, today: NaiveDate) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(day, code, cause), times| {
            if *day < today {
                tracing::error!(%day, code, cause, times, "anonymous answers failed");
            }
            *day >= today
        });
    }
}

/// Keeps back that something failed with anonymous answers.
pub(crate) fn keep_back(today: NaiveDate, code: &'static str, cause: &str) {
    KEPT_BACK.keep(today, code, cause);
}

/// Says what was kept back until the day was over.
pub(crate) fn tell_of_yesterday(today: NaiveDate) {
    KEPT_BACK.tell(today);
}

/// What a panic said, for the log.
pub(crate) fn panic_words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without words")
}

/// What may be told about a request: its operation, never its path or query.
pub(crate) struct Outline {
    operation: &'static str,
    /// Of an anonymous answer nothing is told: when one came would lead to who gave it.
    silent: bool,
    method: String,
    started: Instant,
    /// The day on which it came, as the clock has it.
    today: NaiveDate,
}

impl Outline {
    pub(crate) fn of(app: &App, request: &ServiceRequest) -> Self {
        let (operation, silent) = match app.contract.find(request.method(), request.path()) {
            Found::Endpoint(endpoint, _) => (endpoint.rule.operation, endpoint.rule.leaves_nothing()),
            Found::Nothing if request.path() == TOKEN_PATH => ("issueToken", false),
            Found::OtherMethods(_) | Found::Nothing => ("none", false),
        };
        // Before it lets a page of another origin send an anonymous answer, a browser asks: that is
        // as telling as the answer itself.
        let silent = silent || *request.method() == Method::OPTIONS;
        let method = request.method().as_str().to_owned();
        let _figures = handle();
        Self { operation, silent, method, started: Instant::now(), today: app.now().date_naive() }
    }

    pub(crate) fn span(&self, request_id: &str) -> tracing::Span {
        let Self { operation, method, .. } = self;
        if self.silent { tracing::Span::none() } else { tracing::info_span!("request", request_id, operation, method) }
    }

    pub(crate) fn received(&self, span: &tracing::Span) {
        if !self.silent {
            span.in_scope(|| tracing::debug!("received"));
        }
    }

    /// Why the request failed, if something did: under its id, but for an anonymous answer.
    pub(crate) fn failed(&self, span: &tracing::Span, problem: &Problem) {
        let Some(cause) = problem.cause() else { return };
        if self.silent {
            return KEPT_BACK.keep(self.today, problem.code(), cause);
        }
        span.in_scope(|| tracing::error!(code = problem.code(), cause, "the request failed"));
    }

    pub(crate) fn observe(&self, span: &tracing::Span, status: StatusCode) {
        if self.silent {
            return;
        }
        let taken = self.started.elapsed();
        let labels = [("operation", self.operation.to_owned()), ("status", status.as_str().to_owned())];
        metrics::counter!("klankbord_requests_total", &labels).increment(1);
        let operation = [("operation", self.operation)];
        metrics::histogram!("klankbord_request_seconds", &operation).record(taken.as_secs_f64());
        let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
        span.in_scope(|| tracing::info!(status = status.as_u16(), milliseconds, "answered"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_told_on_the_next_day_with_how_often() {
        let kept = KeptBack(Mutex::default());
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        for _ in 0..3 {
            kept.keep(day(23), "server.unavailable", "busy");
        }
        kept.tell(day(23));
        assert_eq!(kept.0.lock().unwrap().values().copied().collect::<Vec<_>>(), [3]);
        kept.tell(day(24));
        assert!(kept.0.lock().unwrap().is_empty());
        for number in 0..100 {
            kept.keep(day(24), "server.error", &number.to_string());
        }
        assert_eq!(kept.0.lock().unwrap().len(), MOST_KEPT);
    }
}
