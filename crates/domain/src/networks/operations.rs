//! Who may do what with networks.
//!
//! A draft is unknown to outsiders: ask [`super::Network::may_be_seen`] first,
//! then the table. What somebody sees of a composition is
//! [`super::View::of`] for them.

use crate::access::ClientScope;
use crate::policy::{Access, Rule, Standing, operations};

/// In a council the manager's and coordinator's roles don't reach in, and the
/// chair stands in their place.
const LEADERS: Access = Access::Held(&[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair]);

/// Who puts subjects to a network's people, and so sees whether each may be asked.
const ASKERS: Access = Access::Held(&[
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
]);

/// Who reads a network's people, and a council's supporter.
const ROTA: &[Standing] = &[
    Standing::Manager,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Supporter,
];

operations! {
    /// List the networks.
    ListNetworks = Rule::new("listNetworks", Access::SignedIn).scope(ClientScope::NetworksRead);
    /// Make a network.
    CreateNetwork = Rule::new("createNetwork", Access::Held(&[Standing::Manager, Standing::Client])).seen_by_all().scope(ClientScope::NetworksWrite);
    /// Read a network.
    GetNetwork = Rule::new("getNetwork", Access::SignedIn).scope(ClientScope::NetworksRead);
    /// Change a network.
    UpdateNetwork = Rule::new("updateNetwork", LEADERS).seen_by_all().versioned().scope(ClientScope::NetworksWrite);
    /// Delete a network that is still a draft.
    DeleteNetwork = Rule::new("deleteNetwork", LEADERS).seen_by_all().versioned().scope(ClientScope::NetworksWrite);
    /// Move a network along its lifecycle.
    CreateNetworkTransition = Rule::new("createNetworkTransition", LEADERS).seen_by_all().versioned().scope(ClientScope::NetworksWrite);
    /// List the moves of a network.
    ListNetworkTransitions = Rule::new("listNetworkTransitions", Access::SignedIn).scope(ClientScope::NetworksRead);
    /// List whether each member may be asked.
    ListAskableMemberships = Rule::new("listAskableMemberships", ASKERS).seen_by_all().personal();
    /// Read how heavily a network asks its people.
    GetNetworkLoad = Rule::new("getNetworkLoad", Access::SignedIn);
    /// Read who steps down when.
    GetNetworkRota = Rule::new("getNetworkRota", Access::Held(ROTA)).seen_by_all().personal();
    /// Who is in a network, counted.
    GetNetworkComposition = Rule::new("getNetworkComposition", Access::SignedIn).scope(ClientScope::NetworksRead);
}
