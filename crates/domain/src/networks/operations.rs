//! Who may do what here.

use crate::policy::Rule;

/// The rows of this context.
pub const RULES: &[Rule] = &[];
