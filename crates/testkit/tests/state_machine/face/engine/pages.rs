//! Lists of the engine, read to their end.

use std::future::Future;

use pimento_domain::Request;
use pimento_engine::{Assignments, Error, Requests, Seen};
use pimento_store::{Field, Position, Query, Total};

use crate::answer::Answer;
use crate::words;

/// All pages of a list of requests, one after the other.
pub(super) async fn walk_requests<F, T>(
    page: impl Fn(Option<Position>) -> F,
    shown: impl Fn(&Seen<Request>) -> T,
) -> Result<(Vec<T>, usize), Error>
where
    F: Future<Output = Result<Requests, Error>>,
{
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        assert!(all.len() < 1000, "the pages have no end");
        let Requests {
            now,
            requests,
            next,
            total,
        } = page(after).await?;
        let seen = requests.into_iter().map(|value| Seen { now, value });
        all.extend(seen.map(|seen| shown(&seen)));
        after = next;
        if after.is_none() {
            let total = total.expect("the count was asked for");
            return Ok((all, usize::try_from(total).unwrap()));
        }
    }
}

/// The page of a list after this place.
pub(super) fn page<F: Field>(after: Option<Position>, limit: usize) -> Query<F> {
    Query {
        after,
        limit,
        total: Total::Count,
        ..Query::everything()
    }
}

/// All pages of a list, one after the other.
pub(super) async fn walk<F>(page: impl Fn(Option<Position>) -> F) -> Result<Answer, Error>
where
    F: Future<Output = Result<Assignments, Error>>,
{
    let (mut shown, mut after) = (Vec::new(), None);
    loop {
        assert!(shown.len() < 1000, "the pages have no end: {shown:?}");
        let page = page(after).await?;
        shown.extend(page.assignments.iter().map(words::shown));
        after = page.next;
        if after.is_none() {
            let total = page.total.expect("the count was asked for");
            return Ok(Answer::Many(shown, usize::try_from(total).unwrap()));
        }
    }
}
