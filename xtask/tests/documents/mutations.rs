//! The comparer's own test: deliberate mutations of either document, each of which must be reported.

use crate::pair::Edit::{Remove, Rename, Set};
use crate::pair::{Edit, Pair, Side};

/// What is done, on which side, how, and a part of a line that must then be printed.
type Mutation = (&'static str, Side, &'static [Edit], &'static str);

#[rustfmt::skip]
const MUTATIONS: &[Mutation] = &[
    // Operations and paths.
    ("an operation is missing", Side::Server, &[Remove("/paths/~1things/post")], "#/paths/~1beta~1things/post "),
    ("an operation too many", Side::Server, &[Set("/paths/~1things/put", "{operationId: put_things, responses: {}}")], "things/put "),
    ("an operation too many", Side::Spec, &[Set("/paths/~1status/head", "{operationId: head_status, security: [], responses: {}}")], "status/head "),
    ("a path is missing", Side::Spec, &[Remove("/paths/~1status")], "#/paths/~1beta~1status "),
    ("a path has another spelling", Side::Server, &[Rename("/paths/~1things", "~1Things")], "~1Things "),
    ("a path parameter has another name", Side::Server, &[Rename("/paths/~1things~1{id}", "~1things~1{key}")], "{key} "),
    ("a method is another one", Side::Spec, &[Rename("/paths/~1things/post", "put")], "things/put "),
    ("operationId", Side::Server, &[Set("/paths/~1things/get/operationId", "things_list")], "get/operationId  spec: \"list_things\"  server: \"things_list\"  (list_things)"),
    ("an operation is deprecated", Side::Server, &[Set("/paths/~1status/get/deprecated", "true")], "get/deprecated "),
    ("an operation is deprecated no more", Side::Server, &[Remove("/paths/~1things~1{id}/delete/deprecated")], "delete/deprecated "),
    ("the server's path", Side::Spec, &[Set("/servers/0/url", "/v1.0")], "#/paths/~1v1.0~1things "),
    ("a second server", Side::Server, &[Set("/servers/-", "{url: 'https://other.example/'}")], "#/servers "),
    ("a server of one operation", Side::Spec, &[Set("/paths/~1things/get/servers", "[{url: /other}]")], "get/servers "),
    ("a callback", Side::Spec, &[Set("/paths/~1things/post/callbacks", "{done: {}}")], "post/callbacks "),
    // Parameters.
    ("a parameter has another name", Side::Server, &[Set("/paths/~1things/get/parameters/1/name", "$limit")], "query:$limit "),
    ("a parameter has another place", Side::Spec, &[Set("/paths/~1things/get/parameters/2/in", "query")], "query:Prefer "),
    ("a parameter is missing", Side::Server, &[Remove("/paths/~1things/get/parameters/2")], "query:$count "),
    ("a parameter is required", Side::Server, &[Set("/paths/~1things/get/parameters/1/required", "true")], "query:$top/required  spec: false  server: true  (list_things)"),
    ("a parameter's default", Side::Spec, &[Set("/components/parameters/Top/schema/default", "50")], "query:$top/schema/default "),
    ("a parameter's bound", Side::Server, &[Set("/paths/~1things/get/parameters/1/schema/maximum", "999")], "query:$top/schema/maximum "),
    ("a parameter explodes", Side::Spec, &[Set("/components/parameters/Top/explode", "false")], "query:$top/explode "),
    ("a parameter's style", Side::Server, &[Set("/paths/~1things/get/parameters/1/style", "spaceDelimited")], "query:$top/style "),
    ("a parameter is deprecated", Side::Server, &[Set("/paths/~1things/get/parameters/0/deprecated", "true")], "header:Prefer/deprecated "),
    ("a shared parameter's length", Side::Spec, &[Set("/paths/~1things~1{id}/parameters/0/schema/maxLength", "64")], "path:id/schema/maxLength "),
    ("a parameter twice", Side::Server, &[Set("/paths/~1things/get/parameters/2/name", "$top")], "declared twice"),
    // Bodies.
    ("a body is required", Side::Server, &[Set("/paths/~1things/post/requestBody/required", "true")], "requestBody/required  spec: false  server: true  (create_thing)"),
    ("a body is missing", Side::Spec, &[Remove("/paths/~1things/post/requestBody")], "post/requestBody "),
    ("a body's media type", Side::Server, &[Rename("/paths/~1things/post/requestBody/content/application~1json", "text~1json")], "content/text~1json "),
    ("a body's schema", Side::Server, &[Set("/paths/~1things/post/requestBody/content/application~1json/schema/$ref", "'#/components/schemas/Thing'")], "schema/$ref "),
    // Answers.
    ("a status code is missing", Side::Server, &[Remove("/paths/~1things/get/responses/400")], "responses/400 "),
    ("a status code too many", Side::Server, &[Set("/paths/~1things/get/responses/404", "{description: Gone}")], "responses/404 "),
    ("a status code is another one", Side::Spec, &[Rename("/paths/~1things/post/responses/201", "200")], "responses/200 "),
    ("an answer loses its body", Side::Server, &[Remove("/paths/~1things/get/responses/200/content")], "responses/200/content "),
    ("an answer's media type", Side::Spec, &[Rename("/components/responses/BadRequest/content/application~1json", "application~1problem+json")], "application~1problem+json "),
    ("an answer's schema in place of a name", Side::Server, &[Set("/paths/~1status/get/responses/200/content/application~1json/schema", "{type: object, required: [status], properties: {status: {type: string}}}")], "schema/$ref "),
    ("a header is missing", Side::Server, &[Remove("/paths/~1things/get/responses/200/headers")], "responses/200/headers "),
    ("a header has another name", Side::Spec, &[Rename("/paths/~1things/post/responses/201/headers/Location", "Content-Location")], "headers/Content-Location "),
    ("a header's format", Side::Spec, &[Remove("/components/headers/RequestId/schema/format")], "headers/request-id/schema/format "),
    // Security.
    ("security of one operation", Side::Server, &[Set("/paths/~1things/get/security", "[]")], "things/get/security"),
    ("security of an operation is left out", Side::Spec, &[Remove("/paths/~1things/post/security")], "things/post/security"),
    ("a public operation is not", Side::Server, &[Set("/paths/~1status/get/security", "[{token: []}]")], "status/get/security/token() "),
    ("nothing is an alternative", Side::Server, &[Set("/paths/~1things/get/security/-", "{}")], "things/get/security/ "),
    ("a scope", Side::Server, &[Set("/paths/~1things/get/security/0/delegated", "[Things.Read]")], "get/security/delegated(Things.Read) and token() "),
    ("two schemes together become alternatives", Side::Server, &[Set("/paths/~1things/get/security", "[{token: []}, {delegated: [Things.Write]}]")], "get/security/token() "),
    ("an alternative is missing", Side::Spec, &[Remove("/paths/~1things~1{id}/get/security/0")], "get/security/delegated(Things.Read) and token() "),
    ("a scheme's kind", Side::Server, &[Set("/components/securitySchemes/token/scheme", "basic")], "securitySchemes/token/scheme "),
    ("a scheme is missing", Side::Server, &[Remove("/components/securitySchemes/delegated")], "securitySchemes/delegated "),
    ("a flow's scope", Side::Server, &[Rename("/components/securitySchemes/delegated/flows/authorizationCode/scopes/Things.Read", "Things.See")], "scopes/Things.See "),
    ("a flow's URL", Side::Spec, &[Set("/components/securitySchemes/delegated/flows/authorizationCode/tokenUrl", "https://elsewhere.example/")], "tokenUrl "),
    // Schemas.
    ("a type", Side::Server, &[Set("/components/schemas/Thing/properties/id/type", "integer")], "Thing/properties/id/type "),
    ("a format", Side::Server, &[Set("/components/schemas/Thing/properties/size/format", "int32")], "size/format "),
    ("a format is missing", Side::Spec, &[Remove("/components/schemas/ThingCollection/properties/@odata.nextLink/format")], "@odata.nextLink/format "),
    ("null is lost", Side::Server, &[Set("/components/schemas/Thing/properties/note/type", "string")], "note/nullable  spec: true  server: (absent)"),
    ("null is gained", Side::Server, &[Set("/components/schemas/MainError/properties/code/type", "[string, 'null']")], "code/nullable "),
    ("null is lost beside a name", Side::Server, &[Set("/components/schemas/Thing/properties/owner", "{$ref: '#/components/schemas/Owner'}")], "owner/nullable "),
    ("null is gained beside a name", Side::Spec, &[Set("/components/schemas/ODataError/properties/error", "{type: object, nullable: true, allOf: [{$ref: '#/components/schemas/MainError'}]}")], "error/nullable "),
    ("another name", Side::Server, &[Set("/components/schemas/Thing/properties/owner/oneOf/1/$ref", "'#/components/schemas/Status'")], "owner/$ref "),
    ("a type that contradicts a name", Side::Spec, &[Set("/components/schemas/Thing/properties/owner/type", "string")], "owner/type "),
    ("a property is required", Side::Server, &[Set("/components/schemas/NewThing/required", "[id, size]")], "NewThing/required/size  spec: (absent)  server: true"),
    ("a property is required no more", Side::Spec, &[Set("/components/schemas/Thing/required", "[id, state, note]")], "Thing/required/owner "),
    ("a property has another name", Side::Server, &[Rename("/components/schemas/Thing/properties/note", "Note")], "properties/Note "),
    ("a property is missing", Side::Spec, &[Remove("/components/schemas/Thing/properties/labels")], "properties/labels "),
    ("a property is read-only no more", Side::Server, &[Remove("/components/schemas/Thing/properties/id/readOnly")], "id/readOnly "),
    ("a property is deprecated", Side::Spec, &[Set("/components/schemas/Thing/properties/id/deprecated", "true")], "id/deprecated "),
    ("an enum's value", Side::Server, &[Set("/components/schemas/Thing/properties/state/enum", "['on', 'out']")], "state/enum/1 "),
    ("an enum's order", Side::Spec, &[Set("/components/schemas/Thing/properties/state/enum", "['off', 'on']")], "state/enum/0 "),
    ("an enum is gone", Side::Server, &[Remove("/components/schemas/Thing/properties/state/enum")], "state/enum "),
    ("a const", Side::Server, &[Set("/components/schemas/Thing/properties/unit/const", "box")], "unit/enum/0 "),
    ("a pattern", Side::Server, &[Set("/components/schemas/Thing/properties/note/pattern", "^[a-z]*$")], "note/pattern "),
    ("a length", Side::Server, &[Set("/components/schemas/Owner/properties/name/minLength", "2")], "name/minLength "),
    ("an inclusive bound", Side::Spec, &[Set("/components/schemas/Thing/properties/size/exclusiveMaximum", "false")], "size/maximum "),
    ("a bound with a fraction", Side::Server, &[Set("/components/schemas/NewThing/properties/size/minimum", "0.25")], "size/minimum "),
    ("an array's length", Side::Server, &[Remove("/components/schemas/Thing/properties/parts/maxItems")], "parts/maxItems "),
    ("an array is a set no more", Side::Server, &[Set("/components/schemas/Thing/properties/parts/uniqueItems", "false")], "parts/uniqueItems "),
    ("an array's items", Side::Spec, &[Set("/components/schemas/Thing/properties/parts/items", "{type: string}")], "parts/items/"),
    ("a map's values", Side::Server, &[Set("/components/schemas/Thing/properties/labels/additionalProperties/type", "integer")], "labels/additionalProperties/type "),
    ("unknown members are forbidden", Side::Spec, &[Set("/components/schemas/Status/additionalProperties", "false")], "Status/additionalProperties "),
    ("unknown members are named", Side::Server, &[Set("/components/schemas/Status/additionalProperties", "{}")], "Status/additionalProperties "),
    ("a schema has another name", Side::Server, &[Rename("/components/schemas/Status", "State"), Set("/paths/~1status/get/responses/200/content/application~1json/schema/$ref", "'#/components/schemas/State'")], "schemas/State "),
    ("the shared error's schema", Side::Server, &[Set("/components/schemas/MainError/required", "[code]")], "MainError/required/message "),
    ("alternatives in another order", Side::Spec, &[Set("/components/schemas/Status/properties/status", "{oneOf: [{type: string}, {type: integer}]}")], "status/oneOf "),
    // What nobody thought of.
    ("an unknown keyword", Side::Server, &[Set("/components/schemas/Thing/contains", "{type: string}")], "Thing/contains "),
    ("an unknown extension", Side::Spec, &[Set("/paths/~1things/get/x-rate-limit", "5")], "get/x-rate-limit "),
    ("an unknown member of the document", Side::Server, &[Set("/webhooks", "{}")], "#/webhooks "),
    // What has no canonical form.
    ("a name without a schema", Side::Server, &[Remove("/components/schemas/Owner")], "names no schema"),
    ("a reference without a component", Side::Spec, &[Remove("/components/responses/BadRequest")], "names no component of responses"),
    ("members beside a reference in 3.0", Side::Spec, &[Set("/components/schemas/ODataError/properties/error/nullable", "true")], "lost in OpenAPI 3.0"),
    ("3.0's null in 3.1", Side::Server, &[Set("/components/schemas/Thing/properties/id/nullable", "true")], "nullable means nothing"),
    ("3.1's null in 3.0", Side::Spec, &[Set("/components/schemas/Thing/properties/id/type", "[string, 'null']")], "one type per schema"),
    ("3.1's bound in 3.0", Side::Spec, &[Set("/components/schemas/Thing/properties/size/exclusiveMaximum", "10")], "a boolean in OpenAPI 3.0"),
    ("an unknown version", Side::Server, &[Set("/openapi", "3.2.0")], "is not understood"),
];

#[test]
fn every_mutation_is_reported_where_it_was_made() {
    let base = Pair::read();
    let mut unseen = Vec::new();
    for (what, side, edits, expected) in MUTATIONS {
        let pair = base.edited(*side, edits);
        assert_ne!(pair, base, "{what}: {edits:?} changes nothing");
        let report = pair.report();
        if !report.iter().any(|line| line.contains(expected)) {
            unseen.push(format!("{what} ({side:?}): {report:#?} lacks {expected:?}"));
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

#[test]
fn a_difference_on_either_side_is_seen_from_either_side() {
    let on = |side| {
        MUTATIONS
            .iter()
            .filter(move |mutation| mutation.1 == side)
            .count()
    };
    assert!(15 <= on(Side::Spec));
    assert!(15 <= on(Side::Server));
}

#[test]
fn a_difference_is_one_line_with_pointer_both_values_and_operation() {
    let edits = [Set(
        "/paths/~1things/get/parameters/1/schema/maximum",
        "999",
    )];
    let report = Pair::read().edited(Side::Server, &edits).report();
    let line = "#/paths/~1beta~1things/get/parameters/query:$top/schema/maximum  spec: 1000  server: 999  (list_things)";
    assert_eq!(report, [line]);
}
