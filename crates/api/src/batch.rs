//! Batches: requests that come in the body of another, and are carried out as if each had come by itself.
//!
//! [`Plan`] is what a batch asks for, once nothing is wrong with it as a whole: a request for each part, and an order in which
//! each comes after those that it depends on. [`Reentry`] carries it out, one part after the other, by the router that all
//! requests come to: there a part meets the same edge, the same check of its token, the same limit, and has a line of its
//! own in the log.

mod answer;
mod order;
mod part;
mod plan;

use std::collections::BTreeMap;

use axum::Router;
use axum::response::Response;
use http::StatusCode;
use tower::ServiceExt as _;

use crate::http::{Edge, refuse};
use crate::problem::{Problem, code};
use crate::wire::BatchPartAnswer;

use part::Part;
pub(crate) use plan::Plan;

/// How large the bodies of the parts' answers may have grown, in bytes, for another part to be begun.
const FULL: usize = 16 * 1024 * 1024;

/// Where the parts of a batch are carried out.
#[derive(Clone)]
pub(crate) struct Reentry {
    /// The family again, edge and all, but without batches.
    pub(crate) family: Router,
    /// What the edge of the batch itself knows.
    pub(crate) edge: Edge,
}

impl Reentry {
    /// Carries out one part after the other. The answers are in the order in which the parts were sent.
    ///
    /// Where it is dropped, because the caller is gone, parts that were not begun never are.
    pub(crate) async fn carry_out(&self, plan: Plan) -> Vec<BatchPartAnswer> {
        let mut answers = Answers::default();
        for (index, part) in plan.in_order() {
            let response = match answers.refuse(&part) {
                Some(problem) => refuse(&part.request, problem),
                None => self.call(part.request).await,
            };
            answers.add(index, answer::of(part.id, response).await);
        }
        answers.by_index.into_values().collect()
    }

    async fn call(&self, request: axum::extract::Request) -> Response {
        let Ok(response) = self.family.clone().oneshot(request).await;
        response
    }
}

/// The answers so far.
#[derive(Default)]
struct Answers {
    by_index: BTreeMap<usize, BatchPartAnswer>,
    bytes: usize,
}

impl Answers {
    /// Why a part is not begun, if so.
    fn refuse(&self, part: &Part) -> Option<Problem> {
        let mut before = part
            .after
            .iter()
            .filter_map(|index| self.by_index.get(index));
        if let Some(failed) = before.find(|answer| !(200..300).contains(&answer.status)) {
            return Some(failed_dependency(failed));
        }
        (FULL <= self.bytes).then(|| {
            let message = format!(
                "The answers of the parts before this one fill the {} MiB that a batch is answered with, so it was not begun. \
                 Send it again in another batch, or by itself.",
                FULL / 1024 / 1024
            );
            Problem::unavailable(message)
        })
    }

    fn add(&mut self, index: usize, answer: BatchPartAnswer) {
        let body = answer.body.as_ref();
        self.bytes += body.map_or(0, |body| body.get().len());
        self.by_index.insert(index, answer);
    }
}

fn failed_dependency(failed: &BatchPartAnswer) -> Problem {
    let (id, status) = (shown(&failed.id), failed.status);
    let message =
        format!("This depends on {id}, which was answered {status}; so it was not carried out.");
    Problem::new(
        StatusCode::FAILED_DEPENDENCY,
        code::FAILED_DEPENDENCY,
        message,
    )
    .at("dependsOn")
}

/// An id as a message has it.
fn shown(id: &str) -> String {
    format!("{:?}", id.chars().take(64).collect::<String>())
}

#[cfg(test)]
mod tests;
