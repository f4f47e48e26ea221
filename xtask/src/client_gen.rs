//! The client's Rust text: one module per family from progenitor, and the pages that its stream follows.

use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use serde_json::Value;

use crate::Error;
use crate::document::Document;
use crate::names;

/// The module of one family, as progenitor writes it.
///
/// # Errors
/// `Error::Text` where progenitor cannot read the document.
pub fn family(document: &Document) -> Result<String, Error> {
    let openapi = document.openapi()?;
    let mut generator = Generator::new(&settings());
    // progenitor reports constructs that it does not know by a panic; lint catches the known ones by name.
    let tokens = panic::catch_unwind(AssertUnwindSafe(|| generator.generate_tokens(&openapi)))
        .map_err(|_| Error::text(document.path(), "progenitor panicked, see above"))?
        .map_err(|reason| Error::text(document.path(), reason))?;
    let file = syn::parse2(tokens).map_err(|reason| Error::text(document.path(), reason))?;
    Ok(prettyplease::unparse(&file))
}

/// The generated folder's root: one module per family, and the pages.
pub fn root(documents: &[Document]) -> String {
    let mut text = String::from("mod pages;\n\n");
    for document in documents {
        let module = document.family.module;
        let name = document.family.name;
        let _ = writeln!(text, "/// The family `{name}`.\npub mod {module};");
    }
    text
}

/// An `impl Page` for each schema that has a `value` array and an `@odata.nextLink`.
///
/// # Errors
/// `Error::Text` where the items of such a schema are not a named schema.
pub fn pages(documents: &[Document]) -> Result<String, Error> {
    let mut uses = String::new();
    let mut impls = String::new();
    for document in documents {
        let mut schemas = document.schemas();
        schemas.retain(|_, schema| is_page(schema));
        if !schemas.is_empty() {
            let _ = writeln!(uses, "use super::{};", document.family.module);
        }
        for (name, schema) in schemas {
            impls.push_str(&page(document, name, schema)?);
        }
    }
    Ok(format!("use crate::paging::Page;\n\n{uses}\n{impls}"))
}

fn is_page(schema: &Value) -> bool {
    let properties = &schema["properties"];
    properties["value"]["type"] == "array" && properties["@odata.nextLink"].is_object()
}

fn page(document: &Document, name: &str, schema: &Value) -> Result<String, Error> {
    let item = schema["properties"]["value"]["items"]["$ref"].as_str();
    let item = item
        .and_then(|pointer| pointer.rsplit('/').next())
        .ok_or_else(|| {
            let place = format!("{}#/components/schemas/{name}", document.path());
            Error::text(place, "the items of a page must be a named schema")
        })?;
    let types = format!("{}::types", document.family.module);
    let page = names::type_name(name);
    let item = names::type_name(item);
    Ok(format!(
        "impl Page for {types}::{page} {{
            type Item = {types}::{item};

            fn into_parts(self) -> (Vec<Self::Item>, Option<String>) {{
                (self.value, self.odata_next_link)
            }}
        }}\n\n"
    ))
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_inner_type(quote!(crate::Session))
        // A missing implementation of the hooks would silently send requests without a token.
        .with_hooks(HooksMode::Expected)
        .with_derive("PartialEq");
    settings
}
