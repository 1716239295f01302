//! First sight of somebody: which account is theirs, by the issuer's rule. From
//! then on it is theirs by issuer and subject alone.

use futures_util::FutureExt as _;
use klankbord_domain::policy::{Access, Caller, Rule};
use klankbord_domain::text::is_language_tag;
use klankbord_persistence::access::{NewAccount, accounts, identities, rights};
use klankbord_persistence::{Act, Failure, Tx};

use super::Said;
use super::settings::LinkRule;
use crate::app::App;
use crate::web::Problem;

/// Where a request came from, and its id.
pub(crate) type Trace = (String, String);

/// What linking is called in the audit trail.
const ACTION: &str = "linkExternalIdentity";
/// The longest name that an account goes by. Letters.
const LONGEST_NAME: usize = 100;

/// Who the bearer of such a token is; none where nobody here is linked to them,
/// and the rule links nobody, or their account was switched off.
///
/// # Errors
/// 503 without the database.
pub(crate) async fn caller(app: &App, said: &Said, trace: Trace) -> Result<Option<Caller>, Problem> {
    let key = app.store.keys().subject_lookup(&said.issuer, &said.subject);
    let raised_only = app.config.sign_in.raised_only() && !said.raised;
    let reader = app.store.reader();
    let mut found = rights::of_identity(reader, &key, raised_only).await?;
    if found.is_none() && identities::exists(reader, &key).await? {
        // Linked a moment ago by another request; else their account was switched off.
        found = rights::of_identity(reader, &key, raised_only).await?;
    } else if found.is_none() {
        let rule = app.issuers.find(&said.issuer).map_or(LinkRule::Never, |issuer| issuer.link);
        if rule == LinkRule::Never || said.verified_email.is_none() {
            return Ok(None);
        }
        match link(app, (rule, &key), said, trace).await {
            // Two first requests at once: one of them has linked it.
            Ok(_) | Err(Failure::Refused(_)) => found = rights::of_identity(reader, &key, raised_only).await?,
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(found.map(|caller| Caller { acting_for: said.represents, ..caller }))
}

struct Linking {
    rule: LinkRule,
    key: String,
    said: Said,
    address: String,
}

async fn link(
    app: &App,
    (rule, key): (LinkRule, &str),
    said: &Said,
    (origin, request_id): Trace,
) -> Result<bool, Failure> {
    let address = said.verified_email.clone().unwrap_or_default();
    // Who has no account to be linked with leaves no row behind.
    let known = accounts::find_by_email(app.store.reader(), &address).await?;
    let account = known.as_ref().map(|account| account.id);
    if (known.is_none() && rule != LinkRule::Create) || known.is_some_and(|account| account.disabled) {
        return Ok(false);
    }
    let act = Act {
        rule: Rule::new(ACTION, Access::Held(&[])),
        caller: Caller { account, ..Caller::default() },
        origin,
        request_id,
        now: app.now(),
        ids: app.ids.clone(),
        repeat: None,
        if_match: None,
    };
    let linking = Linking { rule, key: key.to_owned(), said: said.clone(), address };
    app.store.write(act, linking, |tx, linking| make(tx, linking).boxed()).await.map(|()| true)
}

async fn make(tx: &Tx, Linking { rule, key, said, address }: &Linking) -> Result<(), Failure> {
    let account = match accounts::find_by_email(tx, address).await? {
        Some(account) => account,
        None if *rule == LinkRule::Create => {
            let name: String = said.name.as_deref().unwrap_or_default().trim().chars().take(LONGEST_NAME).collect();
            let fallback = address.split('@').next().unwrap_or_default();
            let language = said.locale.clone().filter(|tag| is_language_tag(tag));
            let new = NewAccount {
                id: tx.new_id(),
                email_address: address.clone(),
                display_name: if name.is_empty() { fallback.chars().take(LONGEST_NAME).collect() } else { name },
                password_hash: None,
                language: language.unwrap_or_else(|| "nl".to_owned()),
            };
            accounts::insert(tx, new).await?
        }
        None => return Err(Failure::from(klankbord_domain::Refusal::Hidden)),
    };
    identities::insert(tx, account.id, (&said.issuer, key)).await
}
