//! `$select` and `$expand`: which members an answer has.

use std::collections::BTreeSet;

use axum::Json;
use axum::response::{IntoResponse, Response};
use pimento_domain::RoleId;
use pimento_odata::expression::{Expand, Projection};
use pimento_store::AssignmentQuery;
use serde::Serialize;
use serde_json::{Map, Value};

use super::entity::named;
use super::types::{Navigation, To, Type};
use super::{ASSIGNMENTS, refused};
use crate::http::{FAMILY_ROOT, fits};
use crate::problem::Problem;

const SELECT: &str = "$select";
const EXPAND: &str = "$expand";

/// What is to be read for a navigation property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Related {
    /// The role that something is about.
    Role,
    /// The request that an approval is for.
    Request,
    /// A role's settings.
    Settings,
    /// A role's summary.
    Summary,
    /// These of a role's assignments; and the options of a link to more of them, which is there unless a number was asked for.
    Assignments(AssignmentQuery, Option<String>),
}

impl Related {
    /// The operation by which it would be read by itself, where not everybody may who reads what it comes with.
    fn operation(&self) -> Option<&'static str> {
        match self {
            Self::Role | Self::Request => None,
            Self::Settings => Some("get_role_settings"),
            Self::Summary => Some("get_role_summary"),
            Self::Assignments(..) => Some("list_role_assignments"),
        }
    }
}

/// Which members an entity has in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// `None` for all of them.
    select: Option<BTreeSet<&'static str>>,
    /// What comes with it.
    pub(crate) expand: Vec<Expanded>,
}

/// A navigation property whose entities come with the one that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expanded {
    name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) related: Related,
}

impl Shape {
    /// The shape that a request asks for, or which name cannot be.
    pub(crate) fn of(
        of: &'static Type,
        select: &Projection,
        expand: &[Expand],
    ) -> Result<Self, Problem> {
        Self::below(of, select, expand, &[of.name])
    }

    /// The same of an entity that was reached through entities of these types.
    fn below(
        of: &'static Type,
        select: &Projection,
        expand: &[Expand],
        path: &[&'static str],
    ) -> Result<Self, Problem> {
        let select = match select {
            Projection::All => None,
            Projection::Only(names) => Some(selected(of, names)?),
        };
        let mut expanded: Vec<Expanded> = Vec::new();
        for asked in expand {
            for navigation in navigations(of, asked, path)? {
                let one = Expanded::of(navigation, asked, path)?;
                if expanded.iter().any(|known| known.name == one.name) {
                    let message = format!("{} stands there more than once.", one.name);
                    return Err(refused(EXPAND, message));
                }
                expanded.push(one);
            }
        }
        Ok(Self {
            select,
            expand: expanded,
        })
    }

    /// The context of answers of this shape: `set(id,userId,roleInfo())`.
    pub(crate) fn context(&self, set: &str) -> String {
        let selected = self.select.iter().flatten().map(|name| (*name).to_owned());
        let expanded = self.expand.iter().map(|expanded| {
            let inner = expanded.shape.context(expanded.name);
            if inner == expanded.name {
                format!("{inner}()")
            } else {
                inner
            }
        });
        let members: Vec<String> = selected.chain(expanded).collect();
        if members.is_empty() {
            set.to_owned()
        } else {
            format!("{set}({})", members.join(","))
        }
    }

    /// The shape of what is expanded and leads there, if anything is.
    pub(crate) fn expanding(&self, to: &Related) -> Option<&Self> {
        let mut expanded = self.expand.iter();
        let found = expanded.find(|expanded| expanded.related == *to);
        found.map(|expanded| &expanded.shape)
    }

    /// Whether this member is there, as far as it depends on what was selected.
    pub(crate) fn selects(&self, name: &str) -> bool {
        self.select
            .as_ref()
            .is_none_or(|select| select.contains(name))
    }

    /// The operations by which what is expanded could be read by itself, beyond those that everybody may call who sees what it
    /// is expanded of.
    pub(crate) fn operations(&self) -> Vec<&'static str> {
        let of_one = |expanded: &Expanded| {
            let mut operations = expanded.shape.operations();
            operations.extend(expanded.related.operation());
            operations
        };
        self.expand.iter().flat_map(of_one).collect()
    }

    /// Whether all members are there.
    pub(super) fn is_whole(&self) -> bool {
        self.select.is_none() && self.expand.iter().all(|expanded| expanded.shape.is_whole())
    }

    /// An entity without the members that were not asked for.
    pub(super) fn pruned(&self, entity: &impl Serialize) -> serde_json::Result<Value> {
        let mut value = serde_json::to_value(entity)?;
        self.prune(&mut value);
        Ok(value)
    }

    /// Takes away the members that were not asked for; annotations stay with what they are about.
    fn prune(&self, value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.prune(value)),
            Value::Object(members) => self.prune_members(members),
            _ => {}
        }
    }

    fn prune_members(&self, members: &mut Map<String, Value>) {
        if let Some(select) = &self.select {
            let is_there = |name: &str| select.contains(name) || self.expands(name);
            members.retain(|name, value| match name.split_once('@') {
                Some(("", _)) => true,
                Some((of, _)) => is_there(of),
                None => is_there(name) || prune_within(select, name, value),
            });
        }
        for expanded in &self.expand {
            if let Some(value) = members.get_mut(expanded.name) {
                expanded.shape.prune(value);
            }
        }
    }

    fn expands(&self, name: &str) -> bool {
        self.expand.iter().any(|expanded| expanded.name == name)
    }
}

/// Takes away of a complex property what was not asked for, and says whether anything was.
fn prune_within(select: &BTreeSet<&'static str>, name: &str, value: &mut Value) -> bool {
    let Value::Object(members) = value else {
        return false;
    };
    members.retain(|member, _| select.contains(format!("{name}/{member}").as_str()));
    !members.is_empty()
}

/// The properties to select, as the wire spells them. A navigation property may be selected, and then comes where it is
/// expanded, as it would anyway.
fn selected(of: &'static Type, names: &[String]) -> Result<BTreeSet<&'static str>, Problem> {
    let navigations = of.navigations.iter().map(|(name, ..)| *name);
    let known: Vec<_> = of.properties.iter().copied().chain(navigations).collect();
    let name = |name: &String| {
        let found = named(name, &known, |name| name);
        let what = format!("property of {}", of.name);
        found
            .copied()
            .map_err(|unknown| refused(SELECT, unknown.message(&what)))
    };
    names.iter().map(name).collect()
}

/// The navigation properties that are meant: the one of that name, or all of them. None leads back to where the answer came
/// from, and what comes along brings no lists: each of many requests with all assignments of its role would be no answer for
/// anybody.
fn navigations(
    of: &'static Type,
    asked: &Expand,
    path: &[&'static str],
) -> Result<Vec<&'static Navigation>, Problem> {
    let leads_back = |navigation: &&'static Navigation| path.contains(&navigation.2.name);
    let is_list_within =
        |navigation: &&'static Navigation| navigation.1.is_list() && 1 < path.len();
    if asked.name == "*" {
        let mut all: Vec<_> = of.navigations.iter().collect();
        all.retain(|navigation| !leads_back(navigation) && !is_list_within(navigation));
        return Ok(all);
    }
    let what = format!("navigation property of {}", of.name);
    let found = named(&asked.name, of.navigations, |(name, ..)| name);
    let found = found.map_err(|unknown| refused(EXPAND, unknown.message(&what)))?;
    if leads_back(&found) {
        let message = format!(
            "{} leads back to {}, which the answer comes from; ask for it in a request of its own.",
            found.0, found.2.name
        );
        return Err(refused(EXPAND, message));
    }
    if is_list_within(&found) {
        let message = format!(
            "{} is a list, which comes only with a {} that the answer is of; ask for it in a request of its own.",
            found.0, of.name
        );
        return Err(refused(EXPAND, message));
    }
    Ok(vec![found])
}

impl Expanded {
    fn of(
        navigation: &'static Navigation,
        asked: &Expand,
        path: &[&'static str],
    ) -> Result<Self, Problem> {
        let (name, to, kind) = navigation;
        let below = [path, &[kind.name]].concat();
        let shape = Shape::below(kind, &asked.select, &asked.expand, &below);
        if !to.is_list() {
            is_one(name, asked)?;
        }
        Ok(Self {
            name,
            shape: shape.map_err(|problem| problem.within(EXPAND, name))?,
            related: match to {
                To::Role => Related::Role,
                To::Request => Related::Request,
                To::Settings => Related::Settings,
                To::Summary => Related::Summary,
                To::Assignments => {
                    let query = ASSIGNMENTS.expanded(asked);
                    let query = query.map_err(|problem| problem.within(EXPAND, name))?;
                    let more = asked.top.is_none().then(|| asked.query());
                    if let Some(options) = &more {
                        // The link to more has a path that is longer than that of roles.
                        fits(&more_of(RoleId::from_u128(0), options))?;
                    }
                    Related::Assignments(query, more)
                }
            },
        })
    }
}

/// The URL that has the assignments of a role by themselves, with these options.
pub(crate) fn more_of(role: RoleId, options: &str) -> String {
    format!("{FAMILY_ROOT}/privilegedRoles/{role}/assignments?{options}")
}

/// One entity cannot be filtered, ordered or paged.
fn is_one(name: &str, asked: &Expand) -> Result<(), Problem> {
    let list_options = asked.filter.is_some()
        || !asked.order_by.is_empty()
        || asked.top.is_some()
        || asked.skip.is_some()
        || asked.count;
    if list_options {
        let message =
            format!("{name} is one entity: in its parentheses there are $select and $expand.");
        return Err(refused(EXPAND, message));
    }
    Ok(())
}

/// An entity of which only those members are sent that were asked for.
pub(crate) struct Shaped<T> {
    entity: T,
    shape: Shape,
}

impl<T> Shaped<T> {
    pub(crate) fn new(entity: T, shape: Shape) -> Self {
        Self { entity, shape }
    }
}

impl<T: Serialize> IntoResponse for Shaped<T> {
    fn into_response(self) -> Response {
        if self.shape.is_whole() {
            return Json(self.entity).into_response();
        }
        match self.shape.pruned(&self.entity) {
            Ok(pruned) => Json(pruned).into_response(),
            Err(_) => Problem::fault().into_response(),
        }
    }
}
