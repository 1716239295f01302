//! The claim `represents`: honoured for recorded legal representatives alone.

use chrono::TimeDelta;
use klankbord_api::app::Clock as _;
use serde_json::{Value, json};

use super::{claims, signed, with, with_issuer};
use crate::audit::database::Below;
use crate::consultations::world::{bare, sign_in};
use crate::representatives::{Family, person};

with_issuer! {
    /// Whom the token names is acted for, and nobody else, as the record says today.
    async fn a_token_acts_for_whom_it_names_where_that_is_recorded(service, issuer) {
        let family = Family::of(service).await;
        let Family { child, officer, organisation, mother_id, .. } = &family;
        let below = Below::of(service).await;
        let path = format!("/v1/participants/{child}");
        let own = with(&claims(service, issuer, "mother"), json!({"exp": 4_000_000_000_i64}));
        let naming = async |claim: Value| signed(service, issuer, &with(&own, json!({"represents": claim}))).await;
        let acting = naming(json!(child)).await;
        let refused = acting.get(&path).await.expect(403);
        assert_eq!(refused.code(), "access.not_representing");
        let record = family.recorded().await;

        assert_eq!(acting.get(&path).await.expect(200).body["displayName"], "Kind");
        naming(json!({"sub": child, "iss": "urn:uuid"})).await.get(&path).await.expect(200);
        let me = acting.get("/v1/me").await.expect(200);
        assert_eq!((&me.body["actingForId"], &me.body["accountId"]), (&json!(child), &json!(mother_id)));
        let person_id = below.id(child.parse().unwrap());
        let rows = format!("SELECT COUNT(*) FROM audit_rows WHERE action = 'getParticipant' AND acting_for = {person_id}");
        assert_eq!(below.number(&rows).await, 2);
        // What isn't open to representatives isn't open to this token.
        acting.get("/v1/networks").await.expect(403);
        // The header says the same, or nothing; without the claim, the header alone does.
        acting.acting_for(child).get(&path).await.expect(200);
        let brother = person(officer, organisation, crate::representatives::born(2014, 3)).await;
        let list = format!("/v1/participants/{brother}/legal-representatives");
        officer.make(&list, crate::representatives::parent(mother_id)).await;
        acting.acting_for(&brother).get(&path).await.expect(403);
        let herself = signed(service, issuer, &own).await;
        herself.acting_for(&brother).get(&format!("/v1/participants/{brother}")).await.expect(200);
        herself.get(&path).await.expect(404);

        // Somebody whom she doesn't represent, nobody, and what names nobody: all the same.
        let other = person(officer, organisation, Value::Null).await;
        for claim in [json!(other), json!("0197c000-0000-7000-8000-00070000dead"), json!("kind"), json!(""), json!(7),
            json!([child]), json!({"name": child}), json!({"sub": {"sub": child}}), json!(false)] {
            let told = naming(claim.clone()).await.get(&path).await.expect(403);
            assert_eq!(bare(&told), bare(&refused), "{claim}");
        }
        officer.transition(&record, json!({"to": "ended", "reason": "Gezag beëindigd."})).await.expect(201);
        assert_eq!(bare(&acting.get(&path).await.expect(403)), bare(&refused));
        family.recorded().await;
        acting.get(&path).await.expect(200);
        // On the day that the child counts as 16.
        let sixteen = "2028-03-31T22:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        service.clock.advance(sixteen - service.clock.now() - TimeDelta::seconds(1));
        acting.get(&path).await.expect(200);
        service.clock.advance(TimeDelta::seconds(1));
        assert_eq!(bare(&acting.get(&path).await.expect(403)), bare(&refused));
        herself.get("/v1/me").await.expect(200);
        sign_in(service, "officer").await.get(&path).await.expect(200);
    }
}
