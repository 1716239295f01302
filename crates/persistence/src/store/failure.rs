//! Everything that can stop a command, and how a database error becomes one.

use klankbord_domain::Refusal;
use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

use super::repeat::KeptAnswer;

/// Why a command or a query gave no result.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A rule said no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The same request was carried out before; this was its answer.
    #[error("carried out before")]
    Replay(Box<KeptAnswer>),
    /// The database can't be reached or has no room; worth trying again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Two commands crossed; the unit of work tries again by itself.
    #[error("crossed: {0}")]
    Crossed(String),
    /// A fault of ours, for the log alone.
    #[error("broken: {0}")]
    Broken(String),
}

impl Failure {
    /// A row that does not parse into the domain.
    pub(crate) fn unreadable(table: &str, column: &str, cause: impl std::fmt::Display) -> Self {
        Self::Broken(format!("unreadable row: {table}.{column}: {cause}"))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Unique indexes and what their violation means: the index's name as
/// `PostgreSQL` says it, the columns as `SQLite` says them, the stable code.
const UNIQUE: &[(&str, &str, &str)] = &[
    ("uq_accounts_email", "accounts.email_lookup", "account.email_taken"),
    ("uq_external_identities_subject", "external_identities.subject_hash", "identity.linked_already"),
    ("uq_external_identities_account", "external_identities.account_id", "identity.linked_already"),
    ("uq_grants_live", "grants.live_key", "grant.held_already"),
    ("uq_role_invitations_live", "role_invitations.live_key", "role_invitation.exists"),
    ("uq_external_ids", "organisation_external_ids.scheme, organisation_external_ids.value", "external_id.taken"),
    ("uq_participants_account", "participants.organisation_id, participants.account_id", "participant.account_taken"),
    ("uq_agreements_live", "agreements.live_key", "agreement.exists"),
    ("uq_memberships_live", "memberships.live_key", "membership.exists"),
    ("uq_legal_representatives_live", "legal_representatives.live_key", "representative.recorded_already"),
    ("uq_consent_texts_version", "consent_texts.organisation_id, consent_texts.purpose", "consent_text.version_taken"),
    ("uq_recruitment_candidates_membership", "recruitment_candidates.membership_id", "recruitment.counted_already"),
    ("uq_responses_person", "responses.consultation_id, responses.participant_id", "response.already_given"),
    ("uq_supports_person", "supports.feedback_id, supports.participant_id", "support.already_given"),
    ("uq_consultations_closing_round", "consultations.closing_round_of", "closing_round.exists"),
    ("uq_codings_piece", "codings.coded_by, codings.piece", "coding.already_given"),
    ("uq_theme_results_consultation", "theme_results.consultation_id", "coding.finished"),
    ("uq_report_backs_final", "report_backs.final_key", "report_back.final_exists"),
];

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
            let known = UNIQUE.iter().find(|(index, columns, _)| message.contains(index) || message.contains(columns));
            if let Some((_, _, code)) = known {
                return Self::Refused(Refusal::Conflict(code));
            }
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => match &**cause {
                SqlxError::Database(cause) => of_code(cause.code().as_deref(), &error),
                SqlxError::Io(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::Tls(_) => {
                    Self::Unavailable(error.to_string())
                }
                _ => Self::Broken(error.to_string()),
            },
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Codes of what passes by itself, and why.
const PASSING: &[(&str, &[&str])] = &[
    ("disk full, out of memory, too many connections", &["53100", "53200", "53300"]),
    ("shutting down or starting", &["57P01", "57P02", "57P03"]),
    ("read-only: a standby", &["25006"]),
    ("a lock, a statement or a transaction that took too long", &["55P03", "57014", "25P03"]),
    ("SQLite: busy, recovering, with another's snapshot", &["5", "261", "517"]),
    ("SQLite: read-only, full, can't be opened", &["8", "13", "14"]),
];

/// What the database's own code means (`PostgreSQL`: appendix A, errcodes; `SQLite`: result codes).
fn of_code(code: Option<&str>, error: &DbErr) -> Failure {
    match code {
        // Serialisation failure and deadlock.
        Some("40001" | "40P01") => Failure::Crossed(error.to_string()),
        Some(passing) if PASSING.iter().any(|(_, codes)| codes.contains(&passing)) => {
            Failure::Unavailable(error.to_string())
        }
        _ => Failure::Broken(error.to_string()),
    }
}

/// Whether a query failed because its table isn't there.
pub(crate) fn is_missing_table(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    let SqlxError::Database(cause) = &**cause else { return false };
    // PostgreSQL has a code for it; SQLite's is that of every faulty statement.
    cause.code().as_deref() == Some("42P01") || cause.message().starts_with("no such table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_worth_another_try() {
        let of = |code| of_code(Some(code), &DbErr::Custom(code.to_owned()));
        for code in ["55P03", "57014", "25P03", "53300", "5", "517", "13"] {
            assert!(matches!(of(code), Failure::Unavailable(_)), "{code}");
        }
        assert!(matches!(of("40P01"), Failure::Crossed(_)));
        assert!(matches!(of("42601"), Failure::Broken(_)));
    }
}
