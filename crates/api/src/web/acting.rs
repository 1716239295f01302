//! Acting for somebody else: a legal representative says in each request for
//! whom, by the header `Acting-For` or through the claim of an external token.
//!
//! In a header, not in a session: who represents two children acts for the one
//! now and the other next, what is done as oneself never mixes with what is done
//! for another, and tokens of another issuer, which have no session here, go the
//! same way. Whether it holds is asked anew at every request.

use actix_web::http::header::HeaderMap;
use klankbord_domain::calendar::day_of;
use klankbord_domain::policy::Caller;
use klankbord_domain::{Fault, FaultIn};
use klankbord_persistence::participants::representative::{self, Represented};
use uuid::Uuid;

use super::problem::Problem;
use crate::app::App;

/// The header that names the person for whom the caller acts.
pub(super) const HEADER: &str = "Acting-For";

/// For whom the caller asks to act.
pub(super) fn asked(headers: &HeaderMap, found: &mut Vec<Fault>) -> Option<Uuid> {
    let mut named = headers.get_all(HEADER);
    let header = named.next()?;
    let person = header.to_str().ok().and_then(|text| text.trim().parse().ok());
    if person.is_none() || named.next().is_some() {
        found.push(Fault { place: FaultIn::Header, location: HEADER.to_owned(), code: "header.malformed" });
        return None;
    }
    person
}

/// The caller as who acts for the person whom the request or their token names;
/// unchanged where none is named.
///
/// # Errors
/// 403 where it isn't recorded, has ended, or the two name different persons: the
/// same for everybody whom the caller doesn't represent; 503 without the database.
pub(super) async fn settled(
    app: &App,
    caller: Caller,
    asked: Option<Uuid>,
) -> Result<(Caller, Option<Represented>), Problem> {
    let Some(person) = caller.acting_for.or(asked) else { return Ok((caller, None)) };
    let refused = || Problem::new("access.not_representing");
    if caller.by_code.is_some() {
        // A code is for one person: as whom it lets somebody in, the session says.
        return by_code(app, caller, (person, asked)).await?.ok_or_else(refused);
    }
    let account = caller.account.filter(|_| asked.is_none_or(|asked| asked == person)).ok_or_else(refused)?;
    let today = day_of(app.now(), app.config.time.zone);
    let found = representative::of_person(app.store.reader(), (account, person), today).await?;
    let found = found.ok_or_else(refused)?;
    Ok((caller.for_represented(person), Some(found)))
}

/// Who came by a one-time code as the representative of this person; none where the code
/// is another's, or that of the person.
async fn by_code(
    app: &App,
    caller: Caller,
    (person, asked): (Uuid, Option<Uuid>),
) -> Result<Option<(Caller, Option<Represented>)>, Problem> {
    if caller.acting_for != Some(person) || asked.is_some_and(|asked| asked != person) {
        return Ok(None);
    }
    let today = day_of(app.now(), app.config.time.zone);
    let found = representative::of_anybody(app.store.reader(), person, today).await?;
    Ok(found.map(|found| (caller, Some(found))))
}
