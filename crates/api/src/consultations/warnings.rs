//! Those who answer for a consultation are warned before the day on which people hear
//! back, and when it passed: each once for each day that was promised.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::access::Role;
use klankbord_domain::calendar::{day_of, end_of};
use klankbord_domain::consultations::{ConsultationStatus, DueWarning};
use klankbord_persistence::access::{Account, accounts, grants};
use klankbord_persistence::consultations::consultation::{self, Kept};
use klankbord_persistence::consultations::warning;
use klankbord_persistence::networks::network;
use klankbord_persistence::store::mails::{self, NewMail, Values};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::app::App;
use crate::mail::{self, Template};

/// For how many days it is tried to say that a day passed.
const PASSED_OF_USE: u64 = 30;

/// When it is looked, and how long before the day it is said.
#[derive(Debug, Clone, Copy)]
struct Looked {
    zone: Tz,
    before: u32,
}

impl App {
    /// Warns of the days that come near and of those that passed, each by a command of its
    /// own. One that fails holds up no other.
    ///
    /// # Errors
    /// The first that failed, after all were tried.
    pub(crate) async fn warn_of_report_backs(&self) -> Result<(), Failure> {
        let looked = Looked { zone: self.config.time.zone, before: self.config.report_backs.warning_days };
        let today = day_of(self.now(), looked.zone);
        let mut outcome = Ok(());
        for (id, _) in warning::due(self.store.reader(), looked.before, today).await? {
            let act = self.act_of_clock("warnOfReportBack");
            let warned = self.store.write(act, (id, looked), |tx, (id, looked)| warn(tx, *id, *looked).boxed()).await;
            outcome = outcome.and(warned);
            self.post.wake();
        }
        outcome
    }
}

/// Warns, as it stands once the consultation is held: another copy of the service may have
/// been here before, or people heard back.
async fn warn(tx: &Tx, id: Uuid, looked: Looked) -> Result<(), Failure> {
    let Some(found) = consultation::find_to_change(tx, id).await? else {
        tx.touches(None, consultation::KIND, id);
        return Ok(());
    };
    let (kept, today) = (found.value, day_of(tx.now(), looked.zone));
    let asked = &kept.consultation;
    let networks = &asked.audience.network_ids;
    tx.in_room(networks.first().copied().filter(|_| kept.council));
    tx.touches(Some(asked.organisation_id), consultation::KIND, id);
    let waits = matches!(asked.status, ConsultationStatus::Open | ConsultationStatus::Closed);
    let Some(due_on) = asked.report_back_due_on.filter(|_| waits) else { return Ok(()) };
    let Some(kind) = DueWarning::due(due_on, looked.before, today) else { return Ok(()) };
    if warning::given(tx, id, kind, due_on).await? {
        return Ok(());
    }
    warning::insert(tx, id, kind, due_on).await?;
    let (event, template, good_until) = match kind {
        DueWarning::Soon => ("report_back.due_soon", Template::ReportBackDue, end_of(due_on, looked.zone)),
        DueWarning::Passed => ("report_back.overdue", Template::ReportBackOverdue, later(tx.now())),
    };
    tx.happened(event, Some(asked.organisation_id), consultation::KIND, id);
    for account in responsible(tx, &kept).await? {
        write_to(tx, &account, (template, due_on), (asked.organisation_id, good_until)).await?;
    }
    Ok(())
}

fn later(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_days(Days::new(PASSED_OF_USE)).unwrap_or(now)
}

async fn write_to(
    tx: &Tx,
    account: &Account,
    (template, due_on): (Template, NaiveDate),
    (organisation, good_until): (Uuid, DateTime<Utc>),
) -> Result<(), Failure> {
    let values = Values::from([("day".to_owned(), due_on.format("%d-%m-%Y").to_string())]);
    let (organisation, good_until) = (Some(organisation), Some(good_until));
    let mail = NewMail { organisation, good_until, ..mail::to_account(template, account, values) };
    mails::queue(tx, mail).await.map(drop)
}

/// Those who answer for it: the organisation's managers and officers, and the coordinators
/// of the networks that it hosts and asks; of what a council asks on its own behalf its
/// chair and secretary.
async fn responsible(tx: &Tx, kept: &Kept) -> Result<Vec<Account>, Failure> {
    let asked = &kept.consultation;
    let mut holders = Vec::new();
    if !kept.council {
        for role in [Role::Manager, Role::Officer] {
            holders.extend(grants::holders(tx, role, asked.organisation_id).await?);
        }
    }
    let leads: &[Role] = if kept.council { &[Role::Chair, Role::Secretary] } else { &[Role::Coordinator] };
    let networks = network::find_all(tx, &asked.audience.network_ids).await?;
    for network in networks.iter().filter(|found| found.value.host_id == asked.organisation_id) {
        for role in leads {
            holders.extend(grants::holders(tx, *role, network.value.id).await?);
        }
    }
    holders.sort_unstable();
    holders.dedup();
    let mut found = Vec::new();
    for id in holders {
        found.extend(accounts::find(tx, id).await?.filter(|account| !account.disabled));
    }
    Ok(found)
}
