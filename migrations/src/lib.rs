//! The schema, step by step, up and down, on `SQLite` and `PostgreSQL` alike.
//! A step that was released never changes.

mod m20261123_000001_store;
mod m20261123_000002_access;
mod m20261123_000003_organisations;
mod m20261123_000004_programmes;
mod m20261123_000005_networks;
mod m20261123_000006_participants;
mod m20261123_000007_consultations;
mod m20261123_000008_feedback;
mod m20261123_000009_demo;
mod m20261125_000012_audit;
mod m20261125_000013_mail;
mod m20261125_000014_people;
mod m20261125_000015_machines;
mod m20261125_000016_representatives;
mod m20261125_000017_identities;
mod m20261125_000018_voices;
mod m20261125_000019_invitations;
mod m20261125_000020_consents;
mod m20261125_000022_sealing_keys;
mod m20261125_000040_compensation;
mod m20261125_000044_burden;
mod m20261126_000045_data_requests;
mod m20261126_000046_agreements;
mod m20261126_000047_recruitment;
mod m20261126_000048_retention;
mod m20261126_000049_reaching;
mod m20261126_000050_seats;
mod m20261126_000051_experience;
mod m20261126_000052_verified_contact;
mod m20261126_000053_membership_invitations;
mod m20261126_000054_ballots;
mod m20261126_000055_result_snapshots;
mod m20261126_000056_telling;
mod m20261126_000057_audience;
mod m20261126_000058_one_answer;
mod m20261126_000062_library;
mod m20261126_000063_media;
mod m20261126_000065_input_sessions;
mod m20261127_000066_codes_meant_for;
mod m20261127_000067_coding;
mod tables;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// All steps, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_store::Migration),
            Box::new(m20261123_000002_access::Migration),
            Box::new(m20261123_000003_organisations::Migration),
            Box::new(m20261123_000004_programmes::Migration),
            Box::new(m20261123_000005_networks::Migration),
            Box::new(m20261123_000006_participants::Migration),
            Box::new(m20261123_000007_consultations::Migration),
            Box::new(m20261123_000008_feedback::Migration),
            Box::new(m20261123_000009_demo::Migration),
            Box::new(m20261125_000012_audit::Migration),
            Box::new(m20261125_000013_mail::Migration),
            Box::new(m20261125_000014_people::Migration),
            Box::new(m20261125_000015_machines::Migration),
            Box::new(m20261125_000016_representatives::Migration),
            Box::new(m20261125_000017_identities::Migration),
            Box::new(m20261125_000018_voices::Migration),
            Box::new(m20261125_000019_invitations::Migration),
            Box::new(m20261125_000020_consents::Migration),
            Box::new(m20261125_000022_sealing_keys::Migration),
            Box::new(m20261125_000040_compensation::Migration),
            Box::new(m20261125_000044_burden::Migration),
            Box::new(m20261126_000045_data_requests::Migration),
            Box::new(m20261126_000046_agreements::Migration),
            Box::new(m20261126_000047_recruitment::Migration),
            Box::new(m20261126_000048_retention::Migration),
            Box::new(m20261126_000049_reaching::Migration),
            Box::new(m20261126_000050_seats::Migration),
            Box::new(m20261126_000051_experience::Migration),
            Box::new(m20261126_000052_verified_contact::Migration),
            Box::new(m20261126_000053_membership_invitations::Migration),
            Box::new(m20261126_000054_ballots::Migration),
            Box::new(m20261126_000055_result_snapshots::Migration),
            Box::new(m20261126_000056_telling::Migration),
            Box::new(m20261126_000057_audience::Migration),
            Box::new(m20261126_000058_one_answer::Migration),
            Box::new(m20261126_000062_library::Migration),
            Box::new(m20261126_000063_media::Migration),
            Box::new(m20261126_000065_input_sessions::Migration),
            Box::new(m20261127_000066_codes_meant_for::Migration),
            Box::new(m20261127_000067_coding::Migration),
        ]
    }
}
