//! Who may do what with rates and claims. Money is for people: no machine.
//!
//! A claim stands in its network, with its person; the organisation that hosts
//! the network pays. A council's claims stay in its room: its own chair and
//! secretary find them good, and hand over what is to be paid.

use crate::policy::{Access, Rule, Standing, operations};

/// Who sets rates; in a council its own chair and secretary.
const SETTERS: Access = Access::Held(super::APPROVERS);
/// Who keeps claims, the person, and who represents them.
const KEEPERS_AND_OWN: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Participant,
    Standing::Representative,
];
const EITHER: Access = Access::Held(KEEPERS_AND_OWN);
/// Who is in the network beside them.
const MEMBERS: &[Standing] =
    &[Standing::Member, Standing::Facilitator, Standing::Moderator, Standing::Observer, Standing::Supporter];
operations! {
    /// List an organisation's rates that one may see.
    ListCompensationRates = Rule::new("listCompensationRates", Access::SignedIn);
    /// Set a rate.
    CreateCompensationRate = Rule::new("createCompensationRate", SETTERS).seen_by_all();
    /// Read a rate.
    GetCompensationRate = Rule::new("getCompensationRate", Access::SignedIn);
    /// Change a rate's name, reason or last day.
    UpdateCompensationRate = Rule::new("updateCompensationRate", SETTERS).seen_by_all().versioned();
    /// List the rates that hold for a membership.
    ListMembershipRates = Rule::new("listMembershipRates", EITHER);
    /// List the claims that one may see.
    ListClaims = Rule::new("listClaims", Access::SignedIn).by_representatives().personal();
    /// Make a claim.
    CreateClaim = Rule::new("createClaim", EITHER).seen_by(MEMBERS);
    /// Read a claim.
    GetClaim = Rule::new("getClaim", EITHER).personal();
    /// Change a draft.
    UpdateClaim = Rule::new("updateClaim", EITHER).versioned();
    /// Delete a draft.
    DeleteClaim = Rule::new("deleteClaim", EITHER).versioned();
    /// Hand a claim in, find it good or not, pay it.
    CreateClaimTransition = Rule::new("createClaimTransition", EITHER).versioned();
    /// List a claim's moves.
    ListClaimTransitions = Rule::new("listClaimTransitions", EITHER).personal();
    /// Read where somebody stands under the ceilings of the volunteer allowance.
    GetAllowance = Rule::new("getAllowance", EITHER).personal();
    /// Read where one stands oneself, over all who pay here.
    GetMyAllowance = Rule::new("getMyAllowance", Access::SignedIn);
    /// Read what each perspective gets for the same work in a network.
    GetNetworkCompensation = Rule::new("getNetworkCompensation", Access::Held(super::KEEPERS)).seen_by_all();
    /// Read what each perspective gets for the same work in all networks of an organisation.
    GetOrganisationCompensation = Rule::new("getOrganisationCompensation", Access::Held(&[Standing::Manager, Standing::Officer])).seen_by_all();
}
