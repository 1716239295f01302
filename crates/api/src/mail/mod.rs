//! Mail: queued by commands, sent by every replica, each mail by one at a time.
//!
//! A mail that brings a one-time code is queued with an address alone. Whose it
//! is, is looked up when it is sent, and only then the code is made: a request
//! does the same work for every address, and no code is kept anywhere in clear.

mod own_data;
pub(crate) mod post;
pub mod settings;
pub mod template;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use klankbord_domain::access::CodePurpose;
use klankbord_persistence::access::{Account, accounts, codes};
pub use klankbord_persistence::store::mails::Values;
use klankbord_persistence::store::mails::{Claimed, NewMail, Outcome};
use klankbord_persistence::{Failure, Tx};
use lettre::address::Address;
use uuid::Uuid;

use self::post::Refused;
pub use self::template::Template;
use crate::access::secret;
use crate::app::App;
use crate::telemetry;

/// How long a replica has for the mails that it claimed; longer than sending may take.
const CLAIM: TimeDelta = TimeDelta::minutes(5);
/// Mails at once.
const AT_ONCE: u64 = 4;
/// How long a mail that brings a code is of use.
const CODE_OF_USE: TimeDelta = TimeDelta::hours(1);
/// Minutes between one attempt and the next: ten attempts in three days.
const WAITS: [i64; 9] = [1, 5, 15, 60, 180, 360, 720, 1440, 1440];

/// A mail about an account.
pub fn to_account(template: Template, account: &Account, values: Values) -> NewMail {
    NewMail {
        organisation: None,
        account: Some(account.id),
        participant: None,
        template: template.code(),
        language: account.language.clone(),
        address: account.email_address.clone(),
        values,
        good_until: None,
    }
}

/// A mail with a one-time code, for whoever has this address, if anybody has.
pub fn with_code(purpose: CodePurpose, address: &str, now: DateTime<Utc>) -> NewMail {
    let template = match purpose {
        CodePurpose::SignIn => Template::SignInCode,
        CodePurpose::PasswordReset => Template::PasswordReset,
        CodePurpose::OwnData => Template::OwnDataCode,
    };
    NewMail {
        organisation: None,
        account: None,
        participant: None,
        template: template.code(),
        language: String::new(),
        address: address.trim().to_owned(),
        values: Values::new(),
        good_until: Some(now + CODE_OF_USE),
    }
}

/// Sends what waits: when it is told to, and after each tick.
pub(crate) async fn deliveries(app: App) {
    if !app.post.is_on() {
        tracing::warn!("Mail is off: mails wait until mail.smtp_url is set");
        return;
    }
    let tick = Duration::from_secs(app.config.time.tick_seconds);
    while !app.post.is_closing() {
        match AssertUnwindSafe(app.deliver_mails()).catch_unwind().await {
            Ok(Ok(_)) => {}
            Ok(Err(failure)) => tracing::error!(cause = %failure, "mails can't be sent; the next round tries again"),
            Err(panic) => {
                let cause = telemetry::panic_words(&*panic);
                tracing::error!(cause, "sending mails panicked; the next round tries again");
            }
        }
        tokio::select! {
            () = app.post.woken() => {}
            () = tokio::time::sleep(tick) => {}
        }
    }
}

/// What a code is made for.
struct Making {
    mail: Uuid,
    address: String,
    purpose: CodePurpose,
    token: String,
    minutes: i64,
}

impl App {
    /// Sends every mail that is due; gives how many were tried.
    ///
    /// # Errors
    /// When the database refuses. What was claimed is due again when its claim ends.
    pub async fn deliver_mails(&self) -> Result<usize, Failure> {
        let mut tried = 0;
        while self.post.is_on() && !self.post.is_closing() {
            let claimed = self.store.claim_mails(self.now(), CLAIM, AT_ONCE).await?;
            if claimed.is_empty() {
                break;
            }
            tried += claimed.len();
            let ends = join_all(claimed.iter().map(|mail| self.deliver(mail))).await;
            ends.into_iter().collect::<Result<(), Failure>>()?;
        }
        Ok(tried)
    }

    async fn deliver(&self, mail: &Claimed) -> Result<(), Failure> {
        let outcome = self.attempt(mail).await?;
        let (id, template, attempt) = (mail.id, &mail.template, mail.attempt);
        match outcome {
            Outcome::Sent => tracing::info!(%id, template, attempt, "a mail went out"),
            Outcome::Later(at, why) => tracing::warn!(%id, template, attempt, %at, why, "a mail is tried again later"),
            Outcome::GivenUp(why) => tracing::warn!(%id, template, attempt, why, "a mail was given up"),
            Outcome::Nobody => tracing::debug!(%id, template, "a mail was for nobody"),
        }
        self.store.mail_done(mail, outcome, self.now()).await
    }

    async fn attempt(&self, mail: &Claimed) -> Result<Outcome, Failure> {
        let Some((address, values)) = mail.content.clone() else { return Ok(Outcome::GivenUp("unreadable")) };
        if mail.good_until.is_some_and(|until| until <= self.now()) {
            return Ok(Outcome::GivenUp("too late"));
        }
        // A process that ends while it sends leaves no other trace than its attempt.
        if again_after(mail.attempt - 1).is_none() {
            return Ok(Outcome::GivenUp("too often"));
        }
        // Of a newer version of the service, which sends it.
        let Some(template) = Template::find(&mail.template) else { return self.later(mail, "unknown template") };
        let Ok(to) = address.parse::<Address>() else { return Ok(Outcome::GivenUp("address")) };
        let made = match template.brings_code() {
            Some(CodePurpose::OwnData) => self.own_data_codes(&address).await?,
            Some(purpose) => self.code_for((mail.id, address), purpose).await?,
            None => Some((mail.language.clone(), values)),
        };
        let Some((language, mut values)) = made else { return Ok(Outcome::Nobody) };
        if let Some(token) = values.remove("token") {
            let link = |token| self.config.links.link(template.link_purpose(), token);
            values.insert("link".to_owned(), token.lines().map(link).collect::<Vec<_>>().join("\n"));
        }
        let moment = mail.created_at.with_timezone(&self.config.time.zone);
        values.insert("moment".to_owned(), moment.format("%d-%m-%Y, %H:%M").to_string());
        let Ok(content) = template::write(template, &language, &values) else {
            return Ok(Outcome::GivenUp("unwritable"));
        };
        match self.post.send((mail.id, to), content, self.now()).await {
            Ok(()) => Ok(Outcome::Sent),
            Err(Refused::ForGood(why)) => Ok(Outcome::GivenUp(why)),
            Err(Refused::ForNow(why)) => self.later(mail, why),
        }
    }

    fn later(&self, mail: &Claimed, why: &'static str) -> Result<Outcome, Failure> {
        let Some(wait) = again_after(mail.attempt) else { return Ok(Outcome::GivenUp(why)) };
        let mut byte = [0_u8; 1];
        getrandom::fill(&mut byte).map_err(|error| Failure::Broken(format!("no randomness: {error}")))?;
        let [jitter] = byte;
        Ok(Outcome::Later(self.now() + wait + wait * i32::from(jitter) / (4 * 256), why))
    }

    /// Makes the code for whoever has the address: their language, and what the
    /// text is filled with.
    async fn code_for(
        &self,
        (mail, address): (Uuid, String),
        purpose: CodePurpose,
    ) -> Result<Option<(String, Values)>, Failure> {
        let token = secret::token().map_err(|_| Failure::Broken("no randomness".to_owned()))?;
        let minutes = match purpose {
            CodePurpose::SignIn | CodePurpose::OwnData => self.config.sign_in.mailed_code_minutes,
            CodePurpose::PasswordReset => self.config.sign_in.reset_minutes,
        };
        let making = Making { mail, address, purpose, token: token.clone(), minutes };
        let made = self.store.write(self.act_of_clock("makeMailedCode"), making, |tx, input| make(tx, input).boxed());
        let values = [("token".to_owned(), token), ("minutes".to_owned(), minutes.to_string())];
        Ok(made.await?.map(|language| (language, values.into())))
    }
}

async fn make(tx: &Tx, making: &Making) -> Result<Option<String>, Failure> {
    tx.touches(None, "mail", making.mail);
    let account = accounts::find_by_email(tx, &making.address).await?;
    let Some(account) = account.filter(|found| !found.disabled) else { return Ok(None) };
    let until = tx.now() + TimeDelta::minutes(making.minutes);
    codes::keep(tx, (making.purpose, account.id), &making.token, until).await?;
    Ok(Some(account.language))
}

/// How long to wait after this many attempts; none: it is given up.
fn again_after(attempts: i32) -> Option<TimeDelta> {
    let index = usize::try_from(attempts.max(1) - 1).ok()?;
    WAITS.get(index).copied().map(TimeDelta::minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_in_about_three_days() {
        let waits: Vec<_> = (1..).map_while(again_after).collect();
        assert_eq!(waits.len(), 9);
        assert!(waits.is_sorted());
        let whole: TimeDelta = waits.into_iter().sum();
        assert!((60..=80).contains(&whole.num_hours()), "{whole}");
    }
}
