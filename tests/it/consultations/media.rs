//! Pictures and sound of consultations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::world::{NOBODY, World, answers, change, go, id};
use crate::feedback::nl;

/// The smallest PNG there is, with what a camera wrote beside it.
fn picture() -> Vec<u8> {
    let chunk = |kind: &[u8], content: &[u8]| {
        let sum = crc32(&[kind, content].concat()).to_be_bytes();
        [&u32::try_from(content.len()).unwrap().to_be_bytes(), kind, content, &sum].concat()
    };
    let head = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), head, chunk(b"tEXt", b"Author\0kanarie"), chunk(b"IDAT", &[1]), chunk(b"IEND", &[])]
        .concat()
}

/// The sum of a PNG's parts (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(sum & 1)))
    };
    !bytes.iter().fold(!0, step)
}

fn shown(content: &[u8]) -> Value {
    json!({"content": STANDARD.encode(content), "alternative": nl("Een huis met een tuin.")})
}

on_both! {
    /// What is shown says in words what it is, and not where it was taken; who is asked sees it, by every way in.
    async fn a_picture_is_seen_by_who_is_asked_and_by_nobody_else(service) {
        let world = World::of(service).await;
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
        new["mode"] = json!("anonymous");
        new["recruitment"] = json!("open");
        new["audience"] = json!({"networkIds": []});
        new["facilitators"] = json!([]);
        new["questions"].as_array_mut().unwrap().pop();
        let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
        let media = format!("{path}/media");
        let made = world.officer.make(&media, shown(&picture())).await;
        assert_eq!((&made.body["kind"], &made.body["form"]), (&json!("picture"), &json!("image/png")));
        assert_eq!(made.body.get("content"), None);
        let medium = format!("{media}/{}", made.id());
        let whole = world.officer.get(&medium).await.expect(200).body;
        let content = STANDARD.decode(whole["content"].as_str().unwrap()).unwrap();
        assert!(content.starts_with(b"\x89PNG") && !String::from_utf8_lossy(&content).contains("kanarie"));
        assert_eq!(json!(content.len()), whole["size"]);
        world.anna.get(&medium).await.expect(404);

        // It belongs to an option of a question, and goes with it.
        let of = |question: &str, option: &str| {
            let mut new = shown(&picture());
            new["questionId"] = json!(question);
            new["optionId"] = json!(option);
            new
        };
        let refused = world.officer.post(&media, of(&id("question", 1), NOBODY)).await.expect(400);
        assert_eq!(refused.faults(), ["/optionId reference.unknown"]);
        let option = world.officer.make(&media, of(&id("question", 1), &id("option", 2))).await.id();
        let read = world.officer.get(&path).await.expect(200).body;
        assert_eq!((read["media"].as_array().unwrap().len(), &read["media"][1]["optionId"]), (2, &json!(id("option", 2))));
        let left: Vec<&Value> = read["questions"].as_array().unwrap().iter().skip(1).collect();
        let changed = change(&world.officer, &path, json!({"questions": left})).await.expect(200);
        assert_eq!(changed.body["media"].as_array().unwrap().len(), 1);
        world.officer.get(&format!("{media}/{option}")).await.expect(404);

        go(&world.officer, &path, "open").await.expect(201);
        assert_eq!(world.manager.get(&medium).await.expect(200).body["content"], whole["content"]);
        let link = world.officer.make(&format!("{path}/links"), json!({"name": "Affiche"})).await;
        let visitor = service.bearer(link.body["token"].as_str().unwrap());
        let own_way = format!("/v1/open-consultation/media/{}", made.id());
        assert_eq!(visitor.get(&own_way).await.expect(200).body["content"], whole["content"]);
        assert_eq!(visitor.get("/v1/open-consultation").await.expect(200).body["media"][0]["id"], json!(made.id()));
        let unknown = visitor.get(&format!("/v1/open-consultation/media/{NOBODY}")).await.expect(404);
        for malformed in ["1", "not-an-id", "%20", "..%2F.."] {
            let told = visitor.get(&format!("/v1/open-consultation/media/{malformed}")).await.expect(404);
            assert_eq!(told.code(), unknown.code());
        }
        assert_eq!(world.officer.delete(&medium).await.expect(409).code(), "medium.fixed");
        world.anna.get(&own_way).await.expect(401);
    }

    /// What is no picture isn't taken, all faults at once; what isn't shown can go.
    async fn what_is_no_picture_is_refused(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let media = format!("{path}/media");
        let page = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let mut wrong = shown(page);
        wrong["alternative"] = json!([{"language": "nl", "value": " "}]);
        let faults = world.officer.post(&media, wrong).await.expect(400).faults();
        assert!(faults.contains(&"/content medium.unknown_type".to_owned()) && faults.len() == 2, "{faults:?}");
        let other = json!({"content": "geen base64!", "alternative": nl("Niets.")});
        let faults = world.officer.post(&media, other).await.expect(400).faults();
        assert!(faults.iter().all(|fault| fault.starts_with("/content")), "{faults:?}");
        let large = shown(&[b"OggS".to_vec(), vec![0; 180_000]].concat());
        let faults = world.officer.post(&media, large).await.expect(400).faults();
        assert!(faults.iter().all(|fault| fault.starts_with("/content")), "{faults:?}");
        world.anna.post(&media, shown(&picture())).await.expect(403);

        let made = world.officer.make(&media, shown(b"OggS speech")).await;
        assert_eq!((&made.body["kind"], &made.body["form"]), (&json!("sound"), &json!("audio/ogg")));
        let medium = format!("{media}/{}", made.id());
        world.anna.delete(&medium).await.expect(403);
        world.officer.delete(&medium).await.expect(204);
        world.officer.get(&medium).await.expect(404);
        let kept = world.officer.make(&media, shown(b"OggS speech")).await.id();
        world.anna.post(&format!("{path}/responses"), answers("internet", 1, 4, None)).await.expect(201);
        assert_eq!(world.anna.get(&format!("{media}/{kept}")).await.expect(200).body["kind"], json!("sound"));
        for late in [world.officer.delete(&format!("{media}/{kept}")).await, world.officer.post(&media, shown(&picture())).await] {
            assert_eq!(late.expect(409).code(), "medium.fixed");
        }
        let made = world.officer.make("/v1/consultations", world.draft()).await;
        let draft = format!("/v1/consultations/{}", made.id());
        world.officer.make(&format!("{draft}/media"), shown(&picture())).await;
        world.officer.delete(&draft).await.expect(204);
    }
}
