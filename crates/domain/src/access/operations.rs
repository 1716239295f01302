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
    /// Ask for a one-time code by mail.
    RequestSignInCode = Rule::new("requestSignInCode", Access::Public);
    /// Sign in with a one-time code.
    RedeemSignInCode = Rule::new("redeemSignInCode", Access::Link);
    /// Set a new password with a link that came by mail.
    ResetPassword = Rule::new("resetPassword", Access::Link);
    /// Renew a session with its refresh token.
    RefreshSession = Rule::new("refreshSession", Access::Link);
    /// Sign out.
    DeleteSession = Rule::new("deleteSession", Access::SignedIn);
    /// Who am I, and what do I hold.
    GetMe = Rule::new("getMe", Access::SignedIn);
    /// Make an account.
    CreateAccount = Rule::new("createAccount", Access::Held(&[Standing::Admin])).seen_by_all();
    /// Grant a role.
    CreateGrant = Rule::new("createGrant", GRANTERS).seen_by_all();
    /// List the roles granted in a scope.
    ListGrants = Rule::new("listGrants", Access::SignedIn);
    /// Withdraw a role.
    DeleteGrant = Rule::new("deleteGrant", GRANTERS).seen_by_all();
}
