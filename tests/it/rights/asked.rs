//! Consultations that are open, and anonymous ones: one that takes answers, one that
//! doesn't any more.

use serde_json::{Value, json};

use super::tenant::Things;
use crate::consultations::world::go;
use crate::support::Client;

/// What of anonymous answers is about the one that is open.
const OPEN: [&str; 4] =
    ["createAnonymousResponse", "createAnonymousResponseWithdrawal", "createBallotCodeBatch", "listBallotCodeBatches"];

/// A consultation that is open.
pub async fn opened(by: &Client, question: Value) -> String {
    let path = format!("/v1/consultations/{}", by.make("/v1/consultations", question).await.id());
    go(by, &path, "open").await.expect(201);
    path
}

/// The same content, going on from the results of another.
pub fn building_on(mut question: Value, other: String) -> Value {
    question["buildsOnId"] = json!(other);
    question
}

/// Makes them of this content, and keeps them.
pub async fn anonymously(by: &Client, question: Value, things: &mut Things) {
    let (open, over) = (opened(by, question.clone()).await, opened(by, question).await);
    go(by, &over, "closed").await.expect(201);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    things.keep_for("consultation", &OPEN, &id(&open));
    things.keep("consultation@listOpenAnswers", id(&over));
}
