//! What a validator finds, in our own words: where, and what kind of fault.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use klankbord_domain::{Fault, FaultIn};
use serde_json::{Number, Value};

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

/// A body as JSON. A whole number is an integer however it is written (JSON
/// Schema 2020-12 §4.2.3: 4.0 is one), so that it decodes as one.
pub(crate) fn parsed(bytes: &[u8]) -> Result<Value, Vec<Fault>> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(vec![Fault::body("", "json.missing")]);
    }
    let value = serde_json::from_slice(bytes).map_err(|_| vec![Fault::body("", "json.malformed")])?;
    Ok(with_whole_numbers(value))
}

fn with_whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => whole(&number).map_or(Value::Number(number), Value::from),
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, with_whole_numbers(field))).collect(),
        other => other,
    }
}

/// A number with a point or an exponent that is whole all the same, and fits.
fn whole(number: &Number) -> Option<i64> {
    let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0)?;
    format!("{float:.0}").parse().ok()
}

/// Where a text holds U+0000: `PostgreSQL` can't keep it, and no text needs it.
pub(crate) fn unkept(value: &Value) -> Vec<Fault> {
    fn gather(value: &Value, here: &str, found: &mut Vec<Fault>) {
        match value {
            Value::String(text) if text.contains('\0') => found.push(Fault::body(here, "value.format")),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| gather(item, &format!("{here}/{index}"), found));
            }
            Value::Object(fields) => fields.iter().for_each(|(name, field)| {
                gather(field, &format!("{here}/{}", escaped(name)), found);
            }),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(value, "", &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        let read = |text: &str| parsed(text.as_bytes()).unwrap();
        assert_eq!(read(r#"{"a": [4.0, 1e1, -0.0, -2.0], "b": 4.5}"#), json!({"a": [4, 10, 0, -2], "b": 4.5}));
        assert!(read("1e300").is_f64(), "what does not fit stays, for its limit to refuse");
    }

    #[test]
    fn a_null_character_is_told_by_its_place() {
        let body = json!({"a/b": [{"c": "x\u{0}"}, "fine"], "d": 1});
        let found: Vec<_> = unkept(&body).into_iter().map(|fault| (fault.location, fault.code)).collect();
        assert_eq!(found, [("/a~1b/0/c".to_owned(), "value.format")]);
    }
}
