//! What is configured for compensation: the ceilings of the volunteer allowance,
//! year by year, and how soon claims are paid where no rate says so.

use klankbord_domain::compensation::Ceiling;
use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

/// Money for who takes part.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Compensation {
    /// Days after which a claim is late, where no rate says so.
    #[validate(range(min = 1, max = 365))]
    pub days_to_payment: i32,
    /// The ceilings of the volunteer allowance, a year each.
    #[validate(nested, custom(function = once_a_year))]
    pub volunteer_ceilings: Vec<VolunteerCeiling>,
}

/// The ceilings of one year. Cents.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct VolunteerCeiling {
    /// The year.
    #[validate(range(min = 2000, max = 2100))]
    pub year: i32,
    /// The norm for an hour.
    #[validate(range(min = 1, max = 100_000))]
    pub hour: i64,
    /// The norm for an hour of somebody under 21.
    #[validate(range(min = 1, max = 100_000))]
    pub hour_under_21: i64,
    /// The most in a month.
    #[validate(range(min = 1, max = 10_000_000))]
    pub month: i64,
    /// The most in the year.
    #[validate(range(min = 1, max = 100_000_000))]
    pub in_year: i64,
}

fn once_a_year(ceilings: &[VolunteerCeiling]) -> Result<(), ValidationError> {
    let mut years: Vec<i32> = ceilings.iter().map(|ceiling| ceiling.year).collect();
    years.sort_unstable();
    let before = years.len();
    years.dedup();
    if years.len() == before { Ok(()) } else { Err(ValidationError::new("a year stands in it twice")) }
}

impl Compensation {
    /// The ceilings as the domain takes them.
    pub(crate) fn ceilings(&self) -> Vec<Ceiling> {
        let ceiling = |one: &VolunteerCeiling| Ceiling {
            year: one.year,
            hour_cents: one.hour,
            young_hour_cents: one.hour_under_21,
            month_cents: one.month,
            year_cents: one.in_year,
        };
        self.volunteer_ceilings.iter().map(ceiling).collect()
    }

    /// Every key with what holds for it.
    pub(crate) fn to_lines(&self) -> Vec<String> {
        let each = self.volunteer_ceilings.iter().map(|one| {
            let VolunteerCeiling { year, hour, hour_under_21, month, in_year } = one;
            format!("compensation.volunteer_ceilings.{year} = {hour}/{hour_under_21} an hour, {month} a month, {in_year} a year (cents)")
        });
        std::iter::once(format!("compensation.days_to_payment = {}", self.days_to_payment)).chain(each).collect()
    }
}
