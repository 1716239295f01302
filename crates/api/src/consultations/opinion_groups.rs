//! Opinion groups: who says alike to statements, in numbers that betray nobody.

use actix_web::get;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Characteristic, Consultation, OpinionGroup as Group, OpinionGroups as Groups, Position, Question, QuestionKind,
    StatementResults, Typical,
};
use klankbord_domain::{Refusal, consultations::Results};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::chart::{PAGE, PICTURE, Part, PictureQuery, Telling, Tongue, View, drawn};
use super::result_groups::{Names, share};
use super::results::{SnapshotOfResults, figures, read_here};
use crate::web::cell::Cell;
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// A statement that people could agree with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionStatement {
    /// The question.
    question_id: Uuid,
    /// What people read.
    #[schema(max_items = 20)]
    prompt: Vec<TextVariant>,
}

/// What a group says to one statement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionGroupStatement {
    /// The statement.
    question_id: Uuid,
    /// How many of them answered it.
    base: Cell,
    /// How many agree.
    agree: Cell,
    /// How many disagree.
    disagree: Cell,
    /// How many passed.
    pass: Cell,
    /// Which part of those of them who answered agrees, in tenths of a percent; where both figures stand.
    #[schema(minimum = 0, maximum = 1000, example = 375)]
    agree_share_tenths: Option<i64>,
}

/// A statement, and where people stand towards it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionPosition {
    /// The statement.
    question_id: Uuid,
    /// Where they stand.
    position: Position,
}

/// People who say alike to statements.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionGroup {
    /// Its number; the first is the largest.
    #[schema(minimum = 1, maximum = 5, example = 1)]
    number: u32,
    /// How many they are.
    base: Cell,
    /// Statement by statement.
    #[schema(max_items = 100)]
    statements: Vec<OpinionGroupStatement>,
    /// What sets them apart from the other groups, the clearest first: only of statements of which every
    /// figure is shown.
    #[schema(max_items = 5)]
    typical: Vec<OpinionPosition>,
}

/// Who says alike to the statements of a consultation, as you may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionGroups {
    /// The consultation.
    consultation_id: Uuid,
    /// What it is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// From which snapshot they are.
    snapshot: SnapshotOfResults,
    /// How many took part.
    base: Cell,
    /// How many answered too few statements to be in a group: fewer than seven, or than all, where
    /// there are fewer.
    not_placed: Option<Cell>,
    /// What people could agree with.
    #[schema(max_items = 100)]
    statements: Vec<OpinionStatement>,
    /// Group by group; none where no two can be told apart that are large enough, or while people still answer.
    #[schema(max_items = 5)]
    groups: Vec<OpinionGroup>,
    /// On what a clear majority of every group stands alike.
    #[schema(max_items = 100)]
    agreed: Vec<OpinionPosition>,
    /// On what a clear majority of one group agrees, and of another disagrees.
    #[schema(max_items = 100)]
    dividing: Vec<Uuid>,
}

/// Read the opinion groups
///
/// Who says alike to the statements of a consultation, found when results are fixed, from the answers alone: on a
/// few axes, by how near people lie to each other, as Polis does. What comes out is how many they are, what they say, and
/// what all of them agree on; never who is in which, nor where on the axes. Each group is of at least as many
/// as the public may see a figure of, the same for everybody; figures are protected with those of the results. They
/// sum up answers and are no kinds of people: also chance has groups. As `image/svg+xml` and as tables
/// (`text/html`), too.
#[utoipa::path(operation_id = "getOpinionGroups", tag = "Answers", params(PictureQuery),
    responses((status = 200, description = "The groups", content((OpinionGroups = "application/json"),
            (String = "image/svg+xml", example = json!(PICTURE)), (String = "text/html", example = json!(PAGE)))),
        (status = 409, description = "There are none yet, or nothing was asked that shows them")))]
#[get("/consultations/{consultationId}/opinion-groups")]
pub(super) async fn get_opinion_groups(call: Call<op::GetOpinionGroups>) -> Result<Answer, Problem> {
    let (found, minimum) = read_here(&call).await?;
    let asked = &found.value.consultation;
    if statements(asked).next().is_none() {
        return Err(Refusal::Conflict("consultation.no_statements").into());
    }
    if !asked.shows_interim_results() {
        asked.may_show_results()?;
    }
    let shown = figures(call.reader(), asked, minimum).await?;
    let (taken, shown) = shown.ok_or(Refusal::Conflict("consultation.results_not_yet"))?;
    let (query, _) = call.listing::<PictureQuery>()?;
    let tongue = Tongue::of(&call.language);
    let names = Names::of(call.reader(), &shown).await?;
    let telling = Telling { tongue: &tongue, names: &names, minimum };
    let answer = drawn(&call, &pictures(asked, &shown, &telling), (&tongue, query.width));
    Ok(answer.unwrap_or_else(|| Answer::plain(&view(asked, &shown, SnapshotOfResults::of(&taken, asked)))))
}

fn statements(asked: &Consultation) -> impl Iterator<Item = &Question> {
    asked.questions.iter().filter(|question| matches!(question.kind, QuestionKind::Statement))
}

/// A picture for each statement, group by group.
fn pictures(asked: &Consultation, shown: &Results, telling: &Telling<'_>) -> Vec<View> {
    let table = shown.breakdowns.iter().find(|table| table.by == [Characteristic::OpinionGroup]);
    let table = table.filter(|table| !table.groups.is_empty());
    let title = telling.tongue.pick(&asked.title);
    let nothing = View { id: asked.id, title, counted: None, minimum: telling.minimum, parts: Vec::<Part>::new() };
    let Some(table) = table else { return vec![nothing] };
    let statements = statements(asked).map(|question| telling.by_group(question, table));
    [nothing].into_iter().chain(statements).collect()
}

fn view(asked: &Consultation, shown: &Results, snapshot: SnapshotOfResults) -> OpinionGroups {
    let (found, not_placed) = Groups::shown(shown).unzip();
    let found = found.unwrap_or(Groups { groups: Vec::new(), agreed: Vec::new(), dividing: Vec::new() });
    let statement =
        |question: &Question| OpinionStatement { question_id: question.id, prompt: to_wire(&question.prompt) };
    OpinionGroups {
        consultation_id: asked.id,
        title: to_wire(&asked.title),
        snapshot,
        base: shown.responses.into(),
        not_placed: not_placed.map(Into::into),
        statements: statements(asked).map(statement).collect(),
        groups: (1..).zip(&found.groups).map(|(number, one)| group(number, one)).collect(),
        agreed: found.agreed.iter().map(position).collect(),
        dividing: found.dividing,
    }
}

fn group(number: u32, group: &Group) -> OpinionGroup {
    let statement = |one: &StatementResults| OpinionGroupStatement {
        question_id: one.question_id,
        base: one.answered.into(),
        agree: one.agree.into(),
        disagree: one.disagree.into(),
        pass: one.pass.into(),
        agree_share_tenths: share(one.agree, one.answered),
    };
    OpinionGroup {
        number,
        base: group.people.into(),
        statements: group.statements.iter().map(statement).collect(),
        typical: group.typical.iter().map(position).collect(),
    }
}

fn position(one: &Typical) -> OpinionPosition {
    OpinionPosition { question_id: one.question_id, position: one.position }
}
