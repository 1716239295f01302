//! A file of the demo as steps: days counted from the day of loading, ids by
//! kind and number, repeated steps written out.

use actix_web::http::Method;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::people::{ADMIN, address_of};
use crate::web::document::demo_id;

/// When a step happens whose file gives no hour.
const HOUR: &str = "09:00";

/// One step: something that happened at a moment.
#[derive(Debug)]
pub(super) struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub work: Work,
}

/// What happened.
#[derive(Debug)]
pub(super) enum Work {
    /// Somebody sent a request.
    Request(Request),
    /// Time did its work: a round of what closes by itself.
    Round,
}

/// A request, as somebody sent it.
#[derive(Debug)]
pub(super) struct Request {
    /// The name of the demo account that sent it.
    pub who: String,
    /// How.
    pub method: Method,
    /// Where.
    pub path: String,
    /// The id of what it makes.
    pub id: Option<Uuid>,
    /// The ids of what it makes besides, in that order.
    pub also: Vec<Uuid>,
    /// What it says; null for nothing.
    pub body: Value,
}

impl Step {
    /// The step in a few words, for errors.
    pub(super) fn what(&self) -> String {
        match &self.work {
            Work::Round => "round".to_owned(),
            Work::Request(request) => format!("{}: {} {}", request.who, request.method, request.path),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    people: Option<People>,
    #[serde(default)]
    steps: Vec<Value>,
}

/// The accounts that the admin makes before the steps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    at: Value,
    accounts: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Person {
    name: String,
    number: u32,
    display_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    repeat: Range,
    steps: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Range {
    Times(i64),
    From { from: i64, to: i64, by: i64 },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    at: Value,
    #[serde(rename = "as")]
    who: Option<String>,
    post: Option<String>,
    patch: Option<String>,
    round: Option<bool>,
    id: Option<(String, u32)>,
    #[serde(default)]
    also: Vec<(String, u32)>,
    #[serde(default)]
    body: Value,
}

/// What stands for something else in a step.
struct Setting {
    day_zero: NaiveDate,
    zone: Tz,
    /// The number of this repetition, and which one it is, from 0.
    count: Option<(i64, i64)>,
}

/// Reads a file whose days are counted from `day_zero`.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn read(text: &str, day_zero: NaiveDate, zone: Tz) -> Result<Vec<Step>, String> {
    let script: Script = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    let mut setting = Setting { day_zero, zone, count: None };
    let mut steps = Vec::new();
    if let Some(People { at, accounts }) = script.people {
        for person in accounts {
            steps.push(setting.step(account_step(&at, &person))?);
        }
    }
    for entry in script.steps {
        if entry.get("repeat").is_none() {
            steps.push(setting.step(entry)?);
            continue;
        }
        let repeat: Repeat = serde_json::from_value(entry).map_err(|error| error.to_string())?;
        for (index, number) in numbers(&repeat.repeat).enumerate() {
            setting.count = Some((number, i64::try_from(index).unwrap_or_default()));
            for step in &repeat.steps {
                steps.push(setting.step(step.clone())?);
            }
        }
        setting.count = None;
    }
    Ok(steps)
}

fn account_step(at: &Value, Person { name, number, display_name }: &Person) -> Value {
    json!({
        "at": at, "as": ADMIN, "post": "/v1/accounts", "id": ["account", number],
        "body": { "emailAddress": address_of(name), "displayName": display_name, "language": "nl" },
    })
}

fn numbers(range: &Range) -> impl Iterator<Item = i64> + use<> {
    let (from, to, by) = match *range {
        Range::Times(times) => (1, times, 1),
        Range::From { from, to, by } => (from, to, by.max(1)),
    };
    std::iter::successors(Some(from), move |number| Some(number + by)).take_while(move |number| *number <= to)
}

impl Setting {
    fn step(&self, written: Value) -> Result<Step, String> {
        let shown = written.to_string();
        let step = self.filled(written).and_then(|filled| self.read(filled));
        step.map_err(|cause| format!("{cause}, in {}", shown.chars().take(200).collect::<String>()))
    }

    fn read(&self, filled: Value) -> Result<Step, String> {
        let written: Written = serde_json::from_value(filled).map_err(|error| error.to_string())?;
        let at = self.instant(&written.at)?;
        if written.round == Some(true) {
            return Ok(Step { at, work: Work::Round });
        }
        let (method, path) = match (written.post, written.patch) {
            (Some(path), None) => (Method::POST, path),
            (None, Some(path)) => (Method::PATCH, path),
            _ => return Err("a step has one of `post`, `patch`, `round`".to_owned()),
        };
        let of = |(kind, number): (String, u32)| {
            let id = id_of(&kind, i64::from(number))?;
            id.parse::<Uuid>().map_err(|_| "no id".to_owned())
        };
        let id = written.id.map(of).transpose()?;
        let also = written.also.into_iter().map(of).collect::<Result<_, _>>()?;
        let who = written.who.ok_or("a request has an `as`")?;
        Ok(Step { at, work: Work::Request(Request { who, method, path, id, also, body: written.body }) })
    }

    /// `-40`, `-40 10:30` or `2023-06-07 10:30`.
    fn instant(&self, at: &Value) -> Result<DateTime<Utc>, String> {
        let text = at.as_str().map_or_else(|| at.to_string(), str::to_owned);
        let (day, hour) = text.split_once(' ').unwrap_or((&text, HOUR));
        let unsound = || format!("`at: {text}` is no moment");
        let day = match day.parse::<i64>() {
            Ok(offset) => self.day(offset).ok_or_else(unsound)?,
            Err(_) => day.parse().map_err(|_| unsound())?,
        };
        let hour = NaiveTime::parse_from_str(hour, "%H:%M").map_err(|_| unsound())?;
        let local = self.zone.from_local_datetime(&day.and_time(hour)).earliest().ok_or_else(unsound)?;
        Ok(local.with_timezone(&Utc))
    }

    fn day(&self, offset: i64) -> Option<NaiveDate> {
        self.day_zero.checked_add_signed(TimeDelta::try_days(offset)?)
    }

    fn filled(&self, value: Value) -> Result<Value, String> {
        match value {
            Value::String(text) => self.text(&text),
            Value::Array(items) => items.into_iter().map(|item| self.filled(item)).collect(),
            Value::Object(fields) if fields.contains_key("pick") => self.picked(&fields),
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, field)| Ok((name, self.filled(field)?)));
                let fields = fields.collect::<Result<Map<_, _>, String>>()?;
                Ok(if fields.contains_key("nl") { variants(fields) } else { Value::Object(fields) })
            }
            other => Ok(other),
        }
    }

    /// `{pick: [a, b, c], every: 2}`: the next one at each second repetition.
    fn picked(&self, fields: &Map<String, Value>) -> Result<Value, String> {
        let (_, index) = self.count.ok_or("`pick` outside a `repeat`")?;
        let every = fields.get("every").and_then(Value::as_i64).unwrap_or(1).max(1);
        let choices = fields.get("pick").and_then(Value::as_array).ok_or("`pick` has no list")?;
        let count = i64::try_from(choices.len()).unwrap_or_default().max(1);
        let choice = usize::try_from((index / every) % count).ok().and_then(|at| choices.get(at));
        self.filled(choice.cloned().ok_or("`pick` has an empty list")?)
    }

    /// `{{network 3}}`, `{{participant n+100}}`, `{{day+14}}`, `{{n}}`.
    fn text(&self, text: &str) -> Result<Value, String> {
        let whole = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        if let Some(number) = whole.and_then(|inner| self.number(inner.trim()).ok()) {
            return Ok(json!(number));
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inner, after) = after.split_once("}}").ok_or("`{{` without `}}`")?;
            filled.push_str(before);
            filled.push_str(&self.placeholder(inner.trim())?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(Value::from(filled))
    }

    fn placeholder(&self, inner: &str) -> Result<String, String> {
        if let Some(offset) = inner.strip_prefix("day") {
            let offset = if offset.is_empty() { 0 } else { self.number(&format!("0{offset}"))? };
            return self.day(offset).map(|day| day.to_string()).ok_or_else(|| format!("no day: {inner}"));
        }
        match inner.split_once(' ') {
            Some((kind, number)) => id_of(kind, self.number(number)?),
            None => self.number(inner).map(|number| number.to_string()),
        }
    }

    /// A sum of numbers and `n`: `n`, `100+n`, `n-3`.
    fn number(&self, sum: &str) -> Result<i64, String> {
        let spaced = sum.replace('+', " +").replace('-', " -");
        let mut total = 0;
        for part in spaced.split_whitespace() {
            let (sign, term) = part.strip_prefix('-').map_or((1, part), |term| (-1, term));
            let term = term.trim_start_matches('+');
            let value = match (term, self.count) {
                ("n", Some((number, _))) => number,
                _ => term.parse().map_err(|_| format!("`{{{{{sum}}}}}` stands for nothing"))?,
            };
            total += sign * value;
        }
        Ok(total)
    }
}

fn id_of(kind: &str, number: i64) -> Result<String, String> {
    let number = u32::try_from(number).ok();
    number.and_then(|number| demo_id(kind, number)).ok_or_else(|| format!("there is no demo id for a {kind}"))
}

/// `{nl: …, nl-simple: …}` as texts stand on the wire, Dutch first.
fn variants(mut fields: Map<String, Value>) -> Value {
    let first = fields.remove("nl").map(|value| json!({ "language": "nl", "value": value }));
    let rest = fields.into_iter().map(|(language, value)| json!({ "language": language, "value": value }));
    Value::Array(first.into_iter().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
about: A test
people:
  at: -10
  accounts: [{name: officer, number: 3, displayName: Dossierhouder}]
steps:
  - {at: 2023-06-07 10:30, as: officer, post: '/v1/networks/{{network 2}}/memberships', id: [membership, 4],
     body: {name: {nl-simple: b, nl: a}, on: '{{day+14}}', before: '{{day-1}}'}}
  - repeat: {from: 11, to: 13, by: 2}
    steps:
      - {at: -1, as: 'panel-{{n}}', patch: /v1/me, id: [participant, '{{n+100}}'], body: {channel: {pick: [phone, internet]}}}
  - {at: -1 23:00, round: true}
";

    #[test]
    fn a_file_becomes_steps() {
        let zero = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let steps = read(TEXT, zero, chrono_tz::Europe::Amsterdam).unwrap();
        let shown: Vec<_> = steps.iter().map(|step| format!("{} {}", step.at.to_rfc3339(), step.what())).collect();
        let network = "0197c000-0000-7000-8000-000600000002";
        assert_eq!(
            shown,
            [
                "2026-11-13T08:00:00+00:00 admin: POST /v1/accounts".to_owned(),
                format!("2023-06-07T08:30:00+00:00 officer: POST /v1/networks/{network}/memberships"),
                "2026-11-22T08:00:00+00:00 panel-11: PATCH /v1/me".to_owned(),
                "2026-11-22T08:00:00+00:00 panel-13: PATCH /v1/me".to_owned(),
                "2026-11-22T22:00:00+00:00 round".to_owned(),
            ]
        );
        let request = |index: usize| match &steps[index].work {
            Work::Request(request) => request,
            Work::Round => panic!("no request"),
        };
        let names = json!([{"language": "nl", "value": "a"}, {"language": "nl-simple", "value": "b"}]);
        assert_eq!(request(1).body, json!({"name": names, "on": "2026-12-07", "before": "2026-11-22"}));
        assert_eq!(request(3).body, json!({"channel": "internet"}));
        assert_eq!(request(3).id.unwrap().to_string(), "0197c000-0000-7000-8000-000700000071");
    }

    #[test]
    fn what_stands_for_nothing_is_named() {
        let zero = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (step, cause) in [
            ("{at: -1, as: a, post: '/v1/{{n}}'}", "stands for nothing"),
            ("{at: -1, as: a, post: '/v1/{{castle 1}}'}", "no demo id for a castle"),
            ("{at: soon, as: a, post: /v1/x}", "no moment"),
            ("{at: -1, as: a}", "one of `post`"),
        ] {
            let text = format!("about: A test\nsteps:\n  - {step}\n");
            let error = read(&text, zero, chrono_tz::Europe::Amsterdam).unwrap_err();
            assert!(error.contains(cause), "{error}");
        }
    }
}
