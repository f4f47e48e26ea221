//! The entity model that OData clients know the document by: derived from its paths and schemas, written as CSDL.
//!
//! A document that has `/$metadata` has such a model. Most of it follows from what the document says anyway:
//!
//! | in the document | in the model |
//! |---|---|
//! | a path of one segment whose GET answers a list of entities | an entity set |
//! | a named schema with `id` and `@odata.context` | an entity type, with the key `id` |
//! | in an action's body, a named schema with `id` | an entity type too |
//! | in an action's body, a schema in whose form an entity is created or changed | that entity type |
//! | any other named object that is reached from there | a complex type |
//! | below an entity, a path whose GET answers entities | a navigation property |
//! | any other path below an entity or a list, by GET; by POST alone | a bound function; a bound action |
//! | the members of an action's body | its parameters |
//! | `format` | the primitive type |
//! | what an answer may have as null, or what a body may leave out | nullable |
//!
//! Two things it cannot say, and has an extension for: `x-pimento-enum` and `x-pimento-set`.

mod csdl;
mod derive;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub use csdl::csdl;
pub use derive::derive;

/// The path that a document with a model has.
pub const METADATA: &str = "/$metadata";
/// The namespace of everything in the model that has a name.
pub const NAMESPACE: &str = "microsoft.graph";
/// The last segment of the path that counts a list.
pub const COUNT: &str = "/$count";
/// Says the name of the enumeration type whose members are the values that are known of a text.
pub const ENUM: &str = "x-pimento-enum";
/// Says the entity set whose elements a navigation leads to; without it they are contained in where it begins.
pub const SET: &str = "x-pimento-set";

/// Everything that a model has, each by its name without the namespace.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Enumeration types, their members in the order of their numbers.
    pub enums: BTreeMap<String, Vec<String>>,
    /// Complex types.
    pub complex: BTreeMap<String, Properties>,
    /// Entity types; each has the key `id` besides.
    pub entities: BTreeMap<String, Entity>,
    /// Functions and actions by their name and what they are bound to.
    pub operations: BTreeMap<(String, Kind), Operation>,
    /// Entity sets.
    pub sets: BTreeMap<String, Set>,
    /// The paths of the lists of entities: of sets, of navigations and of functions.
    pub lists: BTreeSet<String>,
}

/// Properties by name, in the order of the alphabet.
pub type Properties = BTreeMap<String, Kind>;

/// An entity type.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Without the key.
    pub properties: Properties,
    /// Where its navigation properties lead, by name.
    pub navigations: BTreeMap<String, Navigation>,
}

/// A navigation property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Navigation {
    /// What it leads to.
    pub kind: Kind,
    /// Whether what it leads to is in an entity set, or in the entity itself.
    pub target: Target,
}

/// Where the entities of a navigation property are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// In an entity set, which a binding of each set names.
    Bound,
    /// In the entity where it begins.
    Contained,
}

/// A function or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Which of the two it is.
    pub verb: Verb,
    /// What it takes besides what it is bound to.
    pub parameters: Properties,
    /// What it answers.
    pub returns: Option<Kind>,
}

/// What tells a function from an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Without effects, by GET. What goes on below its path can be composed with it.
    Function(Composing),
    /// With effects, by POST.
    Action,
}

/// Whether something can follow a function in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Composing {
    /// Something can.
    Composable,
    /// Nothing can.
    Final,
}

/// An entity set.
#[derive(Debug, PartialEq, Eq)]
pub struct Set {
    /// The type of its entities.
    pub entity: String,
    /// The sets that navigation properties lead to, by their path from an entity.
    pub bindings: BTreeMap<String, String>,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// Of one value.
    pub name: Name,
    /// Whether there is one or several.
    pub number: Number,
    /// Whether a value may be null; of several, one of them.
    pub null: Null,
}

/// The name of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Of OData's own, such as `Edm.String`.
    Primitive(&'static str),
    /// An enumeration type or a complex type of the model.
    Value(String),
    /// An entity type of the model.
    Entity(String),
}

/// One value or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// One.
    One,
    /// A collection.
    Many,
}

/// Whether a value may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Null {
    /// It may.
    Allowed,
    /// It may not.
    Never,
}

impl Kind {
    /// The entity type that it is, or is a collection of.
    pub fn entity(&self) -> Option<&str> {
        match &self.name {
            Name::Entity(name) => Some(name),
            Name::Primitive(_) | Name::Value(_) => None,
        }
    }
}

/// The service document's part that does not depend on where the server is, as the text of a Rust module.
pub fn service(model: Option<&Model>) -> String {
    let names = model.into_iter().flat_map(|model| model.sets.keys());
    let names: Vec<_> = names.collect();
    format!(
        "/// The entity sets of the model, in the order of their names.\npub static ENTITY_SETS: &[&str] = &{names:?};\n"
    )
}
