//! The work that time itself asks for, in rounds: each step is a command like
//! any other, claimed by its state, and safe to repeat.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{Months, NaiveTime};
use futures_util::FutureExt as _;
use klankbord_domain::policy::{Access, Caller, Rule};
use klankbord_persistence::{Act, Failure};

use crate::app::App;
use crate::telemetry;

/// A round after each tick, for as long as the server runs.
pub(crate) async fn rounds(app: App) {
    let mut ticks = tokio::time::interval(Duration::from_secs(app.config.time.tick_seconds));
    loop {
        ticks.tick().await;
        telemetry::upkeep();
        telemetry::tell_of_yesterday(app.now().date_naive());
        if let Some(limits) = app.limits.as_ref() {
            limits.tidy();
        }
        // A panic ends its round, and no other.
        match AssertUnwindSafe(app.round()).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => tracing::error!(cause = %failure, "a round of work failed; the next one tries again"),
            Err(panic) => {
                let cause = telemetry::panic_words(&*panic);
                tracing::error!(cause, "a round of work panicked; the next one tries again");
            }
        }
    }
}

/// Links the audit trail, again and again, for as long as the server runs: apart
/// from the rounds, so that no slow step keeps it behind.
pub(crate) async fn linking(app: App) {
    let mut ticks = tokio::time::interval(Duration::from_secs(app.config.audit.link_seconds));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(failure) = app.link_audit().await {
            tracing::error!(cause = %failure, "the audit trail was not linked; the next time tries again");
        }
    }
}

impl App {
    /// Links the audit rows that wait; gives how many.
    ///
    /// # Errors
    /// When the database or the heads file refuses.
    pub async fn link_audit(&self) -> Result<u64, Failure> {
        self.store.link_audit(self.now()).await
    }

    /// Cuts the audit rows that were kept long enough, by whole days.
    async fn cut_audit(&self) -> Result<(), Failure> {
        let years = Months::new(self.config.audit.retention_years.saturating_mul(12));
        let first = self.now().date_naive().checked_sub_months(years);
        let Some(first) = first.map(|day| day.and_time(NaiveTime::MIN).and_utc()) else { return Ok(()) };
        self.store.cut_audit(first, self.now()).await.map(drop)
    }

    /// One round of work. A step that fails stops no other.
    ///
    /// # Errors
    /// The first step that failed; what was done stays done.
    pub async fn round(&self) -> Result<(), Failure> {
        let steps = [
            self.store.tidy(self.act_of_clock("forgetKeptAnswers")).await,
            self.cut_audit().await,
            self.turn_of_sixteen().await,
            self.close_consultations().await,
            self.warn_of_report_backs().await,
            self.remind_the_invited().await,
            self.remind_the_asked().await,
            self.seal_ballots().await,
            self.fix_results().await,
            self.keep_no_longer().await,
        ];
        // That it fails says that something came in: it is told on the next day.
        if let Err(failure) = self.store.mix_ballots().await {
            telemetry::keep_back(self.now().date_naive(), "ballots.not_mixed", &failure.to_string());
        }
        steps.into_iter().collect()
    }

    /// The clock as an actor.
    pub(crate) fn act_of_clock(&self, work: &'static str) -> Act {
        self.act_of_none(work, "clock")
    }

    /// Whoever types on the machine itself as an actor.
    pub(crate) fn act_of_terminal(&self, work: &'static str) -> Act {
        self.act_of_none(work, "terminal")
    }

    fn act_of_none(&self, work: &'static str, origin: &str) -> Act {
        Act {
            rule: Rule::new(work, Access::Held(&[])),
            caller: Caller::default(),
            origin: origin.to_owned(),
            request_id: self.ids.next(self.now()).to_string(),
            now: self.now(),
            ids: self.ids.clone(),
            repeat: None,
            if_match: None,
        }
    }
}
