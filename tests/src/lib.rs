//! End-to-end tests over HTTP; see `it/`.
