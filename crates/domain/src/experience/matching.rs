//! Whom a request is put before: who wants to be approached, may be, and has what is sought.

use std::collections::HashSet;

use uuid::Uuid;

use super::{ExperiencePlace, ExperienceProfile, ExperienceRequest};
use crate::participants::MayBeAsked;
use crate::privacy::{ConsentPurpose, ConsentState};

/// What somebody consented to, as far as approaching them needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExperienceConsents {
    /// Whether they speak for themself.
    pub speaks: bool,
    /// Consent to taking part.
    pub participation: ConsentState,
    /// Consent to being reached.
    pub contact: ConsentState,
    /// Consent to partner organisations hearing of them.
    pub sharing: ConsentState,
}

/// What decides whether somebody may be approached at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approachability {
    /// Whether it stands that they want to be.
    pub wanted: bool,
    /// What they consented to.
    pub consents: ExperienceConsents,
    /// Whether they may be asked anything now.
    pub may_be_asked: MayBeAsked,
    /// Whether they asked to be left alone (GDPR arts. 18, 21).
    pub left_alone: bool,
    /// Whether anybody can put it before them and take their answer, other than who asks.
    pub reachable: bool,
}

/// Somebody who may have what is sought.
#[derive(Debug, Clone, Copy)]
pub struct ExperienceCandidate<'c> {
    /// What they can bring.
    pub profile: &'c ExperienceProfile,
    /// Their account, if they have one.
    pub account: Option<Uuid>,
    /// Whether they may be approached.
    pub may: Approachability,
}

impl ExperienceConsents {
    /// For what consent is looked at.
    pub const PURPOSES: [ConsentPurpose; 3] =
        [ConsentPurpose::Participation, ConsentPurpose::Contact, ConsentPurpose::Sharing];

    /// What stands for each purpose, and whether the person speaks for themself.
    pub fn of(speaks: bool, state: impl Fn(ConsentPurpose) -> ConsentState) -> Self {
        Self {
            speaks,
            participation: state(ConsentPurpose::Participation),
            contact: state(ConsentPurpose::Contact),
            sharing: state(ConsentPurpose::Sharing),
        }
    }

    /// Whether it lets an organisation approach them; `own`: it is the one that registered
    /// them. Where it isn't, they must have said yes to partner organisations hearing of
    /// them: that another organisation names theirs a partner is nothing they did. For who
    /// doesn't speak for themself there must be a yes to being reached, too; where nothing
    /// was ever asked there is none.
    pub const fn allow(self, own: bool) -> bool {
        let contact = if self.speaks { self.contact.allows() } else { said_yes(self.contact) };
        self.participation.allows() && contact && (own || said_yes(self.sharing))
    }
}

const fn said_yes(state: ConsentState) -> bool {
    matches!(state, ConsentState::Given | ConsentState::Excepted)
}

impl ExperienceCandidate<'_> {
    /// Whether this organisation may approach them now.
    fn may_be_approached_by(&self, organisation: Uuid) -> bool {
        let own = self.profile.organisation_id == organisation;
        self.may.wanted
            && !self.may.left_alone
            && self.may.reachable
            && self.may.may_be_asked == MayBeAsked::Yes
            && self.may.consents.allow(own)
    }
}

impl ExperienceProfile {
    /// Whether somebody has what is sought: a theme and a form of it, the time, and the place.
    /// What either side left open is no hindrance, but for theme and form.
    pub fn fits(&self, request: &ExperienceRequest) -> bool {
        let theme = request.themes.iter().any(|theme| self.themes.contains(theme));
        let form = request.forms.iter().any(|form| self.forms.contains(form));
        let time = match (self.minutes_per_month, request.minutes_per_month) {
            (Some(most), Some(asked)) => asked <= most,
            (None, _) | (_, None) => true,
        };
        theme && form && time && self.fits_place(request)
    }

    fn fits_place(&self, request: &ExperienceRequest) -> bool {
        let either = |places: &[ExperiencePlace], place| places.is_empty() || places.contains(&place);
        let both = |place| either(&self.places, place) && either(&request.places, place);
        let near = match &request.municipality {
            Some(code) => self.municipalities.is_empty() || self.municipalities.contains(code),
            None => true,
        };
        both(ExperiencePlace::Remote) || (both(ExperiencePlace::OnSite) && near)
    }
}

/// Whom a request is put before, in the order of the candidates. Who is known to several
/// organisations by one account is approached once, first by the one that asks.
pub fn matched(request: &ExperienceRequest, candidates: &[ExperienceCandidate<'_>]) -> Vec<Uuid> {
    let asker = request.organisation_id;
    let fit = |one: &&ExperienceCandidate<'_>| one.may_be_approached_by(asker) && one.profile.fits(request);
    let (own, others): (Vec<_>, Vec<_>) =
        candidates.iter().filter(fit).partition(|one| one.profile.organisation_id == asker);
    let mut seen = HashSet::new();
    let once = |one: &&ExperienceCandidate<'_>| seen.insert(one.account.unwrap_or(one.profile.participant_id));
    own.into_iter().chain(others).filter(once).map(|one| one.profile.participant_id).collect()
}
