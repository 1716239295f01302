//! What a validator finds, in our own words: where, and what kind of fault.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use klankbord_domain::{Fault, FaultIn};
use serde_json::Value;

/// The property that names a tagged union's branch, everywhere in this API.
const TAG: &str = "kind";

/// All faults that a validator finds.
pub(crate) fn of<'a>(errors: impl Iterator<Item = ValidationError<'a>>, place: FaultIn) -> Vec<Fault> {
    let mut faults = Vec::new();
    for error in errors {
        gather(&error, place, &mut faults);
    }
    faults
}

fn gather(error: &ValidationError<'_>, place: FaultIn, faults: &mut Vec<Fault>) {
    let here = error.instance_path().as_str().to_owned();
    let mut push = |location: String, code: &'static str| faults.push(Fault { place, location, code });
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            push(format!("{here}/{}", escaped(name)), "value.required");
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                push(format!("{here}/{}", escaped(name)), "value.unknown_field");
            }
        }
        Kind::OneOfNotValid { context } | Kind::OneOfMultipleValid { context } => {
            in_branch(&here, context, place, faults);
        }
        Kind::AnyOf { context } => any_of(&here, context, place, faults),
        kind => push(here, code(kind)),
    }
}

/// The faults of the branch that the tag names; else the tag itself is the fault.
fn in_branch(here: &str, branches: &[Vec<ValidationError<'static>>], place: FaultIn, faults: &mut Vec<Fault>) {
    let tag = format!("{here}/{TAG}");
    let names_another = |error: &ValidationError<'_>| {
        let by_value = matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. } | Kind::Type { .. });
        let by_absence = matches!(error.kind(), Kind::Required { property } if property.as_str() == Some(TAG));
        (by_value && error.instance_path().as_str() == tag)
            || (by_absence && error.instance_path().as_str() == here)
            || (matches!(error.kind(), Kind::Type { .. }) && error.instance_path().as_str() == here)
    };
    if let Some(branch) = branches.iter().find(|errors| !errors.iter().any(names_another)) {
        return branch.iter().for_each(|error| gather(error, place, faults));
    }
    let first = branches.iter().flatten().find(|error| names_another(error));
    let (location, code) = match first.map(ValidationError::kind) {
        Some(Kind::Required { .. }) => (tag, "value.required"),
        Some(Kind::Type { .. }) if first.is_some_and(|error| error.instance_path().as_str() == here) => {
            (here.to_owned(), "value.type")
        }
        _ => (tag, "value.not_listed"),
    };
    faults.push(Fault { place, location, code });
}

/// A field that may be cleared: the faults of the branch that isn't null.
fn any_of(here: &str, branches: &[Vec<ValidationError<'static>>], place: FaultIn, faults: &mut Vec<Fault>) {
    let not_null = |errors: &&Vec<ValidationError<'static>>| {
        !errors.iter().all(|error| error.instance_path().as_str() == here && matches!(error.kind(), Kind::Type { .. }))
    };
    match branches.iter().find(not_null) {
        Some(branch) => branch.iter().for_each(|error| gather(error, place, faults)),
        None => faults.push(Fault { place, location: here.to_owned(), code: "value.type" }),
    }
}

fn code(kind: &Kind) -> &'static str {
    match kind {
        Kind::Type { .. } => "value.type",
        Kind::Enum { .. } | Kind::Constant { .. } => "value.not_listed",
        Kind::MaxLength { .. } => "value.too_long",
        Kind::MinLength { .. } => "value.too_short",
        Kind::Maximum { .. } | Kind::ExclusiveMaximum { .. } => "value.too_large",
        Kind::Minimum { .. } | Kind::ExclusiveMinimum { .. } => "value.too_small",
        Kind::MaxItems { .. } | Kind::AdditionalItems { .. } | Kind::MaxProperties { .. } => "value.too_many",
        Kind::MinItems { .. } | Kind::MinProperties { .. } => "value.too_few",
        Kind::UniqueItems => "value.repeated",
        Kind::Format { .. } | Kind::Pattern { .. } => "value.format",
        _ => "value.invalid",
    }
}

/// A name as a part of a JSON Pointer (RFC 6901 §3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Faults in a query point at a parameter's name rather than into a body.
pub(crate) fn in_query(faults: Vec<Fault>) -> Vec<Fault> {
    let renamed = faults.into_iter().map(|fault| {
        let name = fault.location.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        let code = if fault.code == "value.unknown_field" { "parameter.unknown" } else { fault.code };
        Fault { place: FaultIn::Query, location: name, code }
    });
    renamed.collect()
}

/// Numbers that arithmetic can't hold are as wrong as those out of limits.
pub(crate) fn parsed(bytes: &[u8]) -> Result<Value, Vec<Fault>> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(vec![Fault::body("", "json.missing")]);
    }
    serde_json::from_slice(bytes).map_err(|_| vec![Fault::body("", "json.malformed")])
}
