//! The comparer's own test: deliberate mutations of either document, each of which must be reported, with the
//! operations that it concerns.

use crate::pair::Edit::{Remove, Rename, Set};
use crate::pair::{Edit, Pair, Side};
use Where::{Both, Each, Only};

/// What is done, how on which side, a part of the pointer of a line that must then be printed, and that line's end,
/// which names the operations.
type Mutation = (&'static str, Where, &'static str, &'static str);

/// The edits that make a mutation.
#[derive(Debug, Clone, Copy)]
enum Where {
    /// The same edits on one side and then on the other.
    Both(&'static [Edit]),
    /// The document's edits and the server's, each applied alone.
    Each(&'static [Edit], &'static [Edit]),
    /// One side only: the other cannot be mutated so, or is another row.
    Only(Side, &'static [Edit]),
}

impl Where {
    fn sides(self) -> Vec<(Side, &'static [Edit])> {
        match self {
            Both(edits) => vec![(Side::Spec, edits), (Side::Server, edits)],
            Each(spec, server) => vec![(Side::Spec, spec), (Side::Server, server)],
            Only(side, edits) => vec![(side, edits)],
        }
    }
}

const STATUS: &str = "(used by get_status)";
const THING: &str = "(used by create_thing, get_thing, list_things)";
const PAGE: &str = "(used by list_things)";
const NEW: &str = "(used by create_thing)";
const ERROR: &str = "(used by create_thing, delete_thing, get_thing, list_things)";
const SCHEME: &str = ERROR;
/// The line of something that has no canonical form is no difference but a finding.
const REFUSED: &str = "[canon]";

#[rustfmt::skip]
const MUTATIONS: &[Mutation] = &[
    // Operations and paths.
    ("an operation is missing", Both(&[Remove("/paths/~1things/post")]), "#/paths/~1beta~1things/post ", "(create_thing)"),
    ("an operation too many", Both(&[Set("/paths/~1status/head", "{operationId: head_status, security: [], responses: {}}")]), "status/head ", "(head_status)"),
    ("a path is missing", Both(&[Remove("/paths/~1status")]), "#/paths/~1beta~1status/get ", "(get_status)"),
    ("a path has another spelling", Both(&[Rename("/paths/~1things", "~1Things")]), "~1Things/get ", "(list_things)"),
    ("a path parameter has another name", Both(&[Rename("/paths/~1things~1{id}", "~1things~1{key}")]), "{key}/delete ", "(delete_thing)"),
    ("a method is another one", Both(&[Rename("/paths/~1things/post", "put")]), "things/put ", "(create_thing)"),
    ("operationId", Only(Side::Server, &[Set("/paths/~1things/get/operationId", "things_list")]), "get/operationId  spec: \"list_things\"  server: \"things_list\"", "(list_things)"),
    ("operationId", Only(Side::Spec, &[Set("/paths/~1things/get/operationId", "things_list")]), "get/operationId  spec: \"things_list\"  server: \"list_things\"", "(things_list)"),
    ("an operation is deprecated", Both(&[Set("/paths/~1status/get/deprecated", "true")]), "get/deprecated ", "(get_status)"),
    ("an operation is deprecated no more", Both(&[Remove("/paths/~1things~1{id}/delete/deprecated")]), "delete/deprecated ", "(delete_thing)"),
    ("the server's path", Both(&[Set("/servers/0/url", "/v1.0")]), "#/paths/~1v1.0~1things/get ", "(list_things)"),
    ("a second server", Both(&[Set("/servers/-", "{url: 'https://other.example/'}")]), "#/servers ", ""),
    ("a server of one path", Both(&[Set("/paths/~1things/servers", "[{url: /other}]")]), "things/servers ", "(create_thing, list_things)"),
    ("a server of one operation", Both(&[Set("/paths/~1things/get/servers", "[{url: /other}]")]), "get/servers ", "(list_things)"),
    ("a callback", Both(&[Set("/paths/~1things/post/callbacks", "{done: {}}")]), "post/callbacks ", "(create_thing)"),
    // Parameters.
    ("a parameter has another name", Each(&[Set("/components/parameters/Top/name", "$limit")], &[Set("/paths/~1things/get/parameters/1/name", "$limit")]), "query:$limit ", "(list_things)"),
    ("a parameter has another place", Each(&[Set("/paths/~1things/get/parameters/2/in", "query")], &[Set("/paths/~1things/get/parameters/0/in", "query")]), "query:Prefer ", "(list_things)"),
    ("a parameter is missing", Each(&[Remove("/paths/~1things/get/parameters/1")], &[Remove("/paths/~1things/get/parameters/2")]), "query:$count ", "(list_things)"),
    ("a parameter too many", Both(&[Set("/paths/~1things/post/parameters", "[{name: If-Match, in: header, schema: {type: string}}]")]), "header:If-Match ", "(create_thing)"),
    ("a parameter is required", Each(&[Set("/components/parameters/Top/required", "true")], &[Set("/paths/~1things/get/parameters/1/required", "true")]), "query:$top/required ", "(list_things)"),
    ("a parameter's type", Each(&[Set("/paths/~1things/get/parameters/1/schema/type", "string")], &[Set("/paths/~1things/get/parameters/2/schema/type", "string")]), "query:$count/schema/type ", "(list_things)"),
    ("a parameter's default", Each(&[Set("/components/parameters/Top/schema/default", "50")], &[Set("/paths/~1things/get/parameters/1/schema/default", "50")]), "query:$top/schema/default ", "(list_things)"),
    ("a parameter's bound", Each(&[Set("/components/parameters/Top/schema/maximum", "999")], &[Set("/paths/~1things/get/parameters/1/schema/maximum", "999")]), "query:$top/schema/maximum ", "(list_things)"),
    ("a parameter explodes", Each(&[Set("/components/parameters/Top/explode", "false")], &[Set("/paths/~1things/get/parameters/1/explode", "false")]), "query:$top/explode ", "(list_things)"),
    ("a parameter's style", Each(&[Set("/components/parameters/Top/style", "spaceDelimited")], &[Set("/paths/~1things/get/parameters/1/style", "spaceDelimited")]), "query:$top/style ", "(list_things)"),
    ("a parameter is deprecated", Each(&[Set("/paths/~1things/get/parameters/2/deprecated", "true")], &[Set("/paths/~1things/get/parameters/0/deprecated", "true")]), "header:Prefer/deprecated ", "(list_things)"),
    ("a path parameter's length", Each(&[Set("/paths/~1things~1{id}/parameters/0/schema/maxLength", "64")], &[Set("/paths/~1things~1{id}/get/parameters/0/schema/maxLength", "64")]), "path:id/schema/maxLength ", "(get_thing)"),
    ("a parameter twice", Each(&[Set("/paths/~1things/get/parameters/1/name", "$top")], &[Set("/paths/~1things/get/parameters/2/name", "$top")]), "declared twice", REFUSED),
    // Bodies.
    ("a body is required", Both(&[Set("/paths/~1things/post/requestBody/required", "true")]), "requestBody/required ", "(create_thing)"),
    ("a body is missing", Both(&[Remove("/paths/~1things/post/requestBody")]), "post/requestBody ", "(create_thing)"),
    ("a body's media type", Both(&[Rename("/paths/~1things/post/requestBody/content/application~1json", "text~1json")]), "content/text~1json ", "(create_thing)"),
    ("a body's schema", Both(&[Set("/paths/~1things/post/requestBody/content/application~1json/schema/$ref", "'#/components/schemas/Thing'")]), "schema/$ref ", "(create_thing)"),
    // Answers.
    ("a status code is missing", Both(&[Remove("/paths/~1things/get/responses/400")]), "responses/400 ", "(list_things)"),
    ("a status code too many", Both(&[Set("/paths/~1things/get/responses/404", "{description: Gone}")]), "responses/404 ", "(list_things)"),
    ("a status code is another one", Both(&[Rename("/paths/~1things/post/responses/201", "200")]), "responses/200 ", "(create_thing)"),
    ("an answer loses its body", Both(&[Remove("/paths/~1things/get/responses/200/content")]), "responses/200/content ", "(list_things)"),
    ("an answer's media type", Each(&[Rename("/components/responses/BadRequest/content/application~1json", "application~1problem+json")], &[Rename("/paths/~1things~1{id}/delete/responses/400/content/application~1json", "application~1problem+json")]), "delete/responses/400/content/application~1problem+json ", "(delete_thing)"),
    ("an answer's schema", Both(&[Set("/paths/~1things~1{id}/get/responses/200/content/application~1json/schema/$ref", "'#/components/schemas/Owner'")]), "responses/200/content/application~1json/schema/$ref ", "(get_thing)"),
    ("an answer's schema in place of a name", Both(&[Set("/paths/~1status/get/responses/200/content/application~1json/schema", "{type: object, required: [status], properties: {status: {type: string}}}")]), "schema/$ref ", "(get_status)"),
    ("a header is missing", Both(&[Remove("/paths/~1things/get/responses/200/headers")]), "responses/200/headers ", "(list_things)"),
    ("a header has another name", Both(&[Rename("/paths/~1things/post/responses/201/headers/Location", "Content-Location")]), "headers/Content-Location ", "(create_thing)"),
    ("a header's format", Each(&[Remove("/components/headers/RequestId/schema/format")], &[Remove("/paths/~1things/get/responses/200/headers/request-id/schema/format")]), "headers/request-id/schema/format ", "(list_things)"),
    // Security.
    ("security of one operation", Both(&[Set("/paths/~1things/get/security", "[]")]), "things/get/security/", "(list_things)"),
    ("security of an operation is left out", Both(&[Remove("/paths/~1things/post/security")]), "things/post/security/", "(create_thing)"),
    ("a public operation is not", Both(&[Set("/paths/~1status/get/security", "[{token: []}]")]), "status/get/security/token() ", "(get_status)"),
    ("nothing is an alternative", Both(&[Set("/paths/~1things/get/security/-", "{}")]), "things/get/security/ ", "(list_things)"),
    ("a scope", Both(&[Set("/paths/~1things/get/security/0/delegated", "[Things.Read]")]), "get/security/delegated(Things.Read) and token() ", "(list_things)"),
    ("two schemes together become alternatives", Both(&[Set("/paths/~1things/get/security", "[{token: []}, {delegated: [Things.Write]}]")]), "get/security/token() ", "(list_things)"),
    ("an alternative is missing", Each(&[Remove("/paths/~1things~1{id}/get/security/0")], &[Remove("/paths/~1things~1{id}/get/security/1")]), "get/security/delegated(Things.Read) and token() ", "(get_thing)"),
    ("a scheme's kind", Both(&[Set("/components/securitySchemes/token/scheme", "basic")]), "securitySchemes/token/scheme ", SCHEME),
    ("a scheme is missing", Both(&[Remove("/components/securitySchemes/delegated")]), "securitySchemes/delegated ", SCHEME),
    ("a flow's scope", Both(&[Rename("/components/securitySchemes/delegated/flows/authorizationCode/scopes/Things.Read", "Things.See")]), "scopes/Things.See ", SCHEME),
    ("a flow's URL", Both(&[Set("/components/securitySchemes/delegated/flows/authorizationCode/tokenUrl", "https://elsewhere.example/")]), "tokenUrl ", SCHEME),
    // Schemas.
    ("a type", Both(&[Set("/components/schemas/Thing/properties/id/type", "integer")]), "Thing/properties/id/type ", THING),
    ("a format", Both(&[Set("/components/schemas/Thing/properties/size/format", "int32")]), "size/format ", THING),
    ("a format is missing", Both(&[Remove("/components/schemas/ThingCollection/properties/@odata.nextLink/format")]), "@odata.nextLink/format ", PAGE),
    ("null is lost", Each(&[Remove("/components/schemas/Thing/properties/note/nullable")], &[Set("/components/schemas/Thing/properties/note/type", "string")]), "note/nullable ", THING),
    ("null is gained", Each(&[Set("/components/schemas/MainError/properties/code/nullable", "true")], &[Set("/components/schemas/MainError/properties/code/type", "[string, 'null']")]), "MainError/properties/code/nullable ", ERROR),
    ("null is lost beside a name", Both(&[Set("/components/schemas/Thing/properties/owner", "{$ref: '#/components/schemas/Owner'}")]), "owner/nullable ", THING),
    ("null is gained beside a name", Each(&[Set("/components/schemas/ODataError/properties/error", "{type: object, nullable: true, allOf: [{$ref: '#/components/schemas/MainError'}]}")], &[Set("/components/schemas/ODataError/properties/error", "{oneOf: [{type: 'null'}, {$ref: '#/components/schemas/MainError'}]}")]), "error/nullable ", ERROR),
    ("another name", Each(&[Set("/components/schemas/Thing/properties/owner/allOf/0/$ref", "'#/components/schemas/Status'")], &[Set("/components/schemas/Thing/properties/owner/oneOf/1/$ref", "'#/components/schemas/Status'")]), "owner/$ref ", THING),
    ("a type that contradicts a name", Only(Side::Spec, &[Set("/components/schemas/Thing/properties/owner/type", "string")]), "owner/type ", THING),
    ("a property is required", Both(&[Set("/components/schemas/NewThing/required", "[id, size]")]), "NewThing/required/size ", NEW),
    ("a property is required no more", Both(&[Set("/components/schemas/Thing/required", "[id, state, note]")]), "Thing/required/owner ", THING),
    ("a property has another name", Both(&[Rename("/components/schemas/Thing/properties/note", "Note")]), "properties/Note ", THING),
    ("a property is missing", Both(&[Remove("/components/schemas/Thing/properties/labels")]), "properties/labels ", THING),
    ("a property too many", Both(&[Set("/components/schemas/Owner/properties/age", "{type: integer}")]), "Owner/properties/age ", THING),
    ("a property is read-only no more", Both(&[Remove("/components/schemas/Thing/properties/id/readOnly")]), "id/readOnly ", THING),
    ("a property is write-only", Both(&[Set("/components/schemas/NewThing/properties/id/writeOnly", "true")]), "id/writeOnly ", NEW),
    ("a property is deprecated", Both(&[Set("/components/schemas/Thing/properties/id/deprecated", "true")]), "id/deprecated ", THING),
    ("a property's default", Both(&[Set("/components/schemas/NewThing/properties/size/default", "1")]), "size/default ", NEW),
    ("an enum's value", Both(&[Set("/components/schemas/Thing/properties/state/enum", "['on', 'out']")]), "state/enum/1 ", THING),
    ("an enum's value too many", Both(&[Set("/components/schemas/Thing/properties/state/enum", "['on', 'off', 'out']")]), "state/enum/2 ", THING),
    ("an enum's order", Both(&[Set("/components/schemas/Thing/properties/state/enum", "['off', 'on']")]), "state/enum/0 ", THING),
    ("an enum is gone", Both(&[Remove("/components/schemas/Thing/properties/state/enum")]), "state/enum ", THING),
    ("a const", Each(&[Set("/components/schemas/Thing/properties/unit/enum", "[box]")], &[Set("/components/schemas/Thing/properties/unit/const", "box")]), "unit/enum/0 ", THING),
    ("a pattern", Both(&[Set("/components/schemas/Thing/properties/note/pattern", "^[a-z]*$")]), "note/pattern ", THING),
    ("a length", Both(&[Set("/components/schemas/Owner/properties/name/minLength", "2")]), "name/minLength ", THING),
    ("an inclusive bound", Each(&[Set("/components/schemas/Thing/properties/size/exclusiveMaximum", "false")], &[Rename("/components/schemas/Thing/properties/size/exclusiveMaximum", "maximum")]), "size/maximum ", THING),
    ("a bound with a fraction", Both(&[Set("/components/schemas/NewThing/properties/size/minimum", "0.25")]), "size/minimum ", NEW),
    ("a bound is missing", Both(&[Remove("/components/schemas/NewThing/properties/size/maximum")]), "size/maximum ", NEW),
    ("an array's length", Both(&[Remove("/components/schemas/Thing/properties/parts/maxItems")]), "parts/maxItems ", THING),
    ("an array is a set no more", Both(&[Set("/components/schemas/Thing/properties/parts/uniqueItems", "false")]), "parts/uniqueItems ", THING),
    ("an array's items", Both(&[Set("/components/schemas/Thing/properties/parts/items", "{type: string}")]), "parts/items/type ", THING),
    ("a map's values", Both(&[Set("/components/schemas/Thing/properties/labels/additionalProperties/type", "integer")]), "labels/additionalProperties/type ", THING),
    ("unknown members are forbidden", Both(&[Set("/components/schemas/Status/additionalProperties", "false")]), "Status/additionalProperties ", STATUS),
    ("unknown members are named", Both(&[Set("/components/schemas/Status/additionalProperties", "{}")]), "Status/additionalProperties ", STATUS),
    ("a schema has another name", Both(&[Rename("/components/schemas/Status", "State"), Set("/paths/~1status/get/responses/200/content/application~1json/schema/$ref", "'#/components/schemas/State'")]), "schemas/State ", STATUS),
    ("a member of the shared error is required no more", Both(&[Set("/components/schemas/MainError/required", "[code]")]), "MainError/required/message ", ERROR),
    ("a member of the shared error is missing", Both(&[Remove("/components/schemas/MainError/properties/message")]), "MainError/properties/message ", ERROR),
    ("alternatives in place of a type", Both(&[Set("/components/schemas/Status/properties/status", "{oneOf: [{type: string}, {type: integer}]}")]), "status/oneOf ", STATUS),
    // What nobody thought of.
    ("an unknown keyword", Both(&[Set("/components/schemas/Thing/contains", "{type: string}")]), "Thing/contains ", THING),
    ("an unknown extension", Both(&[Set("/paths/~1things/get/x-rate-limit", "5")]), "get/x-rate-limit ", "(list_things)"),
    ("an unknown member of the document", Both(&[Set("/webhooks", "{}")]), "#/webhooks ", ""),
    // What has no canonical form; some of it is in one version only.
    ("a name without a schema", Both(&[Remove("/components/schemas/Owner")]), "names no schema", REFUSED),
    ("a reference without a component", Only(Side::Spec, &[Remove("/components/responses/BadRequest")]), "names no component of responses", REFUSED),
    ("members beside a reference in 3.0", Only(Side::Spec, &[Set("/components/schemas/ODataError/properties/error/nullable", "true")]), "lost in OpenAPI 3.0", REFUSED),
    ("3.0's null in 3.1", Only(Side::Server, &[Set("/components/schemas/Thing/properties/id/nullable", "true")]), "nullable means nothing", REFUSED),
    ("3.1's null in 3.0", Only(Side::Spec, &[Set("/components/schemas/Thing/properties/id/type", "[string, 'null']")]), "one type per schema", REFUSED),
    ("3.1's bound in 3.0", Only(Side::Spec, &[Set("/components/schemas/Thing/properties/size/exclusiveMaximum", "10")]), "a boolean in OpenAPI 3.0", REFUSED),
    ("3.0's bound in 3.1", Only(Side::Server, &[Set("/components/schemas/Thing/properties/size/exclusiveMaximum", "true")]), "a number in OpenAPI 3.1", REFUSED),
    ("an unknown version", Both(&[Set("/openapi", "3.2.0")]), "is not understood", REFUSED),
];

/// What is wrong with a mutation on one side; nothing, where it is reported as it should be.
fn complaint(base: &Pair, side: Side, edits: &[Edit], at: &str, who: &str) -> Option<String> {
    let pair = base.edited(side, edits);
    if pair == *base {
        return Some(format!("{side:?}: {edits:?} changes nothing"));
    }
    let report = pair.report();
    let is_told = |line: &String| {
        let place = match who {
            // Without an operation the line ends with a value.
            "" => !line.ends_with(')') || line.ends_with("(absent)"),
            who => line.ends_with(&format!(" {who}")),
        };
        place && line.contains(at)
    };
    let told = report.iter().any(is_told);
    (!told).then(|| format!("{side:?}: {report:#?} lacks {at:?} {who:?}"))
}

#[test]
fn every_mutation_is_reported_where_it_was_made_with_its_operations() {
    let base = Pair::read();
    let mut complaints = Vec::new();
    for (what, edits, at, who) in MUTATIONS {
        for (side, edits) in edits.sides() {
            let found = complaint(&base, side, edits, at, who);
            complaints.extend(found.map(|found| format!("{what}, {found}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_mutation_that_changes_nothing_is_no_mutation() {
    let base = Pair::read();
    let same = [Set("/paths/~1things/get/operationId", "list_things")];
    for side in [Side::Spec, Side::Server] {
        let found = complaint(&base, side, &same, "get/operationId", "(list_things)");
        assert!(found.is_some_and(|found| found.ends_with("changes nothing")));
    }
}

#[test]
fn a_mutation_that_only_rewrites_is_no_mutation() {
    let base = Pair::read();
    let prose = [Set("/paths/~1things/get/description", "Other words.")];
    let found = complaint(
        &base,
        Side::Spec,
        &prose,
        "get/description",
        "(list_things)",
    );
    assert!(found.is_some_and(|found| found.contains("[] lacks")));
}

#[test]
fn a_mutation_that_is_told_of_another_operation_is_not_told() {
    let base = Pair::read();
    let edits = [Set("/paths/~1status/get/deprecated", "true")];
    let told = |who| complaint(&base, Side::Server, &edits, "get/deprecated ", who);
    assert_eq!(told("(get_status)"), None);
    assert!(told("(list_things)").is_some());
    assert!(told("").is_some());
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

#[test]
fn of_a_large_value_the_members_are_named() {
    let edits = [Remove("/paths/~1things/post")];
    let report = Pair::read().edited(Side::Server, &edits).report();
    let line = "#/paths/~1beta~1things/post  \
                spec: {deprecated, operationId, parameters, requestBody, responses, security}  \
                server: (absent)  (create_thing)";
    assert_eq!(report[0], line);
}
