//! From the document's paths to the sets, navigation properties, functions and actions of the model.

use std::collections::BTreeMap;

use serde_json::Value;

use super::types::{Types, Way, component, lower_first, object};
use super::{
    Composing, Kind, METADATA, Model, Name, Navigation, Null, Number, Operation, Properties, SET,
    Set, Target, Verb,
};
use crate::Finding;
use crate::canon::escape;
use crate::document::{operations, resolve};
use crate::lint::{elements, members};

const JSON: &str = "application/json";

/// The model of a document; none of one without `/$metadata`.
///
/// # Errors
/// One finding for each place that the model has no form for, or where two places contradict each other.
pub fn derive(document: &Value) -> Result<Option<Model>, Vec<Finding>> {
    if document["paths"].get(METADATA).is_none() {
        return Ok(None);
    }
    let mut paths = Paths {
        answers: BTreeMap::new(),
        types: Types::of(document),
    };
    paths.read_answers();
    paths.read_changes();
    paths.read();
    paths.bind();
    paths.widen();
    let Types {
        model, mut found, ..
    } = paths.types;
    // What several places use is read several times.
    found.sort();
    found.dedup();
    match found.is_empty() {
        true => Ok(Some(model)),
        false => Err(found),
    }
}

struct Paths<'a> {
    /// What GET answers, by path.
    answers: BTreeMap<&'a str, Kind>,
    types: Types<'a>,
}

impl<'a> Paths<'a> {
    fn read_answers(&mut self) {
        for (path, method, operation) in modelled(self.types.document) {
            if method != "get" {
                continue;
            }
            let at = place(path, method);
            let Some(kind) = self.answer(operation, &at) else {
                self.types
                    .refuse(&at, "answers nothing that the model has a type for");
                continue;
            };
            if kind.number == Number::Many && kind.entity().is_some() {
                self.types.model.lists.insert(path.to_owned());
            }
            self.answers.insert(path, kind);
        }
    }

    /// The schemas in whose form an entity is sent to be created or changed.
    fn read_changes(&mut self) {
        for (path, method, operation) in modelled(self.types.document) {
            let kind = self.binding(path);
            let entity = kind.as_ref().and_then(Kind::entity);
            let schema = body_schema(self.types.document, operation).and_then(component);
            let (true, Some(entity), Some(schema)) = (is_change(path, method), entity, schema)
            else {
                continue;
            };
            if lower_first(schema) != entity {
                self.types.sent.insert(schema, entity.to_owned());
            }
        }
    }

    fn answer(&mut self, operation: &'a Value, at: &str) -> Option<Kind> {
        let mut answers =
            members(&operation["responses"]).filter(|(status, _)| status.starts_with('2'));
        let (_, answer) = answers.next()?;
        let schema = resolve(self.types.document, answer)["content"][JSON].get("schema")?;
        self.types.of_answer(schema, at)
    }

    fn read(&mut self) {
        for (path, method, operation) in modelled(self.types.document) {
            let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
            let at = place(path, method);
            match self.binding(parent) {
                _ if parent.is_empty() => self.set(path, last, &at),
                None => self.types.refuse(
                    &at,
                    "is below a path that answers no entity, so the model has no place for it",
                ),
                Some(_) if last.starts_with('{') => {}
                Some(binding) => self.member(path, &binding, method, operation),
            }
        }
    }

    /// What the paths right below this one are bound to.
    fn binding(&self, path: &str) -> Option<Kind> {
        if let Some(kind) = self.answers.get(path) {
            return kind.entity().is_some().then(|| kind.clone());
        }
        let (list, _) = path
            .rsplit_once('/')
            .filter(|(_, last)| last.starts_with('{'))?;
        let of = self.binding(list)?;
        Some(Kind {
            number: Number::One,
            ..of
        })
    }

    fn set(&mut self, path: &str, name: &str, at: &str) {
        let kind = self
            .answers
            .get(path)
            .filter(|kind| kind.number == Number::Many);
        match kind.and_then(Kind::entity) {
            Some(entity) => {
                let set = Set {
                    entity: entity.to_owned(),
                    bindings: BTreeMap::new(),
                };
                self.types.model.sets.insert(name.to_owned(), set);
            }
            None => self.types.refuse(
                at,
                "must be an entity set: its GET answers no list of entities",
            ),
        }
    }

    /// A path below an entity or a list: a navigation property, a function or an action.
    fn member(&mut self, path: &'a str, binding: &Kind, method: &str, operation: &'a Value) {
        let at = place(path, method);
        let name = path.rsplit('/').next().unwrap_or_default();
        let answer = self.answers.get(path).cloned();
        let leads_to_entities = answer.as_ref().is_some_and(|kind| kind.entity().is_some());
        match (method, answer) {
            ("get", Some(kind)) if binding.number == Number::One && leads_to_entities => {
                self.navigation(name, binding, kind, operation, &at);
            }
            ("get", Some(kind)) => {
                let below = format!("{path}/");
                let mut all = members(&self.types.document["paths"]);
                let composing = match all.any(|(path, _)| path.starts_with(&below)) {
                    true => Composing::Composable,
                    false => Composing::Final,
                };
                self.operation(
                    name,
                    binding,
                    Verb::Function(composing),
                    operation,
                    Some(kind),
                    &at,
                );
            }
            ("post", None) => {
                let returns = self.answer(operation, &at);
                self.operation(name, binding, Verb::Action, operation, returns, &at);
            }
            // The same as the function by another method, or a change of what a navigation leads to.
            ("post" | "put" | "patch" | "delete", Some(_)) => {}
            _ => self
                .types
                .refuse(&at, "is neither a navigation nor a function or an action"),
        }
    }

    fn navigation(&mut self, name: &str, binding: &Kind, kind: Kind, operation: &Value, at: &str) {
        let target = match operation.get(SET).is_some() {
            true => Target::Bound,
            false => Target::Contained,
        };
        let new = Navigation { kind, target };
        let entity = binding.entity().unwrap_or_default().to_owned();
        let entity = self.types.model.entities.entry(entity).or_default();
        let first = entity
            .navigations
            .entry(name.to_owned())
            .or_insert_with(|| new.clone());
        if *first != new {
            let message = format!(
                "leads elsewhere than `{name}` of the same type does, or only one of them has `{SET}`"
            );
            self.types.refuse(at, &message);
        }
    }

    fn operation(
        &mut self,
        name: &str,
        binding: &Kind,
        verb: Verb,
        operation: &'a Value,
        returns: Option<Kind>,
        at: &str,
    ) {
        let parameters = match body(self.types.document, operation) {
            Some(schema) => {
                let at = format!("{at}/requestBody");
                self.types.properties(schema, Way::Sent, &at)
            }
            None => BTreeMap::new(),
        };
        let binding = Kind {
            null: Null::Never,
            ..binding.clone()
        };
        let new = Operation {
            verb,
            parameters,
            returns,
        };
        let key = (name.to_owned(), binding);
        let first = self.types.model.operations.entry(key);
        if *first.or_insert_with(|| new.clone()) != new {
            let message = format!("is another `{name}` than the same type has elsewhere");
            self.types.refuse(at, &message);
        }
    }

    /// Has each set name the sets that its navigations lead to.
    fn bind(&mut self) {
        for (path, method, operation) in modelled(self.types.document) {
            let Some(target) = operation.get(SET) else {
                continue;
            };
            let at = format!("{}/{SET}", place(path, method));
            let target = target.as_str().unwrap_or_default();
            let leads_to = self.answers.get(path).and_then(Kind::entity);
            let has = self
                .types
                .model
                .sets
                .get(target)
                .map(|set| set.entity.as_str());
            let route: Vec<_> = path.split('/').skip(1).collect();
            let (Some(_), [set, key, way @ ..]) = (has.filter(|_| has == leads_to), &route[..])
            else {
                self.types.refuse(
                    &at,
                    "must be at a navigation, and name the entity set of what it answers",
                );
                continue;
            };
            if way.is_empty()
                || !key.starts_with('{')
                || way.iter().any(|part| part.starts_with('{'))
            {
                self.types.refuse(
                    &at,
                    "must be at a navigation that begins at an element of an entity set",
                );
                continue;
            }
            if let Some(set) = self.types.model.sets.get_mut(*set) {
                set.bindings.insert(way.join("/"), target.to_owned());
            }
        }
    }

    /// What a body may leave out, a client's object may have as null, though no answer does.
    fn widen(&mut self) {
        for (path, method, operation) in modelled(self.types.document) {
            let kind = self.binding(path);
            let entity = kind.as_ref().and_then(Kind::entity);
            let (true, Some(entity)) = (is_change(path, method), entity) else {
                continue;
            };
            let Some(body) = body(self.types.document, operation) else {
                continue;
            };
            let entity = self.types.model.entities.get_mut(entity);
            let entity = entity.map(|entity| &mut entity.properties);
            let Some(properties) = entity else { continue };
            let complex = &mut self.types.model.complex;
            leave_out(self.types.document, body, properties, complex);
        }
    }
}

/// Has null allowed where a body may leave a property out, also within the complex types of its properties.
fn leave_out(
    document: &Value,
    body: &Value,
    properties: &mut Properties,
    complex: &mut BTreeMap<String, Properties>,
) {
    for (name, kind) in properties {
        let Some(schema) = body["properties"].get(name) else {
            continue;
        };
        let is_required = elements(&body["required"]).any(|required| required == name.as_str());
        if !is_required && kind.number == Number::One {
            kind.null = Null::Allowed;
        }
        let Name::Value(name) = &kind.name else {
            continue;
        };
        // Taken out meanwhile, so a type that is about itself ends there.
        if let Some(mut inner) = complex.remove(name) {
            leave_out(document, object(document, schema), &mut inner, complex);
            complex.insert(name.clone(), inner);
        }
    }
}

/// The operations that the model is about: those below segments that OData has names for are about it.
fn modelled(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let all = operations(document).into_iter();
    all.filter(|(path, _, _)| *path != "/" && !path.contains("/$"))
}

/// Whether what is sent there is the entity that the path answers, or a new one for its set.
fn is_change(path: &str, method: &str) -> bool {
    matches!(method, "put" | "patch") || (method == "post" && path.rfind('/') == Some(0))
}

fn body<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    Some(resolve(document, body_schema(document, operation)?))
}

fn body_schema<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let content = &resolve(document, operation.get("requestBody")?)["content"][JSON];
    content.get("schema")
}

fn place(path: &str, method: &str) -> String {
    format!("#/paths/{}/{method}", escape(path))
}
