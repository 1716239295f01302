//! What the words in a file of results mean, in Dutch and in English.

use chrono::{DateTime, SecondsFormat, Utc};
use klankbord_domain::Texts;
use klankbord_domain::consultations::{Consultation, MatrixRow, Question, QuestionKindCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::chart::{Tongue, label};
use crate::web::text::{TextVariant, to_wire};
use crate::web::workbook::{Field, Sheet};

/// The columns of a file, and what each holds.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("questionNumber", "het nummer van de vraag", "the number of the question"),
    ("questionId", "de vraag, als vast kenmerk", "the question, as a stable id"),
    ("question", "wat mensen lazen", "what people read"),
    ("breakdown", "waarnaar is uitgesplitst; all: niet", "by what it is broken down; all: by nothing"),
    ("group", "de groep, als code", "the group, as a code"),
    ("groupName", "de groep, in woorden", "the group, in words"),
    (
        "answer",
        "het antwoord, als code; leeg bij een open vraag",
        "the answer, as a code; empty for a question in one's own words",
    ),
    ("answerLabel", "het antwoord, zoals mensen het lazen", "the answer, as people read it"),
    (
        "count",
        "hoeveel mensen dit antwoord gaven; bij een open vraag: hoeveel iets schreven",
        "how many people gave this answer; in one's own words: how many wrote something",
    ),
    (
        "shareTenths",
        "welk deel van wie antwoordde, in tienden van een procent",
        "which part of those who answered, in tenths of a percent",
    ),
    ("suppressed", "waarom het aantal er niet staat", "why the count isn't there"),
    ("base", "hoeveel mensen van de groep deze vraag beantwoordden", "how many of the group answered this question"),
    ("baseSuppressed", "waarom dat er niet staat", "why that isn't there"),
    ("rowId", "bij een matrix: de rij, als vast kenmerk", "of a matrix: the row, as a stable id"),
    ("rowLabel", "bij een matrix: de rij, zoals mensen die lazen", "of a matrix: the row, as people read it"),
    (
        "total",
        "wat het antwoord in totaal kreeg: punten bij een volgorde, stippen bij verdelen",
        "what the answer got in all: points of options in order, dots that were divided",
    ),
    ("totalSuppressed", "waarom dat er niet staat", "why that isn't there"),
];

/// Why a figure isn't shown.
const REASONS: &[(&str, &str, &str)] = &[
    ("minimum", "minder mensen dan het minimum", "fewer people than the minimum"),
    (
        "complementary",
        "met de andere aantallen zou een aantal onder het minimum te berekenen zijn, hier of elders",
        "with the other figures one under the minimum could be computed, here or elsewhere",
    ),
    (
        "homogeneous",
        "bijna iedereen gaf hetzelfde antwoord op een gevoelige vraag",
        "almost everybody gave the same answer to a sensitive question",
    ),
    ("base", "in het geheel minder mensen dan het minimum", "fewer people than the minimum in all"),
];

/// How it was counted.
const NOTES: &[(&str, &str, &str)] = &[
    (
        "onlyIf",
        "Een vraag die na bepaalde antwoorden werd gesteld telt onder wie hem kreeg, en alleen in het geheel.",
        "A question that was asked after some answers is counted among who was asked it, and only in all.",
    ),
    ("counting", "Eenheid: mensen. Elk mens telt eenmaal.", "Unit: people. Everybody counts once."),
    (
        "rounding",
        "Aantallen zijn niet afgerond. Delen zijn afgerond op tienden van een procent, halven naar boven.",
        "Counts aren't rounded. Shares are rounded to tenths of a percent, halves up.",
    ),
    (
        "multiple_choice",
        "Wie meer antwoorden kon kiezen telt bij elk gekozen antwoord.",
        "Who could choose several answers counts with each that they chose.",
    ),
    (
        "ranking",
        "Bij een volgorde telt wie iets op de eerste plaats zette. Die plaats geeft zoveel punten als er plaatsen zijn, elke volgende een minder.",
        "Of options in order is counted who put one first. That place gives as many points as there are places, each next one less.",
    ),
    (
        "matrix",
        "Van een matrix is elke rij apart geteld. De antwoorden zijn de kolommen. Een rij die iemand openliet staat niet per groep.",
        "Of a matrix each row is counted by itself. The answers are its columns. A row that anybody left open isn't told by group.",
    ),
    ("dots", "Bij stippen telt wie er ten minste een gaf.", "Of dots is counted who gave at least one."),
    (
        "budget",
        "Van een budget dat niet voor alles genoeg is staat niets per groep.",
        "Of a budget that doesn't pay for everything nothing is told by group.",
    ),
    (
        "groups",
        "Een groep van niemand staat er niet in. Gemeenten waarvan er een te klein is staan als hun regio.",
        "A group of nobody isn't in it. Municipalities of which one is too small stand as their region.",
    ),
];

/// A word, and what it means.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodebookWord {
    /// The word.
    #[schema(max_length = 40, example = "minimum")]
    code: &'static str,
    /// What it means, in Dutch.
    #[schema(max_length = 1000, example = "minder mensen dan het minimum")]
    dutch: &'static str,
    /// What it means, in English.
    #[schema(max_length = 1000, example = "fewer people than the minimum")]
    english: &'static str,
}

/// An answer that could be given, or a row about which was asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodebookAnswer {
    /// How it stands in the rows.
    #[schema(max_length = 40, example = "4")]
    code: String,
    /// What people read in Dutch, or where there is no Dutch, in the first language.
    #[schema(max_length = 10100, example = "Ja")]
    dutch: String,
    /// What people read in English, or where there is no English, in the first language.
    #[schema(max_length = 10100, example = "Yes")]
    english: String,
}

/// A question of the file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodebookQuestion {
    /// Its number, from 1.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    number: i64,
    /// The question.
    question_id: Uuid,
    /// How it was answered.
    kind: QuestionKindCode,
    /// What people read.
    #[schema(max_items = 20)]
    prompt: Vec<TextVariant>,
    /// Whether it couldn't be left open.
    required: bool,
    /// Whether it is one that isn't asked lightly.
    sensitive: bool,
    /// What could be answered, in order; of a matrix the columns.
    #[schema(max_items = 1000)]
    answers: Vec<CodebookAnswer>,
    /// Of a matrix what was asked about, in order.
    #[schema(max_items = 20)]
    rows: Vec<CodebookAnswer>,
    #[serde(skip)]
    texts: (String, String),
}

/// What the words of a file mean.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Codebook {
    /// No figure of fewer people is in the file.
    #[schema(minimum = 5, maximum = 1_000_000, example = 5)]
    minimum: i64,
    /// Question by question.
    #[schema(max_items = 100)]
    questions: Vec<CodebookQuestion>,
    /// What each column holds.
    #[schema(max_items = 100)]
    columns: Vec<CodebookWord>,
    /// Why figures aren't shown.
    #[schema(max_items = 100)]
    reasons: Vec<CodebookWord>,
    /// How it was counted and rounded.
    #[schema(max_items = 100)]
    notes: Vec<CodebookWord>,
}

impl Codebook {
    /// That of these results.
    pub(super) fn of(asked: &Consultation, minimum: i64) -> Self {
        let word =
            |(code, dutch, english): &(&'static str, &'static str, &'static str)| CodebookWord { code, dutch, english };
        let words = |all: &[(&'static str, &'static str, &'static str)]| all.iter().map(word).collect();
        Self {
            minimum,
            questions: (1..).zip(&asked.questions).map(|(number, one)| question(number, one)).collect(),
            columns: words(COLUMNS),
            reasons: words(REASONS),
            notes: words(NOTES),
        }
    }
}

fn question(number: i64, question: &Question) -> CodebookQuestion {
    let (dutch, english) = (Tongue::only(false), Tongue::only(true));
    let answer = |picked| {
        let (code, in_dutch) = label(&question.kind, picked, &dutch);
        CodebookAnswer { code, dutch: in_dutch, english: label(&question.kind, picked, &english).1 }
    };
    let row = |row: &MatrixRow| CodebookAnswer {
        code: row.id.to_string(),
        dutch: dutch.pick(&row.label),
        english: english.pick(&row.label),
    };
    let both = |texts: &Texts| (dutch.pick(texts), english.pick(texts));
    CodebookQuestion {
        number,
        question_id: question.id,
        kind: question.kind.code(),
        prompt: to_wire(&question.prompt),
        required: question.required,
        sensitive: question.sensitive,
        answers: question.kind.pickable().into_iter().map(answer).collect(),
        rows: question.kind.rows().iter().map(row).collect(),
        texts: both(&question.prompt),
    }
}

/// The codebook as a sheet of a workbook.
pub(super) fn in_sheet(codebook: &Codebook, taken_at: DateTime<Utc>) -> Sheet {
    let text = |text: &str| Field::Text(text.to_owned());
    let mut rows = vec![
        vec![
            text("snapshot"),
            text(&taken_at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            text("wanneer de uitkomsten zijn vastgelegd"),
            text("when the results were fixed"),
        ],
        vec![
            text("minimum"),
            Field::Number(codebook.minimum),
            text("geen aantal van minder mensen staat erin"),
            text("no figure of fewer people is in it"),
        ],
    ];
    for (kind, words) in [("column", &codebook.columns), ("reason", &codebook.reasons), ("note", &codebook.notes)] {
        rows.extend(words.iter().map(|word| vec![text(kind), text(word.code), text(word.dutch), text(word.english)]));
    }
    for question in &codebook.questions {
        let (dutch, english) = &question.texts;
        rows.push(vec![text("question"), Field::Number(question.number), text(dutch), text(english)]);
        for (kind, words) in [("row", &question.rows), ("answer", &question.answers)] {
            let line = |one: &CodebookAnswer| vec![text(kind), text(&one.code), text(&one.dutch), text(&one.english)];
            rows.extend(words.iter().map(line));
        }
    }
    Sheet { name: "codebook", head: vec!["kind", "code", "dutch", "english"], rows }
}
