//! Who may do what with networks.
//!
//! A draft is unknown to outsiders: ask [`super::Network::may_be_seen`] first,
//! then the table. What somebody sees of a composition is
//! [`super::View::of`] for them.

use crate::policy::{Access, Rule, Standing, operations};

/// In a council the manager's and coordinator's roles don't reach in, and the
/// chair stands in their place.
const LEADERS: Access = Access::Held(&[Standing::Manager, Standing::Coordinator, Standing::Chair]);

operations! {
    /// List the networks.
    ListNetworks = Rule::new("listNetworks", Access::SignedIn);
    /// Make a network.
    CreateNetwork = Rule::new("createNetwork", Access::Held(&[Standing::Manager])).seen_by_all();
    /// Read a network.
    GetNetwork = Rule::new("getNetwork", Access::SignedIn);
    /// Change a network.
    UpdateNetwork = Rule::new("updateNetwork", LEADERS).seen_by_all().versioned();
    /// Delete a network that is still a draft.
    DeleteNetwork = Rule::new("deleteNetwork", LEADERS).seen_by_all().versioned();
    /// Move a network along its lifecycle.
    CreateNetworkTransition = Rule::new("createNetworkTransition", LEADERS).seen_by_all().versioned();
    /// List the moves of a network.
    ListNetworkTransitions = Rule::new("listNetworkTransitions", Access::SignedIn);
    /// Who is in a network, counted.
    GetNetworkComposition = Rule::new("getNetworkComposition", Access::SignedIn);
}
