//! Who may do what with consents and their texts.
//!
//! A text that is published is there for everybody who signs in; drafts are for its
//! writers. A consent is the person's: theirs, that of who represents them, and of the
//! organisation that asked. Ask [`super::ConsentText::may_be_seen`] first.

use crate::policy::{Access, Rule, Standing, operations};

/// Who writes the texts of an organisation.
const WRITERS: Access = Access::Held(&[Standing::Manager, Standing::Officer]);
/// The person, who represents them, and the organisation that registered them.
const EITHER: Access =
    Access::Held(&[Standing::Manager, Standing::Officer, Standing::Participant, Standing::Representative]);
/// Who else may know of the person.
const READERS: &[Standing] =
    &[Standing::Client, Standing::Coordinator, Standing::Facilitator, Standing::Chair, Standing::Secretary];
/// Those, and who runs a network in which the person takes part: whether they consent.
const STATE_READERS: Access = Access::Held(&[
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Participant,
    Standing::Representative,
]);
/// Who saw proof of somebody's age: people of the organisation that registered them.
const WITNESSES: Access = Access::Held(&[Standing::Manager, Standing::Officer]);
/// Who may know of the person beside them.
const OTHERS: &[Standing] = &[
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Participant,
    Standing::Representative,
];

/// Who answers requests about somebody's data.
const OFFICERS: Access = Access::Held(&[Standing::Manager, Standing::Officer]);

operations! {
    /// List an organisation's texts.
    ListConsentTexts = Rule::new("listConsentTexts", Access::SignedIn).by_representatives().by_code();
    /// Write a text.
    CreateConsentText = Rule::new("createConsentText", WRITERS).seen_by_all();
    /// Read a text.
    GetConsentText = Rule::new("getConsentText", Access::SignedIn).by_representatives().by_code();
    /// Change a draft.
    UpdateConsentText = Rule::new("updateConsentText", WRITERS).seen_by_all().versioned();
    /// Delete a draft.
    DeleteConsentText = Rule::new("deleteConsentText", WRITERS).seen_by_all().versioned();
    /// Publish or retire a text.
    CreateConsentTextTransition = Rule::new("createConsentTextTransition", WRITERS).seen_by_all().versioned();
    /// List the moves of a text.
    ListConsentTextTransitions = Rule::new("listConsentTextTransitions", WRITERS).seen_by_all();
    /// List what was said for a participant.
    ListConsents = Rule::new("listConsents", EITHER).seen_by(READERS).personal().by_code();
    /// Say yes or no, or write down what somebody said.
    CreateConsent = Rule::new("createConsent", EITHER).seen_by(READERS).by_code();
    /// Read a consent.
    GetConsent = Rule::new("getConsent", EITHER).personal().by_code();
    /// Take a consent back.
    CreateConsentTransition = Rule::new("createConsentTransition", EITHER).versioned().by_code();
    /// List the moves of a consent.
    ListConsentTransitions = Rule::new("listConsentTransitions", EITHER).personal().by_code();
    /// Read what stands of a participant's consents.
    GetConsentStates = Rule::new("getConsentStates", STATE_READERS).seen_by(READERS).personal().by_code();
    /// Record that somebody proved to have reached an age.
    CreateProvenAge = Rule::new("createProvenAge", WITNESSES).seen_by(OTHERS);
    /// Read what is done with personal data, for what, and for how long.
    GetProcessingActivities = Rule::new("getProcessingActivities", Access::SignedIn).by_code();
    /// List what an organisation was asked about the data of its participants.
    ListDataRequests = Rule::new("listDataRequests", OFFICERS).seen_by_all().personal();
    /// List what was asked about one participant's data.
    ListParticipantDataRequests = Rule::new("listParticipantDataRequests", EITHER).seen_by(READERS).personal().by_code();
    /// Ask something of a participant's data.
    CreateDataRequest = Rule::new("createDataRequest", EITHER).seen_by(READERS).by_code();
    /// List what one asked of all that is one's own.
    ListMyDataRequests = Rule::new("listMyDataRequests", Access::SignedIn).by_code();
    /// Ask something of all that is one's own.
    CreateMyDataRequest = Rule::new("createMyDataRequest", Access::SignedIn).by_code();
    /// Read a request.
    GetDataRequest = Rule::new("getDataRequest", EITHER).personal().by_code();
    /// Move a request along its lifecycle.
    CreateDataRequestTransition = Rule::new("createDataRequestTransition", EITHER).versioned().by_code();
    /// List the moves of a request.
    ListDataRequestTransitions = Rule::new("listDataRequestTransitions", EITHER).personal().by_code();
    /// See what an erasure would do.
    GetErasurePlan = Rule::new("getErasurePlan", EITHER).personal().by_code();
    /// List who is about to be removed because they no longer take part.
    ListRetentionNotices = Rule::new("listRetentionNotices", OFFICERS).seen_by_all().personal();
    /// Get the link to an export, for once.
    CreateDataExport = Rule::new("createDataExport", EITHER).by_code();
    /// Read an export, once.
    CreateDataExportReading = Rule::new("createDataExportReading", EITHER).personal().by_code();
}
