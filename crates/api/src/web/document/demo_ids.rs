//! The demo's ids, which the document's examples use: "Execute" in Swagger UI
//! works untouched on a service with the demo.

/// Kinds of things and the number that stands for them in the demo's ids.
const KINDS: &[(&str, u16)] = &[
    ("organisation", 0x01),
    ("region", 0x02),
    ("informationPage", 0x03),
    ("programme", 0x04),
    ("programmeDocument", 0x05),
    ("network", 0x06),
    ("participant", 0x07),
    ("membership", 0x08),
    ("consultation", 0x09),
    ("question", 0x0a),
    ("option", 0x0b),
    ("response", 0x0c),
    ("reportBack", 0x0d),
    ("feedback", 0x0e),
    ("support", 0x0f),
    ("officialResponse", 0x10),
    ("account", 0x11),
    ("grant", 0x12),
    ("transition", 0x13),
    ("pillar", 0x14),
    ("phase", 0x15),
    ("milestone", 0x16),
    ("session", 0x17),
    ("client", 0x30),
    ("credential", 0x31),
    ("kiosk", 0x32),
    ("roleInvitation", 0x40),
    ("auditEntry", 0x18),
    ("legalRepresentative", 0x41),
    ("consentText", 0x42),
    ("consent", 0x43),
    ("compensationRate", 0x5a),
    ("claim", 0x5b),
    ("burdenOverride", 0x60),
    ("ballotCodeBatch", 0x61),
    ("openAnswer", 0x62),
    ("reportBackTheme", 0x63),
    ("tellingAttempt", 0x64),
    ("consultationSample", 0x70),
    ("deadlineExtension", 0x71),
    ("consultationLink", 0x72),
    ("libraryQuestion", 0x65),
    ("medium", 0x66),
    ("inputSession", 0x67),
    ("sessionNote", 0x68),
    ("theme", 0x69),
    ("coding", 0x169),
    ("quote", 0x6a),
    ("row", 0x6d),
    ("dataRequest", 0x44),
    ("dataExport", 0x45),
    ("retentionNotice", 0x4a),
    ("agreement", 0x46),
    ("contactVerification", 0x52),
    ("recruitmentCampaign", 0x47),
    ("recruitmentBatch", 0x48),
    ("recruitmentCandidate", 0x49),
    ("contactAttempt", 0x4b),
    ("experienceRequest", 0x51),
    ("experienceApproach", 0x52),
    ("experienceOffer", 0x53),
];

/// Other names for the same kinds, where a property or parameter says more.
const ALIASES: &[(&str, &str)] = &[
    ("host", "organisation"),
    ("commissioner", "organisation"),
    ("partners", "organisation"),
    ("jointControllers", "organisation"),
    ("organisations", "organisation"),
    ("regions", "region"),
    ("networks", "network"),
    ("parent", "network"),
    ("facilitators", "account"),
    ("madeBy", "account"),
    ("drawnBy", "account"),
    ("actor", "account"),
    ("actingFor", "participant"),
    ("seenBy", "account"),
    ("contact", "account"),
    ("subject", "participant"),
    ("grantedBy", "account"),
    ("invitedBy", "account"),
    ("withdrawnBy", "account"),
    ("enteredBy", "account"),
    ("notedBy", "account"),
    ("recordedBy", "account"),
    ("scope", "organisation"),
    ("document", "programmeDocument"),
    ("page", "informationPage"),
    ("closingRound", "consultation"),
    ("closingRoundOf", "consultation"),
    ("answer", "question"),
    ("coders", "account"),
    ("codedBy", "account"),
    ("writtenBy", "account"),
    ("checkedBy", "account"),
    ("options", "option"),
    ("columns", "option"),
    ("rows", "row"),
    ("participants", "participant"),
    ("mergedInto", "feedback"),
    ("buildsOn", "consultation"),
    ("replaces", "credential"),
    ("rate", "compensationRate"),
    ("source", "organisation"),
    ("sources", "organisation"),
    ("representative", "legalRepresentative"),
];

/// The demo's id of the `sequence`th thing of a kind; version 7 in form.
pub fn demo_id(kind: &str, sequence: u32) -> Option<String> {
    let kind = ALIASES.iter().find(|(alias, _)| *alias == kind).map_or(kind, |(_, kind)| kind);
    let (_, number) = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind))?;
    Some(format!("0197c000-0000-7000-8000-{number:04x}{sequence:08x}"))
}

/// Operations whose example stands on another than the first thing of its kind:
/// what is deleted or changed must be a draft, results need a consultation that
/// is over, and what the one example moves the next still reads.
const OTHERS: &[(&str, u32)] = &[
    ("getAccount", 14),
    ("listAccountTransitions", 14),
    ("getConsultationResults", 2),
    ("getOpinionGroups", 2),
    ("getResultChart", 2),
    ("getResultFile", 2),
    ("getResultRecords", 2),
    ("listResultSnapshots", 2),
    // what was published, told on the telephone, and followed by a closing round
    ("createReportBackCorrection", 2),
    ("listReportBackVersions", 2),
    ("createTellingAttempt", 4),
    ("listTellingAttempts", 5),
    ("getClosingRound", 2),
    ("createClosingRound", 44),
    // another draft than the one that is published
    ("updateReportBack", 4),
    // an anonymous one that is open, and one that is sealed, with its open question
    ("createAnonymousResponse", 41),
    ("createAnonymousResponseWithdrawal", 41),
    ("createBallotCodeBatch", 41),
    ("listBallotCodeBatches", 41),
    ("listOpenAnswers", 42),
    // a draft that asks a sample, one that is over, and one that is open to whoever has a link
    ("createConsultationSample", 45),
    ("createSampleTopUp", 45),
    ("listConsultationSamples", 45),
    ("getConsultationResponseRate", 2),
    ("createConsultationLink", 46),
    ("listConsultationLinks", 46),
    ("deleteConsultationLink", 46),
    // a draft that shows something
    ("createMedium", 45),
    ("getMedium", 45),
    ("deleteMedium", 45),
    // of which nothing was written down, and what can go
    ("deleteInputSession", 2),
    ("deleteSessionNote", 3),
    // coded by two; coded, counted and quoted; and all but counted
    ("listThemes", 91),
    ("createTheme", 91),
    ("createCoding", 91),
    ("listCodings", 91),
    ("getCodingAgreement", 91),
    ("createQuote", 91),
    ("createThemeResults", 93),
    ("getThemeResults", 92),
    ("listQuotes", 92),
    // to which nothing is coded, and a quote that is a draft
    ("deleteTheme", 6),
    ("updateQuote", 2),
    ("createQuoteTransition", 2),
    // drafts
    ("createLibraryQuestionTransition", 2),
    ("deleteLibraryQuestion", 3),
    ("updateConsultation", 3),
    ("createConsultationTransition", 3),
    ("deleteConsultation", 4),
    ("updateFeedback", 4),
    ("deleteFeedback", 4),
    ("createInformationPageTransition", 4),
    ("deleteInformationPage", 5),
    ("createAccountTransition", 14),
    // somebody under 16
    ("listLegalRepresentatives", 23),
    ("createLegalRepresentative", 23),
    ("createLegalRepresentativeTransition", 2),
    ("deleteAccountSecondFactor", 14),
    ("deleteAccountExternalIdentity", 14),
    ("createMembershipTransition", 21),
    // somebody with a telephone number
    ("createContactVerification", 4),
    // somebody who waits for a call, and was reminded before
    ("createMembershipReminder", 24),
    ("createContactAttempt", 24),
    ("listContactAttempts", 24),
    ("createNetworkTransition", 2),
    // a council
    ("listNetworkAuditEntries", 45),
    ("deleteNetwork", 3),
    ("updateClaim", 2),
    ("updateConsentText", 2),
    ("deleteConsentText", 2),
    ("createConsentTextTransition", 3),
    ("createConsentTransition", 2),
    ("createProvenAge", 23),
    ("deleteClaim", 2),
    ("createClaimTransition", 3),
    ("createBurdenOverride", 3),
    // an erasure
    ("getErasurePlan", 2),
    ("createDataRequestTransition", 4),
    // a proposal that waits for its member
    ("createAgreementAcceptance", 2),
    // a member without an agreement
    ("createAgreement", 3),
    // it closes, and the others are still read
    ("createRecruitmentCampaignTransition", 2),
    // drafts
    ("updateExperienceRequest", 2),
    ("createExperienceRequestTransition", 2),
    ("deleteExperienceRequest", 3),
    // an export that was carried out
    ("createDataExport", 3),
];

/// The example for the id in an operation's path.
pub(super) fn example_in_path(operation: &str, name: &str) -> Option<String> {
    match (operation, name) {
        ("listOpenAnswers", "questionId") => return demo_id("question", 52),
        ("getResultChart", "questionId") => return demo_id("question", 4),
        _other => {}
    }
    let stem = name.strip_suffix("Id").unwrap_or(name);
    let other = OTHERS.iter().find(|(known, _)| *known == operation);
    demo_id(stem, other.map_or(1, |(_, number)| *number))
}

/// The example for a property that holds an id.
pub(super) fn example_for(name: &str, within: &str) -> Option<String> {
    let stem = name.strip_suffix("Ids").or_else(|| name.strip_suffix("Id")).unwrap_or(name);
    let kind = if name == "id" { within } else { stem };
    // `SingleChoiceQuestion` is a question, too.
    let ends_so = |(known, _): &&(&'static str, u16)| kind.to_lowercase().ends_with(&known.to_lowercase());
    demo_id(kind, 1).or_else(|| demo_id(KINDS.iter().find(ends_so)?.0, 1))
}
