//! The document is the product.

use klankbord_api::web::document;

/// The committed document equals the generated one; `UPDATE_OPENAPI=1` blesses it.
#[test]
fn the_committed_document_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
    let generated = document::text();
    #[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the service")]
    let bless = std::env::var("UPDATE_OPENAPI").is_ok_and(|value| value == "1");
    if bless {
        std::fs::write(path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == generated, "openapi/openapi.json is not what the code says: run with UPDATE_OPENAPI=1");
}
