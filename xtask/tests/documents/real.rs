//! The comparer on the real documents: everything in them that binds a client is mutated, one place after the other,
//! and each mutation must be reported with exactly the operations that it concerns.
//!
//! The mutations are found by walking the text, and the operations by following its references, so that nothing here
//! leans on the code under test.

mod concerns;
mod mutants;

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};
use xtask::Finding;
use xtask::canon::canonical;
use xtask::diff::differences;
use xtask::document::{Document, operations};
use xtask::workspace::Workspace;

use concerns::Concern;
use mutants::{Change, Mutation, mutated};

/// So many mutations are checked by one thread.
const CHUNK: usize = 200;

/// What is wrong with the refusal of a document that has no canonical form any more: none of the findings names the
/// mutated place, or what holds it, or the component that is gone or is referred to now.
fn unnamed(document: &Value, (at, change): &Mutation, findings: &[Finding]) -> Option<String> {
    let (holder, _) = at.rsplit_once('/').expect("a pointer has a slash");
    let target = match change {
        Change::Set(value) => value.as_str().unwrap_or(holder),
        Change::Remove | Change::Rename => holder,
    };
    // Two references to one parameter are told by its name.
    let component = document.pointer(target.trim_start_matches('#'));
    let part = |key| component.and_then(|component| component[key].as_str());
    let parameter = part("in").zip(part("name"));
    let parameter = parameter.map(|(place, name)| format!("/parameters/{place}:{name}"));
    let is_parameter = |found: &str| {
        let path = at.split('/').take(3).collect::<Vec<_>>().join("/");
        let ends = |parameter: &String| found.ends_with(parameter);
        found.starts_with(&format!("#{path}/")) && parameter.as_ref().is_some_and(ends)
    };
    let place = format!("#{at}");
    let is_at = |text: &str| {
        let rest = text.strip_prefix(&place);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ' ', '"']))
    };
    let names = |finding: &Finding| {
        let mut words = finding.message.split([' ', '"']);
        finding.place == format!("#{holder}")
            || is_at(&finding.place)
            || is_parameter(&finding.place)
            || words.any(|word| is_at(word) || word == target)
    };
    let is_named = findings.iter().any(names);
    (!is_named).then(|| format!("{at} {change:?} is refused without its name: {findings:?}"))
}

/// What is wrong with the report of a mutation, on either side.
fn complaint(
    document: &Value,
    base: &Value,
    concerns: &[Concern],
    mutation: &Mutation,
) -> Option<String> {
    let mutant = mutated(document, mutation);
    let (at, change) = mutation;
    if mutant == *document {
        return Some(format!("{at} {change:?} changes nothing"));
    }
    let mutant = match canonical(&mutant) {
        Ok(mutant) => mutant,
        Err(findings) => return unnamed(document, mutation, &findings),
    };
    let expected = concerns.iter().filter(|concern| concern.is_about(at));
    let expected: BTreeSet<_> = expected.map(|concern| concern.id.clone()).collect();
    for (one, two) in [(base, &mutant), (&mutant, base)] {
        let found = differences(one, two);
        let mut named: BTreeSet<_> = found.into_iter().flat_map(|d| d.operations).collect();
        if at.ends_with("/operationId") {
            named = named
                .into_iter()
                .map(|id| id.trim_end_matches('x').to_owned())
                .collect();
        }
        if named != expected {
            return Some(format!("{at} {change:?} names {named:?}, not {expected:?}"));
        }
    }
    None
}

fn documents() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = Workspace::at(&root).expect("the test stands in a workspace");
    Document::read_all(&workspace).expect("the documents can be read")
}

/// The mutations of a document, each group with the part of the document that it can touch: the whole one takes ten
/// times as long to compare.
fn groups(document: &Value) -> Vec<(Value, Vec<Mutation>)> {
    let mut rest = mutants::all(document);
    let mut groups = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        let at = format!("/paths/{}", path.replace('/', "~1"));
        let is_in = |place: &str| place == at || place.starts_with(&format!("{at}/"));
        let (own, others) = rest.into_iter().partition(|(place, _)| is_in(place));
        rest = others;
        let mut part = document.clone();
        part["paths"] = json!({ path: item });
        groups.push((part, own));
    }
    let (schemas, rest) = rest
        .into_iter()
        .partition(|(at, _)| at.starts_with("/components/schemas/"));
    let mut part = document.clone();
    thin_out(&mut part);
    groups.push((part, schemas));
    groups.push((document.clone(), rest));
    groups
}

/// Leaves one success and one error of each operation, without headers: all errors have the same schema.
fn thin_out(document: &mut Value) {
    let items = document["paths"].as_object_mut().into_iter().flatten();
    let members = items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
    let responses =
        members.filter_map(|(_, operation)| operation.get_mut("responses")?.as_object_mut());
    for responses in responses {
        responses.retain(|status, _| status.starts_with('2') || status == "400");
        for response in responses.values_mut().filter_map(Value::as_object_mut) {
            response.remove("headers");
        }
    }
}

fn complaints(document: &Value, mutations: &[Mutation]) -> Vec<String> {
    let base = canonical(document).expect("the document has a canonical form");
    let concerns = Concern::all(document);
    let found = mutations
        .iter()
        .filter_map(|mutation| complaint(document, &base, &concerns, mutation));
    found.collect()
}

#[test]
fn every_place_of_the_real_documents_is_compared_and_names_its_operations() {
    for document in documents() {
        let groups = groups(&document.value);
        let count: usize = groups.iter().map(|(_, mutations)| mutations.len()).sum();
        assert!(300 < count, "{} has {count} mutations", document.path());
        let complaints: Vec<_> = thread::scope(|scope| {
            let chunks = groups.iter().flat_map(|(part, mutations)| {
                let chunks = mutations.chunks(CHUNK);
                chunks.map(move |chunk| (part, chunk))
            });
            let running =
                chunks.map(|(part, mutations)| scope.spawn(move || complaints(part, mutations)));
            let running: Vec<_> = running.collect();
            let done = running.into_iter().map(|thread| thread.join());
            done.flat_map(|found| found.expect("the thread ends"))
                .collect()
        });
        let text = complaints.join("\n");
        assert!(complaints.is_empty(), "{}:\n{text}", document.path());
    }
}

#[test]
fn a_mutation_that_changes_nothing_is_a_complaint_about_the_real_documents_too() {
    for document in documents() {
        let value = &document.value;
        let base = canonical(value).expect("the document has a canonical form");
        let concerns = Concern::all(value);
        let (path, method, operation) = operations(value)[0];
        let at = format!("/paths/{}/{method}", path.replace('/', "~1"));
        let same = (
            format!("{at}/operationId"),
            Change::Set(operation["operationId"].clone()),
        );
        let found = complaint(value, &base, &concerns, &same);
        assert!(found.is_some_and(|found| found.ends_with("changes nothing")));
        let prose = (format!("{at}/summary"), Change::Set(json!("Other words.")));
        let found = complaint(value, &base, &concerns, &prose);
        assert!(found.is_some_and(|found| found.contains("names {}, not")));
    }
}

#[test]
fn a_refusal_that_names_another_place_is_a_complaint() {
    let document = json!({});
    let gone = |at: &str| (at.to_owned(), Change::Remove);
    let finding = Finding::new(
        "canon",
        "#/paths/~1a/get",
        "#/components/schemas/Ab is gone",
    );
    let findings = [finding];
    let is_complaint = |at: &str| unnamed(&document, &gone(at), &findings).is_some();
    for at in [
        "/components/schemas/Ab",
        "/paths/~1a/get",
        "/paths/~1a/get/security",
    ] {
        assert!(!is_complaint(at), "{at}");
    }
    for at in [
        "/components/schemas/A",
        "/paths/~1a/put",
        "/paths/~1a/get/responses/200",
    ] {
        assert!(is_complaint(at), "{at}");
    }
}
