//! The client's Rust text: one module per family from progenitor, and the pages that its stream follows.

use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, parse_quote};

use crate::Error;
use crate::document::Document;
use crate::names;

/// The module of one family, as progenitor writes it.
///
/// # Errors
/// `Error::Text` where progenitor cannot read the document.
pub fn family(document: &Document) -> Result<String, Error> {
    let openapi = document.openapi_for_client()?;
    let mut generator = Generator::new(&settings());
    // progenitor reports constructs that it does not know by a panic; lint catches the known ones by name.
    let tokens = panic::catch_unwind(AssertUnwindSafe(|| generator.generate_tokens(&openapi)))
        .map_err(|_| Error::text(document.path(), "progenitor panicked, see above"))?
        .map_err(|reason| Error::text(document.path(), reason))?;
    let mut file = syn::parse2(tokens).map_err(|reason| Error::text(document.path(), reason))?;
    DocLines.visit_file_mut(&mut file);
    Ok(with_links(&prettyplease::unparse(&file)))
}

/// progenitor links from its module of builders to `Client` as if that were in scope there.
fn with_links(text: &str) -> String {
    text.replace("Builder for [`Client::", "Builder for [`super::Client::")
}

/// Gives each line of a documentation an attribute of its own. As one, it would be written as a block comment, whose lines
/// rustfmt indents, and Markdown takes what is indented for code.
struct DocLines;

impl VisitMut for DocLines {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let lines = |attribute: Attribute| match doc_text(&attribute) {
            None => vec![attribute],
            Some(text) => with_indented_items(&text).map(doc_line).collect(),
        };
        *attributes = std::mem::take(attributes)
            .into_iter()
            .flat_map(lines)
            .collect();
    }
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// The lines of a documentation. progenitor lists the parameters of an operation as items and does not indent the
/// further lines of an item, which makes them read as part of it by accident only.
fn with_indented_items(text: &str) -> impl Iterator<Item = String> {
    let mut is_item = false;
    text.lines().map(move |line| {
        is_item = line.starts_with("- ") || (is_item && !line.is_empty());
        match line.starts_with(['-', ' ']) {
            false if is_item => format!("  {line}"),
            _ => line.to_owned(),
        }
    })
}

fn doc_line(line: String) -> Attribute {
    let line = match line.trim_end() {
        "" => String::new(),
        line => format!(" {line}"),
    };
    parse_quote!(#[doc = #line])
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
