//! Contact details that are checked: an e-mail address by a link that is mailed there, a
//! telephone number or a postal address by people who call or write.

use actix_web::post;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_domain::participants::operations as op;
use klankbord_domain::participants::{
    Contact, ContactKind, ContactOf, ContactVerification as Domain, Participant, VerificationMethod,
};
use klankbord_domain::policy::{Roles, SPEAKERS, Standing};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::participants::{participant, verification};
use klankbord_persistence::store::mails::{self, NewMail};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::participant::holding;
use crate::access::secret;
use crate::mail::{Template, Values};
use crate::web::{Answer, Call, Problem};

/// How long the link holds that is mailed to an address. The text of the mail says so.
const LINK_HOLDS: TimeDelta = TimeDelta::hours(24);

/// Which contact detail is to be checked, or was.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactVerificationCreate {
    /// Which detail.
    #[schema(example = "phone_number")]
    kind: ContactKind,
    /// How; an e-mail address by a link, which need not be said.
    #[schema(example = "call")]
    method: Option<VerificationMethod>,
    /// The day on which somebody called, or had an answer to the letter; absent: today. Not
    /// for an e-mail address.
    checked_on: Option<NaiveDate>,
}

/// That a contact detail was checked, or that a link to do so is under way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactVerification {
    /// Its id.
    id: Uuid,
    /// Which detail.
    kind: ContactKind,
    /// How.
    method: VerificationMethod,
    /// The day on which it was found right; absent while a link waits.
    verified_on: Option<NaiveDate>,
    /// Until when the link can be used.
    expires_at: Option<DateTime<Utc>>,
}

/// That a contact detail, as it stands now, was found right.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedContact {
    /// Which detail.
    #[schema(example = "email_address")]
    kind: ContactKind,
    /// How.
    #[schema(example = "link")]
    method: VerificationMethod,
    /// On which day.
    verified_on: Option<NaiveDate>,
}

impl From<Domain> for VerifiedContact {
    fn from(one: Domain) -> Self {
        Self { kind: one.kind, method: one.method, verified_on: one.verified_on }
    }
}

struct Asking {
    person: Uuid,
    new: ContactVerificationCreate,
    token: String,
    today: NaiveDate,
}

/// Have a contact detail checked, or write down that it was
///
/// An e-mail address: a link goes there that holds 24 hours; its token is redeemed at
/// `POST /contact-confirmations`. For the organisation that registered the person, for
/// themselves and who represents them. A telephone number or a postal address: the
/// organisation writes down that somebody called or wrote, and when. A detail that changes
/// is verified no longer.
#[utoipa::path(operation_id = "createContactVerification", tag = "Participants",
    request_body(content = ContactVerificationCreate, example = json!({"kind": "phone_number", "method": "call"})),
    responses((status = 201, description = "Written down, or mailed", body = ContactVerification),
        (status = 429, description = "Too many mails")))]
#[post("/participants/{participantId}/contact-verifications")]
pub(super) async fn create_contact_verification(call: Call<op::CreateContactVerification>) -> Result<Answer, Problem> {
    let (person, new): (Uuid, ContactVerificationCreate) = (call.id("participantId")?, call.body()?);
    if new.kind == ContactKind::EmailAddress {
        counted(&call, person).await?;
    }
    let today = day_of(call.now, call.app.config.time.zone);
    let asking = Asking { person, new, token: secret::token()?, today };
    let answer = call.command(asking, |tx, asking| create(tx, asking).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

/// Counts a mail that is asked for, on the person and on the address, for who may ask.
async fn counted(call: &Call<op::CreateContactVerification>, person: Uuid) -> Result<(), Problem> {
    let found = participant::find(call.reader(), person).await?.ok_or(Refusal::Hidden)?.value;
    call.authorise(&participant::place(call.reader(), &found).await?)?;
    let address = participant::contact(call.reader(), person).await?.and_then(|contact| contact.email_address);
    let Some(address) = address else { return Ok(()) };
    let address = call.app.store.keys().secret_lookup("mailed", &address.trim().to_lowercase());
    call.app.tries.verified(person, &address, call.now)
}

async fn create(tx: &Tx, asking: &Asking) -> Result<Answer, Failure> {
    let Asking { person, new, token, today } = asking;
    let id = tx.new_id();
    let person = participant::find_to_change(tx, *person).await?.ok_or(Refusal::Hidden)?.value;
    let roles = tx.authorise(&participant::place(tx, &person).await?).await?.roles();
    let mailed = new.kind == ContactKind::EmailAddress;
    if !mailed && !roles.has_any(SPEAKERS) {
        return Err(Refusal::Forbidden.into());
    }
    let contact = participant::contact(tx, person.id).await?;
    let contact = holding(tx, &person, contact, *today).await?;
    let whose = contact.as_ref().map_or(ContactOf::Person, |contact| contact.whose);
    let made = Domain {
        id,
        participant_id: person.id,
        kind: new.kind,
        method: method(new)?,
        whose,
        recorded_by: tx.caller().account,
        verified_on: (!mailed).then(|| new.checked_on.unwrap_or(*today)),
    };
    Refusal::unless_clean(made.check(*today))?;
    let contact = contact.filter(|contact| verification::has(tx, Some(contact), new.kind));
    let contact = contact.ok_or(Refusal::Conflict("contact_verification.nothing_there"))?;
    not_ones_own(tx, (&person, roles), (&contact, mailed)).await?;
    let until = mailed.then(|| tx.now() + LINK_HOLDS);
    let waits = until.map(|until| (token.as_str(), until));
    verification::insert(tx, &person, (&made, &contact), waits).await?;
    if let (Some(until), Some(address)) = (until, contact.email_address) {
        mails::queue(tx, letter(&person, address, (token, until))).await?;
    }
    let view = ContactVerification {
        id,
        kind: made.kind,
        method: made.method,
        verified_on: made.verified_on,
        expires_at: until,
    };
    Ok(Answer::made(format!("/v1/participants/{}/contact-verifications/{id}", person.id), &view))
}

/// How it is checked: an address by a link, without a day; the rest as it is said.
fn method(new: &ContactVerificationCreate) -> Result<VerificationMethod, Refusal> {
    if new.kind != ContactKind::EmailAddress {
        return new.method.ok_or_else(|| Refusal::invalid("/method", "value.required"));
    }
    let stray = new.checked_on.map(|_| Fault::body("/checkedOn", "contact_verification.method_unfit"));
    Refusal::unless_clean(stray.into_iter().collect())?;
    Ok(new.method.unwrap_or(VerificationMethod::Link))
}

/// That nobody finds their own address right as somebody else's: it would let them in as them.
async fn not_ones_own(
    tx: &Tx,
    (person, roles): (&Participant, Roles),
    (contact, mailed): (&Contact, bool),
) -> Result<(), Failure> {
    let theirs = roles.has_any(&[Standing::Participant, Standing::Representative]);
    let Some(account) = tx.caller().account.filter(|account| mailed && !theirs && Some(*account) != person.account_id)
    else {
        return Ok(());
    };
    if verification::is_of_account(tx, contact, account).await? {
        return Err(Refusal::Conflict("contact_verification.own_address").into());
    }
    Ok(())
}

/// The mail with the link. It says nothing of what somebody is, or to whom.
fn letter(person: &Participant, address: String, (token, until): (&str, DateTime<Utc>)) -> NewMail {
    NewMail {
        organisation: Some(person.organisation_id),
        account: None,
        participant: Some(person.id),
        template: Template::ContactVerification.code(),
        language: person.language.clone(),
        address,
        values: Values::from([("token".to_owned(), token.to_owned())]),
        good_until: Some(until),
    }
}

/// Say that an address is right
///
/// The token from the mail is the bearer token of this call. It works once.
#[utoipa::path(operation_id = "createContactConfirmation", tag = "Participants",
    responses((status = 204, description = "Verified"), (status = 429, description = "Too many tries")))]
#[post("/contact-confirmations")]
pub(super) async fn create_contact_confirmation(call: Call<op::CreateContactConfirmation>) -> Result<Answer, Problem> {
    let refused = || Problem::new("access.unauthenticated");
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let token = call.link_token().to_owned();
    if !verification::waits(call.reader(), &token, call.now).await? {
        return Err(refused());
    }
    counted.undone();
    let today = day_of(call.now, call.app.config.time.zone);
    let unknown = call.app.ids.next(call.now);
    let confirmed = call.write((token, today, unknown), |tx, input| confirm(tx, input).boxed()).await?;
    if confirmed { Ok(Answer::nothing()) } else { Err(refused()) }
}

async fn confirm(tx: &Tx, (token, today, unknown): &(String, NaiveDate, Uuid)) -> Result<bool, Failure> {
    let confirmed = verification::confirm(tx, token, *today).await?;
    if !confirmed {
        tx.touches(None, "contact_verification", *unknown);
    }
    Ok(confirmed)
}
