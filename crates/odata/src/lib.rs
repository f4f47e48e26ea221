//! OData query options and canonical path spelling, as pure parsing.
//!
//! OData lets one request be written in many ways. This crate folds them to one, before anything else looks at the
//! request, and knows neither the entities nor the protocol library that carries the bytes:
//!
//! * [`path`]: the spellings of a path (`/my`, `/my()`, `/microsoft.graph.my()`, `set('key')`, escapes, letter case)
//!   become the one that the router knows.
//! * [`expression`]: what `$filter`, `$orderby`, `$select`, `$expand` and `$search` say, as trees.
//! * [`query`]: the system query options of a list, the page size that a `Prefer` header asks for, and the link to
//!   the next page.
//!
//! Every function takes hostile text and none panics.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

pub mod expression;
pub mod path;
mod percent;
pub mod query;
