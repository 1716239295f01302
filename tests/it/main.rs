//! End-to-end tests: the whole service, spoken to over HTTP, on both databases.

#[macro_use]
mod support;

mod adr;
mod cases;
mod consultations;
mod contract;
mod demo;
mod desk;
mod document;
mod feedback;
mod grants;
mod networks;
mod organisations;
mod participants;
mod process;
mod programmes;
mod sign_in;
mod tidy;
mod zz_databases;
