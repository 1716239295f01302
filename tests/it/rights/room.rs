//! A council's room: its own people, what they ask each other, and what they keep.

use serde_json::json;

use super::asked::{self, opened};
use super::money::kept;
use super::tenant::{Founder, of};
use crate::consultations::world::{activate, go, id};
use crate::feedback::{brought, grant, sent};

/// A council at work with one thing of each kind, and one that is still a draft.
pub async fn furnish(founder: &mut Founder<'_>) {
    let council = founder.network("client_council").await;
    let draft = founder.network("client_council").await;
    founder.appointed("chair", ("manager", "chair"), &council).await;
    let chair = founder.tenant.people["chair"].clone();
    grant(founder.tenant.by("manager"), &chair.account, "chair", &draft).await;
    activate(&chair.client, &council).await;
    founder.appointed("secretary", ("chair", "secretary"), &council).await;
    founder.appointed("supporter", ("chair", "supporter"), &council).await;
    let spare = founder.tenant.account("spare");
    let body = json!({"accountId": spare, "role": "observer", "scopeId": council, "reason": "Kijkt mee."});
    let granted = chair.client.make("/v1/grants", body).await.id();
    let asked = founder.asked_to(&chair.client, ("moderator", &council)).await;
    founder.tenant.room.keep("roleInvitation", asked);
    let at = ("chair", council.as_str());
    let (participant, membership) = founder.takes_part("councillor", 1975, at).await;
    founder.takes_part("second-councillor", 1975, at).await;
    founder.tenant.room.keep("network", &council);
    let drafts = ["createNetworkTransition", "deleteNetwork", "getNetwork/draft"];
    founder.tenant.room.keep_for("network", &drafts, &draft);
    founder.tenant.room.keep("grant", granted);
    founder.tenant.room.keep("participant", participant);
    founder.tenant.room.keep("membership", &membership);
    let claims = founder.claimed("chair", Some(&council), ("councillor", &membership)).await;
    kept(&mut founder.tenant.room, claims);
    let agreed = founder.agreed("chair", &membership).await;
    founder.tenant.room.keep("agreement", agreed);
    let [campaign, batch] = founder.sought("chair", &council).await;
    founder.tenant.room.keep("recruitmentCampaign", campaign);
    founder.tenant.room.keep("recruitmentBatch", batch);
    asks(founder, &council).await;
    hears(founder, &council).await;
}

/// What it asks its members.
async fn asks(founder: &mut Founder<'_>, council: &str) {
    let chair = founder.tenant.people["chair"].clone();
    let question = |mode: &str| founder.question(mode, council, &[&chair.account]);
    let told = question("named");
    let draft = chair.client.make("/v1/consultations", question("named")).await.id();
    let over = opened(&chair.client, question("named")).await;
    go(&chair.client, &over, "closed").await.expect(201);
    let named = opened(&chair.client, question("named")).await;
    let confidential = opened(&chair.client, question("confidential")).await;
    let [shown, in_draft] = [asked::shows(&chair.client, &of(&named)).await, asked::shows(&chair.client, &draft).await];
    let councillor = founder.tenant.by("councillor").clone();
    let (again, answer) = (question("named"), founder.answer());
    let given = councillor.make(&format!("{named}/responses"), founder.answer()).await.id();
    let in_confidence = councillor.make(&format!("{confidential}/responses"), founder.answer()).await.id();
    let (published, back) = founder.told(&chair.client, &named).await;
    let kiosk = chair.client.make(&format!("{named}/kiosks"), json!({"name": "Tablet"})).await.id();
    let number = founder.number;
    let recruited = (question("named"), question("anonymous"));
    let asked = founder.tenant.room.of("participant", "").unwrap().to_owned();
    asked::waits_for(&chair.client, &named, &asked).await;
    let room = &mut founder.tenant.room;
    asked::talked(&chair.client, &of(&named), room).await;
    asked::recruited(&chair.client, recruited, room).await;
    room.keep("question", id("question", number));
    room.keep("option", id("option", number));
    room.keep("row", id("row", number));
    room.keep("consultation", of(&named));
    let drafts = ["updateConsultation", "createConsultationTransition", "deleteConsultation", "getConsultation/draft"];
    room.keep_for("consultation", &drafts, &draft);
    room.keep_for("consultation", &asked::SHOWING, &draft);
    room.keep("medium", shown);
    room.keep("medium@deleteMedium", in_draft);
    room.keep("consultation@getConsultationResults", of(&over));
    room.keep("consultation@listResultSnapshots", of(&over));
    room.keep("consultation@listResponses/confidential", of(&confidential));
    room.keep("response", given);
    room.keep("response@getResponse/confidential", in_confidence);
    room.keep("kiosk", kiosk);
    room.keep("reportBackTheme", id("reportBackTheme", number));
    room.keep_for("reportBack", asked::PUBLISHED, &published);
    room.keep("reportBack@getReportBack/draft", &back);
    room.keep("reportBack", back);
    asked::told(&chair.client, told, room).await;
    asked::coded((&chair.client, &chair.client, &councillor), (again, answer), room).await;
}

/// What its members bring to it.
async fn hears(founder: &mut Founder<'_>, council: &str) {
    let to = json!({"kind": "network", "id": council});
    let (councillor, second) = (founder.tenant.by("councillor"), founder.tenant.by("second-councillor"));
    let idea = sent(second, brought(&to, "idea", "Een leeskring")).await;
    let support = councillor.make(&format!("{idea}/supports"), json!({})).await.id();
    let question = sent(councillor, brought(&to, "question", "Wanneer?")).await;
    let draft = councillor.make("/v1/feedback", brought(&to, "idea", "Nog een leeskring")).await.id();
    // What the council as such tells its host.
    let host = json!({"kind": "organisation", "id": founder.tenant.organisation});
    let mut told = brought(&host, "question", "Hoe staat het met de keuken?");
    told["author"] = to;
    let told = sent(founder.tenant.by("chair"), told).await;
    let room = &mut founder.tenant.room;
    room.keep("feedback", of(&idea));
    room.keep("feedback@getFeedback/sent", of(&told));
    room.keep("support", support);
    room.keep_for("feedback", &["getFeedback/private", "createOfficialResponse/private"], &of(&question));
    room.keep_for("feedback", &["updateFeedback", "deleteFeedback", "getFeedback/draft"], &draft);
}
