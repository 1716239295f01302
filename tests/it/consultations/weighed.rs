//! Questions that ask to weigh, and matrices, from asking to results.

use serde_json::{Value, json};

use crate::anonymity::world::{anonymous, put_in};
use crate::feedback::nl;

use super::charts::{accessible, liked};
use super::kinds::{asking, others, own, results};
use super::world::{World, change, id, until};

fn options(count: u32) -> Value {
    (1..=count).map(|number| json!({"id": id("option", number), "label": nl(&format!("Keuze {number}"))})).collect()
}

/// A question of this kind about three options, or with what else is its own.
fn question(number: u32, kind: &str, more: &Value) -> Value {
    let mut asked = json!({"id": id("question", number), "kind": kind, "prompt": nl("Wat weegt het zwaarst?"),
        "required": true});
    if kind != "matrix" && kind != "budget" {
        asked["options"] = options(3);
    }
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked
}

fn matrix(number: u32) -> Value {
    let rows = json!([{"id": id("row", 1), "label": nl("Gemeente")}, {"id": id("row", 2), "label": nl("Buurt")}]);
    question(number, "matrix", &json!({"rows": rows, "columns": options(2)}))
}

/// Ten, twenty and thirty thousand euros, of which thirty can be spent.
fn budget(number: u32) -> Value {
    let mut paid = options(3);
    for (at, cost) in [10_000, 20_000, 30_000].into_iter().enumerate() {
        paid[at]["cost"] = json!(cost);
    }
    question(number, "budget", &json!({"options": paid, "budget": 30_000, "unit": "euro"}))
}

fn chosen(kind: &str, number: u32, options: &[u32]) -> Value {
    let ids: Vec<String> = options.iter().map(|option| id("option", *option)).collect();
    json!({"questionId": id("question", number), "kind": kind, "optionIds": ids})
}

fn rows(number: u32, columns: &[u32]) -> Value {
    let row = |(at, column): (u32, &u32)| json!({"rowId": id("row", at), "optionId": id("option", *column)});
    let rows: Vec<Value> = (1..).zip(columns).map(row).collect();
    json!({"questionId": id("question", number), "kind": "matrix", "rows": rows})
}

fn dots(number: u32, dots: &[u32]) -> Value {
    let given = (1..).zip(dots).filter(|(_, dots)| **dots > 0);
    let given: Vec<Value> = given.map(|(at, dots)| json!({"optionId": id("option", at), "dots": dots})).collect();
    json!({"questionId": id("question", number), "kind": "dots", "dots": given})
}

/// A field of each option of a question's results.
fn each(told: &Value, field: &str, part: &str) -> Vec<Value> {
    told["options"].as_array().unwrap().iter().map(|option| option[field][part].clone()).collect()
}

on_both! {
    /// Counted by who comes first; the points of all places stand there where no order of few follows from them.
    async fn options_are_put_in_order(service) {
        let world = World::of(service).await;
        let path = asking(&world, "confidential", json!([question(1, "ranking", &json!({}))])).await;
        let refused = own(&world, &path, &[chosen("ranking", 1, &[1, 1])]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/optionIds answer.too_few_options",
            "/answers/0/optionIds/1 answer.option_repeated"]);
        let given = chosen("ranking", 1, &[1, 2, 3]);
        let response = own(&world, &path, std::slice::from_ref(&given)).await.expect(201).id();
        let kept = world.anna.get(&format!("/v1/responses/{response}")).await.expect(200);
        assert_eq!(kept.body["answers"], json!([given]));
        others(&world, &path, |at| vec![chosen("ranking", 1, if at < 5 { &[1, 2, 3] } else { &[2, 1, 3] })]).await;
        let told = results(&world, &path).await["questions"][0].clone();
        assert_eq!((each(&told, "count", "figure"), each(&told, "total", "figure")),
            (vec![json!(6), json!(6), json!(0)], vec![json!(30), json!(30), json!(12)]));
        let public = world.anna.get(&format!("{path}/results")).await.expect(200).body["questions"][0].clone();
        assert_eq!(each(&public, "total", "suppressed"), ["complementary"; 3]);
        let chart = format!("{path}/results/{}/chart", id("question", 1));
        let said = accessible(&liked(&world.officer, &chart, ("image/svg+xml", "nl")).await.expect(200).text);
        assert!(said.contains("Hoeveel mensen dit op de eerste plaats zetten.") && said.contains("30 punten"), "{said}");
        let rows = world.officer.get(&format!("{path}/result-file")).await.expect(200).body["rows"].clone();
        assert_eq!((&rows[2]["count"], &rows[2]["total"]), (&json!(0), &json!(12)));
    }

    /// One who puts them in an order of their own takes the points of all away.
    async fn an_order_of_one_follows_from_nothing(service) {
        let world = World::of(service).await;
        let path = asking(&world, "confidential", json!([question(1, "ranking", &json!({}))])).await;
        own(&world, &path, &[chosen("ranking", 1, &[1, 3, 2])]).await.expect(201);
        others(&world, &path, |at| vec![chosen("ranking", 1, if at < 5 { &[1, 2, 3] } else { &[2, 1, 3] })]).await;
        let told = results(&world, &path).await["questions"][0].clone();
        assert_eq!((each(&told, "count", "figure"), each(&told, "total", "suppressed")),
            (vec![json!(6), json!(6), json!(0)], vec![json!("complementary"); 3]));
    }

    /// Each row is a choice of its own, in results, pictures and files.
    async fn each_row_of_a_matrix_is_counted_by_itself(service) {
        let world = World::of(service).await;
        let path = asking(&world, "confidential", json!([matrix(1)])).await;
        let read = world.anna.get(&path).await.expect(200).body["questions"][0].clone();
        assert_eq!((&read["rows"][1]["id"], &read["columns"][1]["id"]), (&json!(id("row", 2)), &json!(id("option", 2))));
        let refused = own(&world, &path, &[rows(1, &[1])]).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/0/rows/1 answer.required_missing"]);
        let mut twice = rows(1, &[1, 3]);
        twice["rows"][1]["rowId"] = json!(id("row", 1));
        let refused = own(&world, &path, &[twice]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/rows/1/optionId answer.option_unknown",
            "/answers/0/rows/1/rowId answer.row_repeated", "/questions/0/rows/1 answer.required_missing"]);
        let response = own(&world, &path, &[rows(1, &[1, 2])]).await.expect(201).id();
        let kept = world.anna.get(&format!("/v1/responses/{response}")).await.expect(200);
        assert_eq!(kept.body["answers"], json!([rows(1, &[1, 2])]));
        others(&world, &path, |at| vec![rows(1, if at < 5 { &[1, 2] } else { &[2, 2] })]).await;
        let told = results(&world, &path).await["questions"].clone();
        let row = |at: usize| (told[at]["rowId"].clone(), told[at]["rowLabel"][0]["value"].clone(), each(&told[at], "count", "figure"));
        assert_eq!(row(0), (json!(id("row", 1)), json!("Gemeente"), vec![json!(6), json!(6)]));
        assert_eq!(row(1), (json!(id("row", 2)), json!("Buurt"), vec![json!(0), json!(12)]));
        let chart = format!("{path}/results/{}/chart", id("question", 1));
        let said = accessible(&liked(&world.officer, &chart, ("image/svg+xml", "nl")).await.expect(200).text);
        assert!(said.contains("Gemeente; Antwoordden (n): 12; Keuze 1: 6 (50,0%)"), "{said}");
        let file = world.officer.get(&format!("{path}/result-file")).await.expect(200).body;
        let lines = file["rows"].as_array().unwrap().iter().map(|row| (row["rowLabel"].clone(), row["count"].clone()));
        assert_eq!(lines.collect::<Vec<_>>(), [("Gemeente", 6), ("Gemeente", 6), ("Buurt", 0), ("Buurt", 12)]
            .map(|(row, count)| (json!(row), json!(count))));
        assert_eq!(file["codebook"]["questions"][0]["rows"][1]["dutch"], "Buurt");
    }

    async fn dots_are_divided(service) {
        let world = World::of(service).await;
        let asked = question(1, "dots", &json!({"dots": 3, "mostEach": 2, "useAll": true}));
        let path = asking(&world, "confidential", json!([asked])).await;
        let refused = own(&world, &path, &[dots(1, &[3, 1])]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/dots answer.too_many_dots", "/answers/0/dots/0/dots answer.dots_out_of_range"]);
        let refused = own(&world, &path, &[dots(1, &[1, 1])]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/dots answer.dots_left"]);
        let response = own(&world, &path, &[dots(1, &[2, 1])]).await.expect(201).id();
        let kept = world.anna.get(&format!("/v1/responses/{response}")).await.expect(200);
        assert_eq!(kept.body["answers"], json!([dots(1, &[2, 1])]));
        others(&world, &path, |at| vec![dots(1, if at < 5 { &[2, 1] } else { &[1, 2] })]).await;
        let told = results(&world, &path).await["questions"][0].clone();
        assert_eq!((each(&told, "count", "figure"), each(&told, "total", "figure")),
            (vec![json!(12), json!(12), json!(0)], vec![json!(18), json!(18), json!(0)]));
    }

    /// Shown where nobody left anything over; one who could have paid more hides all of it.
    async fn a_budget_is_spent(service) {
        let world = World::of(service).await;
        let path = asking(&world, "confidential", json!([budget(1)])).await;
        let refused = own(&world, &path, &[chosen("budget", 1, &[1, 3])]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/optionIds answer.over_budget"]);
        own(&world, &path, &[chosen("budget", 1, &[1, 2])]).await.expect(201);
        others(&world, &path, |at| vec![chosen("budget", 1, if at < 5 { &[1, 2] } else { &[3] })]).await;
        let told = results(&world, &path).await["questions"][0].clone();
        assert_eq!(each(&told, "count", "figure"), [json!(6), json!(6), json!(6)]);
        assert!(told["options"][0].get("total").is_none());

        let path = asking(&world, "confidential", json!([budget(1)])).await;
        own(&world, &path, &[chosen("budget", 1, &[1])]).await.expect(201);
        others(&world, &path, |at| vec![chosen("budget", 1, if at < 5 { &[1, 2] } else { &[3] })]).await;
        let told = results(&world, &path).await["questions"][0].clone();
        assert_eq!(each(&told, "count", "suppressed"), ["complementary"; 3]);
    }

    /// Whatever is wrong with such questions is said at once, and once somebody answered nothing of them changes.
    async fn what_is_weighed_is_asked_well(service) {
        let world = World::of(service).await;
        let mut wrong = world.draft();
        let row = json!({"id": id("row", 1), "label": nl("Gemeente")});
        wrong["questions"] = json!([question(1, "ranking", &json!({"most": 4})),
            question(2, "matrix", &json!({"rows": [row, row], "columns": options(2)})),
            question(3, "dots", &json!({"dots": 6, "mostEach": 2}))]);
        let refused = world.officer.post("/v1/consultations", wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/0/most question.most_out_of_range",
            "/questions/1/rows/1 question.row_repeated", "/questions/2/dots question.dots_out_of_range"]);
        let path = asking(&world, "confidential", json!([matrix(1), budget(2)])).await;
        own(&world, &path, &[rows(1, &[1, 2]), chosen("budget", 2, &[3])]).await.expect(201);
        let (mut turned, mut cheaper) = (matrix(1), budget(2));
        turned["rows"].as_array_mut().unwrap().reverse();
        cheaper["options"][0]["cost"] = json!(5000);
        let fixed = change(&world.officer, &path, json!({"questions": [turned, cheaper]})).await.expect(400);
        assert_eq!(fixed.faults(), ["/questions/0 question.fixed", "/questions/1 question.fixed"]);
    }

    /// In a ballot they stand like any other answers, and are counted after sealing.
    async fn what_is_weighed_stands_in_a_ballot(service) {
        let world = World::of(service).await;
        let asked = json!([question(1, "ranking", &json!({"most": 2})), matrix(2), question(3, "dots", &json!({"dots": 5})), budget(4)]);
        let path = asking(&world, "anonymous", asked).await;
        let mut ballot = anonymous("internet", (1, 4), None, 1);
        ballot["answers"] = json!([chosen("ranking", 1, &[3, 1]), rows(2, &[2, 1]), dots(3, &[1, 0, 3]), chosen("budget", 4, &[2])]);
        put_in(&world.anna, &path, ballot).await.expect(201);
        until(service, "2026-12-16T09:00:00Z");
        service.round().await;
        let officer = super::world::sign_in(service, "officer").await;
        let told = officer.get(&format!("{path}/results")).await.expect(200).body["questions"].clone();
        assert_eq!(told.as_array().unwrap().iter().map(|one| one["suppressed"].clone()).collect::<Vec<_>>(), ["base"; 5]);
    }
}
