//! Whether an XML document is CSDL, as far as one can tell without the paths that it is about.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";
pub(super) const NAMESPACE: &str = "microsoft.graph.";

/// Each element, its parent, the attributes that it must have and those that it may have.
#[rustfmt::skip]
const VOCABULARY: &[(&str, &str, &[&str], &[&str])] = &[
    ("Edmx", "", &["Version"], &[]),
    ("DataServices", "Edmx", &[], &[]),
    ("Schema", "DataServices", &["Namespace"], &[]),
    ("EnumType", "Schema", &["Name"], &[]),
    ("Member", "EnumType", &["Name", "Value"], &[]),
    ("EntityType", "Schema", &["Name"], &["BaseType", "Abstract"]),
    ("Key", "EntityType", &[], &[]),
    ("PropertyRef", "Key", &["Name"], &[]),
    ("Property", "EntityType ComplexType", &["Name", "Type"], &["Nullable"]),
    ("NavigationProperty", "EntityType", &["Name", "Type"], &["ContainsTarget"]),
    ("ComplexType", "Schema", &["Name"], &[]),
    ("Function", "Schema", &["Name", "IsBound"], &["IsComposable", "EntitySetPath"]),
    ("Action", "Schema", &["Name", "IsBound"], &["EntitySetPath"]),
    ("Parameter", "Function Action", &["Name", "Type"], &["Nullable"]),
    ("ReturnType", "Function Action", &["Type"], &["Nullable"]),
    ("EntityContainer", "Schema", &["Name"], &[]),
    ("EntitySet", "EntityContainer", &["Name", "EntityType"], &[]),
    ("NavigationPropertyBinding", "EntitySet", &["Path", "Target"], &[]),
];

const PRIMITIVES: [&str; 10] = [
    "Boolean",
    "Date",
    "DateTimeOffset",
    "Double",
    "Duration",
    "Guid",
    "Int32",
    "Int64",
    "Single",
    "String",
];

/// What is wrong with it.
pub(super) fn complaints(tree: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for element in tree.root().descendants().filter(Node::is_element) {
        found.extend(vocabulary(element));
        found.extend(references(tree, element));
        found.extend(twins(element));
    }
    found.extend(keys(tree));
    found
}

fn vocabulary(element: Node<'_, '_>) -> Vec<String> {
    let name = element.tag_name().name();
    let Some((_, parents, must, may)) = VOCABULARY.iter().find(|row| row.0 == name) else {
        return vec![format!("{name} is no element of CSDL")];
    };
    let mut found = Vec::new();
    let mut complain =
        |what: &str| found.push(format!("{name} {:?}: {what}", element.attribute("Name")));
    let namespace = if matches!(name, "Edmx" | "DataServices") {
        EDMX
    } else {
        EDM
    };
    if element.tag_name().namespace() != Some(namespace) {
        complain("another namespace");
    }
    let parent = element
        .parent_element()
        .map_or("", |parent| parent.tag_name().name());
    if !parents.split(' ').any(|known| known == parent) {
        complain("in the wrong place");
    }
    let has: BTreeSet<_> = element
        .attributes()
        .map(|attribute| attribute.name())
        .collect();
    if must.iter().any(|name| !has.contains(name))
        || has
            .iter()
            .any(|name| !must.contains(name) && !may.contains(name))
    {
        complain("other attributes");
    }
    for attribute in element.attributes() {
        if !is_of_form(attribute.name(), attribute.value()) {
            complain("an attribute is not of its form");
        }
    }
    found
}

fn is_of_form(name: &str, value: &str) -> bool {
    let is_identifier = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match name {
        "Name" | "Target" | "EntitySetPath" => is_identifier(value),
        "Path" => value.split('/').all(is_identifier),
        "Namespace" | "BaseType" | "EntityType" => value.split('.').all(is_identifier),
        "Nullable" | "Abstract" | "ContainsTarget" | "IsBound" | "IsComposable" => {
            matches!(value, "true" | "false")
        }
        "Version" => value == "4.0",
        "Value" => value.parse::<i32>().is_ok(),
        _ => true,
    }
}

/// The type that an element names, without what makes it a collection.
pub(super) fn one(kind: &str) -> &str {
    kind.strip_prefix("Collection(")
        .and_then(|one| one.strip_suffix(')'))
        .unwrap_or(kind)
}

/// The declaration of a type of the model.
pub(super) fn declaration<'a, 'i>(tree: &'a Document<'i>, kind: &str) -> Option<Node<'a, 'i>> {
    let name = one(kind).strip_prefix(NAMESPACE)?;
    let mut all = tree.descendants();
    all.find(|node| {
        node.tag_name().name().ends_with("Type")
            && node
                .parent_element()
                .is_some_and(|parent| parent.has_tag_name((EDM, "Schema")))
            && node.attribute("Name") == Some(name)
    })
}

fn references(tree: &Document<'_>, element: Node<'_, '_>) -> Vec<String> {
    let name = element.tag_name().name();
    let mut found = Vec::new();
    for attribute in ["Type", "BaseType", "EntityType"] {
        let Some(kind) = element.attribute(attribute) else {
            continue;
        };
        let primitive = one(kind).strip_prefix("Edm.");
        let declared = declaration(tree, kind).map(|node| node.tag_name().name());
        let is_entity = declared == Some("EntityType");
        let fits = match name {
            "NavigationProperty" | "EntityType" | "EntitySet" => is_entity,
            "Property" => !is_entity,
            "Parameter" if element.attribute("Name") == Some("bindingParameter") => is_entity,
            _ => true,
        };
        let exists = declared.is_some() || primitive.is_some_and(|name| PRIMITIVES.contains(&name));
        if !exists || !fits {
            found.push(format!(
                "{name} {:?} is of the type {kind}",
                element.attribute("Name")
            ));
        }
        if is_entity && kind.starts_with("Collection(") && element.has_attribute("Nullable") {
            found.push(format!("{name} {kind} has no Nullable"));
        }
    }
    found
}

/// Siblings have names of their own; of bound operations what they are bound to counts too.
fn twins(element: Node<'_, '_>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for child in element.children().filter(Node::is_element) {
        let first = child
            .first_element_child()
            .and_then(|first| first.attribute("Type"));
        let is_bound = matches!(child.tag_name().name(), "Function" | "Action");
        for key in ["Name", "Value", "Path"] {
            let Some(value) = child.attribute(key) else {
                continue;
            };
            if !seen.insert((key, value, first.filter(|_| is_bound))) {
                found.push(format!("{value} is there twice"));
            }
        }
    }
    found
}

/// Each entity type that is not abstract has a key, its own or its base's, of a property that cannot be null.
fn keys(tree: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for entity in tree
        .descendants()
        .filter(|node| node.has_tag_name((EDM, "EntityType")))
    {
        let base = entity
            .attribute("BaseType")
            .and_then(|base| declaration(tree, base));
        let line: Vec<_> = std::iter::once(entity).chain(base).collect();
        let named = |tag: &'static str| {
            line.iter().flat_map(move |kind| {
                kind.descendants()
                    .filter(move |node| node.tag_name().name() == tag)
            })
        };
        let properties: BTreeMap<_, _> = named("Property")
            .map(|property| (property.attribute("Name"), property.attribute("Nullable")))
            .collect();
        let keys: Vec<_> = named("PropertyRef")
            .map(|key| key.attribute("Name"))
            .collect();
        if keys.len() != 1 || properties.get(&keys[0]) != Some(&Some("false")) {
            found.push(format!("{:?} has no key", entity.attribute("Name")));
        }
    }
    found
}
