//! The operation table's row: what the server must know of an operation before it reads a request.

use pimento_domain::RoleId;

/// One operation of one of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its operationId: the one name through all layers.
    pub id: &'static str,
    /// The document that has it.
    pub family: Family,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The whole path as the router matches it, with `{id}` for parameters.
    pub path: &'static str,
    /// The query options that it takes.
    pub options: &'static [&'static str],
    /// Who may call it.
    pub access: Access,
}

/// One of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// The wire family, under `/beta`.
    GraphBeta,
    /// What operators ask.
    Admin,
    /// The emulator's own endpoints, in dev mode only.
    Dev,
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, without a token.
    Public,
    /// A person, by a delegated token.
    Delegated {
        /// Any one of these scopes suffices.
        scopes: &'static [&'static str],
        /// Any one of these directory roles suffices; none are asked for where this is empty.
        roles: &'static [RoleId],
        /// Whether callers without such a role may reach what is their own; a rule decides what that is.
        own: bool,
        /// Whether it answers before the tenant is registered.
        unregistered: bool,
    },
}
