//! Documents that say the same in other words are equal, and every rewriting rule earns its place by one such pair.

use std::collections::BTreeSet;

use crate::pair::Edit::{Remove, Rename, Set};
use crate::pair::{Edit, Pair, Side};
use xtask::canon::RULES;

/// A rule, the side that is rewritten, and the edits.
type Rewrite = (&'static str, Side, &'static [Edit]);

#[rustfmt::skip]
const REWRITES: &[Rewrite] = &[
    ("version", Side::Spec, &[Set("/openapi", "3.0.4")]),
    ("version", Side::Server, &[Set("/openapi", "3.1.1")]),
    ("prose", Side::Spec, &[Set("/info/title", "Other things"), Remove("/tags"), Set("/externalDocs", "{url: 'https://docs.example'}")]),
    ("prose", Side::Spec, &[Remove("/paths/~1things/get/description"), Set("/paths/~1things/get/tags", "[]")]),
    ("prose", Side::Server, &[Set("/paths/~1things/get/responses/200/description", "Other words")]),
    ("prose", Side::Server, &[Set("/components/schemas/Thing/properties/id/examples", "[b]"), Set("/components/schemas/Thing/title", "T")]),
    ("extensions", Side::Spec, &[Set("/paths/~1things/get/x-pimento-roles", "[Writer]")]),
    ("extensions", Side::Spec, &[Remove("/components/schemas/Status/properties/status/x-known-values")]),
    ("server-prefix", Side::Server, &[Remove("/servers"), Rename("/paths/~1status", "~1beta~1status"), Rename("/paths/~1things", "~1beta~1things"), Rename("/paths/~1things~1{id}", "~1beta~1things~1{id}")]),
    ("inline", Side::Spec, &[Set("/paths/~1things/get/responses/200/headers/request-id", "{schema: {type: string, format: uuid}}")]),
    ("inline", Side::Server, &[Set("/components/responses", "{No: {content: {application/json: {schema: {$ref: '#/components/schemas/ODataError'}}}}}"), Set("/paths/~1things/get/responses/400", "{$ref: '#/components/responses/No'}")]),
    ("path-parameters", Side::Spec, &[Set("/paths/~1things~1{id}/get/parameters", "[{name: id, in: path, required: true, schema: {type: string, maxLength: 128}}]")]),
    ("keyed-parameters", Side::Server, &[Remove("/paths/~1things/get/parameters/0"), Set("/paths/~1things/get/parameters/-", "{name: Prefer, in: header, schema: {type: string}}")]),
    ("defaults", Side::Spec, &[Set("/components/parameters/Top/style", "form"), Set("/components/parameters/Top/explode", "true")]),
    ("defaults", Side::Server, &[Set("/paths/~1things~1{id}/get/parameters/0/explode", "false"), Set("/paths/~1things/post/requestBody/required", "false")]),
    ("empty", Side::Server, &[Set("/paths/~1things~1{id}/delete/responses/204/headers", "{}"), Set("/paths/~1things~1{id}/delete/responses/204/content", "{}")]),
    ("root-security", Side::Server, &[Set("/security", "[{token: [], delegated: [Things.Write]}]"), Remove("/paths/~1things/get/security")]),
    ("public", Side::Server, &[Set("/paths/~1status/get/security", "[{}]")]),
    ("sets", Side::Server, &[Set("/components/schemas/Thing/required", "[state, owner, note, id]")]),
    ("sets", Side::Server, &[Set("/paths/~1things~1{id}/get/security", "[{token: [], delegated: [Things.Read]}, {token: [], delegated: [Things.Write]}]")]),
    ("scope-prose", Side::Spec, &[Set("/components/securitySchemes/delegated/flows/authorizationCode/scopes/Things.Read", "Look.")]),
    ("null", Side::Server, &[Set("/components/schemas/Thing/properties/note/type", "['null', string]")]),
    ("null", Side::Server, &[Set("/components/schemas/Thing/properties/owner", "{anyOf: [{$ref: '#/components/schemas/Owner'}, {type: 'null'}]}")]),
    ("null-in-enum", Side::Server, &[Set("/components/schemas/Thing/properties/kind/enum", "[plain, null]")]),
    ("single-all-of", Side::Server, &[Set("/components/schemas/ODataError/properties/error", "{allOf: [{$ref: '#/components/schemas/MainError'}]}")]),
    ("type-beside-reference", Side::Spec, &[Set("/components/schemas/ODataError/properties/error", "{type: object, allOf: [{$ref: '#/components/schemas/MainError'}]}")]),
    ("exclusive-bounds", Side::Spec, &[Set("/components/schemas/Thing/properties/size/exclusiveMinimum", "false")]),
    ("const", Side::Server, &[Set("/components/schemas/Thing/properties/unit", "{type: string, enum: [piece]}")]),
    ("numbers", Side::Server, &[Set("/components/schemas/NewThing/properties/size/maximum", "10.0")]),
    ("schema-defaults", Side::Spec, &[Set("/components/schemas/Thing/properties/id/nullable", "false"), Set("/components/schemas/Thing/properties/id/minLength", "0")]),
    ("schema-defaults", Side::Server, &[Set("/components/schemas/Thing/properties/labels/required", "[]")]),
    ("property-names", Side::Server, &[Remove("/components/schemas/Thing/properties/labels/propertyNames")]),
];

/// Rewrites that need an edit of the other side too: rule, edits of the document, edits of the server's.
type Double = (&'static str, &'static [Edit], &'static [Edit]);

const DOUBLES: &[Double] = &[(
    "any-additional",
    &[Set("/components/schemas/Status/additionalProperties", "{}")],
    &[Set(
        "/components/schemas/Status/additionalProperties",
        "true",
    )],
)];

#[test]
fn the_pair_as_it_stands_is_equal() {
    assert_eq!(Pair::read().report(), Vec::<String>::new());
}

#[test]
fn a_rewrite_that_changes_no_meaning_is_silent() {
    let base = Pair::read();
    for (rule, side, edits) in REWRITES {
        let pair = base.edited(*side, edits);
        assert_ne!(pair, base, "{rule}: {edits:?} changes nothing");
        assert_eq!(pair.report(), Vec::<String>::new(), "{rule}: {edits:?}");
    }
}

#[test]
fn a_rewrite_of_both_sides_that_changes_no_meaning_is_silent() {
    let base = Pair::read();
    for (rule, spec, server) in DOUBLES {
        let pair = base.edited(Side::Spec, spec).edited(Side::Server, server);
        assert_ne!(pair.spec, base.spec, "{rule}");
        assert_ne!(pair.server, base.server, "{rule}");
        assert_eq!(pair.report(), Vec::<String>::new(), "{rule}");
    }
}

#[test]
fn every_rule_has_a_rewrite_and_every_rewrite_a_rule() {
    let rules: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
    let singles = REWRITES.iter().map(|(rule, ..)| *rule);
    let covered: BTreeSet<_> = singles
        .chain(DOUBLES.iter().map(|(rule, ..)| *rule))
        .collect();
    assert_eq!(covered, rules);
}
