//! Clients: machines of an organisation, and the credentials they call with.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::ClientScope;
use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::refusal::{Fault, Refusal};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a client stands.
    ClientStatus {
        /// It may call.
        Active => "active",
        /// It may not call, and never will again.
        Revoked => "revoked",
    }
}

/// Who keeps an organisation's clients.
const KEEPERS: &[Standing] = &[Standing::Manager];

impl Lifecycle for ClientStatus {
    const MOVES: &'static [Move<Self>] =
        &[Move { from: Self::Active, to: Self::Revoked, by: KEEPERS, reason: Reason::Required }];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

vocabulary! {
    /// What a client shows to be known by.
    CredentialKind {
        /// A secret that buys short-lived tokens at `/oauth/token` (RFC 6749 §4.4).
        ClientSecret => "client_secret",
        /// A key that is itself the bearer token of every call.
        ApiKey => "api_key",
    }
}

vocabulary! {
    /// Whether a credential works.
    CredentialStatus {
        /// It works.
        Active => "active",
        /// Its last instant has passed.
        Expired => "expired",
        /// It was taken away.
        Revoked => "revoked",
    }
}

/// The longest that a replaced credential keeps working beside its successor. Hours.
pub const LONGEST_OVERLAP: i64 = 168;

/// A machine of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id, the `client_id` of OAuth.
    pub id: Uuid,
    /// The organisation that it works for.
    pub organisation_id: Uuid,
    /// What it is called, for those who keep it.
    pub name: String,
    /// What it may do, for its organisation alone.
    pub scopes: Vec<ClientScope>,
    /// Where it stands.
    pub status: ClientStatus,
}

impl Client {
    /// What is wrong with it, all at once: `client.name_blank`, `scope.repeated`,
    /// `scope.not_for_clients` (answers are posted by kiosks).
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.scopes, "/scopes", "scope.repeated");
        if self.name.trim().is_empty() {
            faults.push(Fault::body("/name", "client.name_blank"));
        }
        for (index, _) in self.scopes.iter().enumerate().filter(|(_, scope)| !scope.is_for_clients()) {
            faults.push(Fault::body(format!("/scopes/{index}"), "scope.not_for_clients"));
        }
        faults
    }

    /// Whether anything about it may still change.
    ///
    /// # Errors
    /// `client.revoked` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        match self.status {
            ClientStatus::Active => Ok(()),
            ClientStatus::Revoked => Err(Refusal::Conflict("client.revoked")),
        }
    }
}

impl ClientScope {
    /// Whether a client can hold it; the others are of kiosks.
    pub fn is_for_clients(self) -> bool {
        self != Self::ResponsesWrite
    }

    /// The scopes that a client gets who asks for these: none named, all it has.
    /// None when it asks for one that it doesn't have (RFC 6749 §3.3).
    pub fn granted(asked: Option<&str>, has: &[Self]) -> Option<Vec<Self>> {
        let Some(asked) = asked.filter(|words| !words.trim().is_empty()) else { return Some(has.to_vec()) };
        let mut granted = Vec::new();
        for word in asked.split(' ').filter(|word| !word.is_empty()) {
            let scope: Self = word.parse().ok().filter(|scope| has.contains(scope))?;
            if !granted.contains(&scope) {
                granted.push(scope);
            }
        }
        Some(granted)
    }

    /// Scopes as one word each, with a space between (RFC 6749 §3.3).
    pub fn in_words(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")
    }
}

/// A credential of a client; the secret itself is known to its bearer alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// What it is.
    pub kind: CredentialKind,
    /// When it stops working by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken away.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What the secret of a credential is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialPlan {
    /// What it is.
    pub kind: CredentialKind,
    /// When it is to stop working by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// The credential that it replaces.
    pub replaces: Option<Uuid>,
    /// How long that one keeps working beside it. Hours.
    pub overlap_hours: Option<i64>,
}

impl Credential {
    /// Whether it works now.
    pub fn status(&self, now: DateTime<Utc>) -> CredentialStatus {
        if self.revoked_at.is_some() {
            return CredentialStatus::Revoked;
        }
        let over = self.expires_at.is_some_and(|end| end <= now);
        if over { CredentialStatus::Expired } else { CredentialStatus::Active }
    }

    /// When it stops working, once it was replaced at this instant: after the
    /// overlap, never later than it would have.
    pub fn end_when_replaced(&self, overlap_hours: i64, now: DateTime<Utc>) -> DateTime<Utc> {
        let end = now + TimeDelta::hours(overlap_hours.clamp(0, LONGEST_OVERLAP));
        self.expires_at.map_or(end, |own| own.min(end))
    }
}

impl CredentialPlan {
    /// What is wrong with it, all at once: `credential.expiry_past`,
    /// `credential.overlap_alone`.
    pub fn check(&self, now: DateTime<Utc>) -> Vec<Fault> {
        let past = self.expires_at.is_some_and(|end| end <= now);
        let alone = self.overlap_hours.is_some() && self.replaces.is_none();
        let faults = [
            past.then(|| Fault::body("/expiresAt", "credential.expiry_past")),
            alone.then(|| Fault::body("/overlapHours", "credential.overlap_alone")),
        ];
        faults.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::walks;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hour * 3600, 0).unwrap()
    }

    fn credential(expires: Option<i64>) -> Credential {
        let (id, client_id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        Credential { id, client_id, kind: CredentialKind::ApiKey, expires_at: expires.map(at), revoked_at: None }
    }

    #[test]
    fn all_faults_come_at_once() {
        let scopes = vec![ClientScope::NetworksRead, ClientScope::ResponsesWrite, ClientScope::NetworksRead];
        let (id, organisation_id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let bad = Client { id, organisation_id, name: " ".to_owned(), scopes, status: ClientStatus::Active };
        let mut found: Vec<_> = bad.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        found.sort();
        let expected =
            [("/name", "client.name_blank"), ("/scopes/1", "scope.not_for_clients"), ("/scopes/2", "scope.repeated")];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
        let plan = CredentialPlan {
            kind: CredentialKind::ClientSecret,
            expires_at: Some(at(5)),
            replaces: None,
            overlap_hours: Some(1),
        };
        assert_eq!(plan.check(at(5)).len(), 2);
        assert_eq!(CredentialPlan { overlap_hours: None, ..plan }.check(at(4)), []);
    }

    #[test]
    fn a_scope_that_the_client_lacks_is_not_granted() {
        let has = [ClientScope::NetworksRead, ClientScope::FeedbackRead];
        assert_eq!(ClientScope::granted(None, &has), Some(has.to_vec()));
        assert_eq!(ClientScope::granted(Some(" "), &has), Some(has.to_vec()));
        let asked = Some("feedback:read  feedback:read");
        assert_eq!(ClientScope::granted(asked, &has), Some(vec![ClientScope::FeedbackRead]));
        for beyond in ["feedback:write", "feedback:read networks:write", "everything", "Feedback:Read"] {
            assert_eq!(ClientScope::granted(Some(beyond), &has), None, "{beyond}");
        }
        assert_eq!(ClientScope::in_words(&has), "networks:read feedback:read");
    }

    #[test]
    fn the_table_is_that_of_the_design() {
        let revoked = [("active", "revoked")];
        walks::table_is::<ClientStatus>(&revoked, &revoked);
    }

    proptest! {
        /// A replaced credential never lives longer than it would have, nor
        /// than the overlap.
        #[test]
        fn replacing_only_shortens(expires in prop::option::of(0_i64..2000), overlap in -5_i64..500, now in 0_i64..1000) {
            let end = credential(expires).end_when_replaced(overlap, at(now));
            prop_assert!(end <= at(now + LONGEST_OVERLAP));
            prop_assert!(expires.is_none_or(|own| end <= at(own)));
            let replaced = Credential { expires_at: Some(end), ..credential(None) };
            prop_assert_eq!(replaced.status(end), CredentialStatus::Expired);
        }
    }
}
