//! The demo: five programmes as data, loaded by the same requests that anybody
//! could send, each at its own moment in the past.

mod people;
mod replay;
mod script;

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_persistence::demo::{self as loads, DemoLoad};
use klankbord_persistence::{Failure, Tx};
use sha2::{Digest as _, Sha256};

pub use self::people::DemoRole;
use self::replay::Stage;
use crate::app::App;
use crate::config::Server;
use crate::web::Problem;

/// The files, in the order in which they build on each other.
const FILES: &[(&str, &str)] = &[
    ("people.yaml", include_str!("../../../../demo/people.yaml")),
    ("case1.yaml", include_str!("../../../../demo/case1.yaml")),
    ("case2.yaml", include_str!("../../../../demo/case2.yaml")),
    ("case3.yaml", include_str!("../../../../demo/case3.yaml")),
    ("case4.yaml", include_str!("../../../../demo/case4.yaml")),
    ("case5.yaml", include_str!("../../../../demo/case5.yaml")),
];

/// Why the demo can't be loaded, or a token can't be given.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Others could reach it.
    #[error("the demo is for this machine alone, and server.address {0} is not a loopback address")]
    NotLoopback(IpAddr),
    /// The database is somebody's.
    #[error("the database holds other organisations than the demo's: give the demo a database of its own")]
    NotOurs,
    /// A part was loaded from another version of the file.
    #[error("demo/{0} has changed since a part of it was loaded: start again on an empty database")]
    Changed(&'static str),
    /// A file can't be read.
    #[error("demo/{file}: {cause}")]
    Malformed {
        /// Which file.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A step was refused.
    #[error("demo/{file}, step {step} ({what}): {answer}")]
    Refused {
        /// Which file.
        file: String,
        /// Which step, from 1, repeated steps counted.
        step: usize,
        /// What it asked.
        what: String,
        /// What the service answered: status and problem document.
        answer: String,
    },
    /// Nobody in the demo goes by that name.
    #[error("the demo has nobody called {0} here: load it first with `klankbord demo`")]
    Nobody(String),
    /// The database can't be used.
    #[error("database.url: {0}")]
    Database(#[from] Failure),
    /// A fault of ours.
    #[error("{0}")]
    Broken(String),
}

impl From<Problem> for DemoError {
    fn from(problem: Problem) -> Self {
        Self::Broken(problem.cause().unwrap_or_else(|| problem.code()).to_owned())
    }
}

/// Whether the demo may stand behind this address: only this machine's own.
///
/// # Errors
/// [`DemoError::NotLoopback`].
pub fn may_listen(server: &Server) -> Result<(), DemoError> {
    if server.address.is_loopback() { Ok(()) } else { Err(DemoError::NotLoopback(server.address)) }
}

impl App {
    /// Loads the demo, or the rest of it; gives the number of steps that were
    /// carried out, 0 where all stood there already.
    ///
    /// # Errors
    /// When the database is somebody's, or a step is refused.
    pub async fn load_demo(&self) -> Result<usize, DemoError> {
        let done = loads::all(self.store.reader()).await?;
        if done.is_empty() && loads::any_organisation(self.store.reader()).await? {
            return Err(DemoError::NotOurs);
        }
        let day_zero = done.first().map_or_else(|| day_of(self.now(), self.config.time.zone), |load| load.day_zero);
        let load_of = |name: &str| done.iter().find(|load| load.file == name);
        let finished = |name: &str| load_of(name).is_some_and(|load| load.finished_at.is_some());
        let left: Vec<_> = FILES.iter().filter(|(name, _)| !finished(name)).collect();
        if left.is_empty() {
            return Ok(0);
        }
        let mut stage = Stage::build(self).await?;
        let mut outcome = Ok(0);
        for (name, text) in left {
            let Ok(before) = outcome else { break };
            let loaded = self.load_file((name, text), load_of(name), day_zero, &mut stage).await;
            outcome = loaded.map(|steps| before + steps);
        }
        stage.end().await?;
        outcome
    }

    async fn load_file(
        &self,
        (name, text): (&'static str, &'static str),
        load: Option<&DemoLoad>,
        day_zero: NaiveDate,
        stage: &mut Stage,
    ) -> Result<usize, DemoError> {
        let digest = digest_of(text);
        if load.is_some_and(|load| load.digest != digest) {
            return Err(DemoError::Changed(name));
        }
        let malformed = |cause| DemoError::Malformed { file: name.to_owned(), cause };
        let steps = script::read(text, day_zero, self.config.time.zone).map_err(malformed)?;
        let load = match load {
            Some(load) => load.clone(),
            None => self.note((name, digest, day_zero), |tx, input| started(tx, input).boxed()).await?,
        };
        let before = usize::try_from(load.steps_done).unwrap_or_default();
        let last = steps.len();
        for (index, step) in steps.into_iter().enumerate().skip(before) {
            let (number, what) = (index + 1, step.what());
            let key = format!("demo-{}-{number}", name.trim_end_matches(".yaml"));
            let refused = |answer| DemoError::Refused { file: name.to_owned(), step: number, what, answer };
            stage.carry_out(step, &key).await?.map_err(refused)?;
            let done = i32::try_from(number).unwrap_or(i32::MAX);
            self.note((load.id, done, number == last), |tx, input| {
                let (id, done, finished) = *input;
                loads::progress(tx, id, done, finished).boxed()
            })
            .await?;
        }
        Ok(last - before)
    }

    async fn note<I, T, F>(&self, input: I, work: F) -> Result<T, DemoError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t Tx, &'t I) -> futures_util::future::BoxFuture<'t, Result<T, Failure>> + Send + Sync + 'static,
    {
        Ok(self.store.write(self.act_of_clock("loadDemo"), input, work).await?)
    }
}

async fn started(tx: &Tx, (name, digest, day_zero): &(&'static str, String, NaiveDate)) -> Result<DemoLoad, Failure> {
    loads::start(tx, name, digest, *day_zero).await
}

fn digest_of(text: &str) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
