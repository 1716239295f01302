//! Who may do what, held cell by cell: every operation, every caller, one's own
//! things, a council's, another tenant's, and none at all.

mod actors;
mod asked;
mod by_code;
mod cells;
mod consents;
mod council;
mod experience;
mod golden;
mod library;
mod matrix;
mod money;
mod room;
mod routes;
mod slots;
mod swap;
mod tenant;
mod things;
