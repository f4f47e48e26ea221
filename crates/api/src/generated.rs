//! What `cargo xtask codegen` makes of the documents in `openapi/`: the operation table, the entity model, and the documents
//! as served.

pub mod operations;
pub mod service;

/// The wire family's entity model, as CSDL.
pub const METADATA: &str = include_str!("generated/metadata.xml");
/// The wire family's document, as JSON.
pub const GRAPH_BETA: &str = include_str!("generated/graph-beta.json");
/// The operators' document, as JSON.
pub const ADMIN: &str = include_str!("generated/admin.json");
/// The emulator's document, as JSON.
pub const DEV: &str = include_str!("generated/dev.json");
