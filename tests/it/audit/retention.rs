//! What was kept long enough goes, from the front of each chain, and the rest
//! is verified from where it was cut.

use chrono::TimeDelta;
use klankbord_domain::policy::{Access, Caller, Rule};
use klankbord_persistence::Act;
use serde_json::json;
use uuid::Uuid;

use super::database::{Below, findings};
use crate::support::Service;

on_both! {
    /// The demo tells of years: of those some are over when two more have passed.
    async fn old_rows_go_and_leave_a_checkpoint(service) {
        service.running.app.load_demo().await.unwrap();
        service.running.app.link_audit().await.unwrap();
        assert_eq!(findings(service).await, []);
        let below = Below::of(service).await;
        let all = below.number("SELECT COUNT(*) FROM audit_rows").await;
        service.clock.advance(TimeDelta::days(730));
        service.round().await;
        let left = below.number("SELECT COUNT(*) FROM audit_rows").await;
        let cut = below.number("SELECT COUNT(*) FROM audit_checkpoints").await;
        assert!(cut > 0 && left < all && left > 500, "{all} rows, {left} left, {cut} checkpoints");
        let orphans = "SELECT COUNT(*) FROM audit_subjects WHERE audit_id NOT IN (SELECT id FROM audit_rows)";
        assert_eq!(below.number(orphans).await, 0);
        assert_eq!(findings(service).await, []);
        eprintln!("{:?}: {all} rows, {left} left, {cut} checkpoints", service.on);

        // Nothing more to cut on the same day; the chains go on.
        service.round().await;
        assert_eq!(below.number("SELECT COUNT(*) FROM audit_checkpoints").await, cut);
        let admin = service.demo("admin").await;
        admin.make("/v1/regions", json!({"kind": "youth_region", "name": "Later"})).await;
        service.running.app.link_audit().await.unwrap();
        assert_eq!(findings(service).await, []);

        // What is kept can't go, nor can a checkpoint; one that somebody made up is found.
        for statement in ["DELETE FROM audit_rows", "DELETE FROM audit_links", "DELETE FROM audit_checkpoints"] {
            below.attempt(statement).await.unwrap_err();
        }
        below.attempt("UPDATE audit_checkpoints SET seq = seq + 1").await.unwrap_err();
        assert_eq!(findings(service).await, []);
        below.run("INSERT INTO audit_checkpoints SELECT organisation_id, seq + 3, hash, made_at, mac FROM audit_checkpoints").await;
        let forged = findings(service).await;
        assert!(forged.iter().any(|one| one.what.contains("checkpoint")), "{forged:?}");
    }

    /// Also a chain that was cut whole goes on from its checkpoint.
    async fn a_chain_that_was_cut_whole_goes_on(service) {
        let admin = service.admin().await;
        service.organisation(&admin, "school", "Hier").await;
        service.running.app.link_audit().await.unwrap();
        let below = Below::of(service).await;
        service.clock.advance(TimeDelta::days(8 * 366));
        service.round().await;
        assert_eq!(below.number("SELECT COUNT(*) FROM audit_rows").await, 0);
        assert_eq!(findings(service).await, []);
        stranger(service).await;
        service.running.app.link_audit().await.unwrap();
        assert_eq!(findings(service).await, []);
        assert!(below.number("SELECT COUNT(*) FROM audit_links").await > 0);
        assert_eq!(below.number("SELECT COUNT(*) FROM audit_links WHERE seq = 1").await, 0);
    }
}

/// A first row after years, when no session holds any longer.
async fn stranger(service: &Service) {
    let act = Act {
        rule: Rule::new("lookAround", Access::SignedIn),
        caller: Caller::default(),
        origin: "test".to_owned(),
        request_id: "a-request".to_owned(),
        now: service.running.app.now(),
        ids: service.running.app.ids.clone(),
        repeat: None,
        if_match: None,
    };
    let work = service.running.app.store.write(act, (), |tx, ()| {
        Box::pin(async move {
            tx.touches(None, "session", Uuid::from_u128(1));
            Ok(())
        })
    });
    work.await.unwrap();
}
