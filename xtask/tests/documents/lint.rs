//! The lint: the document within the profile passes, and each rule has a document that breaks it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regress::Regex;
use serde_json::Value;
use xtask::workspace::Workspace;
use xtask::{lint, table};

use crate::pair::Edit::{Remove, Rename, Set};
use crate::pair::{Edit, Pair, Side};

/// A rule, and edits that break it.
type Broken = (&'static str, &'static [Edit]);

#[rustfmt::skip]
const BROKEN: &[Broken] = &[
    ("version", &[Set("/openapi", "3.0.4")]),
    ("info", &[Remove("/info/contact")]),
    ("info", &[Set("/info/contact/name", "' '")]),
    ("info", &[Remove("/info/license/url")]),
    ("info", &[Remove("/info/description")]),
    ("tags", &[Remove("/tags/0/description")]),
    ("tags", &[Set("/tags/-", "{name: things, description: Again.}")]),
    ("servers", &[Remove("/servers")]),
    ("servers", &[Set("/servers/0/url", "'https://pim.example/beta'")]),
    ("servers", &[Set("/servers/-", "{url: /}")]),
    ("servers", &[Rename("/paths/~1status", "~1beta~1status")]),
    ("reference", &[Set("/paths/~1things/get/responses/400/$ref", "'errors.yaml#/BadRequest'")]),
    ("canon", &[Set("/paths/~1things/get/responses/400/$ref", "'#/components/responses/Worse'")]),
    ("reference-neighbour", &[Set("/paths/~1things/get/responses/400/description", "Lost.")]),
    ("reference-neighbour", &[Set("/components/schemas/ODataError/properties/error/description", "Lost.")]),
    ("operation-id", &[Remove("/paths/~1things/get/operationId")]),
    ("operation-id", &[Set("/paths/~1things/get/operationId", "listThings")]),
    ("unique-operation-id", &[Set("/paths/~1things/get/operationId", "get_thing")]),
    ("prose", &[Remove("/paths/~1things/get/summary")]),
    ("prose", &[Set("/paths/~1things/get/description", "' '")]),
    ("prose", &[Set("/paths/~1things/get/tags", "[thing]")]),
    ("prose", &[Set("/paths/~1things/get/tags", "[things, things]")]),
    ("nullable-body", &[Remove("/components/schemas/NewThing/properties/size/nullable")]),
    ("one-success", &[Rename("/paths/~1things/get/responses/200", "400")]),
    ("one-success", &[Set("/paths/~1things/get/responses/204", "{description: None.}")]),
    ("status-code", &[Rename("/paths/~1things/get/responses/400", "4XX")]),
    ("status-code", &[Rename("/paths/~1things/get/responses/400", "default")]),
    ("error-schema", &[Set("/components/responses/BadRequest/content/application~1json/schema/$ref", "'#/components/schemas/MainError'")]),
    ("error-schema", &[Set("/paths/~1things/get/responses/400", "{description: No body.}")]),
    ("media-type", &[Rename("/components/responses/BadRequest/content/application~1json", "application~1problem+json")]),
    ("media-type", &[Rename("/paths/~1things/post/requestBody/content/application~1json", "application~1merge-patch+json")]),
    ("media-type", &[Remove("/paths/~1status/get/responses/200/content/application~1json/schema")]),
    ("parameter-form", &[Set("/paths/~1things/get/parameters/1/in", "cookie")]),
    ("parameter-form", &[Set("/paths/~1things/get/parameters/1/schema", "{type: array, items: {type: string}}")]),
    ("parameter-form", &[Rename("/paths/~1things/get/parameters/1/schema", "content")]),
    ("nullable-type", &[Remove("/components/schemas/Thing/properties/owner/type")]),
    ("closed-enum", &[Remove("/components/schemas/Thing/properties/state/x-closed-enum")]),
    ("closed-enum", &[Set("/components/schemas/Thing/properties/state/x-closed-enum", "' '")]),
    ("additional-properties", &[Set("/components/schemas/Thing/additionalProperties", "true")]),
    ("additional-properties", &[Set("/components/schemas/Thing/additionalProperties", "false")]),
    ("keyword", &[Set("/components/schemas/Owner/properties/name", "{oneOf: [{type: string}, {type: integer}]}")]),
    ("required-property", &[Set("/components/schemas/Owner/required", "[name, age]")]),
    ("security", &[Remove("/paths/~1things/get/security")]),
    ("security", &[Set("/paths/~1things/get/security", "[{token: []}]")]),
    ("security", &[Set("/paths/~1things/get/security", "[{token: [], delegated: [Things.Burn]}]")]),
    ("security", &[Set("/paths/~1things/get/security", "[{key: [], delegated: [Things.Read]}]")]),
    ("security", &[Set("/paths/~1things/get/security", "[{token: [], delegated: [Things.Read]}, {}]")]),
    ("roles", &[Remove("/paths/~1things/get/x-pimento-roles")]),
    ("roles", &[Set("/paths/~1things/get/x-pimento-roles", "Reader")]),
    ("roles", &[Set("/paths/~1status/get/x-pimento-roles", "[Reader]")]),
    ("role-name", &[Set("/paths/~1things/get/x-pimento-roles", "[Raeder]")]),
    ("role-name", &[Set("/paths/~1things/get/x-pimento-roles", "[Reader, self]")]),
    ("paths", &[Rename("/paths", "path")]),
    ("paths", &[Set("/paths", "[]")]),
    ("paths", &[Set("/paths", "{}")]),
    ("response-description", &[Remove("/paths/~1things/get/responses/200/description")]),
    ("response-description", &[Set("/components/responses/BadRequest/description", "' '")]),
    ("codes", &[Remove("/components/responses/BadRequest/x-pimento-codes")]),
    ("codes", &[Set("/components/responses/BadRequest/x-pimento-codes", "[]")]),
    ("codes", &[Set("/components/responses/BadRequest/x-pimento-codes", "BadRequest")]),
    ("codes", &[Set("/components/responses/BadRequest/x-pimento-codes", "[Bad Request]")]),
    ("codes", &[Set("/components/responses/BadRequest/x-pimento-codes", "[BadRequest, BadRequest]")]),
    ("codes", &[Set("/paths/~1things/post/x-pimento-codes", "{}")]),
    ("codes", &[Set("/paths/~1things/post/x-pimento-codes", "[ThingExists]")]),
    ("codes", &[Set("/paths/~1things/post/x-pimento-codes/400", "[]")]),
    ("codes", &[Set("/paths/~1things/post/x-pimento-codes/400", "[400]")]),
    ("codes", &[Set("/paths/~1things/post/x-pimento-codes/400", "[BadRequest]")]),
    ("codes", &[Rename("/paths/~1things/post/x-pimento-codes/400", "404")]),
    ("codes", &[Rename("/paths/~1things/post/x-pimento-codes/400", "201")]),
    ("unused-component", &[Set("/components/schemas/Spare", "{type: object}")]),
    ("unused-component", &[Set("/components/headers/Spare", "{schema: {type: string}}")]),
    ("unused-component", &[Set("/components/securitySchemes/spare", "{type: http, scheme: basic}")]),
    ("name-collision", &[Set("/components/schemas/Thing/properties/@odata.type", "{type: string}"), Set("/components/schemas/Thing/properties/odataType", "{type: string}")]),
    ("name-collision", &[Set("/paths/~1things/get/parameters/-", "{name: count, in: query, schema: {type: boolean}}")]),
    ("name-collision", &[Set("/paths/~1things~1{id}/get/parameters", "[{name: id, in: query, schema: {type: string}}]")]),
    ("name-collision", &[Set("/components/schemas/Thing/properties/state/enum", "[active, Active]")]),
    ("name-collision", &[Rename("/components/schemas/Owner", "newThing"), Set("/components/schemas/Thing/properties/owner/allOf/0/$ref", "'#/components/schemas/newThing'")]),
    ("example", &[Set("/paths/~1status/get/responses/200/content/application~1json/example", "{state: up}")]),
    ("example", &[Set("/paths/~1things/post/requestBody/content/application~1json/examples/small/value/size", "0.25")]),
    ("example", &[Set("/paths/~1things/post/requestBody/content/application~1json/examples/small/value/size", "many")]),
    ("example", &[Set("/components/schemas/Thing/properties/id/example", "null")]),
    ("example", &[Set("/components/schemas/Thing/properties/note/example", "A1")]),
    ("example", &[Set("/components/schemas/Thing/properties/state/default", "out")]),
    ("example", &[Set("/components/schemas/Thing/properties/size/example", "10")]),
    ("example", &[Set("/components/schemas/Thing/properties/size/example", "1.5")]),
    ("example", &[Set("/components/schemas/Thing/properties/parts/example", "[1]")]),
    ("example", &[Set("/components/schemas/Thing/properties/labels/example", "{colour: 1}")]),
    ("example", &[Set("/components/schemas/Thing/properties/owner/example", "{name: ''}")]),
    ("example", &[Set("/components/schemas/ThingCollection/properties/@odata.nextLink/example", "not a link")]),
    ("example", &[Set("/components/parameters/Top/example", "3000000000")]),
    ("example", &[Set("/components/headers/RequestId/example", "42")]),
];

/// Values that their schema allows.
#[rustfmt::skip]
const VALID: &[Edit] = &[
    Set("/components/schemas/Thing/properties/owner/example", "null"),
    Set("/components/schemas/Thing/properties/note/example", "a b"),
    Set("/components/schemas/Thing/properties/size/example", "9"),
    Set("/components/schemas/Thing/properties/labels/example", "{colour: red}"),
    Set("/components/schemas/Thing/properties/parts/example", "[{id: a, state: 'on', note: null, owner: {name: b}}]"),
    Set("/components/headers/RequestId/example", "0d3f2bd2-6a35-4be1-a09a-4a2f3c9d1f10"),
];

/// The constants of the roles that the document has.
fn roles() -> BTreeSet<String> {
    ["BIG_READER", "READER", "WRITER"].map(str::to_owned).into()
}

fn rules(document: &Value) -> BTreeSet<&'static str> {
    let mut findings = lint::lint("things.yaml", document);
    let documents = [(String::from("things.yaml"), document)];
    findings.append(&mut lint::shared_operation_ids(&documents));
    findings.append(&mut lint::unknown_roles("things.yaml", document, &roles()));
    findings.into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_document_within_the_profile_has_no_findings() {
    let base = Pair::read();
    assert_eq!(lint::lint("things.yaml", &base.spec), []);
    assert_eq!(rules(&base.spec), BTreeSet::new());
}

#[test]
fn every_broken_rule_is_found() {
    let base = Pair::read();
    for (rule, edits) in BROKEN {
        let broken = base.edited(Side::Spec, edits);
        assert_ne!(broken, base, "{rule}: {edits:?} changes nothing");
        let found = rules(&broken.spec);
        assert!(found.contains(rule), "{rule}: {edits:?} gives {found:?}");
    }
}

#[test]
fn examples_of_every_kind_that_fit_are_let_through() {
    let valid = Pair::read().edited(Side::Spec, VALID);
    assert_eq!(lint::lint("things.yaml", &valid.spec), []);
}

#[test]
fn an_operation_id_of_another_document_is_taken() {
    let base = Pair::read();
    let documents = [
        (String::from("a.yaml"), &base.spec),
        (String::from("b.yaml"), &base.spec),
    ];
    let findings = lint::shared_operation_ids(&documents);
    assert_eq!(findings.len(), 5);
    let line = findings[0].to_string();
    let expected = "b.yaml#/paths/~1status/get/operationId: get_status is also at \
                    a.yaml#/paths/~1status/get/operationId [unique-operation-id]";
    assert_eq!(line, expected);
}

#[test]
fn a_finding_names_file_pointer_and_rule() {
    let edits = [Set("/components/schemas/Spare", "{type: object}")];
    let broken = Pair::read().edited(Side::Spec, &edits);
    let findings = lint::lint("things.yaml", &broken.spec);
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["things.yaml#/components/schemas/Spare: nothing uses it [unused-component]"]
    );
}

#[test]
fn a_role_that_the_table_cannot_name_is_told_with_those_that_it_can() {
    let edits = [Set(
        "/paths/~1things/get/x-pimento-roles",
        "[Reader, Big Raeder, Self]",
    )];
    let broken = Pair::read().edited(Side::Spec, &edits);
    let findings = lint::unknown_roles("things.yaml", &broken.spec, &roles());
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let expected = "things.yaml#/paths/~1things/get/x-pimento-roles: `Big Raeder` is no role that the operation table \
                    can name; it can name Self, Big Reader, Reader, Writer, the constants of crates/domain/src/role.rs \
                    [role-name]";
    assert_eq!(lines, [expected]);
}

#[test]
fn every_constant_of_a_role_can_be_named_by_the_real_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = Workspace::at(&root).expect("the test stands in a workspace");
    let roles = table::roles(&workspace).expect("they can be read");
    let expected = [
        "GLOBAL_ADMINISTRATOR",
        "PRIVILEGED_ROLE_ADMINISTRATOR",
        "SECURITY_ADMINISTRATOR",
        "SECURITY_READER",
    ];
    assert!(roles.iter().eq(expected), "{roles:?}");
}

/// A reference that leads nowhere, and the places that are told of it.
const BROKEN_REFERENCES: &[(&[Edit], &[&str])] = &[
    (
        &[Set(
            "/paths/~1things/get/parameters/0/$ref",
            "'#/components/parameters/Tip'",
        )],
        &[
            "things.yaml#/components/parameters/Top",
            "things.yaml#/paths/~1things/get/parameters/0",
        ],
    ),
    (
        &[
            Set(
                "/paths/~1things/get/parameters/1",
                "{$ref: '#/components/parameters/Tip'}",
            ),
            Set(
                "/paths/~1things/get/parameters/2",
                "{$ref: '#/components/parameters/Tap'}",
            ),
        ],
        &[
            "things.yaml#/paths/~1things/get/parameters/1",
            "things.yaml#/paths/~1things/get/parameters/2",
        ],
    ),
    (
        &[Set(
            "/paths/~1things/post/responses/400/$ref",
            "'#/components/responses/Worse'",
        )],
        &["things.yaml#/paths/~1things/post/responses/400"],
    ),
    (
        &[Set(
            "/paths/~1things/post/requestBody",
            "{$ref: '#/components/requestBodies/Thing'}",
        )],
        &[
            "things.yaml#/components/schemas/NewThing",
            "things.yaml#/paths/~1things/post/requestBody",
        ],
    ),
];

#[test]
fn a_reference_that_leads_nowhere_is_told_once_and_by_its_place() {
    for (edits, expected) in BROKEN_REFERENCES {
        let broken = Pair::read().edited(Side::Spec, edits);
        let findings = lint::lint("things.yaml", &broken.spec);
        let places: Vec<_> = findings.iter().map(|f| f.place.as_str()).collect();
        assert_eq!(
            BTreeSet::from_iter(places.iter().copied()),
            BTreeSet::from_iter(expected.iter().copied()),
            "{findings:#?}"
        );
        assert_eq!(places.len(), expected.len(), "{findings:#?}");
    }
}

/// The rules that the lint's sources name. What a rule is called stands where its finding is made.
fn named_in_the_sources() -> BTreeSet<String> {
    let finding = r#"(?:Finding::new|\.finding|refuse)\(\s*"([a-z-]+)""#;
    let finding = Regex::new(finding).expect("the test's own pattern is right");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = ["lint", "lint.rs", "canon.rs", "metadata"]
        .map(|path| sources.join(path))
        .to_vec();
    let mut rules = BTreeSet::new();
    while let Some(file) = paths.pop() {
        if file.is_dir() {
            let folder = fs::read_dir(file).expect("a folder can be read");
            paths.extend(folder.map(|entry| entry.expect("a folder can be read").path()));
            continue;
        }
        let text = fs::read_to_string(file).expect("a source can be read");
        let found = finding.find_iter(&text);
        rules.extend(found.filter_map(|found| Some(text[found.group(1)?].to_owned())));
    }
    rules
}

#[test]
fn every_rule_that_the_lint_can_name_has_an_example_that_breaks_it() {
    let all = BROKEN.iter().chain(crate::metadata::BROKEN);
    let shown: BTreeSet<_> = all.map(|(rule, _)| (*rule).to_owned()).collect();
    assert_eq!(named_in_the_sources(), shown);
}
