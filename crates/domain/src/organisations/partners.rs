//! Organisations that take part in what another one hosts.

use uuid::Uuid;

use crate::refusal::Fault;

/// What is wrong with a list of partners: `partner.repeated`, and
/// `partner.is_host` for the organisation that hosts the whole.
pub fn partner_faults(host: Uuid, partners: &[Uuid]) -> Vec<Fault> {
    let mut faults = Fault::repeated(partners, "/partners", "partner.repeated");
    for (index, _) in partners.iter().enumerate().filter(|(_, partner)| **partner == host) {
        faults.push(Fault::body(format!("/partners/{index}"), "partner.is_host"));
    }
    faults
}
