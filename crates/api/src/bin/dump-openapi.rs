//! Prints the documents that the handlers' annotations amount to, as one JSON object by family: `cargo xtask codegen`
//! compares them with the ones written by hand.

use std::io::Write as _;

use pimento_api::derived_document;
use pimento_api::operation::Family;

fn main() -> std::io::Result<()> {
    let document =
        |family| serde_json::to_value(derived_document(family)).map_err(std::io::Error::other);
    let documents = serde_json::json!({
        "graph-beta": document(Family::GraphBeta)?,
        "admin": document(Family::Admin)?,
        "dev": document(Family::Dev)?,
    });
    writeln!(std::io::stdout(), "{documents}")
}
