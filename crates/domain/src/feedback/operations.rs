//! Who may do what with feedback.
//!
//! The table knows standings; who is the author is told apart: drafts are
//! unknown to all but their author, and kinds that aren't shared
//! ([`super::FeedbackKind::is_shared`]) to all but author and addressee. Ask
//! [`super::Feedback::may_be_seen`] first, then the table.

use crate::access::ClientScope;
use crate::policy::{Access, Rule, Standing, operations};

const ADDRESSEE: Access = Access::Held(&[
    Standing::Officer,
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
]);

operations! {
    /// List the feedback that one may see.
    ListFeedback = Rule::new("listFeedback", Access::SignedIn).scope(ClientScope::FeedbackRead);
    /// Write feedback, or record it on somebody's behalf.
    CreateFeedback = Rule::new("createFeedback", Access::SignedIn).scope(ClientScope::FeedbackWrite);
    /// Read feedback.
    GetFeedback = Rule::new("getFeedback", Access::SignedIn).scope(ClientScope::FeedbackRead);
    /// Change feedback that is still a draft; its author.
    UpdateFeedback = Rule::new("updateFeedback", Access::SignedIn).versioned().scope(ClientScope::FeedbackWrite);
    /// Delete feedback that is still a draft; its author.
    DeleteFeedback = Rule::new("deleteFeedback", Access::SignedIn).versioned().scope(ClientScope::FeedbackWrite);
    /// Move feedback on.
    CreateFeedbackTransition = Rule::new("createFeedbackTransition", Access::SignedIn).versioned().scope(ClientScope::FeedbackWrite);
    /// List the moves of feedback.
    ListFeedbackTransitions = Rule::new("listFeedbackTransitions", Access::SignedIn).scope(ClientScope::FeedbackRead);
    /// Support somebody else's feedback.
    CreateSupport = Rule::new("createSupport", Access::SignedIn);
    /// Take one's support back.
    DeleteSupport = Rule::new("deleteSupport", Access::SignedIn);
    /// Answer officially.
    CreateOfficialResponse = Rule::new("createOfficialResponse", ADDRESSEE).seen_by_all().scope(ClientScope::FeedbackWrite);
    /// List the official responses.
    ListOfficialResponses = Rule::new("listOfficialResponses", Access::SignedIn).scope(ClientScope::FeedbackRead);
    /// List what waits for me.
    ListMyTasks = Rule::new("listMyTasks", Access::SignedIn).by_representatives().by_code();
    /// List what I was asked, and what came of it.
    ListMyConsultations = Rule::new("listMyConsultations", Access::SignedIn).by_representatives().by_code();
    /// List what happened with me here: asked, answered, brought, consented, paid.
    ListMyHistory = Rule::new("listMyHistory", Access::SignedIn).by_code();
    /// List what I brought, and what became of it.
    ListMyContributions = Rule::new("listMyContributions", Access::SignedIn);
}
