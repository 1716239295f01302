//! The committed document, read piece by piece: as one value it would take many
//! times its size, at every start, for operations that are seldom called.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::COMMITTED;
use super::base::TOKEN_URL;

type Pieces = BTreeMap<&'static str, &'static RawValue>;

/// The committed document, its pieces as text.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Published {
    info: Info,
    servers: &'static RawValue,
    /// Operations, by path and method.
    pub paths: BTreeMap<&'static str, Pieces>,
    components: Components,
}

#[derive(Deserialize)]
struct Info {
    version: String,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Components {
    schemas: Pieces,
}

/// The named schemas.
pub struct Schemas(Pieces);

impl Published {
    /// Reads the committed document.
    ///
    /// # Errors
    /// When it is none.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(COMMITTED)
    }

    /// `info.version`.
    pub fn version(&self) -> &str {
        &self.info.version
    }

    /// The document for who reads it here: paths are this installation's,
    /// whatever its host; tokens come from `token_path`.
    pub fn served(&self, token_path: &str) -> String {
        let here = json!([{ "url": "/v1", "description": "This installation" }]).to_string();
        let served = COMMITTED.replacen(self.servers.get(), &here, 1);
        served.replacen(&format!("\"tokenUrl\": \"{TOKEN_URL}\""), &format!("\"tokenUrl\": \"{token_path}\""), 1)
    }

    /// Its named schemas.
    pub fn into_schemas(self) -> Schemas {
        Schemas(self.components.schemas)
    }
}

impl Schemas {
    /// A schema with the components that it leads to.
    pub fn standing_alone(&self, schema: Value) -> Value {
        let mut needed: BTreeMap<String, Value> = BTreeMap::new();
        let mut waiting = references(&schema);
        while let Some(name) = waiting.pop() {
            if needed.contains_key(&name) {
                continue;
            }
            let found = self.0.get(name.as_str()).map(|text| parsed(text)).unwrap_or_default();
            waiting.extend(references(&found));
            needed.insert(name, found);
        }
        let mut whole = match schema {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        whole.insert("components".to_owned(), json!({ "schemas": needed }));
        Value::Object(whole)
    }
}

/// A piece as a value.
pub fn parsed(piece: &RawValue) -> Value {
    serde_json::from_str(piece.get()).unwrap_or_default()
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(fields) => {
            let mut found: Vec<String> = fields.values().flat_map(references).collect();
            let own = fields.get("$ref").and_then(Value::as_str);
            found.extend(own.and_then(|path| path.strip_prefix("#/components/schemas/")).map(str::to_owned));
            found
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_it_is_served_from_changes() {
        let published = Published::read().unwrap();
        let served: Value = serde_json::from_str(&published.served("/oauth/token")).unwrap();
        let mut committed: Value = serde_json::from_str(COMMITTED).unwrap();
        assert_eq!(served["info"]["version"], published.version());
        assert_eq!(served["servers"][0]["url"], "/v1");
        let token_url = "/components/securitySchemes/oauth2/flows/clientCredentials/tokenUrl";
        assert_eq!(served.pointer(token_url).unwrap(), "/oauth/token");
        committed["servers"] = served["servers"].clone();
        *committed.pointer_mut(token_url).unwrap() = json!("/oauth/token");
        assert_eq!(served, committed);
    }
}
