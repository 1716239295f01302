//! Who may do what with organisations, regions and information pages.
//!
//! A draft or withdrawn page is unknown to outsiders: ask
//! [`super::InformationPage::may_be_seen`] first, then the table.

use crate::access::ClientScope;
use crate::policy::{Access, Rule, Standing, operations};

const ADMIN: Access = Access::Held(&[Standing::Admin]);
const KEEPERS: Access = Access::Held(&[Standing::Admin, Standing::Manager]);
const WRITERS: Access = Access::Held(&[Standing::Manager, Standing::Officer, Standing::Client]);

operations! {
    /// List the organisations.
    ListOrganisations = Rule::new("listOrganisations", Access::SignedIn).scope(ClientScope::OrganisationsRead);
    /// Make an organisation.
    CreateOrganisation = Rule::new("createOrganisation", ADMIN).seen_by_all();
    /// Read an organisation.
    GetOrganisation = Rule::new("getOrganisation", Access::SignedIn).scope(ClientScope::OrganisationsRead);
    /// Change an organisation.
    UpdateOrganisation = Rule::new("updateOrganisation", KEEPERS).seen_by_all().versioned();
    /// List the regions.
    ListRegions = Rule::new("listRegions", Access::SignedIn).scope(ClientScope::OrganisationsRead);
    /// Read a region.
    GetRegion = Rule::new("getRegion", Access::SignedIn).scope(ClientScope::OrganisationsRead);
    /// Make a region.
    CreateRegion = Rule::new("createRegion", ADMIN).seen_by_all();
    /// List the information pages.
    ListInformationPages = Rule::new("listInformationPages", Access::Public);
    /// Read an information page.
    GetInformationPage = Rule::new("getInformationPage", Access::Public);
    /// Make an information page.
    CreateInformationPage = Rule::new("createInformationPage", WRITERS).seen_by_all().scope(ClientScope::InformationWrite);
    /// Change an information page.
    UpdateInformationPage = Rule::new("updateInformationPage", WRITERS).seen_by_all().versioned().scope(ClientScope::InformationWrite);
    /// Delete an information page that is still a draft.
    DeleteInformationPage = Rule::new("deleteInformationPage", WRITERS).seen_by_all().versioned().scope(ClientScope::InformationWrite);
    /// Publish or withdraw an information page.
    CreateInformationPageTransition = Rule::new("createInformationPageTransition", WRITERS).seen_by_all().versioned().scope(ClientScope::InformationWrite);
    /// List the moves of an information page.
    ListInformationPageTransitions = Rule::new("listInformationPageTransitions", WRITERS).seen_by_all().scope(ClientScope::InformationWrite);
}
