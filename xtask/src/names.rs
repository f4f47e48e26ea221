//! How the client's generator turns names of the document into names of Rust; what collides there does not compile.

use heck::{ToPascalCase, ToSnakeCase};

/// The name of a type or an enum's variant.
pub fn type_name(name: &str) -> String {
    plain(name).to_pascal_case()
}

/// The name of a function, a field or a parameter.
pub fn value_name(name: &str) -> String {
    plain(name).to_snake_case()
}

fn plain(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_';
    let without_quotes = name.replace('\'', "");
    without_quotes.replace(|c| !is_plain(c), "-")
}
