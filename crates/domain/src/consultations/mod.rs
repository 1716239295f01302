//! Consultations (participatierondes): one subject put to people, what they
//! answered, and what they hear back.

mod answers;
mod asked;
mod asking;
mod ballot;
mod breakdown;
mod change;
mod closing;
mod closing_round;
pub mod coding;
mod consultation;
mod input_session;
mod kiosk;
mod library_question;
mod medium;
mod moves;
mod opening;
pub mod operations;
mod opinion_groups;
mod promises;
mod question;
mod records;
mod report_back;
mod response_rate;
mod results;
mod sample;
mod tally;
mod telling;
mod vocabulary;
mod weights;

#[cfg(test)]
mod samples;

pub use answers::{
    Answer, Given, OwnWords, Response, ResponseFacts, Writer, check_answers, may_respond, without_words,
};
pub use asked::may_be_minor;
pub use asking::{
    Asking, AskingTerms, Recruitment, answer_by, may_extend, may_have_links, may_mark_done, may_remind, remind_on,
};
pub use ballot::{Ballot, BallotFacts, ENTRY_DAYS, Fate, fate, is_verified, may_be_taken_back, may_cast};
pub use breakdown::{Breakdowns, Characteristic, Described, UNKNOWN, Values};
pub use change::{ChangeFacts, change};
pub use closing::{DUE_SOON_DAYS, ReportBackState, close_if_due, is_over, report_back_state, waits_for_answers};
pub use closing_round::{CLOSING_ROUND_DAYS, ClosingRoundFacts, LONGEST_CLOSING_ROUND, closing_round, experienced};
pub use consultation::{Audience, Consultation, Reading, minimum_for};
pub use input_session::{
    Attendance, InputSession, SessionNote, ShownAttendance, may_be_talked_about, may_be_unwritten, may_see_sessions,
};
pub use kiosk::{LONGEST_KIOSK, latest_end, may_stand};
pub use library_question::{LIBRARIANS, LibraryQuestion, asked_otherwise};
pub use medium::{Medium, form_of, may_change_media, may_have_another};
pub use moves::{MoveFacts, Moved, Mover, transition};
pub use opening::{REPORT_BACK_WEEKS, default_report_back};
pub use opinion_groups::{
    OpinionGroup, OpinionGroups, Opinions, Position, StatementResults, Typical, Votes, opinion_groups,
};
pub use promises::{Kept, Promise, PromiseRecord, PromiseScope};
pub use question::{
    Choice, Condition, MatrixRow, Placement, Question, QuestionKind, ScaleLabel, Section, Wanted, are_asked,
};
pub use records::{RecordCounts, RecordKey, Records};
pub use report_back::{Point, ReportBack, TellingFacts, Theme};
pub use response_rate::{Asked, AskedCells, by_part, in_all, may_show_rate};
pub use results::{
    BrokenDown, ChoiceResult, GroupResults, GroupValue, QuestionResults, Regions, Results, Snapshots, needs_snapshot,
};
pub use sample::{
    Allocation, Candidate, LeftOut, MOST_STRATA, Plan, Stratum, StratumBy, draw, frame_of, left_out_cells, may_draw,
    may_top_up,
};
pub use tally::{Counts, Cut, Picked, QuestionTally, Submission, Tally};
pub use telling::{DueWarning, TellingState};
pub use vocabulary::{
    BallotProof, BudgetUnit, ConsultationMode, ConsultationStatus, LibraryQuestionStatus, MediumKind, MediumType,
    OneAnswerBy, Period, PointOutcome, QuestionKindCode, ReportBackKind, ReportBackStatus, SessionMethod, Stance,
};
pub use weights::{Weighed, Weights};
