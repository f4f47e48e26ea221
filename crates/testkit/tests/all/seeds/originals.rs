//! The blocks of HTTP in the original documents, whether these are Markdown or text that a page was rendered to.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Lines;

/// One block of HTTP: a route, a request or a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The first line.
    pub(crate) start: String,
    /// Whether a blank line parts it from the headers, as one document has it.
    pub(crate) blank_line_before_headers: bool,
    pub(crate) headers: Vec<(String, String)>,
    /// The body from `{` to `}`, as it is printed.
    pub(crate) body: Option<String>,
}

/// The blocks of a document. Fences are not needed to find them: each starts with a method or a version, and a body
/// ends with the brace in the first column.
pub(crate) fn blocks(document: &str) -> Vec<Block> {
    let mut lines = document.lines().peekable();
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        if starts_block(line) {
            blocks.push(block(line, &mut lines));
        }
    }
    blocks
}

fn starts_block(line: &str) -> bool {
    let request = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "]
        .iter()
        .filter_map(|method| line.strip_prefix(method))
        .any(|target| target.starts_with('/') || target.starts_with("https://"));
    request || line.starts_with("HTTP/1.1 ")
}

fn block(start: &str, lines: &mut Peekable<Lines<'_>>) -> Block {
    let mut block = Block {
        start: start.trim_end().to_owned(),
        ..Block::default()
    };
    let mut blank = skip_blank(lines);
    while let Some(header) = lines.peek().and_then(|line| header(line)) {
        block.blank_line_before_headers |= blank && block.headers.is_empty();
        block.headers.push(header);
        lines.next();
        blank = skip_blank(lines);
        if blank {
            break;
        }
    }
    if lines.peek() == Some(&"{") {
        block.body = Some(body(lines));
    }
    block
}

fn skip_blank(lines: &mut Peekable<Lines<'_>>) -> bool {
    let mut skipped = false;
    while lines.next_if(|line| line.trim().is_empty()).is_some() {
        skipped = true;
    }
    skipped
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(": ")?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    name.bytes()
        .all(is_token)
        .then(|| (name.to_owned(), value.trim_end().to_owned()))
}

fn body(lines: &mut Peekable<Lines<'_>>) -> String {
    let mut body = Vec::new();
    for line in lines {
        body.push(line);
        if line == "}" {
            break;
        }
    }
    body.join("\n")
}

/// In what two lists of blocks differ, member by member; empty where they do not.
pub(crate) fn differences(document: &[Block], transcribed: &[Block]) -> Vec<String> {
    let (document, transcribed) = (members(document), members(transcribed));
    let mut names: Vec<_> = document.keys().chain(transcribed.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| document.get(*name) != transcribed.get(*name))
        .map(|name| {
            let say = |value: Option<&String>| value.cloned().unwrap_or_else(|| "nothing".into());
            let (original, copy) = (say(document.get(name)), say(transcribed.get(name)));
            format!("{name}: the document has {original:?}, the transcription {copy:?}")
        })
        .collect()
}

/// Each thing that a block says, under a name. Bodies are compared by line, since they are sent as they are printed.
fn members(blocks: &[Block]) -> BTreeMap<String, String> {
    let mut members = BTreeMap::new();
    for (number, block) in blocks.iter().enumerate() {
        let mut add = |name: String, value: &str| {
            members.insert(format!("block {number}, {name}"), value.to_owned());
        };
        add("first line".into(), &block.start);
        add(
            "blank line before the headers".into(),
            &block.blank_line_before_headers.to_string(),
        );
        for (index, (name, value)) in block.headers.iter().enumerate() {
            add(format!("header {index}"), &format!("{name}: {value}"));
        }
        for (index, line) in block.body.iter().flat_map(|body| body.lines()).enumerate() {
            add(format!("body line {index:2}"), line);
        }
    }
    members
}
