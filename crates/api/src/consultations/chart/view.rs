//! What pictures, tables and files are drawn from: rows of a label and a protected count. It is made from the
//! results that the same caller reads, and holds nothing else.

use klankbord_domain::Cell;
use klankbord_domain::consultations::{
    BrokenDown, GroupValue, Period, Picked, Question, QuestionKind, QuestionResults, Results,
};
use uuid::Uuid;

use super::super::result_groups::{Names, share};
use super::words::Tongue;

/// One thing that could be answered, and how many did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::consultations) struct Bar {
    /// A stable word for it: an id, a value.
    pub(in crate::consultations) code: String,
    /// What people read.
    pub(in crate::consultations) label: String,
    /// How many.
    pub(in crate::consultations) count: Cell,
    /// Which part of those who answered, in tenths of a percent.
    pub(in crate::consultations) share_tenths: Option<i64>,
    /// What it got in all: points of its places, or dots.
    pub(in crate::consultations) total: Option<Cell>,
}

/// What everybody answered, or one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::consultations) struct Part {
    /// Which group: what tells it apart, as codes; nothing of everybody.
    pub(in crate::consultations) values: Vec<(String, String)>,
    /// Which group, in words; nothing of everybody.
    pub(in crate::consultations) group: Option<String>,
    /// Of a matrix which row, and what people read before it.
    pub(in crate::consultations) row: Option<(Uuid, String)>,
    /// How many answered.
    pub(in crate::consultations) base: Cell,
    /// Answer by answer, in the question's order.
    pub(in crate::consultations) bars: Vec<Bar>,
    /// The mean of a scale, in hundredths.
    pub(in crate::consultations) mean_hundredths: Option<i64>,
}

/// One question's results in words and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::consultations) struct View {
    /// The question.
    pub(in crate::consultations) id: Uuid,
    /// What people read.
    pub(in crate::consultations) title: String,
    /// What is counted, where it isn't how many chose something, and what is added up.
    pub(in crate::consultations) counted: Option<(&'static str, &'static str)>,
    /// No figure of fewer is in it. Persons.
    pub(in crate::consultations) minimum: i64,
    /// Everybody, or group by group.
    pub(in crate::consultations) parts: Vec<Part>,
}

/// In which words, and to whom.
pub(in crate::consultations) struct Telling<'a> {
    /// The words.
    pub(in crate::consultations) tongue: &'a Tongue,
    /// What people call regions and organisations.
    pub(in crate::consultations) names: &'a Names,
    /// No figure of fewer. Persons.
    pub(in crate::consultations) minimum: i64,
}

impl Telling<'_> {
    /// What everybody answered to a question.
    pub(in crate::consultations) fn whole(&self, question: &Question, shown: &Results) -> View {
        let told = shown.questions.iter().filter(|one| one.question_id == question.id);
        self.view(question, told.map(|told| self.part(question, told)).collect())
    }

    /// What each group answered to it; a group that is known to be of nobody is left out.
    pub(in crate::consultations) fn by_group(&self, question: &Question, table: &BrokenDown) -> View {
        let groups = table.groups.iter().filter(|group| group.people != Cell::Shown(0));
        let parts = |group: &klankbord_domain::consultations::GroupResults| {
            let pairs: Vec<_> = table.by.iter().zip(&group.values).collect();
            let values: Vec<_> = pairs.iter().map(|(by, value)| (by.code().to_owned(), value.value.clone())).collect();
            let named = pairs
                .iter()
                .map(|(by, value)| format!("{}: {}", self.tongue.characteristic(**by), self.value(**by, value)));
            let name = named.collect::<Vec<_>>().join(", ");
            let told = group.questions.iter().filter(|one| one.question_id == question.id);
            let part = |told| Part { values: values.clone(), group: Some(name.clone()), ..self.part(question, told) };
            told.map(part).collect::<Vec<_>>()
        };
        self.view(question, groups.flat_map(parts).collect())
    }

    fn value(&self, by: klankbord_domain::consultations::Characteristic, value: &GroupValue) -> String {
        let name = self.names.of_value(&value.value);
        name.map_or_else(|| self.tongue.value(by, &value.value), str::to_owned)
    }

    fn view(&self, question: &Question, parts: Vec<Part>) -> View {
        let counted = self.tongue.counted(&question.kind);
        View { id: question.id, title: self.tongue.pick(&question.prompt), counted, minimum: self.minimum, parts }
    }

    fn part(&self, question: &Question, told: &QuestionResults) -> Part {
        let bar = |choice: &klankbord_domain::consultations::ChoiceResult| {
            let (code, label) = label(&question.kind, choice.picked, self.tongue);
            let share_tenths = share(choice.count, told.answered);
            Bar { code, label, count: choice.count, share_tenths, total: choice.total }
        };
        let row = question.kind.rows().iter().find(|row| Some(row.id) == told.row_id);
        Part {
            values: Vec::new(),
            group: None,
            row: row.map(|row| (row.id, self.tongue.pick(&row.label))),
            base: told.answered,
            bars: told.choices.iter().map(bar).collect(),
            mean_hundredths: told.mean_hundredths,
        }
    }
}

/// A word for what could be chosen, and what people read.
pub(in crate::consultations) fn label(kind: &QuestionKind, picked: Picked, tongue: &Tongue) -> (String, String) {
    match picked {
        Picked::Option(id) => {
            let option = kind.options().iter().find(|option| option.id == id);
            (id.to_string(), option.map(|option| tongue.pick(&option.label)).unwrap_or_default())
        }
        Picked::Stance(stance) => (stance.code().to_owned(), tongue.stance(stance).to_owned()),
        Picked::Band(first, last) => {
            let unit = if let QuestionKind::Number { unit: Some(unit), .. } = kind {
                tongue.pick(unit)
            } else {
                String::new()
            };
            let band = if first == last { first.to_string() } else { format!("{first}–{last}") };
            (band.clone(), format!("{band} {unit}").trim_end().to_owned())
        }
        Picked::Period(Period::Year, first) => (first.format("%Y").to_string(), first.format("%Y").to_string()),
        Picked::Period(Period::Month, first) => (first.format("%Y-%m").to_string(), first.format("%m-%Y").to_string()),
        Picked::Value(value) => {
            let labels = if let QuestionKind::Scale { labels, .. } = kind { labels.as_slice() } else { &[] };
            let named = labels.iter().find(|label| label.value == value).map(|label| tongue.pick(&label.label));
            (value.to_string(), named.map_or_else(|| value.to_string(), |label| format!("{value}: {label}")))
        }
    }
}

impl View {
    /// The results in words, for who doesn't see the picture; begun with its title where there are several.
    pub(in crate::consultations) fn words(&self, tongue: &Tongue, titled: bool) -> String {
        let mut words: Vec<String> = titled.then(|| format!("{}:", self.title)).into_iter().collect();
        words.extend(self.counted.map(|(what, _)| format!("{what}.")));
        for part in &self.parts {
            let mut line: Vec<String> = part.heading().into_iter().collect();
            line.push(tongue.base(part.base, self.minimum));
            let bar = |bar: &Bar| format!("{}: {}", bar.label, self.figure(bar, tongue));
            line.extend(part.bars.iter().map(bar));
            line.extend(part.mean(tongue));
            words.push(format!("{}.", line.join("; ")));
        }
        if self.parts.is_empty() {
            words.push(tongue.say("Er is niets te tonen.", "There is nothing to show.").to_owned());
        }
        words.join(" ")
    }

    /// How many chose it, and what it got in all where that may be told.
    pub(in crate::consultations) fn figure(&self, bar: &Bar, tongue: &Tongue) -> String {
        let count = tongue.count(bar.count, bar.share_tenths, self.minimum);
        match (self.counted, bar.total.and_then(Cell::figure)) {
            (Some((_, unit)), Some(total)) => format!("{count}, {total} {unit}"),
            (Some(_), None) | (None, _) => count,
        }
    }
}

impl Part {
    /// Which group and which row; nothing of everybody and the whole.
    pub(in crate::consultations) fn heading(&self) -> Option<String> {
        let words = self.group.iter().chain(self.row.iter().map(|(_, label)| label));
        let words: Vec<&str> = words.map(String::as_str).collect();
        (!words.is_empty()).then(|| words.join(" – "))
    }

    /// The mean in words, where there is one.
    pub(in crate::consultations) fn mean(&self, tongue: &Tongue) -> Option<String> {
        let mean = self.mean_hundredths?;
        Some(format!("{}: {}", tongue.say("Gemiddelde", "Mean"), tongue.hundredths(mean)))
    }
}
