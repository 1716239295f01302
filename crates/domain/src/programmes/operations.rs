//! Who may do what with programmes and their documents. A programme is known
//! to everybody with an account; its place is that of its host.

use crate::access::ClientScope;
use crate::policy::{Access, Rule, Standing, operations};

const MANAGER: Access = Access::Held(&[Standing::Manager, Standing::Client]);
const WRITERS: Access = Access::Held(&[Standing::Manager, Standing::Officer, Standing::Client]);

operations! {
    /// List the programmes.
    ListProgrammes = Rule::new("listProgrammes", Access::SignedIn).scope(ClientScope::ProgrammesRead);
    /// Make a programme.
    CreateProgramme = Rule::new("createProgramme", MANAGER).seen_by_all().scope(ClientScope::ProgrammesWrite);
    /// Read a programme.
    GetProgramme = Rule::new("getProgramme", Access::SignedIn).scope(ClientScope::ProgrammesRead);
    /// Change a programme.
    UpdateProgramme = Rule::new("updateProgramme", MANAGER).seen_by_all().versioned().scope(ClientScope::ProgrammesWrite);
    /// Who takes part in a programme, network by network.
    GetProgrammeComposition = Rule::new("getProgrammeComposition", Access::SignedIn).scope(ClientScope::ProgrammesRead);
    /// List a programme's documents.
    ListProgrammeDocuments = Rule::new("listProgrammeDocuments", Access::SignedIn).scope(ClientScope::ProgrammesRead);
    /// Make a document of a programme.
    CreateProgrammeDocument = Rule::new("createProgrammeDocument", WRITERS).seen_by_all().scope(ClientScope::ProgrammesWrite);
    /// Read a document of a programme.
    GetProgrammeDocument = Rule::new("getProgrammeDocument", Access::SignedIn).scope(ClientScope::ProgrammesRead);
    /// Change a document of a programme, or add a version.
    UpdateProgrammeDocument = Rule::new("updateProgrammeDocument", WRITERS).seen_by_all().versioned().scope(ClientScope::ProgrammesWrite);
}
