//! How documents are read, shown on two that are made up.

use super::originals::{Block, blocks, differences};

const MARKDOWN: &str = r#"# A page

Get it so.
``` http
GET /things/{id}
```
|Name|
|:--|
```http
POST https://there.example/things

Content-type: application/json

{
  "a": {
    "b": 1
  }
}
```
### Response
```http
HTTP/1.1 201 Created
Location: /things/1
ETag: x

{
  "id": "1"
}
```
"#;

const RENDERED: &str = r#"A page

Note: get it so.

GET /things/{id}

Request headers

Request

DELETE https://there.example/things/1
Response

HTTP/1.1 200 OK
Content-type: application/json

{
  "id": "1"
}"#;

fn block(start: &str, headers: &[(&str, &str)], body: Option<&str>) -> Block {
    Block {
        start: start.to_owned(),
        blank_line_before_headers: false,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.map(str::to_owned),
    }
}

#[test]
fn blocks_are_found_in_markdown() {
    let json = [("Content-type", "application/json")];
    let body = Some("{\n  \"a\": {\n    \"b\": 1\n  }\n}");
    let expected = [
        block("GET /things/{id}", &[], None),
        Block {
            blank_line_before_headers: true,
            ..block("POST https://there.example/things", &json, body)
        },
        block(
            "HTTP/1.1 201 Created",
            &[("Location", "/things/1"), ("ETag", "x")],
            Some("{\n  \"id\": \"1\"\n}"),
        ),
    ];
    assert_eq!(blocks(MARKDOWN), expected);
}

#[test]
fn blocks_are_found_in_rendered_text() {
    let expected = [
        block("GET /things/{id}", &[], None),
        block("DELETE https://there.example/things/1", &[], None),
        block(
            "HTTP/1.1 200 OK",
            &[("Content-type", "application/json")],
            Some("{\n  \"id\": \"1\"\n}"),
        ),
    ];
    assert_eq!(blocks(RENDERED), expected);
}

#[test]
fn a_difference_names_the_member_and_both_values() {
    let original = blocks(RENDERED);
    assert_eq!(differences(&original, &original), Vec::<String>::new());
    let mut copy = original.clone();
    copy[2].headers[0].1 = "text/plain".to_owned();
    copy[2].body = Some("{\n  \"id\": \"2\"\n}".to_owned());
    copy.remove(0);
    copy.insert(0, block("PUT /things/{id}", &[], None));
    let found = differences(&original, &copy);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(
        found[0],
        r#"block 0, first line: the document has "GET /things/{id}", the transcription "PUT /things/{id}""#
    );
}
