//! Questions with a number or a day for an answer: whether they are asked well.

use chrono::NaiveDate;

use super::{MOST_OPTIONS, ScaleLabel};
use crate::consultations::Period;
use crate::refusal::Fault;

/// How many values a scale can have at most.
const MOST_VALUES: i64 = 101;

/// What is wrong with a scale.
pub(super) fn check_scale(least: i32, most: i32, labels: &[ScaleLabel]) -> Vec<Fault> {
    let values: Vec<i32> = labels.iter().map(|label| label.value).collect();
    let mut faults = Fault::repeated(&values, "/labels", "question.label_repeated");
    if least >= most {
        faults.push(Fault::body("/most", "question.scale_empty"));
    } else if i64::from(most) - i64::from(least) >= MOST_VALUES {
        faults.push(Fault::body("/most", "question.scale_too_wide"));
    }
    let outside = values.iter().enumerate().filter(|(_, value)| !(least..=most).contains(value));
    faults
        .extend(outside.map(|(index, _)| Fault::body(format!("/labels/{index}/value"), "question.label_out_of_range")));
    faults
}

/// What is wrong with the bands in which numbers are counted.
pub(super) fn check_bands(least: i32, most: i32, bands: &[i32]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if least >= most {
        faults.push(Fault::body("/most", "question.range_empty"));
    }
    if bands.len() < 2 {
        faults.push(Fault::body("/bands", "question.too_few_bands"));
    }
    if bands.len() > MOST_OPTIONS {
        faults.push(Fault::body("/bands", "question.too_many_bands"));
    }
    let at = |index: usize| format!("/bands/{index}");
    if bands.first().is_some_and(|first| *first > least) {
        faults.push(Fault::body(at(0), "question.first_band_above_least"));
    }
    let outside = bands.iter().enumerate().filter(|(_, band)| !(least..=most).contains(band));
    faults.extend(outside.map(|(index, _)| Fault::body(at(index), "question.band_out_of_range")));
    let pairs = bands.iter().zip(bands.iter().skip(1)).enumerate().filter(|(_, (before, band))| band <= before);
    faults.extend(pairs.map(|(index, _)| Fault::body(at(index + 1), "question.band_out_of_order")));
    faults
}

/// What is wrong with days and the periods in which they are counted.
pub(super) fn check_days(earliest: NaiveDate, latest: NaiveDate, counted_by: Period) -> Vec<Fault> {
    if earliest >= latest {
        return vec![Fault::body("/latestOn", "question.range_empty")];
    }
    // One more would be too many already.
    let many = counted_by.between(earliest, latest).nth(MOST_OPTIONS).is_some();
    many.then(|| Fault::body("/latestOn", "question.too_many_periods")).into_iter().collect()
}
