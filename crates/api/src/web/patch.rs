//! JSON Merge Patch (RFC 7396): absent leaves alone, null clears.

use klankbord_domain::Refusal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The content after the patch, of the same type as what creates it, so that
/// one set of rules holds for both.
///
/// # Errors
/// 400 when the patch clears something that is required.
pub fn apply<T: Serialize + DeserializeOwned>(content: &T, patch: &Value) -> Result<T, Refusal> {
    let mut merged = serde_json::to_value(content).unwrap_or_default();
    merge(&mut merged, patch);
    serde_json::from_value(merged).map_err(|_| Refusal::invalid("", "value.required"))
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            fields.remove(name);
        } else {
            merge(fields.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

/// Declares the schema of a patch: that of what creates the thing, with nothing
/// required, null where a field may be cleared, and without what never changes.
macro_rules! patch_of {
    ($(#[$meta:meta])* $name:ident of $create:ty $(, fixed $($fixed:literal),+)?) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let fixed: &[&str] = &[$($($fixed),+)?];
                $crate::web::document::patch_schema(<$create as utoipa::PartialSchema>::schema(), fixed)
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
                <$create as utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
}
pub(crate) use patch_of;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_leaves_null_clears_lists_are_replaced() {
        let mut target = json!({"a": 1, "b": {"c": [1, 2], "d": 3}, "e": 4});
        merge(&mut target, &json!({"a": null, "b": {"c": [9]}, "f": {"g": null, "h": 1}}));
        assert_eq!(target, json!({"b": {"c": [9], "d": 3}, "e": 4, "f": {"h": 1}}));
    }
}
