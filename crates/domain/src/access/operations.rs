//! Who may do what with accounts, sessions and roles.
//!
//! Of a role the table says who grants any at all; which one, and who sees it,
//! is for [`super::granting`] to say.

use crate::policy::{Access, Rule, Standing, operations};

/// Who grants roles.
const GRANTERS: Access = Access::Held(&[Standing::Admin, Standing::Manager, Standing::Coordinator, Standing::Chair]);

operations! {
    /// Sign in with e-mail address and password.
    CreateSession = Rule::new("createSession", Access::Public);
    /// Sign in with a one-time code.
    RedeemSignInCode = Rule::new("redeemSignInCode", Access::Link);
    /// Renew a session with its refresh token.
    RefreshSession = Rule::new("refreshSession", Access::Link);
    /// Sign out.
    DeleteSession = Rule::new("deleteSession", Access::SignedIn);
    /// Who am I, and what do I hold.
    GetMe = Rule::new("getMe", Access::SignedIn);
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
    /// Grant a role.
    CreateGrant = Rule::new("createGrant", GRANTERS).seen_by_all();
    /// List the roles granted in a scope.
    ListGrants = Rule::new("listGrants", Access::SignedIn);
    /// Read a granted role.
    GetGrant = Rule::new("getGrant", Access::SignedIn);
    /// Withdraw a role.
    DeleteGrant = Rule::new("deleteGrant", GRANTERS).seen_by_all();
}
