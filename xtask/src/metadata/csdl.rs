//! The model as an XML document, in the form of CSDL 4.0.

use std::fmt::Write as _;

use super::{
    Composing, Entity, Kind, Model, NAMESPACE, Name, Null, Number, Operation, Properties, Set,
    Target, Verb,
};

/// The abstract type that all entity types derive from; it has the key.
const BASE: &str = "entity";
/// The name of the one container, which is the protocol's.
const CONTAINER: &str = "GraphService";

/// The text of the XML document; `marker` is a comment in front of it.
pub fn csdl(model: &Model, marker: &str) -> String {
    let mut xml = Xml {
        text: format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- {marker} -->\n"),
        depth: 0,
    };
    let edmx = [
        ("Version", "4.0"),
        ("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx"),
    ];
    let schema = [
        ("Namespace", NAMESPACE),
        ("xmlns", "http://docs.oasis-open.org/odata/ns/edm"),
    ];
    xml.element("edmx:Edmx", &edmx, |xml| {
        xml.element("edmx:DataServices", &[], |xml| {
            xml.element("Schema", &schema, |xml| types(xml, model));
        });
    });
    xml.text
}

fn types(xml: &mut Xml, model: &Model) {
    for (name, members) in &model.enums {
        xml.element("EnumType", &[("Name", name)], |xml| {
            for (number, member) in members.iter().enumerate() {
                let number = number.to_string();
                xml.empty("Member", &[("Name", member), ("Value", &number)]);
            }
        });
    }
    let base = [("Name", BASE), ("Abstract", "true")];
    xml.element("EntityType", &base, |xml| {
        xml.element("Key", &[], |xml| {
            xml.empty("PropertyRef", &[("Name", "id")])
        });
        let id = [
            ("Name", "id"),
            ("Type", "Edm.String"),
            ("Nullable", "false"),
        ];
        xml.empty("Property", &id);
    });
    for (name, entity) in &model.entities {
        entity_type(xml, name, entity);
    }
    for (name, properties) in &model.complex {
        xml.element("ComplexType", &[("Name", name)], |xml| {
            typed(xml, "Property", properties);
        });
    }
    for ((name, binding), operation) in &model.operations {
        bound(xml, name, binding, operation);
    }
    xml.element("EntityContainer", &[("Name", CONTAINER)], |xml| {
        for (name, set) in &model.sets {
            entity_set(xml, name, set);
        }
    });
}

fn entity_type(xml: &mut Xml, name: &str, entity: &Entity) {
    let base = qualified(BASE);
    let attributes = [("Name", name), ("BaseType", base.as_str())];
    xml.element("EntityType", &attributes, |xml| {
        typed(xml, "Property", &entity.properties);
        for (name, navigation) in &entity.navigations {
            let kind = type_of(&navigation.kind);
            let mut attributes = vec![("Name", name.as_str()), ("Type", kind.as_str())];
            if navigation.target == Target::Contained {
                attributes.push(("ContainsTarget", "true"));
            }
            xml.empty("NavigationProperty", &attributes);
        }
    });
}

/// Properties and parameters, which are written alike.
fn typed(xml: &mut Xml, element: &str, properties: &Properties) {
    for (name, kind) in properties {
        let text = type_of(kind);
        let mut attributes = vec![("Name", name.as_str()), ("Type", text.as_str())];
        attributes.extend(facet(kind));
        xml.empty(element, &attributes);
    }
}

fn bound(xml: &mut Xml, name: &str, binding: &Kind, operation: &Operation) {
    let (element, composing) = match operation.verb {
        Verb::Function(composing) => ("Function", composing),
        Verb::Action => ("Action", Composing::Final),
    };
    let mut attributes = vec![("Name", name), ("IsBound", "true")];
    if composing == Composing::Composable {
        attributes.push(("IsComposable", "true"));
    }
    let returns = operation.returns.as_ref();
    if returns.is_some_and(|kind| kind.entity() == binding.entity()) {
        attributes.push(("EntitySetPath", "bindingParameter"));
    }
    xml.element(element, &attributes, |xml| {
        let kind = type_of(binding);
        let mut parameter = vec![("Name", "bindingParameter"), ("Type", kind.as_str())];
        parameter.extend(facet(binding));
        xml.empty("Parameter", &parameter);
        typed(xml, "Parameter", &operation.parameters);
        if let Some(kind) = returns {
            let text = type_of(kind);
            let mut attributes = vec![("Type", text.as_str())];
            attributes.extend(facet(kind));
            xml.empty("ReturnType", &attributes);
        }
    });
}

fn entity_set(xml: &mut Xml, name: &str, set: &Set) {
    let entity = qualified(&set.entity);
    let attributes = [("Name", name), ("EntityType", entity.as_str())];
    if set.bindings.is_empty() {
        return xml.empty("EntitySet", &attributes);
    }
    xml.element("EntitySet", &attributes, |xml| {
        for (path, target) in &set.bindings {
            let attributes = [("Path", path.as_str()), ("Target", target.as_str())];
            xml.empty("NavigationPropertyBinding", &attributes);
        }
    });
}

/// `Nullable`, where it is not what its absence says. Collections of entities have none, whatever is in them.
fn facet(kind: &Kind) -> Option<(&'static str, &'static str)> {
    let has_none = kind.number == Number::Many && kind.entity().is_some();
    (kind.null == Null::Never && !has_none).then_some(("Nullable", "false"))
}

fn type_of(kind: &Kind) -> String {
    let one = match &kind.name {
        Name::Primitive(name) => (*name).to_owned(),
        Name::Value(name) | Name::Entity(name) => qualified(name),
    };
    match kind.number {
        Number::One => one,
        Number::Many => format!("Collection({one})"),
    }
}

fn qualified(name: &str) -> String {
    format!("{NAMESPACE}.{name}")
}

/// XML that has elements and attributes and no text, which is all that CSDL needs.
struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Self),
    ) {
        self.tag(name, attributes, ">");
        self.depth += 1;
        content(self);
        self.depth -= 1;
        let _ = writeln!(self.text, "{:1$}</{name}>", "", 2 * self.depth);
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>");
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        let _ = write!(self.text, "{:1$}<{name}", "", 2 * self.depth);
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"{}\"", escaped(value));
        }
        let _ = writeln!(self.text, "{end}");
    }
}

fn escaped(value: &str) -> String {
    let mut text = String::new();
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            other => text.push(other),
        }
    }
    text
}
