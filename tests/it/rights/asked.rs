//! Consultations that are open, and anonymous ones: one that takes answers, one that
//! doesn't any more.

use serde_json::{Value, json};

use super::things::Things;
use crate::consultations::world::go;
use crate::feedback::nl;
use crate::support::Client;

/// What of anonymous answers is about the one that is open.
const OPEN: [&str; 4] =
    ["createAnonymousResponse", "createAnonymousResponseWithdrawal", "createBallotCodeBatch", "listBallotCodeBatches"];

/// What is about a report-back that is out.
pub const PUBLISHED: &[&str] = &[
    "getReportBack",
    "createReportBackCorrection",
    "listReportBackVersions",
    "createTellingAttempt",
    "listTellingList",
];

/// A consultation that is open.
pub async fn opened(by: &Client, question: Value) -> String {
    let path = format!("/v1/consultations/{}", by.make("/v1/consultations", question).await.id());
    go(by, &path, "open").await.expect(201);
    path
}

/// The same content, going on from the results of another.
pub fn building_on(mut question: Value, other: &str) -> Value {
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

/// One on which people heard back, and one after which they were asked whether they felt
/// heard.
pub async fn told(by: &Client, question: Value, things: &mut Things) {
    for kept in ["createClosingRound", "getClosingRound"] {
        let path = opened(by, question.clone()).await;
        let last = json!({"kind": "final", "heard": nl("Zo wordt het.")});
        by.make(&format!("{path}/report-backs"), last).await;
        go(by, &path, "closed").await.expect(201);
        go(by, &path, "concluded").await.expect(201);
        if kept == "getClosingRound" {
            by.post(&format!("{path}/closing-round"), json!({})).await.expect(201);
        }
        things.keep(&format!("consultation@{kept}"), path.rsplit('/').next().unwrap());
    }
}

/// What of samples is about the draft that asks one.
const SAMPLED: [&str; 3] = ["createConsultationSample", "listConsultationSamples", "createSampleTopUp"];
/// What of links is about the one that is open to whoever has one.
const LINKED: [&str; 3] = ["createConsultationLink", "listConsultationLinks", "deleteConsultationLink"];

/// Makes of this content a draft that asks a sample, with one drawn, and of the other one that
/// is open to whoever has a link, and keeps them.
pub async fn recruited(by: &Client, (named, anonymous): (Value, Value), things: &mut Things) {
    let recruiting = |mut question: Value, how: &str| {
        question["recruitment"] = json!(how);
        question
    };
    let sampled = by.make("/v1/consultations", recruiting(named, "sample")).await.id();
    let drawn = json!({"by": ["channel"], "allocation": "equal", "size": 2});
    by.make(&format!("/v1/consultations/{sampled}/samples"), drawn).await;
    things.keep_for("consultation", &SAMPLED, &sampled);
    let open = opened(by, recruiting(anonymous, "open")).await;
    let link = by.make(&format!("{open}/links"), json!({"name": "Poster"})).await.id();
    things.keep_for("consultation", &LINKED, open.rsplit('/').next().unwrap());
    things.keep("consultationLink", link);
}

/// Gives somebody longer to answer, though not as long as it is open.
pub async fn waits_for(by: &Client, consultation: &str, person: &str) {
    let longer = json!({"participantId": person, "answerDueOn": "2026-12-10", "reason": "Is op vakantie."});
    by.make(&format!("{consultation}/deadline-extensions"), longer).await;
}

/// What is about a draft that shows something.
pub const SHOWING: [&str; 2] = ["createMedium", "deleteMedium"];

/// Adds a piece of sound to it.
pub async fn shows(by: &Client, consultation: &str) -> String {
    let sound = json!({"content": "T2dnUyBzcHJhYWs=", "alternative": nl("Iemand leest de vraag voor.")});
    by.make(&format!("/v1/consultations/{consultation}/media"), sound).await.id()
}

/// Writes down that people talked about it, and what was said.
pub async fn talked(by: &Client, consultation: &str, things: &mut Things) {
    let held = json!({"title": nl("Gesprek"), "method": "dialogue", "heldOn": "2026-11-20",
        "attendance": [{"perspective": "parent", "people": 12}]});
    let session = by.make(&format!("/v1/consultations/{consultation}/input-sessions"), held.clone()).await.id();
    let note = json!({"text": "Eén vast gezicht.", "language": "nl"});
    let note = by.make(&format!("/v1/input-sessions/{session}/notes"), note).await.id();
    let empty = by.make(&format!("/v1/consultations/{consultation}/input-sessions"), held).await.id();
    things.keep("inputSession", session);
    things.keep("inputSession@deleteInputSession", empty);
    things.keep("sessionNote", note);
}

/// What of themes and quotes is about the one that is being coded.
const CODED: [&str; 7] =
    ["listThemes", "createTheme", "createCoding", "listCodings", "getCodingAgreement", "createQuote", "listQuotes"];

/// One that is being coded, with a note and a quote; one of which all is coded; and one that is finished.
pub async fn coded(
    (by, leads, answers): (&Client, &Client, &Client),
    (mut question, mut answer): (Value, Value),
    things: &mut Things,
) {
    let own = question["questions"][0]["id"].as_str().unwrap().to_owned();
    let open = own.replace("000a0000", "000a0001");
    let asked = json!({"id": open, "kind": "open_text", "prompt": nl("Wat moet anders?")});
    question["questions"].as_array_mut().unwrap().push(asked);
    let said = json!({"questionId": open, "kind": "open_text", "text": "Bel terug.", "language": "nl"});
    answer["answers"].as_array_mut().unwrap().push(said);
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(opened(by, question.clone()).await);
    }
    let [coded, whole, finished] = [0, 1, 2].map(|at| all[at].clone());
    let response = answers.make(&format!("{coded}/responses"), answer).await.id();
    let held = json!({"title": nl("Gesprek"), "method": "dialogue", "heldOn": "2026-11-20"});
    let session = leads.make(&format!("{coded}/input-sessions"), held).await.id();
    let note = json!({"text": "Eén vast gezicht.", "language": "nl"});
    let note = leads.make(&format!("/v1/input-sessions/{session}/notes"), note).await.id();
    let theme = async |path: &str| leads.make(&format!("{path}/themes"), json!({"label": nl("Tijd")})).await.id();
    for path in &all {
        go(by, path, "closed").await.expect(201);
    }
    let (first, spare) = (theme(&coded).await, theme(&coded).await);
    for path in [&whole, &finished] {
        theme(path).await;
    }
    let coding = json!({"sessionNoteId": note, "themeIds": [first]});
    things.keep("coding", leads.make(&format!("{coded}/codings"), coding).await.id());
    let quote = json!({"responseId": response, "questionId": open, "text": nl("Bel terug.")});
    things.keep("quote", leads.make(&format!("{coded}/quotes"), quote).await.id());
    leads.make(&format!("{finished}/theme-results"), json!(null)).await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    things.keep_for("consultation", &CODED, &id(&coded));
    things.keep("consultation@createThemeResults", id(&whole));
    things.keep("consultation@getThemeResults", id(&finished));
    things.keep("theme", first);
    things.keep("theme@deleteTheme", spare);
    things.keep("openAnswer", own.replace("000a0000", "000a0002"));
    things.keep_for("question", &["createCoding", "createQuote"], &open);
    things.keep_for("response", &["createCoding", "createQuote"], &response);
}
