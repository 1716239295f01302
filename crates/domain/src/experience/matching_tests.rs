//! Nobody is approached who isn't to be.

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::request::tests::request;
use super::{
    Approachability, ExperienceCandidate, ExperienceConsents, ExperienceForm, ExperiencePlace, ExperienceProfile,
    ExperienceTheme, matched,
};
use crate::participants::MayBeAsked;
use crate::privacy::ConsentState;

fn willing() -> Approachability {
    Approachability {
        wanted: true,
        consents: ExperienceConsents::of(true, |_| ConsentState::NotAsked),
        may_be_asked: MayBeAsked::Yes,
        left_alone: false,
        reachable: true,
    }
}

fn sharing() -> Approachability {
    let consents = ExperienceConsents { sharing: ConsentState::Given, ..willing().consents };
    Approachability { consents, ..willing() }
}

fn profile(person: u128, organisation: u128) -> ExperienceProfile {
    ExperienceProfile {
        themes: vec![ExperienceTheme::FosterCare],
        forms: vec![ExperienceForm::CoReading],
        approachable: true,
        ..ExperienceProfile::empty(Uuid::from_u128(person), Uuid::from_u128(organisation))
    }
}

#[test]
fn it_fits_by_theme_form_time_and_place() {
    let asked = request();
    let fits = |change: fn(&mut ExperienceProfile)| {
        let mut one = profile(1, 2);
        change(&mut one);
        one.fits(&asked)
    };
    assert!(fits(|_| ()));
    assert!(!fits(|one| one.themes = vec![ExperienceTheme::Loss]));
    assert!(!fits(|one| one.forms = vec![ExperienceForm::Story]));
    assert!(!fits(|one| one.forms = Vec::new()));
    assert!(!fits(|one| one.minutes_per_month = Some(119)));
    assert!(fits(|one| one.minutes_per_month = Some(120)));
    let mut there = request();
    (there.places, there.municipality) = (vec![ExperiencePlace::OnSite], Some("GM0363".to_owned()));
    let mut one = profile(1, 2);
    assert!(one.fits(&there));
    one.municipalities = vec!["GM0518".to_owned()];
    assert!(!one.fits(&there));
    one.municipalities.push("GM0363".to_owned());
    assert!(one.fits(&there));
    one.places = vec![ExperiencePlace::Remote];
    assert!(!one.fits(&there));
    there.places.push(ExperiencePlace::Remote);
    assert!(one.fits(&there));
}

#[test]
fn another_organisation_needs_a_yes_to_being_heard_of() {
    let shared = sharing();
    for (may, organisation, found) in [(willing(), 2, 1), (willing(), 3, 0), (shared, 3, 1)] {
        let one = profile(1, organisation);
        let candidates = [ExperienceCandidate { profile: &one, account: None, may }];
        assert_eq!(matched(&request(), &candidates).len(), found);
    }
}

#[test]
fn one_account_is_approached_once_by_who_asks() {
    let (there, here) = (profile(1, 3), profile(2, 2));
    let account = Some(Uuid::from_u128(9));
    let may = sharing();
    let candidates = [&there, &here].map(|profile| ExperienceCandidate { profile, account, may });
    assert_eq!(matched(&request(), &candidates), [Uuid::from_u128(2)]);
}

fn state() -> impl Strategy<Value = ConsentState> {
    prop::sample::select(ConsentState::ALL)
}

fn may() -> impl Strategy<Value = Approachability> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (flags, state(), state(), state()).prop_map(|(flags, participation, contact, sharing)| {
        let (wanted, speaks, asked_often, left_alone, reachable) = flags;
        let later = MayBeAsked::NotBefore(NaiveDate::MAX);
        let may_be_asked = if asked_often { later } else { MayBeAsked::Yes };
        let consents = ExperienceConsents { speaks, participation, contact, sharing };
        Approachability { wanted, consents, may_be_asked, left_alone, reachable }
    })
}

fn candidates() -> impl Strategy<Value = Vec<(u128, u128, Option<u128>, Approachability)>> {
    let one = (0_u128..1000, 2_u128..5, prop::option::of(1_u128..8), may());
    prop::collection::vec(one, 0..40)
}

proptest! {
    /// Whoever is approached wants to be, is under every ceiling, isn't to be left alone, and
    /// consents; who doesn't speak for themself has a yes to being reached, and nobody is
    /// approached twice.
    #[test]
    fn nobody_is_approached_who_is_not_to_be(all in candidates()) {
        let profiles: Vec<_> = all.iter().enumerate().map(|(at, (number, organisation, ..))| {
            profile(number * 100 + u128::try_from(at).unwrap(), *organisation)
        }).collect();
        let asked: Vec<_> = all.iter().zip(&profiles).map(|((.., account, may), profile)| {
            ExperienceCandidate { profile, account: account.map(Uuid::from_u128), may: *may }
        }).collect();
        let found = matched(&request(), &asked);
        let mut accounts = Vec::new();
        for person in &found {
            let one = asked.iter().find(|one| one.profile.participant_id == *person).unwrap();
            prop_assert!(one.may.wanted && one.may.reachable && !one.may.left_alone);
            prop_assert_eq!(one.may.may_be_asked, MayBeAsked::Yes);
            prop_assert!(one.may.consents.participation.allows() && one.may.consents.contact.allows());
            let yes = |state| matches!(state, ConsentState::Given | ConsentState::Excepted);
            prop_assert!(one.may.consents.speaks || yes(one.may.consents.contact));
            prop_assert!(one.profile.organisation_id == request().organisation_id || yes(one.may.consents.sharing));
            accounts.push(one.account.unwrap_or(*person));
        }
        accounts.sort_unstable();
        accounts.dedup();
        prop_assert_eq!(accounts.len(), found.len());
    }

    /// And whoever may be and fits is: nobody is passed over.
    #[test]
    fn nobody_is_passed_over(all in candidates()) {
        let profiles: Vec<_> = all.iter().enumerate().map(|(at, (_, organisation, ..))| {
            profile(u128::try_from(at).unwrap() + 1, *organisation)
        }).collect();
        let asked: Vec<_> = all.iter().zip(&profiles).map(|((.., may), profile)| {
            ExperienceCandidate { profile, account: None, may: *may }
        }).collect();
        let found = matched(&request(), &asked);
        for one in &asked {
            let own = one.profile.organisation_id == request().organisation_id;
            let may = one.may.wanted && one.may.reachable && !one.may.left_alone
                && one.may.may_be_asked == MayBeAsked::Yes && one.may.consents.allow(own);
            prop_assert_eq!(found.contains(&one.profile.participant_id), may);
        }
    }
}
