//! What a change of the documents means to those who call: changes by the way their values travel, and what of it is
//! told.

use serde_json::{Value, json};
use xtask::breaking::Class::{self, Additive, Breaking, Prose, Security};
use xtask::breaking::Shift::{Looser, Other, Stricter};
use xtask::breaking::{self, Change, Shift};

use crate::pair::Edit::{Remove, Rename, Set};
use crate::pair::{Edit, Pair, Side, set, yaml};

/// What is changed, a schema before and after, and the class in requests and in answers: of the change, and of the
/// change taken back.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    [Class; 2],
    [Class; 2],
);

/// Allowed values get fewer: only who sends them notices. Taken back, only who gets them.
const NARROWER: [Class; 2] = [Breaking, Additive];
const WIDER: [Class; 2] = [Additive, Breaking];
const HARMLESS: [Class; 2] = [Additive, Additive];
const HARMFUL: [Class; 2] = [Breaking, Breaking];
const WORDS: [Class; 2] = [Prose, Prose];

#[rustfmt::skip]
const SCHEMAS: &[Row] = &[
    ("a type gets narrower", "{type: number}", "{type: integer}", NARROWER, WIDER),
    ("a type is another one", "{type: string}", "{type: boolean}", HARMFUL, HARMFUL),
    ("a type is said", "{}", "{type: string}", NARROWER, WIDER),
    ("a format is said", "{type: string}", "{type: string, format: uri}", NARROWER, WIDER),
    ("a format gets narrower", "{type: integer, format: int64}", "{type: integer, format: int32}", NARROWER, WIDER),
    ("a format is another one", "{type: string, format: uri}", "{type: string, format: uuid}", HARMFUL, HARMFUL),
    ("a pattern is said", "{type: string}", "{type: string, pattern: ^a$}", NARROWER, WIDER),
    ("a pattern is another one", "{type: string, pattern: ^a$}", "{type: string, pattern: ^b$}", HARMFUL, HARMFUL),
    ("a step is another one", "{type: integer, multipleOf: 2}", "{type: integer, multipleOf: 3}", HARMFUL, HARMFUL),
    ("the least grows", "{type: integer, minimum: 1}", "{type: integer, minimum: 2}", NARROWER, WIDER),
    ("the least is said", "{type: integer}", "{type: integer, minimum: 2}", NARROWER, WIDER),
    ("the least is excluded", "{type: integer, minimum: 1}", "{type: integer, minimum: 1, exclusiveMinimum: true}", NARROWER, WIDER),
    ("the least is excluded, and lower", "{type: integer, minimum: 1}", "{type: integer, minimum: -1, exclusiveMinimum: true}", WIDER, NARROWER),
    ("the most shrinks", "{type: number, maximum: 2}", "{type: number, maximum: 1.5}", NARROWER, WIDER),
    ("the most is excluded", "{type: integer, maximum: 1}", "{type: integer, maximum: 1, exclusiveMaximum: true}", NARROWER, WIDER),
    ("the least length grows", "{type: string, minLength: 1}", "{type: string, minLength: 2}", NARROWER, WIDER),
    ("the greatest length shrinks", "{type: string, maxLength: 9}", "{type: string, maxLength: 8}", NARROWER, WIDER),
    ("the greatest length is said", "{type: string}", "{type: string, maxLength: 8}", NARROWER, WIDER),
    ("the least number of elements", "{type: array}", "{type: array, minItems: 1}", NARROWER, WIDER),
    ("the greatest number of elements", "{type: array, maxItems: 2}", "{type: array, maxItems: 1}", NARROWER, WIDER),
    ("an array becomes a set", "{type: array}", "{type: array, uniqueItems: true}", NARROWER, WIDER),
    ("elements get narrower", "{type: array, items: {type: number}}", "{type: array, items: {type: integer}}", NARROWER, WIDER),
    ("elements are said", "{type: array}", "{type: array, items: {type: integer}}", NARROWER, WIDER),
    ("null is lost", "{type: string, nullable: true}", "{type: string}", NARROWER, WIDER),
    ("an enum's value is gone", "{enum: [a, b, c]}", "{enum: [b, c]}", NARROWER, WIDER),
    ("an enum's values have another order", "{enum: [a, b]}", "{enum: [b, a]}", WORDS, WORDS),
    ("an enum is said", "{type: string}", "{type: string, enum: [a]}", NARROWER, WIDER),
    ("a known value is gone", "{type: string, x-known-values: [a, b]}", "{type: string, x-known-values: [a]}", NARROWER, HARMLESS),
    ("the metadata has a type", "{type: string}", "{type: string, x-pimento-enum: a}", HARMLESS, HARMFUL),
    ("the metadata has another type", "{type: string, x-pimento-enum: a}", "{type: string, x-pimento-enum: b}", HARMFUL, HARMFUL),
    ("values are known", "{type: string}", "{type: string, x-known-values: [a]}", HARMLESS, NARROWER),
    ("a member too many", "{properties: {a: {type: string}}}", "{properties: {a: {type: string}, b: {type: string}}}", HARMLESS, HARMFUL),
    ("a first member", "{type: object}", "{type: object, properties: {b: {type: string}}}", HARMLESS, HARMFUL),
    ("a member of a member", "{properties: {a: {type: object, maxProperties: 2}}}", "{properties: {a: {type: object, maxProperties: 1}}}", NARROWER, WIDER),
    ("a member is required", "{properties: {a: {}, b: {}}, required: [a]}", "{properties: {a: {}, b: {}}, required: [a, b]}", NARROWER, WIDER),
    ("a first member is required", "{properties: {a: {}}}", "{properties: {a: {}}, required: [a]}", NARROWER, WIDER),
    ("a new member is required", "{properties: {a: {}}, required: [a]}", "{properties: {a: {}, b: {}}, required: [a, b]}", NARROWER, HARMFUL),
    ("a member of answers is required", "{properties: {a: {}, b: {readOnly: true}}, required: [a]}", "{properties: {a: {}, b: {readOnly: true}}, required: [a, b]}", HARMLESS, WIDER),
    ("a required member is for answers only no more", "{properties: {a: {readOnly: true}}, required: [a]}", "{properties: {a: {}}, required: [a]}", NARROWER, NARROWER),
    ("a named schema is for answers only no more", "{type: string, readOnly: true}", "{type: string}", NARROWER, NARROWER),
    ("a member is for answers only", "{properties: {a: {}}}", "{properties: {a: {readOnly: true}}}", NARROWER, HARMLESS),
    ("a member is for requests only", "{properties: {a: {}}}", "{properties: {a: {writeOnly: true}}}", WIDER, HARMLESS),
    ("a member is called required", "{properties: {required: {type: string}}}", "{properties: {required: {type: string, nullable: true}}}", WIDER, NARROWER),
    ("a member is called description", "{properties: {description: {type: string}}}", "{properties: {}}", HARMFUL, HARMLESS),
    ("a default is said", "{type: integer}", "{type: integer, default: 1}", HARMLESS, NARROWER),
    ("a default is another one", "{type: integer, default: 2}", "{type: integer, default: 1}", NARROWER, NARROWER),
    ("unknown members are forbidden", "{type: object}", "{type: object, additionalProperties: false}", NARROWER, WIDER),
    ("unknown members are named", "{type: object}", "{type: object, additionalProperties: {}}", HARMLESS, HARMLESS),
    ("unknown members have a type", "{type: object, additionalProperties: {}}", "{type: object, additionalProperties: {type: string}}", NARROWER, WIDER),
    ("only what is named, then of a type", "{type: object, additionalProperties: false}", "{type: object, additionalProperties: {type: string}}", WIDER, NARROWER),
    ("it is deprecated", "{type: string}", "{type: string, deprecated: true}", HARMLESS, HARMLESS),
    ("another name", "{properties: {a: {$ref: '#/components/schemas/Owner'}}}", "{properties: {a: {$ref: '#/components/schemas/Status'}}}", HARMFUL, HARMFUL),
    ("another alternative", "{oneOf: [{type: string}]}", "{oneOf: [{type: string}, {type: integer}]}", WIDER, NARROWER),
    ("another condition", "{allOf: [{type: string}, {maxLength: 3}]}", "{allOf: [{type: string}, {maxLength: 3}, {minLength: 2}]}", NARROWER, WIDER),
    ("an unknown keyword", "{type: string}", "{type: string, contentEncoding: base64}", HARMFUL, HARMFUL),
    ("words", "{type: string, description: A., title: A, example: a}", "{type: string, description: B., title: B, example: b}", WORDS, WORDS),
    ("the reason of an enum", "{enum: [a], x-closed-enum: A.}", "{enum: [a], x-closed-enum: B.}", WORDS, WORDS),
];

/// Where a schema is used: by what callers send, by what they get, or by both.
const PLACES: [&[&str]; 3] = [&["NewThing"], &["Owner"], &["NewThing", "Owner"]];

fn with_probe(schema: &str, users: &[&str]) -> Value {
    let mut document = Pair::read().spec;
    set(&mut document, "/components/schemas/Probe", yaml(schema));
    for user in users {
        let at = format!("/components/schemas/{user}/properties/probe");
        set(
            &mut document,
            &at,
            json!({"$ref": "#/components/schemas/Probe"}),
        );
    }
    document
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    breaking::changes("things.yaml", old, new).expect("both have a canonical form")
}

/// The worst class; without a change that of mere words.
fn worst(changes: &[Change]) -> Class {
    let classes = changes.iter().map(|change| change.class);
    classes.max().unwrap_or(Prose)
}

#[test]
fn a_schema_is_judged_by_the_way_its_values_travel() {
    let mut wrong = Vec::new();
    for (what, old, new, forth, back) in SCHEMAS {
        for (old, new, [request, response]) in [(old, new, forth), (new, old, back)] {
            let expected = [*request, *response, *request.max(response)];
            for (users, expected) in PLACES.into_iter().zip(expected) {
                let found = changes(&with_probe(old, users), &with_probe(new, users));
                if worst(&found) != expected {
                    wrong.push(format!("{what} in {users:?}: not {expected}: {found:#?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is changed, how, the class, the class of the change taken back, and the operations.
type Step = (
    &'static str,
    &'static [Edit],
    Class,
    Class,
    &'static [&'static str],
);

const LIST: &[&str] = &["list_things"];
const GET: &[&str] = &["get_thing"];
const MAKE: &[&str] = &["create_thing"];
const STATUS: &[&str] = &["get_status"];
const DELETE: &[&str] = &["delete_thing"];
const ALL: &[&str] = &["create_thing", "delete_thing", "get_thing", "list_things"];

#[rustfmt::skip]
const STEPS: &[Step] = &[
    ("an operation is gone", &[Remove("/paths/~1things/post")], Breaking, Additive, MAKE),
    ("a path is gone", &[Remove("/paths/~1status")], Breaking, Additive, STATUS),
    ("a path has another spelling", &[Rename("/paths/~1status", "~1state")], Breaking, Breaking, STATUS),
    ("a method is another one", &[Rename("/paths/~1things/post", "put")], Breaking, Breaking, MAKE),
    ("operationId", &[Set("/paths/~1status/get/operationId", "get_state")], Breaking, Breaking, STATUS),
    ("it is deprecated", &[Set("/paths/~1status/get/deprecated", "true")], Additive, Additive, STATUS),
    ("a parameter is gone", &[Remove("/paths/~1things/get/parameters/1")], Breaking, Additive, LIST),
    ("a parameter that must be sent", &[Set("/paths/~1status/get/parameters", "[{name: a, in: query, required: true, schema: {type: string}}]")], Breaking, Breaking, STATUS),
    ("a parameter has another name", &[Set("/components/parameters/Top/name", "$limit")], Breaking, Breaking, LIST),
    ("a parameter has another place", &[Set("/paths/~1things/get/parameters/1/in", "header")], Breaking, Breaking, LIST),
    ("a parameter must be sent", &[Set("/components/parameters/Top/required", "true")], Breaking, Additive, LIST),
    ("a parameter's bound", &[Set("/components/parameters/Top/schema/maximum", "10")], Breaking, Additive, LIST),
    ("a parameter's default", &[Set("/components/parameters/Top/schema/default", "10")], Breaking, Breaking, LIST),
    ("a parameter's style", &[Set("/components/parameters/Top/explode", "false")], Breaking, Breaking, LIST),
    ("a parameter may be reserved", &[Set("/components/parameters/Top/allowReserved", "true")], Additive, Breaking, LIST),
    ("a path's parameter", &[Set("/paths/~1things~1{id}/parameters/0/schema/maxLength", "9")], Breaking, Additive, &["delete_thing", "get_thing"]),
    ("a body is gone", &[Remove("/paths/~1things/post/requestBody")], Breaking, Additive, MAKE),
    ("a body must be sent", &[Set("/paths/~1things/post/requestBody/required", "true")], Breaking, Additive, MAKE),
    ("a body of another media type", &[Set("/paths/~1things/post/requestBody/content/text~1plain", "{schema: {type: string}}")], Additive, Breaking, MAKE),
    ("an answer of another media type", &[Set("/paths/~1things/post/responses/201/content/text~1plain", "{schema: {type: string}}")], Breaking, Breaking, MAKE),
    ("an answer without a body", &[Remove("/paths/~1status/get/responses/200/content")], Breaking, Breaking, STATUS),
    ("a new status of refusals", &[Set("/paths/~1status/get/responses/429", "{$ref: '#/components/responses/BadRequest'}")], Breaking, Breaking, STATUS),
    ("a header is gone", &[Remove("/paths/~1things/post/responses/201/headers/Location")], Breaking, Additive, MAKE),
    ("a header's format", &[Remove("/paths/~1things/post/responses/201/headers/Location/schema/format")], Breaking, Additive, MAKE),
    ("a header is always there", &[Set("/components/headers/RequestId/required", "true")], Additive, Breaking, LIST),
    ("everybody may call", &[Set("/paths/~1things/get/security", "[]")], Security(Looser), Security(Stricter), LIST),
    ("a code of one operation", &[Set("/paths/~1things~1{id}/get/x-pimento-codes", "{'404': [Gone]}")], Additive, Breaking, GET),
    ("a first code of one operation", &[Set("/paths/~1things~1{id}/get/x-pimento-codes", "{'400': [Gone]}")], Additive, Breaking, GET),
    ("a code of one operation has another name", &[Set("/paths/~1things/post/x-pimento-codes/400", "[ThingIsThere]")], Breaking, Breaking, MAKE),
    ("a code of a shared refusal", &[Set("/components/responses/BadRequest/x-pimento-codes/-", "Worse")], Additive, Breaking, ALL),
    ("a code of a shared refusal has another name", &[Set("/components/responses/BadRequest/x-pimento-codes", "[WrongRequest]")], Breaking, Breaking, ALL),
    ("other roles", &[Set("/paths/~1things/get/x-pimento-roles", "[Writer]")], Security(Other), Security(Other), LIST),
    ("also before the tenant is registered", &[Set("/paths/~1things/get/x-pimento-unregistered", "true")], Security(Looser), Security(Stricter), LIST),
    ("the metadata has a set", &[Set("/paths/~1things~1{id}/get/x-pimento-set", "things")], Additive, Breaking, GET),
    ("a scheme", &[Set("/components/securitySchemes/token/bearerFormat", "opaque")], Security(Other), Security(Other), ALL),
    ("a member of the shared error is gone", &[Remove("/components/schemas/MainError/properties/message")], Breaking, Additive, ALL),
    ("a server of one operation", &[Set("/paths/~1status/get/servers", "[{url: /other}]")], Breaking, Breaking, STATUS),
    ("a second server", &[Set("/servers/-", "{url: 'https://other.example/'}")], Breaking, Breaking, &[]),
    ("an unknown extension", &[Set("/paths/~1status/get/x-rate-limit", "5")], Breaking, Breaking, STATUS),
    ("an operation's words", &[Set("/paths/~1things~1{id}/delete/summary", "Burn a thing")], Prose, Prose, DELETE),
    ("an answer's words", &[Set("/paths/~1things~1{id}/get/responses/200/description", "It.")], Prose, Prose, GET),
    ("an answer's example", &[Set("/paths/~1status/get/responses/200/content/application~1json/example/status", "down")], Prose, Prose, STATUS),
    ("a body's words", &[Set("/paths/~1things/post/requestBody/description", "A thing.")], Prose, Prose, MAKE),
    ("a parameter's words", &[Set("/components/parameters/Top/description", "So many.")], Prose, Prose, LIST),
    ("a header's words", &[Set("/components/headers/RequestId/description", "An id.")], Prose, Prose, LIST),
    ("a scheme's words", &[Set("/components/securitySchemes/token/description", "A token.")], Prose, Prose, ALL),
    ("the document's words", &[Set("/info/description", "Things."), Set("/info/version", "0.2.0"), Set("/tags/0/description", "Things.")], Prose, Prose, &[]),
];

#[test]
fn a_change_outside_of_schemas_is_judged_and_names_its_operations() {
    let base = Pair::read();
    let mut wrong = Vec::new();
    for (what, edits, forth, back, operations) in STEPS {
        let edited = base.edited(Side::Spec, edits).spec;
        assert_ne!(edited, base.spec, "{what}: {edits:?} changes nothing");
        for (old, new, expected) in [(&base.spec, &edited, forth), (&edited, &base.spec, back)] {
            let found = changes(old, new);
            let concerned = found.iter().any(|change| {
                let ids = change.difference.operations.iter().map(String::as_str);
                change.class == *expected
                    && (ids.eq(operations.iter().copied()) || *what == "operationId")
            });
            if worst(&found) != *expected || !concerned {
                wrong.push(format!(
                    "{what}: not {expected} of {operations:?}: {found:#?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_are_a_set_wherever_they_stand() {
    let codes = "/paths/~1things/post/x-pimento-codes";
    let [one, other, shared] = [
        [Set(codes, "{'400': [ThingExists, Full]}")].as_slice(),
        &[Set(codes, "{'400': [Full, ThingExists]}")],
        // Only this operation has the response of its own, with the same codes.
        &[
            Remove(codes),
            Set(
                "/paths/~1things/post/responses/400",
                "{description: The request is wrong., x-pimento-codes: [Full, ThingExists, BadRequest], content: \
                 {application/json: {schema: {$ref: '#/components/schemas/ODataError'}}}}",
            ),
        ],
    ]
    .map(|edits| Pair::read().edited(Side::Spec, edits).spec);
    assert_eq!(changes(&one, &other), []);
    assert_eq!(changes(&one, &shared), []);
}

#[test]
fn another_name_of_a_code_is_one_that_is_gone_and_a_new_one() {
    let base = Pair::read();
    let edits = [Set("/paths/~1things/post/x-pimento-codes/400", "[Twice]")];
    let found = changes(&base.spec, &base.edited(Side::Spec, &edits).spec);
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    let at = "things.yaml#/paths/~1beta~1things/post/responses/400/x-pimento-codes";
    let expected = [
        format!(
            "breaking  {at}/ThingExists  old: true  new: (absent)  (create_thing)  \
             callers who decide by this code wait in vain"
        ),
        format!("additive  {at}/Twice  old: (absent)  new: true  (create_thing)  a new code"),
    ];
    assert_eq!(lines, expected);
}

/// A part of an operation before and after, and what the change does to those who may call.
type Gate = (&'static str, &'static str, &'static str, Shift);

#[rustfmt::skip]
const GATES: &[Gate] = &[
    ("security", "[]", "[{token: []}]", Stricter),
    ("security", "[{token: []}]", "[]", Looser),
    ("security", "[{token: []}]", "[{token: [], delegated: [Things.Read]}]", Stricter),
    ("security", "[{token: [], delegated: [Things.Read]}]", "[{token: [], delegated: [Things.Read, Things.Write]}]", Stricter),
    ("security", "[{token: [], delegated: [Things.Read]}]", "[{token: [], delegated: [Things.Read]}, {token: [], delegated: [Things.Write]}]", Looser),
    ("security", "[{token: [], delegated: [Things.Read]}]", "[{token: [], delegated: [Things.Write]}]", Other),
    ("security", "[{token: []}]", "[{token: []}, {}]", Looser),
    ("security", "[{token: []}, {delegated: [Things.Read]}]", "[{token: [], delegated: [Things.Read]}]", Stricter),
    ("x-pimento-roles", "[]", "[Reader]", Stricter),
    ("x-pimento-roles", "[Reader]", "[]", Looser),
    ("x-pimento-roles", "[Reader]", "[Reader, Self]", Looser),
    ("x-pimento-roles", "[Reader, Writer]", "[Writer]", Stricter),
    ("x-pimento-roles", "[Reader]", "[Writer]", Other),
    ("x-pimento-unregistered", "false", "true", Looser),
    ("x-pimento-unregistered", "true", "false", Stricter),
];

#[test]
fn a_change_of_who_may_call_is_looser_or_stricter() {
    for (part, old, new, expected) in GATES {
        let [before, after] = [old, new].map(|text| {
            let mut document = Pair::read().spec;
            set(
                &mut document,
                &format!("/paths/~1things/get/{part}"),
                yaml(text),
            );
            document
        });
        let found = changes(&before, &after);
        let told: Vec<_> = found.iter().map(|change| change.class).collect();
        assert_eq!(told, [Security(*expected)], "{part}: {old} to {new}");
    }
}

#[test]
fn a_change_is_one_line_with_class_pointer_both_values_operations_and_reason() {
    let base = Pair::read();
    let edits = [
        Set(
            "/components/schemas/MainError/properties/code/maxLength",
            "9",
        ),
        Set("/components/schemas/NewThing/properties/size/maximum", "9"),
        Set("/paths/~1things/get/x-pimento-roles", "[Reader, Self]"),
        Remove("/paths/~1things/get/parameters/2"),
    ];
    let found = changes(&base.spec, &base.edited(Side::Spec, &edits).spec);
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    let expected = [
        "additive  things.yaml#/components/schemas/MainError/properties/code/maxLength  old: (absent)  new: 9  \
         (used by create_thing, delete_thing, get_thing, list_things)  callers get nothing new",
        "breaking  things.yaml#/components/schemas/NewThing/properties/size/maximum  old: 10  new: 9  \
         (used by create_thing)  callers may no longer send what they could",
        "breaking  things.yaml#/paths/~1beta~1things/get/parameters/header:Prefer  \
         old: {\"allowEmptyValue\":false,\"allowReserved\":false,\"deprecated\":false,\"explode\":false,\
         \"required\":false,\"schema\":{\"type\":\"string\"},\"style\":\"simple\"}  new: (absent)  \
         (list_things)  callers who send it are ignored or refused",
        "security  things.yaml#/paths/~1beta~1things/get/x-pimento-roles  old: [\"Reader\"]  \
         new: [\"Reader\",\"Self\"]  (list_things)  looser",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_change_of_something_shared_is_told_once_with_all_its_operations() {
    let base = Pair::read();
    let edits = [Remove("/components/responses/BadRequest/content")];
    let found = changes(&base.spec, &base.edited(Side::Spec, &edits).spec);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].names(), ALL);
}

#[test]
fn what_only_a_new_operation_sends_breaks_nobody() {
    let base = Pair::read();
    let narrower = Set(
        "/components/schemas/Status/properties/status/maxLength",
        "9",
    );
    let sends = Set(
        "/paths/~1status/put",
        "{operationId: put_status, security: [], responses: {}, requestBody: \
         {content: {application/json: {schema: {$ref: '#/components/schemas/Status'}}}}}",
    );
    let found = changes(
        &base.spec,
        &base.edited(Side::Spec, &[sends, narrower]).spec,
    );
    assert_eq!(worst(&found), Additive);
    let sent = base.edited(Side::Spec, &[sends]).spec;
    assert_eq!(
        worst(&changes(
            &sent,
            &base.edited(Side::Spec, &[sends, narrower]).spec
        )),
        Breaking
    );
}

#[test]
fn the_changelog_names_the_schema_where_a_shared_one_changed() {
    let base = Pair::read();
    let edits = [Remove("/components/schemas/Thing/properties/labels")];
    let found = changes(&base.spec, &base.edited(Side::Spec, &edits).spec);
    assert_eq!(found[0].names(), ["Thing"]);
}

#[test]
fn equal_documents_have_no_changes() {
    let base = Pair::read().spec;
    assert_eq!(changes(&base, &base), []);
}
