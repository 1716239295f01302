//! The turn of 16, as far as the clock has something to do: an address of their own is
//! asked before, and those of who represented them end that day. All else needs no
//! clock: it follows from the day itself.

use chrono::Days;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::{day_of, start_of};
use klankbord_domain::participants::{Contact, ContactOf, Participant, Representation};
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::store::mails::{self, NewMail, Values};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::app::App;
use crate::mail::Template;

/// The age from which on people speak for themselves. Years.
const OF_OWN_VOICE: i32 = 16;
/// How many persons are looked at together.
const BATCH: usize = 500;

impl App {
    /// Asks and ends addresses of representatives; each person in a command of its own.
    ///
    /// # Errors
    /// When the database refuses. What was done stays done.
    pub(crate) async fn turn_of_sixteen(&self) -> Result<(), Failure> {
        let reader = self.store.reader();
        let all = participant::through_representatives(reader).await?;
        for batch in all.chunks(BATCH) {
            let ids: Vec<Uuid> = batch.iter().map(|(id, _)| *id).collect();
            let persons = participant::by_id(reader, &ids).await?;
            let held = representative::of_participants(reader, &ids).await?;
            for (id, asked_on) in batch {
                let held: Vec<_> = held.get(id).into_iter().flatten().map(|(_, one)| *one).collect();
                let Some(person) = persons.get(id) else { continue };
                match self.due(person, &held, asked_on.is_some()) {
                    Some(Due::Ask) => self.turn("askOwnAddress", *id, Due::Ask).await?,
                    Some(Due::End) => self.turn("endRepresentativeAddress", *id, Due::End).await?,
                    None => {}
                }
            }
        }
        Ok(())
    }

    fn due(&self, person: &Participant, held: &[Representation], asked: bool) -> Option<Due> {
        let today = day_of(self.now(), self.config.time.zone);
        let age = person.age();
        let theirs = Contact { whose: ContactOf::Representative, ..Contact::default() };
        if !theirs.holds(age, held, today) {
            return Some(Due::End);
        }
        let before = Days::new(u64::from(self.config.age.ask_address_days));
        let from = age.reaches_on(OF_OWN_VOICE).and_then(|day| day.checked_sub_days(before));
        let soon = from.is_some_and(|from| from <= today) && !age.is_at_least(OF_OWN_VOICE, today);
        (soon && !asked).then_some(Due::Ask)
    }

    async fn turn(&self, work: &'static str, id: Uuid, due: Due) -> Result<(), Failure> {
        let zone = self.config.time.zone;
        let act = self.act_of_clock(work);
        self.store.write(act, (id, due, zone), |tx, (id, due, zone)| carry_out(tx, *id, *due, *zone).boxed()).await
    }
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// An address of their own is asked.
    Ask,
    /// The representative's ends.
    End,
}

async fn carry_out(tx: &Tx, id: Uuid, due: Due, zone: chrono_tz::Tz) -> Result<(), Failure> {
    let Some(found) = participant::find_to_change(tx, id).await? else { return Ok(()) };
    let person = found.value;
    if due == Due::End {
        return participant::end_contact(tx, &person).await;
    }
    let contact = participant::contact(tx, id).await?;
    participant::asked_own_address(tx, &person, day_of(tx.now(), zone)).await?;
    let Some(address) = contact.and_then(|contact| contact.email_address) else { return Ok(()) };
    let turns = person.age().reaches_on(OF_OWN_VOICE);
    let day = turns.map(|day| day.format("%d-%m-%Y").to_string()).unwrap_or_default();
    let mail = NewMail {
        organisation: Some(person.organisation_id),
        account: None,
        participant: Some(person.id),
        template: Template::TurningSixteen.code(),
        language: person.language.clone(),
        address,
        values: Values::from([("day".to_owned(), day)]),
        // From that day on nothing goes to this address.
        good_until: turns.map(|day| start_of(day, zone)),
    };
    mails::queue(tx, mail).await.map(drop)
}
