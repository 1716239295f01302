//! Results as pictures and tables: for everybody to read, and no more than the results tell.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use reqwest::Method;
use serde_json::{Value, json};

use crate::feedback::nl;
use crate::support::wire::reply;
use crate::support::{Client, Reply};

use super::world::{World, go, id, member, person};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An answer of this kind, in this language.
pub async fn liked(by: &Client, path: &str, (kind, language): (&str, &str)) -> Reply {
    reply(by.request(Method::GET, path).header("Accept", kind).header("Accept-Language", language)).await
}

/// Questions with words that would be more than words elsewhere.
pub fn odd_questions() -> Value {
    let options = json!([
        {"id": id("option", 1), "label": [{"language": "nl", "value": "<script>alert(1)</script> & \"Ja\""}]},
        {"id": id("option", 2), "label": [{"language": "nl", "value": "=HYPERLINK(\"https://example.org\")"},
            {"language": "en", "value": "No"}]}]);
    json!([
        {"id": id("question", 1), "kind": "single_choice", "prompt": nl("Blijft <het> zo?"), "required": true,
            "options": options},
        {"id": id("question", 2), "kind": "scale", "prompt": nl("Hoe goed gaat het?"), "least": 1, "most": 5,
            "labels": [{"value": 1, "label": nl("slecht")}, {"value": 5, "label": nl("goed")}]},
        {"id": id("question", 3), "kind": "open_text", "prompt": nl("Wat moet anders?")},
    ])
}

/// Ten people of twenty-four beside eleven of forty-six, who all answered: five of the ten the second option, and
/// nobody else. Closed; its path.
pub async fn closed(world: &World) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new["questions"] = odd_questions();
    new["breakdowns"] = json!(["age_band"]);
    let mut people = world.others.clone();
    for _ in 0..10 {
        let one = person(&world.officer, &world.organisation, None, Some(2002)).await;
        member(&world.coordinator, &world.network, &one, "client").await;
        people.push(one);
    }
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    for (index, one) in people.iter().enumerate() {
        let mut heard = super::world::answers("phone", if (11..16).contains(&index) { 2 } else { 1 }, 4, None);
        heard["participantId"] = json!(one);
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
    }
    go(&world.officer, &path, "closed").await.expect(201);
    path
}

/// A picture that can be read, also by who doesn't see it.
pub fn accessible(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.tag_name().namespace()), ("svg", Some(SVG)));
    assert_eq!(root.attribute("role"), Some("img"));
    let named = |name: &str| {
        let one = root.children().find(|child| child.tag_name().name() == name).unwrap();
        (one.attribute("id").unwrap().to_owned(), one.text().unwrap().to_owned())
    };
    let ((title_id, title), (said_id, said)) = (named("title"), named("desc"));
    assert_eq!(root.attribute("aria-labelledby"), Some(format!("{title_id} {said_id}").as_str()));
    assert!(!title.trim().is_empty() && !said.trim().is_empty());
    let known = ["svg", "title", "desc", "defs", "pattern", "path", "rect", "text"];
    for one in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(known.contains(&one.tag_name().name()), "{}", one.tag_name().name());
        assert!(!one.attributes().any(|attribute| attribute.name().starts_with("on") || attribute.name() == "href"));
        let fill = one.attribute("fill").filter(|_| one.tag_name().name() == "text");
        assert!(fill.is_none_or(|fill| contrast(fill, "#ffffff") >= 4.5));
    }
    said
}

/// How far two colours lie apart (WCAG 2.2, 1.4.3).
fn contrast(one: &str, other: &str) -> f64 {
    let light = |colour: &str| {
        let part = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn words_of(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|one| one.tag_name().name() == "text").filter_map(|one| one.text());
    texts.collect::<Vec<_>>().join(" ")
}

on_both! {
    /// What people wrote stays text, every bar has its figure, and what is hidden has no length.
    async fn a_picture_says_what_the_results_say(service) {
        let world = World::of(service).await;
        let path = closed(&world).await;
        let chart = |question: u32| format!("{path}/results/{}/chart", id("question", question));
        let drawn = liked(&world.officer, &chart(1), ("image/svg+xml", "nl")).await.expect(200);
        assert_eq!((drawn.header("content-type").as_str(), drawn.header("content-language").as_str()), ("image/svg+xml", "nl"));
        let vary = drawn.headers.get_all("vary").iter().map(|one| one.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(", ");
        assert!(vary.contains("Accept-Language") && vary.split(", ").any(|one| one == "Accept"), "{vary}");
        let said = accessible(&drawn.text);
        assert!(said.contains("<script>alert(1)</script> & \"Ja\": 16 (76,2%)") && said.contains("Antwoordden (n): 21"), "{said}");
        assert!(!drawn.text.contains("<script") && words_of(&drawn.text).contains("<script>alert(1)</script>"));
        let english = liked(&world.officer, &chart(1), ("image/svg+xml", "en")).await.expect(200);
        assert!(accessible(&english.text).contains("No: 5 (23.8%)"));
        assert!(accessible(&liked(&world.officer, &chart(2), ("image/svg+xml", "nl")).await.expect(200).text).contains("1: slecht: 0"));
        // As narrow as a telephone, with letters as large.
        let narrow = liked(&world.officer, &format!("{}?width=320", chart(1)), ("image/svg+xml", "nl")).await.expect(200);
        assert_eq!(accessible(&narrow.text), said);
        assert!(narrow.text.contains("width=\"320\"") && narrow.text.contains("font-size=\"14\""), "{}", narrow.text);
        assert_eq!(world.officer.get(&format!("{}?width=279", chart(1))).await.expect(400).faults(), ["width value.too_small"]);

        // The public sees no five people, and no length from which they'd follow.
        let public = liked(&world.anna, &chart(1), ("image/svg+xml", "nl")).await.expect(200);
        let said = accessible(&public.text);
        assert!(said.contains("niet getoond: een groep van minder dan 10 zou te berekenen zijn") && !said.contains('%'), "{said}");
        let document = roxmltree::Document::parse(&public.text).unwrap();
        let bars: Vec<_> = document.descendants().filter(|one| one.attribute("fill").is_some_and(|fill| fill.starts_with("url"))).collect();
        assert_eq!(bars.iter().map(|bar| bar.attribute("width")).collect::<Vec<_>>(), [Some("36"); 2]);
        let rows = world.anna.get(&chart(1)).await.expect(200).body;
        let results = world.anna.get(&format!("{path}/results")).await.expect(200).body;
        for (bar, option) in rows["parts"][0]["bars"].as_array().unwrap().iter().zip(results["questions"][0]["options"].as_array().unwrap()) {
            assert_eq!((&bar["count"], &bar["code"], bar.get("shareTenths")), (&option["count"], &option["optionId"], option.get("shareTenths")));
        }

        // By group, and as a table.
        let grouped = liked(&world.officer, &format!("{}?by=age_band", chart(1)), ("image/svg+xml", "nl")).await.expect(200);
        let said = accessible(&grouped.text);
        assert!(said.contains("Leeftijd: 21 tot en met 26 jaar; Antwoordden (n): 10") && said.contains("Leeftijd: 27 jaar en ouder"), "{said}");
        let table = liked(&world.officer, &format!("{}?by=age_band", chart(1)), ("text/html", "nl")).await.expect(200);
        assert_eq!(table.header("content-type"), "text/html; charset=utf-8");
        let document = roxmltree::Document::parse(&table.text).unwrap();
        let all = |name: &'static str| document.descendants().filter(move |one| one.tag_name().name() == name);
        assert_eq!(all("caption").next().unwrap().text(), Some("Blijft <het> zo?"));
        assert!(all("th").all(|one| matches!(one.attribute("scope"), Some("col" | "row"))));
        assert_eq!((all("th").filter(|one| one.attribute("scope") == Some("col")).count(), all("td").count()), (3, 6));
        assert!(all("th").any(|one| one.text() == Some("<script>alert(1)</script> & \"Ja\"")));
        let refused = world.officer.get(&format!("{}?by=perspective", chart(1))).await.expect(400);
        assert_eq!(refused.faults(), ["by breakdown.not_declared"]);
        // Words have no bars, and say how many wrote.
        assert!(accessible(&liked(&world.officer, &chart(3), ("image/svg+xml", "nl")).await.expect(200).text).contains("Antwoordden (n): "));
        for unknown in [chart(4), format!("{path}/results/x/chart")] {
            world.officer.get(&unknown).await.expect(404);
        }
        world.admin.get(&chart(1)).await.expect(404);
    }

    async fn there_is_no_picture_before_there_are_results(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let chart = format!("{path}/results/{}/chart", id("question", 1));
        let refused = liked(&world.officer, &chart, ("image/svg+xml", "nl")).await.expect(409);
        assert_eq!(refused.code(), "consultation.results_not_yet");
    }
}

/// The cells of a sheet, row by row.
fn sheet(book: &[u8], name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book.to_vec())).unwrap();
    assert!(book.worksheet_formula(name).unwrap().rows().flatten().all(String::is_empty), "no formula");
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// The file as it came.
async fn file(by: &Client, path: &str, kind: &str) -> Vec<u8> {
    let answer =
        by.request(Method::GET, path).header("Accept", kind).header("Accept-Language", "en").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind));
    answer.bytes().await.unwrap().to_vec()
}

on_both! {
    /// Every figure of the results and no other; words stay words in every program.
    async fn a_file_says_what_the_results_say(service) {
        let world = World::of(service).await;
        let path = closed(&world).await;
        let at = format!("{path}/result-file");
        let told = liked(&world.officer, &at, ("application/json", "en")).await.expect(200).body;
        let results = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!((&told["snapshot"], &told["minimum"]), (&results["snapshot"], &json!(5)));
        let rows = told["rows"].as_array().unwrap();
        let of = |breakdown: &str, group: &str| {
            let here = rows.iter().filter(|row| row["breakdown"] == breakdown && row["group"] == group && row["questionNumber"] == 1);
            here.map(|row| (row["answer"].clone(), row.get("count").cloned(), row.get("base").cloned())).collect::<Vec<_>>()
        };
        let expected = |one: i64, two: i64| vec![(json!(id("option", 1)), Some(json!(one)), Some(json!(one + two))),
            (json!(id("option", 2)), Some(json!(two)), Some(json!(one + two)))];
        assert_eq!((of("all", ""), of("age_band", "age_21_26"), of("age_band", "age_27_up")), (expected(16, 5), expected(5, 5), expected(11, 0)));
        assert_eq!(rows.len(), 3 * (2 + 5 + 1), "for everybody, and for two groups; of nobody none");
        let questions = told["codebook"]["questions"].as_array().unwrap();
        assert_eq!((&questions[1]["answers"][0]["dutch"], &questions[0]["answers"][1]["english"]), (&json!("1: slecht"), &json!("No")));
        let reasons = told["codebook"]["reasons"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Vec<_>>();
        assert_eq!(json!(reasons), json!(["minimum", "complementary", "homogeneous", "base"]));
        let one = liked(&world.officer, &format!("{at}?by=age_band"), ("application/json", "en")).await.expect(200).body;
        assert!(one["rows"].as_array().unwrap().iter().all(|row| row["breakdown"] == "age_band"));

        // The public reads why five people aren't there; as a table, and as a workbook.
        let table = liked(&world.anna, &at, ("text/csv", "nl")).await.expect(200);
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert!(table.text.contains(",\"'=HYPERLINK(\"\"https://example.org\"\")\",,,complementary,21,"), "{}", table.text);
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let book = file(&world.officer, &at, kind).await;
        assert_eq!(file(&world.officer, &at, kind).await, book, "the same each time");
        let figures = sheet(&book, "results");
        assert_eq!(figures.len(), rows.len() + 1);
        assert_eq!((&figures[1][7], &figures[1][8]), (&Data::String("<script>alert(1)</script> & \"Ja\"".to_owned()), &Data::Float(16.0)));
        let dutch = world.officer.request(Method::GET, &at).header("Accept", kind).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(sheet(&dutch, "results")[2][7], Data::String("=HYPERLINK(\"https://example.org\")".to_owned()));
        let codebook = sheet(&book, "codebook");
        assert!(codebook.iter().any(|row| row[0] == Data::String("question".to_owned()) && row[2] == Data::String("Blijft <het> zo?".to_owned())));
        assert!(codebook.iter().any(|row| row[1] == Data::String("complementary".to_owned())));
        world.admin.get(&at).await.expect(404);
    }
}
