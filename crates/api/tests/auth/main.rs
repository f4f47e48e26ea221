//! Authentication against issuers that the tests control: real keys, real tokens, real HTTP on loopback.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "tokens keep to wall time")]

mod configuration;
mod dev_issuer;
mod discovery;
mod forgeries;
mod mappings;
mod provider;
mod refusals;
mod rotation;
mod signer;
mod templates;
