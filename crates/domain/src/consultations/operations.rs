//! Who may do what with consultations.
//!
//! A draft is unknown to all but those who run it: ask
//! [`super::Consultation::may_be_seen`] first, then the table. How much of the
//! answers somebody reads is told by [`super::Consultation::reading`].

use super::LIBRARIANS;
use super::vocabulary::{ANSWERS_FOR, RUNS};
use crate::access::ClientScope;
use crate::policy::{Access, Rule, Standing, operations};

/// Everybody in the place of a consultation: who runs it, whom it asks, and
/// who looks on.
const SEES: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Moderator,
    Standing::Member,
    Standing::Observer,
    Standing::Chair,
    Standing::Secretary,
    Standing::Supporter,
    Standing::Partner,
    Standing::Invited,
];

/// The same, and who acts for somebody whom it asks: they read what is asked, and
/// what came of it; never what was answered.
const SEES_OR_REPRESENTS: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Moderator,
    Standing::Member,
    Standing::Observer,
    Standing::Chair,
    Standing::Secretary,
    Standing::Supporter,
    Standing::Partner,
    Standing::Invited,
    Standing::Representative,
];

/// Who takes part in it: those whom it asks, who writes down for them, and the
/// device on site that does so for whoever stands before it.
const RESPONDS: &[Standing] = &[
    Standing::Invited,
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Kiosk,
];

/// Whom it asks.
const ASKED: &[Standing] = &[Standing::Invited];

/// Who runs it and is no machine: raw answers and kiosks are for people.
const RUN_BY: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
];

/// Who leads the talk about it: of them those who are named on it.
const FACILITATES: &[Standing] = &[Standing::Facilitator];

/// Who answers for it and is no machine: past a ceiling people are asked by people.
const OVERRIDES: &[Standing] =
    &[Standing::Manager, Standing::Officer, Standing::Coordinator, Standing::Chair, Standing::Secretary];

/// Who calls and visits those who are asked.
const CALLERS: &[Standing] = &[Standing::Manager, Standing::Coordinator, Standing::Facilitator, Standing::Chair];

/// Who may read one response: the participant who gave it, and who runs it.
const READS_RESPONSE: &[Standing] = &[
    Standing::Participant,
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
];

/// Who reaches a network's people, and so tells them: people, never machines; in a council
/// only the chair.
const TELLS: &[Standing] = &[Standing::Manager, Standing::Coordinator, Standing::Chair];

/// Who may know that somebody is in a network: who reads its people, and the person.
const KNOWS_MEMBER: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Participant,
    Standing::Representative,
];

operations! {
    /// List the consultations that one may see.
    ListConsultations = Rule::new("listConsultations", Access::SignedIn).by_representatives().scope(ClientScope::ConsultationsRead);
    /// Prepare a consultation.
    CreateConsultation = Rule::new("createConsultation", Access::Held(RUNS)).seen_by_all().scope(ClientScope::ConsultationsWrite);
    /// Read a consultation.
    GetConsultation = Rule::new("getConsultation", Access::Held(SEES_OR_REPRESENTS)).scope(ClientScope::ConsultationsRead).by_code();
    /// Change a consultation.
    UpdateConsultation = Rule::new("updateConsultation", Access::Held(RUNS)).seen_by(SEES).versioned().scope(ClientScope::ConsultationsWrite);
    /// Delete a consultation that is still a draft.
    DeleteConsultation = Rule::new("deleteConsultation", Access::Held(RUNS)).seen_by(SEES).versioned().scope(ClientScope::ConsultationsWrite);
    /// Open, close, conclude or withdraw a consultation.
    CreateConsultationTransition = Rule::new("createConsultationTransition", Access::Held(ANSWERS_FOR)).seen_by(SEES).versioned().scope(ClientScope::ConsultationsWrite);
    /// Read whom a consultation reaches, in numbers.
    GetConsultationReach = Rule::new("getConsultationReach", Access::Held(RUN_BY)).seen_by(SEES);
    /// Override a ceiling on asking in a consultation.
    CreateBurdenOverride = Rule::new("createBurdenOverride", Access::Held(OVERRIDES)).seen_by(SEES);
    /// List the overrides of a consultation.
    ListBurdenOverrides = Rule::new("listBurdenOverrides", Access::Held(RUN_BY)).seen_by(SEES);
    /// Draw a sample of whom a consultation asks.
    CreateConsultationSample = Rule::new("createConsultationSample", Access::Held(OVERRIDES)).seen_by(SEES);
    /// List the samples that were drawn.
    ListConsultationSamples = Rule::new("listConsultationSamples", Access::Held(RUN_BY)).seen_by(SEES);
    /// Draw more people, by the same sequence.
    CreateSampleTopUp = Rule::new("createSampleTopUp", Access::Held(OVERRIDES)).seen_by(SEES);
    /// List who was asked.
    ListConsultationInvitations = Rule::new("listConsultationInvitations", Access::Held(RUN_BY)).seen_by(SEES).personal();
    /// Remind those who were asked.
    CreateConsultationReminder = Rule::new("createConsultationReminder", Access::Held(RUN_BY)).seen_by(SEES);
    /// Give somebody longer to answer.
    CreateDeadlineExtension = Rule::new("createDeadlineExtension", Access::Held(RUN_BY)).seen_by(SEES);
    /// List who got longer to answer, and why.
    ListDeadlineExtensions = Rule::new("listDeadlineExtensions", Access::Held(RUN_BY)).seen_by(SEES).personal();
    /// List whom to call or visit for their answer.
    ListConsultationContactList = Rule::new("listConsultationContactList", Access::Held(CALLERS)).seen_by(SEES).personal();
    /// Note a call or a visit to somebody who is asked.
    CreateConsultationContactAttempt = Rule::new("createConsultationContactAttempt", Access::Held(CALLERS)).seen_by(SEES);
    /// Read how many answered, in numbers that betray nobody.
    GetConsultationResponseRate = Rule::new("getConsultationResponseRate", Access::Held(RUN_BY)).seen_by(SEES);
    /// List the moves of a consultation.
    ListConsultationTransitions = Rule::new("listConsultationTransitions", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Answer, or write down what somebody answered.
    CreateResponse = Rule::new("createResponse", Access::Held(RESPONDS)).seen_by(SEES).scope(ClientScope::ResponsesWrite).by_code();
    /// List what people answered.
    ListResponses = Rule::new("listResponses", Access::Held(RUN_BY)).seen_by(SEES).personal();
    /// Read what one person answered.
    GetResponse = Rule::new("getResponse", Access::Held(READS_RESPONSE)).personal().by_code();
    /// Answer so that nobody ever knows who did.
    CreateAnonymousResponse = Rule::new("createAnonymousResponse", Access::Held(RESPONDS)).seen_by(SEES).scope(ClientScope::ResponsesWrite).by_code().ballot();
    /// Take an anonymous answer back.
    CreateAnonymousResponseWithdrawal = Rule::new("createAnonymousResponseWithdrawal", Access::Held(RESPONDS)).seen_by(SEES).scope(ClientScope::ResponsesWrite).by_code().ballot();
    /// Read what is asked, with a printed code.
    GetCodedConsultation = Rule::new("getCodedConsultation", Access::Link).ballot();
    /// Answer with a printed code.
    CreateCodedResponse = Rule::new("createCodedResponse", Access::Link).ballot();
    /// Take an answer back that was given with a printed code.
    CreateCodedResponseWithdrawal = Rule::new("createCodedResponseWithdrawal", Access::Link).ballot();
    /// Read what is asked, with an open link.
    GetOpenConsultation = Rule::new("getOpenConsultation", Access::Link).ballot();
    /// Answer with an open link.
    CreateOpenResponse = Rule::new("createOpenResponse", Access::Link).ballot();
    /// Take an answer back that was given with an open link.
    CreateOpenResponseWithdrawal = Rule::new("createOpenResponseWithdrawal", Access::Link).ballot();
    /// Make a link with which whoever has it can answer.
    CreateConsultationLink = Rule::new("createConsultationLink", Access::Held(RUN_BY)).seen_by(SEES);
    /// List the open links of a consultation.
    ListConsultationLinks = Rule::new("listConsultationLinks", Access::Held(RUN_BY)).seen_by(SEES);
    /// Revoke an open link.
    DeleteConsultationLink = Rule::new("deleteConsultationLink", Access::Held(RUN_BY)).seen_by(SEES);
    /// Make codes to print and hand out.
    CreateBallotCodeBatch = Rule::new("createBallotCodeBatch", Access::Held(RUN_BY)).seen_by(SEES);
    /// List how many codes were made, and for whom to hand out.
    ListBallotCodeBatches = Rule::new("listBallotCodeBatches", Access::Held(RUN_BY)).seen_by(SEES);
    /// Read what was written anonymously to a question.
    ListOpenAnswers = Rule::new("listOpenAnswers", Access::Held(RUN_BY)).seen_by(SEES).personal();
    /// Set up a kiosk.
    CreateKiosk = Rule::new("createKiosk", Access::Held(RUN_BY)).seen_by(SEES);
    /// List the kiosks of a consultation.
    ListKiosks = Rule::new("listKiosks", Access::Held(RUN_BY)).seen_by(SEES);
    /// Revoke a kiosk.
    DeleteKiosk = Rule::new("deleteKiosk", Access::Held(RUN_BY)).seen_by(SEES);
    /// Read the results, in numbers that betray nobody.
    GetConsultationResults = Rule::new("getConsultationResults", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read the results of a question as a picture or a table.
    GetResultChart = Rule::new("getResultChart", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read the results as a file.
    GetResultFile = Rule::new("getResultFile", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read several answers of the same people side by side, in rows of enough people.
    GetResultRecords = Rule::new("getResultRecords", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read who says alike to statements, in numbers that betray nobody.
    GetOpinionGroups = Rule::new("getOpinionGroups", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// List a consultation's snapshots of results.
    ListResultSnapshots = Rule::new("listResultSnapshots", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read the results on which a consultation goes on.
    GetEarlierResults = Rule::new("getEarlierResults", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read what will go with one's own answer.
    GetAnswerCharacteristics = Rule::new("getAnswerCharacteristics", Access::Held(ASKED)).seen_by(SEES).by_code();
    /// List the report-backs.
    ListReportBacks = Rule::new("listReportBacks", Access::Held(SEES_OR_REPRESENTS)).scope(ClientScope::ConsultationsRead).by_code();
    /// Prepare a report-back.
    CreateReportBack = Rule::new("createReportBack", Access::Held(RUNS)).seen_by(SEES).scope(ClientScope::ConsultationsWrite);
    /// Read a report-back.
    GetReportBack = Rule::new("getReportBack", Access::Held(SEES_OR_REPRESENTS)).scope(ClientScope::ConsultationsRead).by_code();
    /// Change a report-back that is still a draft.
    UpdateReportBack = Rule::new("updateReportBack", Access::Held(RUNS)).seen_by(SEES).versioned().scope(ClientScope::ConsultationsWrite);
    /// Publish an interim report-back.
    CreateReportBackTransition = Rule::new("createReportBackTransition", Access::Held(ANSWERS_FOR)).seen_by(SEES).versioned().scope(ClientScope::ConsultationsWrite);
    /// Correct a report-back that was published, by a new version.
    CreateReportBackCorrection = Rule::new("createReportBackCorrection", Access::Held(ANSWERS_FOR)).seen_by(SEES).versioned().scope(ClientScope::ConsultationsWrite);
    /// List what was published of a report-back, version by version.
    ListReportBackVersions = Rule::new("listReportBackVersions", Access::Held(SEES_OR_REPRESENTS)).scope(ClientScope::ConsultationsRead).by_code();
    /// Ask whether people felt heard, after the final report-back.
    CreateClosingRound = Rule::new("createClosingRound", Access::Held(ANSWERS_FOR)).seen_by(SEES).scope(ClientScope::ConsultationsWrite);
    /// Read whether people felt heard, beside what was promised.
    GetClosingRound = Rule::new("getClosingRound", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// List whom to tell of report-backs, on the telephone or on a visit.
    ListTellingList = Rule::new("listTellingList", Access::Held(TELLS)).seen_by_all().personal();
    /// Note that somebody was told, or that it was tried.
    CreateTellingAttempt = Rule::new("createTellingAttempt", Access::Held(TELLS)).seen_by(KNOWS_MEMBER);
    /// List how often it was tried to tell somebody.
    ListTellingAttempts = Rule::new("listTellingAttempts", Access::Held(TELLS)).seen_by(KNOWS_MEMBER).personal();
    /// List how promises to report back are kept.
    ListPromiseRecords = Rule::new("listPromiseRecords", Access::Public);
    /// Add a picture or sound to a consultation.
    CreateMedium = Rule::new("createMedium", Access::Held(RUNS)).seen_by(SEES).scope(ClientScope::ConsultationsWrite);
    /// Read a picture or sound of a consultation.
    GetMedium = Rule::new("getMedium", Access::Held(SEES_OR_REPRESENTS)).scope(ClientScope::ConsultationsRead).by_code();
    /// Take a picture or sound away.
    DeleteMedium = Rule::new("deleteMedium", Access::Held(RUNS)).seen_by(SEES).scope(ClientScope::ConsultationsWrite);
    /// Read a picture or sound of what is asked, with a printed code.
    GetCodedMedium = Rule::new("getCodedMedium", Access::Link).ballot();
    /// Read a picture or sound of what is asked, with an open link.
    GetOpenMedium = Rule::new("getOpenMedium", Access::Link).ballot();
    /// Write down that an input session was held.
    CreateInputSession = Rule::new("createInputSession", Access::Held(FACILITATES)).seen_by(SEES);
    /// List the input sessions of a consultation.
    ListInputSessions = Rule::new("listInputSessions", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read an input session.
    GetInputSession = Rule::new("getInputSession", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Change an input session.
    UpdateInputSession = Rule::new("updateInputSession", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// Delete an input session of which nothing was written down.
    DeleteInputSession = Rule::new("deleteInputSession", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// Write down what was said in an input session.
    CreateSessionNote = Rule::new("createSessionNote", Access::Held(FACILITATES)).seen_by(SEES);
    /// List what was said in an input session.
    ListSessionNotes = Rule::new("listSessionNotes", Access::Held(FACILITATES)).seen_by(SEES).personal();
    /// Read what was written down of an input session.
    GetSessionNote = Rule::new("getSessionNote", Access::Held(FACILITATES)).seen_by(SEES).personal();
    /// Change what was written down of an input session.
    UpdateSessionNote = Rule::new("updateSessionNote", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// Delete what was written down of an input session.
    DeleteSessionNote = Rule::new("deleteSessionNote", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// List the themes of a consultation.
    ListThemes = Rule::new("listThemes", Access::Held(RUN_BY)).seen_by(SEES);
    /// Name a theme.
    CreateTheme = Rule::new("createTheme", Access::Held(RUN_BY)).seen_by(SEES);
    /// Read a theme.
    GetTheme = Rule::new("getTheme", Access::Held(RUN_BY)).seen_by(SEES);
    /// Change a theme.
    UpdateTheme = Rule::new("updateTheme", Access::Held(RUN_BY)).seen_by(SEES).versioned();
    /// Delete a theme to which nothing is coded.
    DeleteTheme = Rule::new("deleteTheme", Access::Held(RUN_BY)).seen_by(SEES).versioned();
    /// Put themes on what somebody wrote or said.
    CreateCoding = Rule::new("createCoding", Access::Held(FACILITATES)).seen_by(SEES);
    /// List what facilitators coded.
    ListCodings = Rule::new("listCodings", Access::Held(FACILITATES)).seen_by(SEES).personal();
    /// Read what a facilitator coded.
    GetCoding = Rule::new("getCoding", Access::Held(FACILITATES)).seen_by(SEES).personal();
    /// Change one's own coding.
    UpdateCoding = Rule::new("updateCoding", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// Read how far coders agree.
    GetCodingAgreement = Rule::new("getCodingAgreement", Access::Held(FACILITATES)).seen_by(SEES).personal();
    /// Finish coding, and count the themes.
    CreateThemeResults = Rule::new("createThemeResults", Access::Held(FACILITATES)).seen_by(SEES);
    /// Read how many people said each theme, in numbers that betray nobody.
    GetThemeResults = Rule::new("getThemeResults", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Write down a quote.
    CreateQuote = Rule::new("createQuote", Access::Held(FACILITATES)).seen_by(SEES);
    /// List quotes.
    ListQuotes = Rule::new("listQuotes", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Read a quote.
    GetQuote = Rule::new("getQuote", Access::Held(SEES)).scope(ClientScope::ConsultationsRead);
    /// Change a quote that is still a draft.
    UpdateQuote = Rule::new("updateQuote", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// Release a quote, or take it back.
    CreateQuoteTransition = Rule::new("createQuoteTransition", Access::Held(FACILITATES)).seen_by(SEES).versioned();
    /// List questions of the library.
    ListLibraryQuestions = Rule::new("listLibraryQuestions", Access::SignedIn).scope(ClientScope::ConsultationsRead);
    /// Put a question in the library.
    CreateLibraryQuestion = Rule::new("createLibraryQuestion", Access::Held(LIBRARIANS)).seen_by_all();
    /// Read a question of the library.
    GetLibraryQuestion = Rule::new("getLibraryQuestion", Access::SignedIn).scope(ClientScope::ConsultationsRead);
    /// Change a question of the library.
    UpdateLibraryQuestion = Rule::new("updateLibraryQuestion", Access::Held(LIBRARIANS)).seen_by_all().versioned();
    /// Delete a question of the library that is still a draft.
    DeleteLibraryQuestion = Rule::new("deleteLibraryQuestion", Access::Held(LIBRARIANS)).seen_by_all().versioned();
    /// Publish or retire a question of the library.
    CreateLibraryQuestionTransition = Rule::new("createLibraryQuestionTransition", Access::Held(LIBRARIANS)).seen_by_all().versioned();
    /// List the moves of a question of the library.
    ListLibraryQuestionTransitions = Rule::new("listLibraryQuestionTransitions", Access::SignedIn).scope(ClientScope::ConsultationsRead);
    /// List what was asked, with who still waits to hear back.
    ListRegisterEntries = Rule::new("listRegisterEntries", Access::Public);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::table;

    #[test]
    fn an_admin_and_a_representative_read_no_answers_and_the_register_alone_is_public() {
        const OPEN: [&str; 6] = [
            "listConsultations",
            "getConsultation",
            "getMedium",
            "listReportBacks",
            "getReportBack",
            "listReportBackVersions",
        ];
        const SIGNED_IN: [&str; 4] =
            ["listConsultations", "listLibraryQuestions", "getLibraryQuestion", "listLibraryQuestionTransitions"];
        for rule in RULES {
            let public = matches!(rule.access, Access::Public | Access::Link);
            assert_eq!(rule.is_for_representatives(), public || OPEN.contains(&rule.operation), "{rule:?}");
            match rule.access {
                Access::Held(standings) => assert!(!standings.contains(&Standing::Admin), "{rule:?}"),
                Access::Public => assert!(["listRegisterEntries", "listPromiseRecords"].contains(&rule.operation)),
                Access::SignedIn => assert!(SIGNED_IN.contains(&rule.operation), "{rule:?}"),
                // A printed code, or an open link, opens one consultation, for an answer that nobody is known by.
                Access::Link => assert!(rule.leaves_nothing(), "{rule:?}"),
            }
            assert_eq!(table().filter(|other| other.operation == rule.operation).count(), 1);
        }
    }
}
