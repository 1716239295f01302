//! Programmes with their pillars, phases and milestones.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::calendar::reversed;
use crate::link::is_https;
use crate::organisations::partner_faults;
use crate::refusal::Fault;
use crate::text::Texts;

/// One of the lines along which a programme works (pijler).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pillar {
    /// Its id.
    pub id: Uuid,
    /// Its number, from 1.
    pub number: i32,
    /// Its name.
    pub name: Texts,
}

/// What a phase brings forth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its name.
    pub name: Texts,
    /// The day on which it is promised.
    pub due_on: Option<NaiveDate>,
    /// The day on which it was there.
    pub delivered_on: Option<NaiveDate>,
    /// Where it can be read, https.
    pub url: Option<String>,
}

/// A stretch of a programme (fase).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Texts,
    /// Its first day.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// What it brings forth.
    pub products: Vec<Product>,
}

/// A moment to reach (mijlpaal).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Texts,
    /// The day on which it should be reached.
    pub due_on: Option<NaiveDate>,
    /// The day on which it was.
    pub reached_on: Option<NaiveDate>,
}

/// A programme (programma, traject). It has no lifecycle; its host owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Its id.
    pub id: Uuid,
    /// The organisation that runs it.
    pub host_id: Uuid,
    /// The organisation that asked for it.
    pub commissioner_id: Option<Uuid>,
    /// The organisations that take part.
    pub partners: Vec<Uuid>,
    /// The organisations that answer together for its personal data (GDPR
    /// art. 26).
    pub joint_controllers: Vec<Uuid>,
    /// Its name.
    pub name: Texts,
    /// What it is, in a few lines.
    pub summary: Texts,
    /// Its first day.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// The lines along which it works.
    pub pillars: Vec<Pillar>,
    /// The stretches in which it goes.
    pub phases: Vec<Phase>,
    /// The moments to reach.
    pub milestones: Vec<Milestone>,
}

impl Programme {
    /// Whether an organisation has a part in it: as its host, a partner, a joint
    /// controller or the commissioner. Only theirs hangs under it.
    pub fn involves(&self, organisation: Uuid) -> bool {
        let beside = self.partners.iter().chain(&self.joint_controllers).chain(&self.commissioner_id);
        self.host_id == organisation || beside.into_iter().any(|id| *id == organisation)
    }

    /// What is wrong with it, all at once: `partner.is_host`,
    /// `partner.repeated`, `programme.joint_controller_repeated`,
    /// `period.reversed`, `pillar.number_not_positive`,
    /// `pillar.number_repeated`, `programme.id_repeated`, `link.not_https`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = partner_faults(self.host_id, &self.partners);
        let controllers = &self.joint_controllers;
        faults.extend(Fault::repeated(controllers, "/jointControllers", "programme.joint_controller_repeated"));
        if reversed(self.starts_on, self.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        faults.extend(self.pillar_faults());
        for (index, phase) in self.phases.iter().enumerate() {
            let prefix = format!("/phases/{index}");
            faults.extend(phase.check().into_iter().map(|fault| fault.under(&prefix)));
        }
        let ids = |list: &str, ids: Vec<Uuid>| {
            let again = Fault::repeated(&ids, list, "programme.id_repeated");
            again.into_iter().map(|mut fault| {
                fault.location.push_str("/id");
                fault
            })
        };
        faults.extend(ids("/pillars", self.pillars.iter().map(|pillar| pillar.id).collect()));
        faults.extend(ids("/phases", self.phases.iter().map(|phase| phase.id).collect()));
        faults.extend(ids("/milestones", self.milestones.iter().map(|milestone| milestone.id).collect()));
        faults
    }

    fn pillar_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, pillar) in self.pillars.iter().enumerate() {
            let mut earlier = self.pillars.iter().take(index);
            if pillar.number < 1 {
                faults.push(Fault::body(format!("/pillars/{index}/number"), "pillar.number_not_positive"));
            } else if earlier.any(|other| other.number == pillar.number) {
                faults.push(Fault::body(format!("/pillars/{index}/number"), "pillar.number_repeated"));
            }
        }
        faults
    }

    /// What this one becomes: id and host stay, and language variants that were
    /// left as they were while their default changed are marked stale.
    #[must_use]
    pub fn revised(&self, mut new: Self) -> Self {
        (new.id, new.host_id) = (self.id, self.host_id);
        new.name = self.name.revised(new.name);
        new.summary = self.summary.revised(new.summary);
        let pillars = new.pillars.iter_mut().map(|pillar| (pillar.id, &mut pillar.name));
        let phases = new.phases.iter_mut().map(|phase| (phase.id, &mut phase.name));
        let milestones = new.milestones.iter_mut().map(|milestone| (milestone.id, &mut milestone.name));
        for (id, name) in pillars.chain(phases).chain(milestones) {
            if let Some(old) = self.named(id) {
                *name = old.revised(name.clone());
            }
        }
        for phase in &mut new.phases {
            let Some(old) = self.phases.iter().find(|old| old.id == phase.id) else { continue };
            // Products have no id: each is held against the one in its place.
            for (product, old) in phase.products.iter_mut().zip(&old.products) {
                product.name = old.name.revised(product.name.clone());
            }
        }
        new
    }

    /// The name of the pillar, phase or milestone with this id.
    fn named(&self, id: Uuid) -> Option<&Texts> {
        let pillars = self.pillars.iter().map(|pillar| (pillar.id, &pillar.name));
        let phases = self.phases.iter().map(|phase| (phase.id, &phase.name));
        let milestones = self.milestones.iter().map(|milestone| (milestone.id, &milestone.name));
        pillars.chain(phases).chain(milestones).find(|(known, _)| *known == id).map(|(_, name)| name)
    }

    /// The pillars that the new version no longer has: networks may not stand
    /// under them any more.
    pub fn pillars_left_out(&self, new: &Self) -> Vec<Uuid> {
        let kept = |id: &Uuid| new.pillars.iter().any(|pillar| pillar.id == *id);
        self.pillars.iter().map(|pillar| pillar.id).filter(|id| !kept(id)).collect()
    }
}

impl Phase {
    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if reversed(self.starts_on, self.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        for (index, product) in self.products.iter().enumerate() {
            if product.url.as_deref().is_some_and(|url| !is_https(url)) {
                faults.push(Fault::body(format!("/products/{index}/url"), "link.not_https"));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn pillar(number: i32) -> Pillar {
        let name = Texts::plain("nl", "Medezeggenschap versterken");
        Pillar { id: id(100 + u128::from(number.unsigned_abs())), number, name }
    }

    /// The trajectory of sixteen municipalities.
    fn trajectory() -> Programme {
        let name = |text: &str| Texts::plain("nl", text);
        let product =
            Product { name: name("Plan van aanpak"), due_on: Some(day("2023-12-31")), delivered_on: None, url: None };
        Programme {
            id: id(1),
            host_id: id(2),
            commissioner_id: Some(id(3)),
            partners: (10..26).map(id).collect(),
            joint_controllers: vec![id(2), id(3)],
            name: name("Participatietraject"),
            summary: name("Cliënten- en jongerenparticipatie in de jeugdhulp"),
            starts_on: Some(day("2024-01-01")),
            ends_on: Some(day("2028-12-31")),
            pillars: vec![pillar(1), pillar(2), pillar(3)],
            phases: vec![Phase {
                id: id(200),
                name: name("Ophalen"),
                starts_on: Some(day("2023-06-07")),
                ends_on: None,
                products: vec![product],
            }],
            milestones: vec![Milestone {
                id: id(300),
                name: name("Startconferentie"),
                due_on: Some(day("2023-06-07")),
                reached_on: Some(day("2023-06-07")),
            }],
        }
    }

    #[test]
    fn the_trajectory_is_sound() {
        assert_eq!(trajectory().check(), []);
    }

    #[test]
    fn all_faults_come_at_once() {
        let mut programme = trajectory();
        programme.partners = vec![id(10), id(2), id(10)];
        programme.joint_controllers.push(id(2));
        programme.ends_on = Some(day("2023-12-31"));
        programme.pillars = vec![pillar(1), pillar(0), pillar(1)];
        programme.phases[0].ends_on = Some(day("2023-06-06"));
        programme.phases[0].products[0].url = Some("ftp://example.nl".to_owned());
        let found: Vec<_> = programme.check().into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [
            ("/partners/2", "partner.repeated"),
            ("/partners/1", "partner.is_host"),
            ("/jointControllers/2", "programme.joint_controller_repeated"),
            ("/endsOn", "period.reversed"),
            ("/pillars/1/number", "pillar.number_not_positive"),
            ("/pillars/2/number", "pillar.number_repeated"),
            ("/phases/0/endsOn", "period.reversed"),
            ("/phases/0/products/0/url", "link.not_https"),
            ("/pillars/2/id", "programme.id_repeated"),
        ];
        assert_eq!(found, expected.map(|(location, code)| (location.to_owned(), code)));
    }

    #[test]
    fn variants_left_behind_are_stale() {
        let twice = |text: &str| {
            let variants = [("nl", text), ("en", "Strengthen")].map(|(language, value)| crate::text::Text {
                language: language.to_owned(),
                value: value.to_owned(),
                made_by: crate::text::MadeBy::Human,
                stale: false,
            });
            Texts::new(variants.to_vec()).unwrap()
        };
        let mut old = trajectory();
        old.pillars[0].name = twice("Versterken");
        let mut new = old.clone();
        new.pillars[0].name = twice("Sterker maken");
        new.host_id = id(99);
        let new = old.revised(new);
        assert_eq!(new.host_id, old.host_id);
        assert!(new.pillars[0].name.variants()[1].stale);
        assert!(!old.revised(old.clone()).pillars[0].name.variants()[1].stale);
    }

    #[test]
    fn a_pillar_left_out_is_named() {
        let old = trajectory();
        let mut new = old.clone();
        new.pillars.remove(1);
        assert_eq!(old.pillars_left_out(&new), [id(102)]);
        assert!(new.pillars_left_out(&old).is_empty());
    }
}
