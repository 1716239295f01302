//! End-to-end tests: the whole service, spoken to over HTTP, on both databases.

#[macro_use]
mod support;

mod cases;
mod contract;
mod demo;
mod document;
mod grants;
mod organisations;
mod process;
mod sign_in;
mod zz_databases;
