//! What a batch asks for, once nothing is wrong with it as a whole.

use std::collections::BTreeMap;

use http::HeaderMap;

use super::order::{Circle, order};
use super::part::{Around, Part};
use super::{Reentry, shown};
use crate::problem::{Problem, code};
use crate::wire::{Batch, BatchPart};

/// The most parts that a batch may have.
const MOST: usize = 20;

/// The parts of a batch, and an order in which to carry them out.
pub(crate) struct Plan {
    parts: Vec<Part>,
    order: Vec<usize>,
}

impl Plan {
    /// The plan of a batch that came with these headers.
    ///
    /// # Errors
    /// 400 where anything is wrong with the batch, or with any part before it is begun; it names the part.
    pub(crate) fn of(
        batch: Batch,
        reentry: &Reentry,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let requests = counted(batch)?;
        let around = Around {
            edge: &reentry.edge,
            headers,
            indices: &indices(&requests)?,
        };
        let parts: Result<Vec<Part>, Problem> = requests
            .into_iter()
            .enumerate()
            .map(|(index, part)| Part::of(index, part, &around))
            .collect();
        let parts = parts?;
        let after: Vec<&[usize]> = parts.iter().map(|part| part.after.as_slice()).collect();
        let order = order(&after).map_err(|circle| waiting_in_a_circle(&parts, &circle))?;
        Ok(Self { parts, order })
    }

    /// The parts in that order, each with its index as it was sent.
    pub(super) fn in_order(self) -> impl Iterator<Item = (usize, Part)> {
        let mut parts: BTreeMap<usize, Part> = self.parts.into_iter().enumerate().collect();
        let order = self.order.into_iter();
        order.filter_map(move |index| parts.remove_entry(&index))
    }
}

fn counted(batch: Batch) -> Result<Vec<BatchPart>, Problem> {
    let requests = batch.requests.unwrap_or_default();
    let refuse = |message| Problem::bad_request(code::INVALID_REQUEST, message).at("requests");
    match requests.len() {
        0 => Err(refuse(format!(
            "requests has no request; a batch has 1 to {MOST}."
        ))),
        count if MOST < count => Err(refuse(format!(
            "requests has {count} requests; a batch has {MOST} at the most. Send the others in a batch of their own."
        ))),
        _ => Ok(requests),
    }
}

/// Where each id is, by its lower case form: ids are told apart by more than their letter case.
fn indices(requests: &[BatchPart]) -> Result<BTreeMap<String, usize>, Problem> {
    let mut indices = BTreeMap::new();
    for (index, part) in requests.iter().enumerate() {
        let Some(id) = part.id.as_deref().filter(|id| !id.is_empty()) else {
            let message = format!(
                "requests[{index}] has no id; each request needs one, a text by which its answer is told."
            );
            return Err(at(index, "id", message));
        };
        if let Some(first) = indices.insert(id.to_lowercase(), index) {
            let message = format!(
                "requests[{index}] has the id {}, and so has requests[{first}]; ids must differ by more than letter case.",
                shown(id)
            );
            return Err(at(index, "id", message));
        }
    }
    Ok(indices)
}

fn waiting_in_a_circle(parts: &[Part], Circle(circle): &Circle) -> Problem {
    let ids: Vec<String> = circle
        .iter()
        .map(|index| shown(&parts[*index].id))
        .collect();
    let (first, others) = (&ids[0], ids[1..].iter().chain([&ids[0]]));
    let chain: Vec<&str> = others.map(String::as_str).collect();
    let message = format!(
        "requests[{}]: {first} depends on {}, so none of them can be the first; take one of these out of dependsOn.",
        circle[0],
        chain.join(", which depends on ")
    );
    at(circle[0], "dependsOn", message)
}

/// A refusal of the whole batch because of this member of this part.
pub(super) fn at(index: usize, member: &str, message: String) -> Problem {
    let target = format!("requests[{index}].{member}");
    Problem::bad_request(code::INVALID_REQUEST, message).at(target)
}
