//! What a generator made, and what of the document it has left out.

use std::fs;
use std::path::Path;

use heck::ToLowerCamelCase;

use super::table::{Maker, Part};
use crate::document::Document;
use crate::{Error, Finding};

/// The operations, or the schemas, that the maker made nothing of.
pub(super) fn left_out(
    made: &Path,
    maker: &Maker,
    document: &Document,
) -> Result<Vec<Finding>, Error> {
    let text = text(&made.join(maker.tool.name), document.family.module)?;
    let finding = |name| {
        let message = format!("made nothing of {name}");
        Finding::new(maker.tool.name, document.path(), message)
    };
    let names = names(maker.part, document);
    let absent = absent(maker.part, &names, &text).into_iter();
    Ok(absent.map(finding).collect())
}

fn names(part: Part, document: &Document) -> Vec<String> {
    match part {
        Part::Operation(_) => {
            let operations = document.operations().into_iter();
            let id = |(_, _, operation): (_, _, &serde_json::Value)| {
                operation["operationId"].as_str().map(str::to_owned)
            };
            operations.filter_map(id).collect()
        }
        Part::Schema(_) => document.schemas().into_keys().map(str::to_owned).collect(),
    }
}

/// Those names whose form is not in the text.
fn absent<'a>(part: Part, names: &'a [String], text: &str) -> Vec<&'a str> {
    let (Part::Operation(form) | Part::Schema(form)) = part;
    let is_absent = |name: &&String| {
        let form = form.replace("{name}", name);
        !text.contains(&form.replace("{camel}", &name.to_lower_camel_case()))
    };
    names.iter().filter(is_absent).map(String::as_str).collect()
}

/// The files of one family, whether it has a folder or a file of its name, each with its path in front.
fn text(folder: &Path, module: &str) -> Result<String, Error> {
    let mut text = String::new();
    let mut entries = list(folder)?;
    entries.retain(|path| path.file_stem().is_some_and(|stem| stem == module));
    while let Some(path) = entries.pop() {
        if path.is_dir() {
            entries.append(&mut list(&path)?);
            continue;
        }
        let bytes = fs::read(&path).map_err(Error::file(&path))?;
        let path = path.display();
        text.push_str(&format!("{path}\n{}\n", String::from_utf8_lossy(&bytes)));
    }
    Ok(text)
}

/// What is in a folder; nothing where there is none.
fn list(folder: &Path) -> Result<Vec<std::path::PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(Error::file(folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<Result<_, _>>().map_err(Error::file(folder))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::document::FAMILIES;
    use crate::generators::table::MAKERS;

    const DOCUMENT: &str = "\
paths:
  /things: {get: {operationId: list_things}, post: {operationId: create_thing}}
components: {schemas: {Thing: {type: object}, NewThing: {type: object}}}
";

    fn left_out_by(maker: &str, files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(maker).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let document = Document::parse(&FAMILIES[0], DOCUMENT.to_owned()).unwrap();
        let maker = MAKERS.iter().find(|one| one.tool.name == maker).unwrap();
        let found = left_out(folder.path(), maker, &document).unwrap();
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_operation_of_which_nothing_was_made_is_named() {
        let sdk =
            "export const listThings = <A>() => 1;\nexport const createThings = <A>() => 1;\n";
        let files = [
            ("graph_beta/sdk.gen.ts", sdk),
            (
                "admin/sdk.gen.ts",
                "export const createThing = <A>() => 1;\n",
            ),
        ];
        assert_eq!(
            left_out_by("hey-api", &files),
            ["made nothing of create_thing"]
        );
    }

    #[test]
    fn an_operation_can_be_a_file_of_its_name() {
        let files = [("graph_beta/api/things/create_thing.py", "list_things.py")];
        assert_eq!(
            left_out_by("openapi-python-client", &files),
            ["made nothing of list_things"]
        );
    }

    #[test]
    fn a_schema_of_which_nothing_was_made_is_named() {
        let files = [("graph_beta.py", "class NewThing(BaseModel):\n    pass\n")];
        assert_eq!(
            left_out_by("datamodel-code-generator", &files),
            ["made nothing of Thing"]
        );
    }

    #[test]
    fn nothing_at_all_leaves_out_everything() {
        assert_eq!(left_out_by("openapi-generator-java", &[]).len(), 2);
    }
}
