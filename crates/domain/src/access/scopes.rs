//! What a machine may do: scopes, written `resource:action` (RFC 6749 §3.3).

use crate::vocabulary::vocabulary;

vocabulary! {
    /// A scope of a client: what a machine may do for its organisation. It
    /// never reaches into a council's room, nor to raw answers.
    ClientScope {
        /// Read organisations and regions.
        OrganisationsRead => "organisations:read",
        /// Make and change information pages.
        InformationWrite => "information:write",
        /// Read programmes and their documents.
        ProgrammesRead => "programmes:read",
        /// Make and change programmes and their documents.
        ProgrammesWrite => "programmes:write",
        /// Read networks and their composition.
        NetworksRead => "networks:read",
        /// Make, change and move networks.
        NetworksWrite => "networks:write",
        /// Read the organisation's participants and memberships.
        ParticipantsRead => "participants:read",
        /// Register and change participants, and keep memberships.
        ParticipantsWrite => "participants:write",
        /// Read consultations, results and report-backs.
        ConsultationsRead => "consultations:read",
        /// Prepare and move consultations and report-backs.
        ConsultationsWrite => "consultations:write",
        /// Post answers to one consultation, from a device on site; of kiosks only.
        ResponsesWrite => "responses:write",
        /// Read feedback.
        FeedbackRead => "feedback:read",
        /// Record, move and answer feedback.
        FeedbackWrite => "feedback:write",
        /// Read the organisation's audit trail.
        AuditRead => "audit:read",
    }
}
