//! The operation table: what the server must know of each operation before it reads a request.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use heck::ToShoutySnakeCase;
use serde_json::Value;
use syn::{Item, Type};

use crate::Error;
use crate::document::{Document, resolve};
use crate::workspace::Workspace;

/// The security scheme whose scopes a token must carry.
const DELEGATED: &str = "delegated";
/// The word in `x-pimento-roles` for callers who may reach what is their own.
pub const OWN: &str = "Self";
/// The file with the constants by which the table names roles.
pub const ROLES: &str = "crates/domain/src/role.rs";

/// The Rust text of the table, over all the documents in their order.
///
/// # Errors
/// `Error::Text` where an operation has no identifier or no security.
pub fn operations(documents: &[Document]) -> Result<String, Error> {
    let mut rows = String::new();
    let mut uses_roles = false;
    for document in documents {
        for (path, method, operation) in document.operations() {
            let row = Row::of(document, path, method, operation)?;
            uses_roles |=
                matches!(&row.access, Access::Delegated { roles, .. } if !roles.is_empty());
            let _ = writeln!(rows, "{},", row.text());
        }
    }
    let roles = match uses_roles {
        true => "use pimento_domain::role;\n\n",
        false => "",
    };
    Ok(format!(
        "{roles}use crate::operation::{{Access, Family, Operation}};

        /// Every operation of every document, by family and then by path.
        pub static OPERATIONS: &[Operation] = &[\n{rows}];\n"
    ))
}

/// The identifiers of the operations whose rows differ between two texts of the table, as rustfmt writes it.
pub fn changed(found: &str, generated: &str) -> BTreeSet<String> {
    let (found, generated) = (rows(found), rows(generated));
    let ids = found.keys().chain(generated.keys());
    ids.filter(|id| found.get(*id) != generated.get(*id))
        .map(|id| (*id).to_owned())
        .collect()
}

fn rows(text: &str) -> BTreeMap<&str, &str> {
    let rows = text.split("    Operation {\n").skip(1);
    rows.filter_map(|row| {
        let (_, rest) = row.split_once("id: \"")?;
        let (id, _) = rest.split_once('"')?;
        Some((id, row.trim_end_matches("];\n")))
    })
    .collect()
}

struct Row<'a> {
    id: &'a str,
    family: &'static str,
    method: String,
    path: String,
    options: Vec<&'a str>,
    access: Access<'a>,
}

enum Access<'a> {
    Public,
    Delegated {
        scopes: Vec<&'a str>,
        roles: Vec<&'a str>,
        own: bool,
        unregistered: bool,
    },
}

impl<'a> Row<'a> {
    fn of(
        document: &'a Document,
        path: &str,
        method: &str,
        operation: &'a Value,
    ) -> Result<Self, Error> {
        let place = || format!("{} {method} {path}", document.path());
        let id = operation["operationId"].as_str();
        let id = id.ok_or_else(|| Error::text(place(), "no operationId"))?;
        let access = Access::of(operation).ok_or_else(|| Error::text(place(), "no security"))?;
        Ok(Self {
            id,
            family: document.family.variant,
            method: method.to_uppercase(),
            // The router has no slash at the end of a path, also not of the root.
            path: format!("{}{}", base(&document.value), path.trim_end_matches('/')),
            options: query_options(&document.value, path, operation),
            access,
        })
    }

    fn text(&self) -> String {
        let Self {
            id,
            family,
            method,
            path,
            options,
            access,
        } = self;
        let access = access.text();
        format!(
            "Operation {{ id: {id:?}, family: Family::{family}, method: {method:?}, path: {path:?}, options: &{options:?}, access: {access} }}"
        )
    }
}

impl<'a> Access<'a> {
    fn of(operation: &'a Value) -> Option<Self> {
        let alternatives = operation["security"].as_array()?;
        if alternatives.is_empty() {
            return Some(Self::Public);
        }
        let words = |value: &'a Value| {
            value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
        };
        let roles = || words(&operation["x-pimento-roles"]);
        // Any one of the alternatives suffices, and so any one of their scopes.
        let scopes = alternatives
            .iter()
            .flat_map(|scheme| words(&scheme[DELEGATED]));
        let scopes: BTreeSet<_> = scopes.collect();
        Some(Self::Delegated {
            scopes: scopes.into_iter().collect(),
            roles: roles().filter(|role| *role != OWN).collect(),
            own: roles().any(|role| role == OWN),
            unregistered: operation["x-pimento-unregistered"] == true,
        })
    }

    fn text(&self) -> String {
        match self {
            Self::Public => String::from("Access::Public"),
            Self::Delegated {
                scopes,
                roles,
                own,
                unregistered,
            } => {
                let constants: Vec<_> = roles
                    .iter()
                    .map(|role| format!("role::{}", role_constant(role)))
                    .collect();
                let constants = constants.join(", ");
                format!(
                    "Access::Delegated {{ scopes: &{scopes:?}, roles: &[{constants}], own: {own}, unregistered: {unregistered} }}"
                )
            }
        }
    }
}

/// The names of the query options that an operation takes, in the order of the document.
fn query_options<'a>(document: &'a Value, path: &str, operation: &'a Value) -> Vec<&'a str> {
    let list = |parameters: &'a Value| parameters.as_array().into_iter().flatten();
    let shared = list(&document["paths"][path]["parameters"]);
    let all = shared.chain(list(&operation["parameters"]));
    let resolved = all.map(|parameter| resolve(document, parameter));
    let query = resolved.filter(|parameter| parameter["in"] == "query");
    query
        .filter_map(|parameter| parameter["name"].as_str())
        .collect()
}

/// What the document's server puts before each path: `/beta`, or nothing.
pub fn base(document: &Value) -> &str {
    let url = document["servers"][0]["url"].as_str().unwrap_or_default();
    url.trim_end_matches('/')
}

/// The constant that stands for a role of `x-pimento-roles`.
pub fn role_constant(role: &str) -> String {
    role.to_shouty_snake_case()
}

/// The constants that the table can name roles by.
///
/// # Errors
/// `Error::File` where their file cannot be read, `Error::Text` where it is no Rust.
pub fn roles(workspace: &Workspace) -> Result<BTreeSet<String>, Error> {
    let file = syn::parse_file(&workspace.read(ROLES)?);
    let file = file.map_err(|reason| Error::text(ROLES, reason))?;
    let name = |item| match item {
        Item::Const(item) if is_role(&item.ty) => Some(item.ident.to_string()),
        _ => None,
    };
    Ok(file.items.into_iter().filter_map(name).collect())
}

fn is_role(kind: &Type) -> bool {
    matches!(kind, Type::Path(kind) if kind.path.is_ident("RoleId"))
}
