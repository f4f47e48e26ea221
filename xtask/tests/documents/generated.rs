//! What codegen makes of a document: the table, the pages, the served text; and when it calls them stale.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::codegen::{self, Files};
use xtask::document::{Document, FAMILIES};
use xtask::workspace::Workspace;

const THINGS: &str = include_str!("../data/things.yaml");
const TABLE: &str = "crates/api/src/generated/operations.rs";

fn documents(text: &str) -> Vec<Document> {
    let text = text.to_owned();
    let parsed = Document::parse(&FAMILIES[0], text);
    vec![parsed.expect("the test's own document is YAML")]
}

/// A tree of its own, with nothing but a manifest.
fn empty_tree() -> (PathBuf, Workspace) {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("generated");
    if root.exists() {
        fs::remove_dir_all(&root).expect("an earlier run's tree can be removed");
    }
    fs::create_dir_all(&root).expect("cargo's folder for tests can be written");
    fs::write(root.join("Cargo.toml"), "").expect("the new folder can be written");
    let workspace = Workspace::at(&root).expect("the tree is there");
    (root, workspace)
}

fn generated() -> Files {
    generated_from(THINGS)
}

fn generated_from(text: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = Workspace::at(&root).expect("the test stands in a workspace");
    codegen::generate(&workspace, &documents(text)).expect("the document is within the profile")
}

#[test]
fn the_table_has_each_operation_with_its_whole_path_and_access() {
    let files = generated();
    let table = &files[TABLE];
    let row = r#"
    Operation {
        id: "get_thing",
        family: Family::GraphBeta,
        method: "GET",
        path: "/beta/things/{id}",
        options: &[],
        access: Access::Delegated {
            scopes: &["Things.Read", "Things.Write"],
            roles: &[role::BIG_READER],
            own: true,
            unregistered: true,
        },
    },"#;
    assert!(table.contains(row), "{table}");
    assert!(table.contains("access: Access::Public,"), "{table}");
    assert!(
        table.contains(r#"options: &["$top", "$count"],"#),
        "{table}"
    );
    assert_eq!(table.matches("Operation {\n").count(), 5);
}

#[test]
fn a_page_is_a_schema_with_values_and_a_link() {
    let files = generated();
    let pages = &files["crates/client/src/generated/pages.rs"];
    assert_eq!(pages.matches("impl Page for").count(), 1);
    assert!(
        pages.contains("impl Page for graph_beta::types::ThingCollection {"),
        "{pages}"
    );
    assert!(
        pages.contains("type Item = graph_beta::types::Thing;"),
        "{pages}"
    );
}

#[test]
fn the_client_has_a_method_for_each_operation() {
    let files = generated();
    let client = &files["crates/client/src/generated/graph_beta.rs"];
    for id in [
        "get_status",
        "list_things",
        "create_thing",
        "get_thing",
        "delete_thing",
    ] {
        assert!(client.contains(&format!("pub fn {id}(&self)")), "{id}");
    }
}

#[test]
fn the_client_leaves_the_bounds_of_values_to_the_server() {
    let files = generated();
    let client = &files["crates/client/src/generated/graph_beta.rs"];
    assert!(
        client.contains("pub size: ::std::option::Option<i64>,"),
        "{client}"
    );
    assert!(!client.contains("regress"), "a pattern is checked");
}

#[test]
fn entities_that_select_may_cut_are_whole_for_the_comparisons_and_the_client_but_not_as_served() {
    let text = THINGS
        .replace(
            "required: [id, state, note, owner]",
            "x-pimento-whole: [id, state, note, owner]",
        )
        .replace(
            "      - $ref: '#/components/parameters/Top'\n",
            "      - $ref: '#/components/parameters/Top'\n      - $ref: '#/components/parameters/Select'\n",
        )
        .replace(
            "  parameters:\n    Top:\n",
            "  parameters:\n    Select:\n      name: $select\n      in: query\n      schema:\n        type: string\n    Top:\n",
        );
    let client = "crates/client/src/generated/graph_beta.rs";
    let files = generated_from(&text);
    assert_eq!(files[client], generated()[client]);
    assert!(files[TABLE].contains("$select"), "{}", files[TABLE]);
    assert!(files["crates/api/src/generated/graph-beta.json"].contains("x-pimento-whole"));
    let compared = |text: &str| documents(text)[0].schemas()["Thing"]["required"].clone();
    assert!(compared(THINGS).is_array());
    assert_eq!(compared(&text), compared(THINGS));
}

#[test]
fn the_docs_of_the_client_are_lines_and_their_links_lead_somewhere() {
    let files = generated();
    let client = &files["crates/client/src/generated/graph_beta.rs"];
    assert!(
        !client.contains("/**"),
        "rustfmt would indent it, and make it code"
    );
    assert!(
        client.contains("/// Builder for [`super::Client::list_things`]"),
        "{client}"
    );
}

#[test]
fn the_served_document_keeps_the_order_of_the_hand_written_one() {
    let files = generated();
    let served = &files["crates/api/src/generated/graph-beta.json"];
    let at = |word: &str| served.find(word).unwrap_or(usize::MAX);
    assert!(at("\"openapi\"") < at("\"info\""));
    assert!(at("\"/status\"") < at("\"/things\""));
    assert!(at("\"/things\"") < at("\"components\""));
}

#[test]
fn every_generated_rust_file_says_so_in_its_first_line() {
    for (path, text) in generated().iter().filter(|(path, _)| path.ends_with(".rs")) {
        assert!(text.starts_with(codegen::MARKER), "{path}");
    }
}

/// What only the table says of an operation: its text in the document, another, and the operation.
#[rustfmt::skip]
const TABLE_ONLY: &[(&str, &str, &str)] = &[
    ("x-pimento-roles: [Big Reader, Self]", "x-pimento-roles: [Big Reader]", "get_thing"),
    ("x-pimento-roles: [Reader]", "x-pimento-roles: [Reader, Writer]", "list_things"),
    ("      x-pimento-unregistered: true\n", "", "get_thing"),
];

#[test]
fn a_changed_role_makes_the_table_stale_and_its_operation_is_named() {
    let committed = generated();
    for (old, new, id) in TABLE_ONLY {
        let text = THINGS.replacen(old, new, 1);
        assert_ne!(text, THINGS, "{old} is not in the document");
        let findings = codegen::compare(&generated_from(&text), &committed);
        let stale = findings.iter().find(|finding| finding.place == TABLE);
        let expected = format!(
            "{TABLE}: the document says something else of {id}: \
             run `cargo xtask codegen` [generated-stale]"
        );
        assert_eq!(stale.map(ToString::to_string), Some(expected), "{new}");
    }
}

#[test]
fn the_last_row_and_a_row_too_many_are_named_as_well() {
    let committed = generated();
    let last = "x-pimento-roles: [Writer]\n      responses:\n        '204'";
    let text = THINGS.replace(last, &last.replace("Writer", "Reader"));
    let message = |committed: &Files, text: &str| {
        let findings = codegen::compare(&generated_from(text), committed);
        let stale = findings.into_iter().find(|finding| finding.place == TABLE);
        stale.map(|finding| finding.message).unwrap_or_default()
    };
    assert!(message(&committed, &text).contains(" of delete_thing: "));

    let renamed = THINGS.replace("operationId: get_status", "operationId: get_state");
    assert!(message(&committed, &renamed).contains(" of get_state, get_status: "));

    let mut edited = committed;
    let by_hand = edited[TABLE].replace("Every operation", "Each operation");
    edited.insert(TABLE.to_owned(), by_hand);
    assert!(message(&edited, THINGS).starts_with("differs from line "));
}

#[test]
fn of_any_other_stale_file_the_line_is_named() {
    let text = THINGS.replace("summary: List things", "summary: List all");
    let findings = codegen::compare(&generated_from(&text), &generated());
    let served = "crates/api/src/generated/graph-beta.json";
    let stale = findings.iter().find(|finding| finding.place == served);
    let line = generated()[served]
        .lines()
        .position(|line| line.contains("List things"));
    let expected = format!(
        "differs from line {} on: run `cargo xtask codegen`",
        line.map_or(0, |n| n + 1)
    );
    assert_eq!(
        stale.map(|finding| finding.message.as_str()),
        Some(expected.as_str())
    );
}

#[test]
fn a_file_that_is_missing_stale_or_orphaned_is_found_and_nothing_is_written() {
    let (root, workspace) = empty_tree();
    let files = generated();
    let rules = || {
        let found = codegen::stale(&workspace, &files).expect("the tree can be read");
        found
            .into_iter()
            .map(|finding| (finding.rule, finding.place))
            .collect::<Vec<_>>()
    };
    assert_eq!(rules().len(), files.len());
    assert!(rules().iter().all(|(rule, _)| *rule == "generated-missing"));
    assert!(!root.join("crates").exists());

    for (path, text) in &files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    assert_eq!(rules(), []);

    let changed = "crates/client/src/generated/graph_beta.rs";
    fs::write(root.join(changed), "fn other() {}\n").expect("it can be written");
    let orphan = "crates/api/src/generated/old/left.rs";
    fs::create_dir_all(root.join("crates/api/src/generated/old")).expect("it can be made");
    fs::write(root.join(orphan), "").expect("it can be written");
    let expected = [
        ("generated-stale", changed.to_owned()),
        ("generated-orphan", orphan.to_owned()),
    ];
    assert_eq!(rules(), expected);
}
