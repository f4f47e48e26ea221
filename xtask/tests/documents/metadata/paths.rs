//! Whether the model and the paths of the document lead to each other, and so do the contexts of its examples.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use serde_json::Value;
use xtask::document::operations;

use super::csdl::{NAMESPACE, declaration, one};

/// What is wrong between the two.
pub(super) fn complaints(tree: &Document<'_>, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, method, operation) in operations(document) {
        let is_there = match path.strip_suffix("/$count") {
            Some(list) => counts(tree, list),
            None => path == "/" || path.starts_with("/$") || leads_to(tree, path, method),
        };
        if !is_there {
            found.push(format!("{method} {path} is not in the model"));
        }
        let mut contexts = Vec::new();
        gather(operation, &mut contexts);
        let lost = contexts
            .into_iter()
            .filter(|context| !is_context(tree, context));
        found.extend(lost.map(|context| format!("{method} {path}: {context} is not in the model")));
    }
    for (path, method) in implied(tree) {
        if document["paths"][&path].get(method).is_none() {
            found.push(format!("the model has {method} {path}, which is nowhere"));
        }
    }
    found.extend(bindings(tree));
    found.extend(orphans(tree));
    found
}

fn named<'a, 'i>(node: Node<'a, 'i>, tag: &'static str, name: &str) -> Option<Node<'a, 'i>> {
    all(node, tag).find(|node| node.attribute("Name") == Some(name))
}

fn all<'a, 'i>(node: Node<'a, 'i>, tag: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants()
        .filter(move |node| node.tag_name().name() == tag)
}

fn operation<'a, 'i>(tree: &'a Document<'i>, name: &str, binding: &str) -> Option<Node<'a, 'i>> {
    let root = tree.root();
    let mut both = all(root, "Function").chain(all(root, "Action"));
    both.find(|node| {
        let first = node
            .first_element_child()
            .and_then(|first| first.attribute("Type"));
        node.attribute("Name") == Some(name)
            && node.attribute("IsBound") == Some("true")
            && first == Some(binding)
    })
}

/// Whether the model has this list, and something may follow it.
fn counts(tree: &Document<'_>, list: &str) -> bool {
    let name = list.rsplit('/').next().unwrap_or_default();
    let mut functions = all(tree.root(), "Function");
    let is_final = functions.any(|function| {
        let is_composable = function.attribute("IsComposable") == Some("true");
        function.attribute("Name") == Some(name) && !is_composable
    });
    leads_to(tree, list, "get") && !is_final
}

/// Whether the model has this path, and whoever goes there by this method does what the model says.
fn leads_to(tree: &Document<'_>, path: &str, method: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    let Some(set) = segments
        .next()
        .and_then(|name| named(tree.root(), "EntitySet", name))
    else {
        return false;
    };
    let entity = set.attribute("EntityType").unwrap_or_default();
    let mut kind = format!("Collection({entity})");
    let mut verbs: &[&str] = &["get", "post"];
    for segment in segments {
        if segment.starts_with('{') {
            if one(&kind) == kind {
                return false;
            }
            kind = one(&kind).to_owned();
            verbs = &["get", "put", "patch", "delete"];
        } else if let Some(bound) = operation(tree, segment, &kind) {
            verbs = match bound.tag_name().name() {
                "Action" => &["post"],
                // By POST as well, for a client that has the method wrong.
                _ => &["get", "post"],
            };
            let Some(returned) = all(bound, "ReturnType").next() else {
                return false;
            };
            kind = returned.attribute("Type").unwrap_or_default().to_owned();
        } else {
            let declared = declaration(tree, &kind).filter(|_| one(&kind) == kind);
            let way = declared.and_then(|kind| named(kind, "NavigationProperty", segment));
            let Some(leads) = way.and_then(|way| way.attribute("Type")) else {
                return false;
            };
            kind = leads.to_owned();
            verbs = &["get", "put", "patch"];
        }
    }
    verbs.contains(&method)
}

/// The paths and methods that the model has for the entities of its sets.
fn implied(tree: &Document<'_>) -> BTreeSet<(String, &'static str)> {
    let mut paths = BTreeSet::new();
    for set in all(tree.root(), "EntitySet") {
        let name = set.attribute("Name").unwrap_or_default();
        let entity = set.attribute("EntityType").unwrap_or_default();
        let list = format!("/{name}");
        let element = format!("/{name}/{{id}}");
        paths.insert((list.clone(), "get"));
        paths.insert((format!("{list}/$count"), "get"));
        let declared = declaration(tree, entity).into_iter();
        for way in declared.flat_map(|kind| all(kind, "NavigationProperty")) {
            let path = format!("{element}/{}", way.attribute("Name").unwrap_or_default());
            paths.insert((path, "get"));
        }
        for (binding, place) in [
            (entity.to_owned(), element),
            (format!("Collection({entity})"), list),
        ] {
            for (tag, method) in [("Function", "get"), ("Action", "post")] {
                for bound in all(tree.root(), tag) {
                    let name = bound.attribute("Name").unwrap_or_default();
                    if operation(tree, name, &binding) != Some(bound) {
                        continue;
                    }
                    paths.insert((format!("{place}/{name}"), method));
                    if bound.attribute("IsComposable") == Some("true") {
                        paths.insert((format!("{place}/{name}/$count"), method));
                    }
                }
            }
        }
    }
    paths
}

/// Each way that leads out of a set's entities is bound to a set of what it leads to, and nothing else is.
fn bindings(tree: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for set in all(tree.root(), "EntitySet") {
        let name = set.attribute("Name").unwrap_or_default();
        let entity = set.attribute("EntityType").unwrap_or_default();
        let mut expected = BTreeSet::new();
        ways(tree, entity, "", &mut expected);
        let mut bound = BTreeSet::new();
        for binding in all(set, "NavigationPropertyBinding") {
            let path = binding.attribute("Path").unwrap_or_default();
            let target = binding.attribute("Target").unwrap_or_default();
            let target = named(tree.root(), "EntitySet", target);
            let leads_to = target.and_then(|set| set.attribute("EntityType"));
            bound.insert((path.to_owned(), leads_to.unwrap_or_default().to_owned()));
        }
        if bound != expected {
            found.push(format!("{name} is bound to {bound:?}, not {expected:?}"));
        }
    }
    found
}

/// The ways from an entity to those that are not contained in it, and what they lead to.
fn ways(tree: &Document<'_>, entity: &str, before: &str, found: &mut BTreeSet<(String, String)>) {
    let declared = declaration(tree, entity).into_iter();
    for way in declared.flat_map(|kind| all(kind, "NavigationProperty")) {
        let path = format!("{before}{}", way.attribute("Name").unwrap_or_default());
        let kind = way.attribute("Type").unwrap_or_default();
        match way.attribute("ContainsTarget") {
            Some("true") => ways(tree, one(kind), &format!("{path}/"), found),
            _ => {
                found.insert((path, one(kind).to_owned()));
            }
        }
    }
}

/// The types that nothing is of.
fn orphans(tree: &Document<'_>) -> Vec<String> {
    let users = tree.descendants();
    let used: BTreeSet<_> = users
        .flat_map(|node| ["Type", "BaseType", "EntityType"].map(|key| node.attribute(key)))
        .flatten()
        .map(one)
        .collect();
    let kinds = ["EnumType", "EntityType", "ComplexType"];
    let declared = kinds.into_iter().flat_map(|tag| all(tree.root(), tag));
    let names = declared.filter_map(|kind| kind.attribute("Name"));
    let orphans = names.filter(|name| !used.contains(format!("{NAMESPACE}{name}").as_str()));
    orphans.map(|name| format!("nothing is a {name}")).collect()
}

fn gather<'a>(value: &'a Value, contexts: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str().filter(|_| name.ends_with("@odata.context")) {
                    Some(context) => contexts.push(context),
                    None => gather(value, contexts),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|value| gather(value, contexts)),
        _ => {}
    }
}

/// Whether what follows the `#` of a context is a set, what an entity of a set contains, or several of a type that no set has.
fn is_context(tree: &Document<'_>, context: &str) -> bool {
    let Some((_, fragment)) = context.split_once('#') else {
        return context.ends_with("/$metadata");
    };
    if fragment == "Edm.Boolean" {
        return true;
    }
    if one(fragment) != fragment {
        let declared = declaration(tree, fragment).map(|kind| kind.tag_name().name());
        return declared == Some("ComplexType");
    }
    let path = fragment.strip_suffix("/$entity").unwrap_or(fragment);
    let (path, members) = projection(path);
    let mut segments = path.split('/');
    let set = segments.next().unwrap_or_default();
    let (name, has_key) = match set.split_once("('") {
        Some((name, _)) => (name, true),
        None => (set, false),
    };
    let set = named(tree.root(), "EntitySet", name);
    let mut kind = set.and_then(|set| set.attribute("EntityType"));
    let mut ways = 0;
    for segment in segments {
        let declared = kind.and_then(|kind| declaration(tree, kind));
        let way = declared.and_then(|kind| named(kind, "NavigationProperty", segment));
        let contained = way.filter(|way| way.attribute("ContainsTarget") == Some("true"));
        kind = contained.and_then(|way| way.attribute("Type"));
        ways += 1;
    }
    let has = |member: &&str| {
        let declared = kind.and_then(|kind| declaration(tree, kind));
        let kinds = ["Property", "NavigationProperty"];
        declared.is_some_and(|of| kinds.iter().any(|kind| named(of, kind, member).is_some()))
    };
    kind.is_some() && has_key == (0 < ways) && members.iter().all(has)
}

/// A path in a context, and the members that it says are shown, as `privilegedRoles(name,summary())` does.
fn projection(path: &str) -> (&str, Vec<&str>) {
    let opens = |(at, _): &(usize, &str)| !path[at + 1..].starts_with('\'');
    let Some((at, _)) = path.match_indices('(').find(opens) else {
        return (path, Vec::new());
    };
    let members = path[at + 1..].strip_suffix(')').unwrap_or_default();
    let name = |member| str::strip_suffix(member, "()").unwrap_or(member);
    (&path[..at], members.split(',').map(name).collect())
}
