//! Which passwords hold, and setting one's own.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{GOOD, sign_in, signed_in, with_password};

on_both! {
    /// Length, and what is guessed; nothing of composition.
    async fn a_weak_password_is_refused(service) {
        let admin = service.admin().await;
        let make = async |password: &str| {
            let mut new = sign_in("zwakke.schakel", password);
            new["displayName"] = json!("Zwakke Schakel");
            admin.post("/v1/accounts", new).await
        };
        for (password, fault) in [
            ("elf tekens.", "/password value.too_short"),
            ("123456789012", "/password password.common"),
            ("Welkom123456", "/password password.common"),
            ("klankbord2026", "/password password.common"),
            ("zwakkeschakel", "/password password.common"),
            ("zwakke.schakel@demo.klankbord.example", "/password password.common"),
        ] {
            assert_eq!(make(password).await.expect(400).faults(), [fault], "{password}");
        }
        let too_long = "zeventien paarden ".repeat(12);
        assert_eq!(make(&too_long).await.expect(400).faults(), ["/password value.too_long"]);
        let long = too_long.chars().take(200).collect::<String>();
        make(&long).await.expect(201);
        // Every character counts.
        let almost = long.chars().take(199).chain(['!']).collect::<String>();
        service.nobody().post("/v1/sessions", sign_in("zwakke.schakel", &almost)).await.expect(401);
        service.nobody().post("/v1/sessions", sign_in("zwakke.schakel", &long)).await.expect(201);
    }

    /// The present password is asked; all other sessions end.
    async fn a_new_password_ends_the_other_sessions(service) {
        let admin = service.admin().await;
        with_password(&admin, "officer").await;
        let (here, there) = (signed_in(service, "officer").await, signed_in(service, "officer").await);
        let next = "paarse olifanten dansen zacht";
        let change = async |body: Value| here.post("/v1/me/password-changes", body).await;
        let asked = change(json!({"password": next})).await.expect(400);
        assert_eq!(asked.faults(), ["/currentPassword value.required"]);
        let wrong = change(json!({"password": next, "currentPassword": "iets anders dan dit"})).await.expect(400);
        assert_eq!(wrong.faults(), ["/currentPassword password.wrong"]);
        let common = change(json!({"password": "Welkom123456", "currentPassword": GOOD})).await.expect(400);
        assert_eq!(common.faults(), ["/password password.common"]);
        there.get("/v1/me").await.expect(200);
        change(json!({"password": next, "currentPassword": GOOD})).await.expect(201);
        here.get("/v1/me").await.expect(200);
        there.get("/v1/me").await.expect(401);
        service.nobody().post("/v1/sessions", sign_in("officer", GOOD)).await.expect(401);
        service.nobody().post("/v1/sessions", sign_in("officer", next)).await.expect(201);
    }

    /// Who came in by a one-time code has no password to show; a quarter of an
    /// hour later somebody else may sit there.
    async fn a_code_lets_one_set_a_password_for_a_while(service) {
        let admin = service.admin().await;
        let (new, _) = service.account(&admin, "new").await;
        let (late, _) = service.account(&admin, "late").await;
        new.post("/v1/me/password-changes", json!({"password": GOOD})).await.expect(201);
        service.nobody().post("/v1/sessions", sign_in("new", GOOD)).await.expect(201);
        service.clock.advance(TimeDelta::minutes(15));
        let refused = late.post("/v1/me/password-changes", json!({"password": GOOD})).await.expect(403);
        assert_eq!(refused.code(), "session.not_recent");
    }

    /// Guessing elsewhere doesn't lock the owner out; guessing at home is limited,
    /// too; an unknown address is answered the same.
    async fn guessing_locks_nobody_else_out(service) {
        let admin = service.admin().await;
        with_password(&admin, "owner").await;
        signed_in(service, "owner").await;
        let guess = |name: &str| sign_in(name, "dit is het vast wel");
        for name in ["owner", "nobody-by-this-name"] {
            for stranger in 2..5 {
                let caller = service.nobody_from(stranger);
                for _ in 0..10_u8 {
                    caller.post("/v1/sessions", guess(name)).await.expect(401);
                }
                let limited = caller.post("/v1/sessions", guess(name)).await.expect(429);
                assert_eq!(limited.code(), "sign_in.too_many_tries");
                assert_eq!(limited.header("retry-after"), "900");
            }
            // Strangers together have used up theirs.
            service.nobody_from(9).post("/v1/sessions", guess(name)).await.expect(429);
        }
        signed_in(service, "owner").await;
        for _ in 0..10_u8 {
            service.nobody().post("/v1/sessions", guess("owner")).await.expect(401);
        }
        service.nobody().post("/v1/sessions", sign_in("owner", GOOD)).await.expect(429);
        service.clock.advance(TimeDelta::minutes(15));
        service.nobody_from(9).post("/v1/sessions", sign_in("owner", GOOD)).await.expect(201);
    }
}
