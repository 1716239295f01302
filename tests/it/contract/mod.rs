//! What every operation has in common: one table test over the whole document.
//! There is no list of operations here, so that none can be left out.

pub mod operation;
mod order;
pub mod probe;
mod shape;
mod stale;

on_both! {
    /// Outside the contract: problems all the same.
    async fn every_error_is_a_problem(service) {
        let nobody = service.nobody();
        for path in ["/nowhere", "/v1/nowhere", "/v1/organisations/", "/v1"] {
            let reply = nobody.get(path).await.expect(404);
            probe::holds(path, &reply, false);
            assert_eq!(reply.code(), "route.not_found");
        }
    }
}
