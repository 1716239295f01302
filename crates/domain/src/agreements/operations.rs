//! Who may do what with agreements. An agreement stands with the membership that it is
//! about; an organisation that is a party reads and answers it, other partners don't.

use super::vocabulary::{AGREEMENT_KEEPERS, PARTIES};
use crate::policy::{Access, Rule, Standing, operations};

/// Who keeps a network's agreements.
const KEEPERS: Access = Access::Held(AGREEMENT_KEEPERS);
/// Whoever is a party, or speaks for one.
const EITHER: Access = Access::Held(PARTIES);
/// Who may know of the membership beside them.
const READERS: &[Standing] =
    &[Standing::Participant, Standing::Representative, Standing::Facilitator, Standing::Client];

operations! {
    /// List a network's agreements.
    ListAgreements = Rule::new("listAgreements", Access::SignedIn).by_representatives().personal();
    /// Propose an agreement, or a new version of one.
    CreateAgreement = Rule::new("createAgreement", KEEPERS).seen_by(READERS);
    /// Read an agreement.
    GetAgreement = Rule::new("getAgreement", EITHER).personal().by_code();
    /// Say yes for a party.
    CreateAgreementAcceptance = Rule::new("createAgreementAcceptance", EITHER).versioned().by_code();
    /// Say no, or end it.
    CreateAgreementTransition = Rule::new("createAgreementTransition", EITHER).versioned().by_code();
    /// List the moves of an agreement.
    ListAgreementTransitions = Rule::new("listAgreementTransitions", EITHER).personal().by_code();
    /// Read what was promised in a network, and what was kept.
    GetNetworkPromises = Rule::new("getNetworkPromises", KEEPERS).seen_by_all().personal();
}
