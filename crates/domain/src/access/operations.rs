//! Who may do what with accounts, sessions and roles.
//!
//! Of a role the table says who grants any at all; which one, and who sees it,
//! is for [`super::granting`] to say. Of the audit trail it says who reads an
//! organisation's, a council's, a person's own; a council's stays in its room.

use crate::access::ClientScope;
use crate::participants::operations::READERS;
use crate::policy::{Access, Rule, Standing, operations};

/// Who grants roles.
const GRANTERS: Access = Access::Held(&[Standing::Admin, Standing::Manager, Standing::Coordinator, Standing::Chair]);
/// Who reads an organisation's audit trail: its managers, and the machine that
/// keeps it elsewhere for them.
const OF_AN_ORGANISATION: Access = Access::Held(&[Standing::Manager, Standing::Client]);
/// Who reads a council's audit trail.
const COUNCIL_READERS: &[Standing] = &[Standing::Chair, Standing::Secretary];
/// Who reads what was done with a person's data: the manager of the organisation
/// that registered them, and they themselves.
const OF_A_PERSON: Access = Access::Held(&[Standing::Manager, Standing::Participant]);
/// Who invites: who grants roles, and who registers people.
const INVITERS: Access =
    Access::Held(&[Standing::Admin, Standing::Manager, Standing::Officer, Standing::Coordinator, Standing::Chair]);

/// Who keeps an organisation's clients: never an admin, never a machine.
const CLIENT_KEEPERS: Access = Access::Held(&[Standing::Manager]);

operations! {
    /// Sign in with e-mail address and password.
    CreateSession = Rule::new("createSession", Access::Public);
    /// Ask for a one-time code by mail.
    RequestSignInCode = Rule::new("requestSignInCode", Access::Public);
    /// Sign in with a one-time code.
    RedeemSignInCode = Rule::new("redeemSignInCode", Access::Link);
    /// Set a new password with a link that came by mail.
    ResetPassword = Rule::new("resetPassword", Access::Link);
    /// Renew a session with its refresh token.
    RefreshSession = Rule::new("refreshSession", Access::Link);
    /// Open a session to one's own data with a one-time code, without an account.
    CreateOwnDataSession = Rule::new("createOwnDataSession", Access::Link);
    /// Sign out.
    DeleteSession = Rule::new("deleteSession", Access::SignedIn).by_code();
    /// Who am I, and what do I hold.
    GetMe = Rule::new("getMe", Access::SignedIn).by_representatives();
    /// What may I do with one thing.
    GetMyPermissions = Rule::new("getMyPermissions", Access::SignedIn).by_representatives();
    /// Change one's own name and language.
    UpdateMe = Rule::new("updateMe", Access::SignedIn).versioned();
    /// Set one's own password.
    CreatePasswordChange = Rule::new("createPasswordChange", Access::SignedIn);
    /// List one's own sessions.
    ListSessions = Rule::new("listSessions", Access::SignedIn);
    /// Read a session of one's own.
    GetSession = Rule::new("getSession", Access::SignedIn);
    /// End all other sessions of one's own.
    DeleteOtherSessions = Rule::new("deleteOtherSessions", Access::SignedIn);
    /// Start with a second factor.
    CreateSecondFactor = Rule::new("createSecondFactor", Access::SignedIn);
    /// Show the first code of a second factor.
    CreateSecondFactorConfirmation = Rule::new("createSecondFactorConfirmation", Access::SignedIn);
    /// Show a code of a second factor in a session.
    CreateSecondFactorCheck = Rule::new("createSecondFactorCheck", Access::SignedIn);
    /// Stop using a second factor.
    DeleteSecondFactor = Rule::new("deleteSecondFactor", Access::SignedIn);
    /// Make an account.
    CreateAccount = Rule::new("createAccount", Access::Held(&[Standing::Admin])).seen_by_all();
    /// Read an account.
    GetAccount = Rule::new("getAccount", Access::SignedIn).personal();
    /// Switch an account off, or on again.
    CreateAccountTransition =
        Rule::new("createAccountTransition", Access::Held(&[Standing::Admin])).seen_by_all().versioned();
    /// List the moves of an account.
    ListAccountTransitions = Rule::new("listAccountTransitions", Access::SignedIn).personal();
    /// Remove somebody's lost second factor.
    DeleteAccountSecondFactor =
        Rule::new("deleteAccountSecondFactor", Access::Held(&[Standing::Admin])).seen_by_all();
    /// Unlink an account from who somebody is at another issuer.
    DeleteAccountExternalIdentity =
        Rule::new("deleteAccountExternalIdentity", Access::Held(&[Standing::Admin])).seen_by_all();
    /// Grant a role.
    CreateGrant = Rule::new("createGrant", GRANTERS).seen_by_all();
    /// List the roles granted in a scope.
    ListGrants = Rule::new("listGrants", Access::SignedIn);
    /// Review who holds, and held, which role in an organisation and its networks.
    ListRoleReviews = Rule::new("listRoleReviews", Access::Held(&[Standing::Manager])).seen_by_all().personal();
    /// Read a granted role.
    GetGrant = Rule::new("getGrant", Access::SignedIn);
    /// Withdraw a role.
    DeleteGrant = Rule::new("deleteGrant", GRANTERS).seen_by_all();
    /// Invite somebody to a role, or to be who they were registered as.
    CreateRoleInvitation = Rule::new("createRoleInvitation", INVITERS).seen_by_all();
    /// List the invitations to roles in a scope.
    ListRoleInvitations = Rule::new("listRoleInvitations", Access::SignedIn).personal();
    /// Read an invitation to a role.
    GetRoleInvitation = Rule::new("getRoleInvitation", Access::SignedIn).personal();
    /// Withdraw an invitation to a role.
    DeleteRoleInvitation = Rule::new("deleteRoleInvitation", INVITERS).seen_by_all();
    /// Accept an invitation with the link that came by mail.
    AcceptRoleInvitation = Rule::new("acceptRoleInvitation", Access::Link);
    /// List the clients that one keeps.
    ListClients = Rule::new("listClients", Access::SignedIn);
    /// Make a client.
    CreateClient = Rule::new("createClient", CLIENT_KEEPERS).seen_by_all();
    /// Read a client.
    GetClient = Rule::new("getClient", CLIENT_KEEPERS);
    /// Change a client.
    UpdateClient = Rule::new("updateClient", CLIENT_KEEPERS).versioned();
    /// Revoke a client.
    CreateClientTransition = Rule::new("createClientTransition", CLIENT_KEEPERS).versioned();
    /// List the moves of a client.
    ListClientTransitions = Rule::new("listClientTransitions", CLIENT_KEEPERS);
    /// List a client's credentials.
    ListClientCredentials = Rule::new("listClientCredentials", CLIENT_KEEPERS);
    /// Make a credential of a client.
    CreateClientCredential = Rule::new("createClientCredential", CLIENT_KEEPERS);
    /// Revoke a credential.
    DeleteClientCredential = Rule::new("deleteClientCredential", CLIENT_KEEPERS);
    /// Read the audit trail of the installation.
    ListAuditEntries = Rule::new("listAuditEntries", Access::Held(&[Standing::Admin])).seen_by_all().personal();
    /// Read the audit trail of an organisation, without its councils' rooms.
    ListOrganisationAuditEntries = Rule::new("listOrganisationAuditEntries", OF_AN_ORGANISATION)
        .seen_by_all()
        .personal()
        .scope(ClientScope::AuditRead);
    /// Read the audit trail of a council.
    ListNetworkAuditEntries =
        Rule::new("listNetworkAuditEntries", Access::Held(COUNCIL_READERS)).seen_by_all().personal();
    /// Read who saw or changed what about a person.
    ListParticipantAuditEntries = Rule::new("listParticipantAuditEntries", OF_A_PERSON).seen_by(READERS).personal().by_code();
}
