//! A mail to an address that was verified of people without an account.
//!
//! One address may be that of several: of brothers and sisters, or of one person in two
//! organisations. One mail then brings a link for each, and each opens the data of one
//! person alone: so many mails would tell as much, and could come in part. Nothing in it
//! says whose a link is, for a mail names nobody who takes part; the page that it opens does.

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_persistence::Failure;
use klankbord_persistence::participants::code_session;

use super::Values;
use crate::access::secret;
use crate::app::App;

/// The most links in one mail.
const MOST: usize = 20;

impl App {
    /// Makes a code for everybody without an account who has this verified address: the
    /// language to write in, and what the text is filled with; none where there is nobody.
    pub(super) async fn own_data_codes(&self, address: &str) -> Result<Option<(String, Values)>, Failure> {
        let today = day_of(self.now(), self.config.time.zone);
        let minutes = self.config.sign_in.mailed_code_minutes;
        let until = self.now() + TimeDelta::minutes(minutes);
        let reached = code_session::reached_at(self.store.reader(), address, today).await?;
        let Some(language) = reached.first().map(|one| one.person.language.clone()) else { return Ok(None) };
        let mut tokens = Vec::new();
        for one in reached.into_iter().take(MOST) {
            let token = secret::token().map_err(|_| Failure::Broken("no randomness".to_owned()))?;
            // Each by itself: in no trail stands that the address is that of others, too.
            let input = (one, token.clone());
            let made = self.store.write(self.act_of_clock("makeMailedCode"), input, move |tx, (one, token)| {
                code_session::keep(tx, one, token, until).boxed()
            });
            made.await?;
            tokens.push(token);
        }
        let values = [("token".to_owned(), tokens.join("\n")), ("minutes".to_owned(), minutes.to_string())];
        Ok(Some((language, values.into())))
    }
}
