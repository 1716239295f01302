//! The turn of 16, as far as the clock has something to do: an address of their own is
//! asked before, and those of who represented them end that day. All else needs no
//! clock: it follows from the day itself.

use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::{day_of, start_of};
use klankbord_domain::participants::{AddressDue, OF_OWN_VOICE, Participant, address_due};
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::store::mails::{self, NewMail, Values};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::app::App;
use crate::mail::Template;

/// How many persons are looked at together.
const BATCH: usize = 500;

/// On which day it is looked, and how many days before the turn an address is asked.
#[derive(Debug, Clone, Copy)]
struct Looked {
    zone: Tz,
    before: u32,
}

impl App {
    /// Asks and ends addresses of representatives; each person in a command of its own.
    /// One that can't be dealt with stops no other.
    ///
    /// # Errors
    /// When the database refuses to say who they are. What was done stays done.
    pub(crate) async fn turn_of_sixteen(&self) -> Result<(), Failure> {
        let looked = Looked { zone: self.config.time.zone, before: self.config.age.ask_address_days };
        let (reader, today) = (self.store.reader(), day_of(self.now(), looked.zone));
        let all = participant::through_representatives(reader, None).await?;
        for batch in all.chunks(BATCH) {
            let ids: Vec<Uuid> = batch.iter().map(|one| one.participant_id).collect();
            let persons = participant::by_id(reader, &ids).await?;
            let held = representative::of_participants(reader, &ids).await?;
            for one in batch {
                let id = one.participant_id;
                let held: Vec<_> = held.get(&id).into_iter().flatten().map(|(_, one)| *one).collect();
                let Some(person) = persons.get(&id) else { continue };
                if address_due(person.age(), &held, (one.asked, looked.before), today).is_some()
                    && let Err(failure) = self.turn(id, looked).await
                {
                    tracing::error!(cause = %failure, participant = %id, "an address was neither asked nor ended");
                }
            }
        }
        Ok(())
    }

    async fn turn(&self, id: Uuid, looked: Looked) -> Result<(), Failure> {
        let act = self.act_of_clock("turnOfSixteen");
        self.store.write(act, (id, looked), |tx, (id, looked)| carry_out(tx, *id, *looked).boxed()).await
    }
}

/// Does what is due, as it stands once the person is held: they may have given an
/// address of their own meanwhile, or another copy of the service was here before.
async fn carry_out(tx: &Tx, id: Uuid, looked: Looked) -> Result<(), Failure> {
    let Some(found) = participant::find_to_change(tx, id).await? else { return Ok(()) };
    tx.touches(Some(found.value.organisation_id), participant::KIND, id);
    let Some(one) = participant::through_representatives(tx, Some(id)).await?.pop() else { return Ok(()) };
    let (person, today) = (found.value, day_of(tx.now(), looked.zone));
    let held = representative::of_participant(tx, id).await?;
    match address_due(person.age(), &held, (one.asked, looked.before), today) {
        None => Ok(()),
        Some(AddressDue::End) => participant::end_contact(tx, &person).await,
        Some(AddressDue::Ask) => ask(tx, &person, looked.zone).await,
    }
}

async fn ask(tx: &Tx, person: &Participant, zone: Tz) -> Result<(), Failure> {
    let contact = participant::contact(tx, person.id).await?;
    let Some(address) = contact.and_then(|contact| contact.email_address) else { return Ok(()) };
    participant::asked_own_address(tx, person, day_of(tx.now(), zone)).await?;
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
