//! End-to-end tests: the whole service, spoken to over HTTP, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "a test stops, loudly, where something is missing; a walk is read in one piece"
)]

#[macro_use]
mod support;

mod adr;
mod agreements;
mod anonymity;
mod answers;
mod audience;
mod audit;
mod bad_tokens;
mod between_tenants;
mod burden;
mod busy;
mod cases;
mod compensation;
mod consultations;
mod contract;
mod demo;
mod desk;
mod document;
mod edge;
mod experience;
mod feedback;
mod grants;
mod history;
mod inviting;
mod machines;
mod mail;
mod networks;
mod oidc;
mod organisations;
mod own_data;
mod participants;
mod peers;
mod people;
mod privacy;
mod process;
mod programmes;
mod reaching;
mod recruitment;
mod repeats;
mod representatives;
mod rights;
mod role_reviews;
mod rota;
mod sign_in;
mod tidy;
mod zz_databases;
