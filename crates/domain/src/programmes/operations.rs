//! Who may do what with programmes and their documents. A programme is known
//! to everybody with an account; its place is that of its host.

use crate::policy::{Access, Rule, Standing, operations};

const MANAGER: Access = Access::Held(&[Standing::Manager]);
const WRITERS: Access = Access::Held(&[Standing::Manager, Standing::Officer]);

operations! {
    /// List the programmes.
    ListProgrammes = Rule::new("listProgrammes", Access::SignedIn);
    /// Make a programme.
    CreateProgramme = Rule::new("createProgramme", MANAGER).seen_by_all();
    /// Read a programme.
    GetProgramme = Rule::new("getProgramme", Access::SignedIn);
    /// Change a programme.
    UpdateProgramme = Rule::new("updateProgramme", MANAGER).seen_by_all().versioned();
    /// Who takes part in a programme, network by network.
    GetProgrammeComposition = Rule::new("getProgrammeComposition", Access::SignedIn);
    /// List a programme's documents.
    ListProgrammeDocuments = Rule::new("listProgrammeDocuments", Access::SignedIn);
    /// Make a document of a programme.
    CreateProgrammeDocument = Rule::new("createProgrammeDocument", WRITERS).seen_by_all();
    /// Read a document of a programme.
    GetProgrammeDocument = Rule::new("getProgrammeDocument", Access::SignedIn);
    /// Change a document of a programme, or add a version.
    UpdateProgrammeDocument = Rule::new("updateProgrammeDocument", WRITERS).seen_by_all().versioned();
}
