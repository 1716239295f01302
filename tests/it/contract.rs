//! What every operation has in common.

on_both! {
    /// Outside the contract: problems all the same.
    async fn every_error_is_a_problem(service) {
        let nobody = service.nobody();
        for path in ["/nowhere", "/v1/nowhere", "/v1/organisations/", "/v1"] {
            let reply = nobody.get(path).await.expect(404);
            assert_eq!(reply.header("content-type"), "application/problem+json");
            assert_eq!(reply.header("api-version"), reply.header("api-version"));
            assert_eq!(reply.body["requestId"].as_str().unwrap(), reply.header("x-request-id"));
        }
    }
}
