//! Queries of every shape that the document knows, written as text in every spelling that it allows: each answer is what a look
//! at all elements of the list would have picked, by rules that are written here anew, from the document.
//!
//! `PIMENTO_SEED=N` draws others. Each failure tells the whole URL and the seed.

mod draw;
mod filter;
mod members;
mod passing;
mod query;
mod search;
mod tenant;
mod values;
mod walk;
mod writing;

use pimento_store::conformance::Dice;
use pimento_testkit::TestServer;

use crate::paths::{APPROVALS, ASSIGNMENTS, EVENTS, REQUESTS, ROLES, SIGN_UP_STATUS};
use tenant::{ROLE, Tenant};
use walk::Seen;

/// Whose list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Ada,
    Mia,
}

/// Which ids stand in the path of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Id {
    None,
    Role,
    Assignment,
    Request,
}

/// Asks so many queries of the list with this path.
async fn compare(path: &str, id: Id, reader: Reader, (number, queries): (u64, usize)) {
    let server = TestServer::dev().await;
    let mut dice = Dice::new(number);
    let tenant = Tenant::new(&server, &mut dice).await;
    let reader = match reader {
        Reader::Ada => &tenant.ada,
        Reader::Mia => &tenant.mia,
    };
    let id = match id {
        Id::None => String::new(),
        Id::Role => ROLE.to_owned(),
        Id::Assignment => tenant.assigned().await,
        Id::Request => tenant.asked().await,
    };
    let seen = Seen::new(&server, reader, path, &id).await;
    seen.compare_many(&mut dice, queries).await;
}

#[tokio::test]
async fn queries_of_assignments() {
    compare(ASSIGNMENTS, Id::None, Reader::Ada, (501, 500)).await;
}

#[tokio::test]
async fn queries_of_ones_own_assignments() {
    compare(
        &format!("{ASSIGNMENTS}/my"),
        Id::None,
        Reader::Mia,
        (502, 300),
    )
    .await;
}

#[tokio::test]
async fn queries_of_a_roles_assignments() {
    compare(
        &format!("{ROLES}/{{id}}/assignments"),
        Id::Role,
        Reader::Ada,
        (503, 300),
    )
    .await;
}

#[tokio::test]
async fn queries_of_assignments_of_an_assignments_role() {
    compare(
        &format!("{ASSIGNMENTS}/{{id}}/roleInfo/assignments"),
        Id::Assignment,
        Reader::Ada,
        (504, 60),
    )
    .await;
}

#[tokio::test]
async fn queries_of_requests() {
    compare(REQUESTS, Id::None, Reader::Ada, (505, 500)).await;
}

#[tokio::test]
async fn queries_of_requests_that_one_may_see() {
    compare(REQUESTS, Id::None, Reader::Mia, (514, 150)).await;
}

#[tokio::test]
async fn queries_of_approvals_that_one_may_see() {
    compare(APPROVALS, Id::None, Reader::Mia, (515, 150)).await;
}

#[tokio::test]
async fn queries_of_ones_own_requests() {
    compare(&format!("{REQUESTS}/my"), Id::None, Reader::Mia, (506, 300)).await;
}

#[tokio::test]
async fn queries_of_assignments_of_a_requests_role() {
    compare(
        &format!("{REQUESTS}/{{id}}/roleInfo/assignments"),
        Id::Request,
        Reader::Ada,
        (507, 60),
    )
    .await;
}

#[tokio::test]
async fn queries_of_approvals() {
    compare(APPROVALS, Id::None, Reader::Ada, (508, 500)).await;
}

#[tokio::test]
async fn queries_of_approvals_of_ones_own_requests() {
    compare(
        &format!("{APPROVALS}/myRequests"),
        Id::None,
        Reader::Mia,
        (509, 300),
    )
    .await;
}

#[tokio::test]
async fn queries_of_assignments_of_an_approvals_role() {
    compare(
        &format!("{APPROVALS}/{{id}}/roleInfo/assignments"),
        Id::Request,
        Reader::Ada,
        (510, 60),
    )
    .await;
}

#[tokio::test]
async fn queries_of_events() {
    compare(EVENTS, Id::None, Reader::Ada, (511, 500)).await;
}

#[tokio::test]
async fn queries_of_roles() {
    compare(ROLES, Id::None, Reader::Ada, (512, 500)).await;
}

#[tokio::test]
async fn queries_of_the_registration() {
    compare(SIGN_UP_STATUS, Id::None, Reader::Ada, (513, 100)).await;
}

/// Walks through the list with this path so many times.
async fn walk(path: &str, id: &str, reader: Reader, (number, rounds): (u64, usize)) {
    let server = TestServer::dev().await;
    let mut dice = Dice::new(number);
    let mut tenant = Tenant::new(&server, &mut dice).await;
    let reader = match reader {
        Reader::Ada => tenant.ada.clone(),
        Reader::Mia => tenant.mia.clone(),
    };
    let seen = Seen::new(&server, &reader, path, id).await;
    passing::walk(&seen, &mut tenant, &mut dice, rounds).await;
}

#[tokio::test]
async fn pages_of_assignments_while_time_passes() {
    walk(ASSIGNMENTS, "", Reader::Ada, (521, 16)).await;
}

#[tokio::test]
async fn pages_of_ones_own_assignments_while_time_passes() {
    walk(&format!("{ASSIGNMENTS}/my"), "", Reader::Mia, (522, 16)).await;
}

#[tokio::test]
async fn pages_of_a_roles_assignments_while_time_passes() {
    walk(
        &format!("{ROLES}/{{id}}/assignments"),
        ROLE,
        Reader::Ada,
        (523, 25),
    )
    .await;
}

#[tokio::test]
async fn pages_of_requests_while_time_passes() {
    walk(REQUESTS, "", Reader::Ada, (524, 16)).await;
}

#[tokio::test]
async fn pages_of_approvals_while_time_passes() {
    walk(APPROVALS, "", Reader::Ada, (525, 16)).await;
}
