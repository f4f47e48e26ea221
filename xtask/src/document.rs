//! The hand-written documents: which there are, and what is read from each.

use std::collections::BTreeMap;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::Error;
use crate::workspace::Workspace;

/// One family of endpoints, with the names that its generated files use.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    /// The document's name: `openapi/<name>.yaml`, and the key in the server's own documents.
    pub name: &'static str,
    /// The Rust module of its client.
    pub module: &'static str,
    /// The variant of `pimento_api`'s `Family`.
    pub variant: &'static str,
}

/// Every family, in the order in which they are generated.
pub static FAMILIES: [Family; 3] = [
    Family {
        name: "graph-beta",
        module: "graph_beta",
        variant: "GraphBeta",
    },
    Family {
        name: "admin",
        module: "admin",
        variant: "Admin",
    },
    Family {
        name: "dev",
        module: "dev",
        variant: "Dev",
    },
];

/// A hand-written document in the three forms that are needed of it.
#[derive(Debug)]
pub struct Document {
    /// The family that it describes.
    pub family: &'static Family,
    /// All of it, for lint and comparison, where entities are whole. Members are sorted.
    pub value: Value,
    /// All of it as JSON text in the order of the YAML, which is the order in which Swagger UI shows it.
    pub json: String,
    text: String,
}

impl Document {
    /// Reads the text of a document.
    ///
    /// # Errors
    /// What the parser says where it is not YAML.
    pub fn parse(family: &'static Family, text: String) -> Result<Self, String> {
        let mut tree: yaml_serde::Value = yaml_serde::from_str(&text).map_err(|e| e.to_string())?;
        let mut json = serde_json::to_string_pretty(&tree).map_err(|e| e.to_string())?;
        json.push('\n');
        require_whole(&mut tree);
        Ok(Self {
            family,
            value: serde_json::to_value(&tree).map_err(|e| e.to_string())?,
            json,
            text,
        })
    }

    /// Reads the document of a family.
    ///
    /// # Errors
    /// `Error::File` where there is none, `Error::Text` where it is not YAML.
    pub fn read(workspace: &Workspace, family: &'static Family) -> Result<Self, Error> {
        let path = format!("openapi/{}.yaml", family.name);
        let text = workspace.read(&path)?;
        Self::parse(family, text).map_err(|reason| Error::text(path, reason))
    }

    /// Every document of the tree.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn read_all(workspace: &Workspace) -> Result<Vec<Self>, Error> {
        let read = |family| Self::read(workspace, family);
        FAMILIES.iter().map(read).collect()
    }

    /// The path from the tree's root, for messages.
    pub fn path(&self) -> String {
        format!("openapi/{}.yaml", self.family.name)
    }

    /// The typed form that the client's generator reads: without the bounds of values, and with numbers as JSON that are
    /// sent as plain text. It is read from the text because its maps keep the order of the text. Its entities are whole, so
    /// that their members need not be looked for, and `$select`, which would take some away, is not among its parameters.
    ///
    /// # Errors
    /// `Error::Text` where the document is not OpenAPI 3.0.
    pub fn openapi_for_client(&self) -> Result<OpenAPI, Error> {
        let error = |reason| Error::text(self.path(), reason);
        let mut tree: yaml_serde::Value = yaml_serde::from_str(&self.text).map_err(error)?;
        remove_bounds(&mut tree);
        read_numbers_as_json(&mut tree);
        require_whole(&mut tree);
        remove_selection(&mut tree);
        yaml_serde::from_value(tree).map_err(error)
    }

    /// The operations as (path, method, operation), in the order of the paths.
    pub fn operations(&self) -> Vec<(&str, &str, &Value)> {
        operations(&self.value)
    }

    /// The named schemas by name.
    pub fn schemas(&self) -> BTreeMap<&str, &Value> {
        let schemas = self.value["components"]["schemas"].as_object();
        let named = |(name, schema)| (String::as_str(name), schema);
        schemas.into_iter().flatten().map(named).collect()
    }
}

/// Keywords that bound a value. The server checks them; a client that did so too would need a type of its own for each
/// bounded text, and would answer in its own words what the contract has a refusal for.
const BOUNDS: [&str; 10] = [
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Removes the bounds at every depth. A property that only has the name of one is a mapping, and stays.
fn remove_bounds(tree: &mut yaml_serde::Value) {
    match tree {
        yaml_serde::Value::Mapping(members) => {
            members.retain(|name, value| {
                let bounds = name.as_str().is_some_and(|name| BOUNDS.contains(&name));
                !bounds || value.is_mapping()
            });
            members.values_mut().for_each(remove_bounds);
        }
        yaml_serde::Value::Sequence(elements) => elements.iter_mut().for_each(remove_bounds),
        _ => {}
    }
}

/// Has each number that is sent as plain text read as JSON, which is the same bytes: the generator has a type for that, and
/// for text only a stream of bytes.
fn read_numbers_as_json(tree: &mut yaml_serde::Value) {
    match tree {
        yaml_serde::Value::Mapping(members) => {
            let text = members.get("text/plain");
            let is_number = text.is_some_and(|text| text["schema"]["type"] == "integer");
            if is_number && let Some(text) = members.remove("text/plain") {
                members.insert("application/json".into(), text);
            }
            members.values_mut().for_each(read_numbers_as_json);
        }
        yaml_serde::Value::Sequence(elements) => {
            elements.iter_mut().for_each(read_numbers_as_json);
        }
        _ => {}
    }
}

/// The extension of a schema that lists the members which an entity has unless `$select` leaves them out.
const WHOLE: &str = "x-pimento-whole";

/// Requires the members of whole entities. What is served cannot, as `$select` takes some away; but who does not ask for that
/// can rely on them, so the comparisons and the client do.
fn require_whole(tree: &mut yaml_serde::Value) {
    match tree {
        yaml_serde::Value::Mapping(members) => {
            if let Some(whole) = members.remove(WHOLE) {
                members.insert("required".into(), whole);
            }
            members.values_mut().for_each(require_whole);
        }
        yaml_serde::Value::Sequence(elements) => elements.iter_mut().for_each(require_whole),
        _ => {}
    }
}

/// Removes the parameter `$select` from all operations.
fn remove_selection(tree: &mut yaml_serde::Value) {
    let selects = |element: &yaml_serde::Value| {
        element["$ref"].as_str() == Some("#/components/parameters/Select")
    };
    match tree {
        yaml_serde::Value::Mapping(members) => members.values_mut().for_each(remove_selection),
        yaml_serde::Value::Sequence(elements) => {
            elements.retain(|element| !selects(element));
            elements.iter_mut().for_each(remove_selection);
        }
        _ => {}
    }
}

/// The methods that a path item may have, in lower case as OpenAPI writes them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The operations of an OpenAPI document as (path, method, operation), in the order of the paths.
pub fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                found.push((path.as_str(), method.as_str(), operation));
            }
        }
    }
    // Sorted here, because the map is sorted only as long as no crate asks serde_json to keep the order of the text.
    found.sort_by_key(|(path, method, _)| (*path, *method));
    found
}

/// The object itself, or the component of the same document that it refers to.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str();
    let pointer = pointer.and_then(|pointer| pointer.strip_prefix('#'));
    let target = pointer.and_then(|pointer| document.pointer(pointer));
    target.unwrap_or(value)
}
