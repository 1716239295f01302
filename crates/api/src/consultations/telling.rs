//! Telling everybody who was invited what came of it, in the way that each chose.

use klankbord_domain::consultations::{Consultation, ReportBack};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::{closing_round, report_back_version, telling};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::asked_mail::{self, AskedMail};

/// Keeps what was published as the first version, and begins to tell it.
///
/// # Errors
/// When the database refuses.
pub(super) async fn publish(
    tx: &Tx,
    consultation: &Consultation,
    told: &ReportBack,
    terms: BurdenTerms,
) -> Result<(), Failure> {
    report_back_version::insert(tx, tx.new_id(), told, None).await?;
    begin(tx, consultation, told, terms).await
}

/// Begins to tell what was published: a mail to those who want one and have an address
/// that may be used, a place on the call list or the visit list for everybody else.
/// Everybody who was invited is told, whether or not they answered; who was erased, and
/// who objected, is not.
///
/// # Errors
/// When the database refuses.
pub(super) async fn begin(
    tx: &Tx,
    consultation: &Consultation,
    told: &ReportBack,
    terms: BurdenTerms,
) -> Result<(), Failure> {
    let persons = closing_round::those_invited(tx, consultation.id).await?;
    let ids: Vec<Uuid> = persons.iter().map(|person| person.id).collect();
    let mails = asked_mail::queue(tx, AskedMail::telling(consultation, terms), &ids, terms).await?;
    telling::begin(tx, told, &persons, &mails).await
}
