//! From the document's schemas to the types of the model.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ENUM, Entity, Kind, Model, Name, Navigation, Null, Number, Properties, Target};
use crate::Finding;
use crate::document::resolve;
use crate::lint::{elements, members};

/// OData's types by `type` and `format`. A format that is not here says nothing about the type.
const PRIMITIVES: [(&str, Option<&str>, &str); 10] = [
    ("string", Some("date-time"), "Edm.DateTimeOffset"),
    ("string", Some("date"), "Edm.Date"),
    ("string", Some("duration"), "Edm.Duration"),
    ("string", Some("uuid"), "Edm.Guid"),
    ("string", None, "Edm.String"),
    ("boolean", None, "Edm.Boolean"),
    ("integer", Some("int32"), "Edm.Int32"),
    ("integer", Some("int64"), "Edm.Int64"),
    ("number", Some("float"), "Edm.Single"),
    ("number", None, "Edm.Double"),
];

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To the caller.
    Answered,
    /// From the caller.
    Sent,
}

/// Collects the types that a document's answers and actions use.
pub(super) struct Types<'a> {
    pub(super) document: &'a Value,
    /// The entity types by the schemas in whose form they are sent.
    pub(super) sent: BTreeMap<&'a str, String>,
    pub(super) model: Model,
    pub(super) found: Vec<Finding>,
}

impl<'a> Types<'a> {
    pub(super) fn of(document: &'a Value) -> Self {
        Self {
            document,
            sent: BTreeMap::new(),
            model: Model::default(),
            found: Vec::new(),
        }
    }

    /// What an answer is: the elements of a list and the value of a function are in an envelope.
    pub(super) fn of_answer(&mut self, schema: &'a Value, at: &str) -> Option<Kind> {
        let value = &resolve(self.document, schema)["properties"]["value"];
        match value.is_object() {
            true => self.kind(value, Way::Answered, at),
            false => self.kind(schema, Way::Answered, at),
        }
    }

    /// The properties of an object by name; annotations are none. What need not be there is as good as null.
    pub(super) fn properties(&mut self, object: &'a Value, way: Way, at: &str) -> Properties {
        let mut properties = Properties::new();
        for (name, schema) in members(&object["properties"]) {
            let at = format!("{at}/properties/{name}");
            let is_annotation = name.contains('@');
            let kind = (!is_annotation).then(|| self.kind(schema, way, &at));
            let Some(mut kind) = kind.flatten() else {
                continue;
            };
            let is_required =
                elements(&object["required"]).any(|required| required == name.as_str());
            if !is_required && kind.number == Number::One {
                kind.null = Null::Allowed;
            }
            properties.insert(name.clone(), kind);
        }
        properties
    }

    fn kind(&mut self, schema: &'a Value, way: Way, at: &str) -> Option<Kind> {
        if schema["type"] == "array" {
            let items = self.kind(&schema["items"], way, &format!("{at}/items"))?;
            return Some(Kind {
                number: Number::Many,
                ..items
            });
        }
        let null = match schema["nullable"] == true {
            true => Null::Allowed,
            false => Null::Never,
        };
        Some(Kind {
            name: self.name(schema, way, at)?,
            number: Number::One,
            null,
        })
    }

    fn name(&mut self, schema: &'a Value, way: Way, at: &str) -> Option<Name> {
        if let Some(component) = component(schema) {
            return self.named(component, way, at);
        }
        if let Some(name) = schema.get(ENUM) {
            return self.enumeration(name, schema, at);
        }
        let (kind, format) = (schema["type"].as_str(), schema["format"].as_str());
        let fits = |(of, with, _): &&(&str, Option<&str>, &str)| {
            Some(*of) == kind && (with.is_none() || *with == format)
        };
        match PRIMITIVES.iter().find(fits) {
            Some((_, _, name)) => Some(Name::Primitive(name)),
            None => {
                self.refuse(
                    at,
                    "has no type of OData's: it needs a `format`, or a name where it is an object",
                );
                None
            }
        }
    }

    /// A schema that has a name is a type of its own, unless it is only another word for a primitive one.
    fn named(&mut self, component: &'a str, way: Way, at: &str) -> Option<Name> {
        if let Some(entity) = self.sent.get(component).filter(|_| way == Way::Sent) {
            return Some(Name::Entity(entity.clone()));
        }
        let schema = &self.document["components"]["schemas"][component];
        let properties = &schema["properties"];
        if !properties.is_object() {
            return self.name(schema, way, at);
        }
        let name = lower_first(component);
        let has_context = properties["@odata.context"].is_object();
        let is_entity = properties["id"].is_object() && (has_context || way == Way::Sent);
        let at = format!("#/components/schemas/{component}");
        let (complex, entities) = (&self.model.complex, &self.model.entities);
        match (complex.contains_key(&name), entities.contains_key(&name)) {
            (false, false) if !is_entity => self.complex(&name, schema, way, &at),
            (false, false) if has_context => self.entity(&name, schema, &at),
            (false, false) => self.entity_as_sent(&name, schema, &at),
            (_, is_known_entity) if is_known_entity != is_entity => self.refuse(
                &at,
                "is an entity where it is sent, so it has `@odata.context` where it is answered",
            ),
            _ => {}
        }
        Some(match is_entity {
            true => Name::Entity(name),
            false => Name::Value(name),
        })
    }

    fn complex(&mut self, name: &str, schema: &'a Value, way: Way, at: &str) {
        // Entered first, as a type may be about itself.
        let complex = &mut self.model.complex;
        complex.insert(name.to_owned(), Properties::new());
        let properties = self.properties(schema, way, at);
        self.model.complex.insert(name.to_owned(), properties);
    }

    /// Entities in it are navigation properties, which the paths tell of.
    fn entity(&mut self, name: &str, schema: &'a Value, at: &str) {
        let entities = &mut self.model.entities;
        entities.insert(name.to_owned(), Entity::default());
        let mut own = self.properties(schema, Way::Answered, at);
        self.key(own.remove("id"), schema, at);
        own.retain(|_, kind| kind.entity().is_none());
        let entity = self.model.entities.entry(name.to_owned()).or_default();
        entity.properties = own;
    }

    /// What is only sent may leave out its key too, and no path tells of the entities in it.
    fn entity_as_sent(&mut self, name: &str, schema: &'a Value, at: &str) {
        let entities = &mut self.model.entities;
        entities.insert(name.to_owned(), Entity::default());
        let mut own = self.properties(schema, Way::Sent, at);
        own.remove("id");
        let entity = self.model.entities.entry(name.to_owned()).or_default();
        for (name, kind) in own {
            if kind.entity().is_none() {
                entity.properties.insert(name, kind);
                continue;
            }
            let target = Target::Contained;
            let navigation = Navigation { kind, target };
            entity.navigations.insert(name, navigation);
        }
    }

    fn key(&mut self, kind: Option<Kind>, schema: &Value, at: &str) {
        let text = Kind {
            name: Name::Primitive("Edm.String"),
            number: Number::One,
            null: Null::Never,
        };
        let is_required = elements(&schema["required"]).any(|name| name == "id");
        if kind != Some(text) || !is_required {
            self.refuse(
                &format!("{at}/properties/id"),
                "is the key of an entity, so it must be a text that is always there",
            );
        }
    }

    fn enumeration(&mut self, name: &Value, schema: &Value, at: &str) -> Option<Name> {
        let known: Vec<_> = elements(&schema["x-known-values"])
            .filter_map(Value::as_str)
            .collect();
        let is_identifier = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let name = name.as_str().filter(|name| is_identifier(name));
        let Some(name) =
            name.filter(|_| !known.is_empty() && known.iter().all(|value| is_identifier(value)))
        else {
            self.refuse(
                &format!("{at}/{ENUM}"),
                "must be a name, and have `x-known-values` beside it that are names too",
            );
            return None;
        };
        let known: Vec<_> = known.into_iter().map(str::to_owned).collect();
        let first = self
            .model
            .enums
            .entry(name.to_owned())
            .or_insert_with(|| known.clone());
        if *first != known {
            self.refuse(
                &format!("{at}/{ENUM}"),
                &format!("has other values than `{name}` has elsewhere"),
            );
        }
        Some(Name::Value(name.to_owned()))
    }

    pub(super) fn refuse(&mut self, at: &str, message: &str) {
        self.found.push(Finding::new("metadata", at, message));
    }
}

/// The schema itself, or the one that it stands for.
pub(super) fn object<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    resolve(document, only(schema))
}

/// The name of the schema that this one stands for.
pub(super) fn component(schema: &Value) -> Option<&str> {
    only(schema)["$ref"].as_str()?.rsplit('/').next()
}

/// The one schema that a reference which can be null is made of.
fn only(schema: &Value) -> &Value {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => schema,
    }
}

/// The model's spelling of a schema's name.
pub(super) fn lower_first(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}
