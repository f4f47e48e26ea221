//! What a database holds after its server was killed, compared with what the server had answered.

use std::collections::BTreeMap;
use std::path::Path;

use pimento_client::chrono::DateTime;
use pimento_domain::{After, AssignmentId, EventKind, State};
use pimento_store::{AssignmentQuery, RecordedEvent, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};
use pimento_testkit::DEMO_TENANT;
use serde_json::Value;

use super::writers::{Answered, Shown, Written, is_own};

/// The demo tenant's rows and log.
pub(super) struct Record {
    assignments: BTreeMap<String, Shown>,
    events: Vec<RecordedEvent>,
}

impl Record {
    /// Reads it from the file of a server that is gone.
    pub(super) async fn of(database: &Path) -> Self {
        let tenant = DEMO_TENANT.parse().expect("an id");
        let store = SqliteStore::open(database, Purpose::Dev).expect("it opens");
        let everything = AssignmentQuery::everything();
        let page = store.list_assignments(&tenant, &everything).await;
        let page = page.expect("assignments");
        let assignments = page.holdings.iter().map(|holding| {
            let id = AssignmentId {
                principal: holding.principal.clone(),
                role: holding.role,
            };
            (id.to_string(), shown(holding.state(page.now)))
        });
        Self {
            assignments: assignments.collect(),
            events: store.events(&tenant, 0, usize::MAX).await.expect("events"),
        }
    }

    /// The assignments that are there, and how.
    pub(super) fn shown(&self) -> &BTreeMap<String, Shown> {
        &self.assignments
    }

    /// Fails where a row has no event, an event no row, or an event is missing in the middle.
    pub(super) fn is_whole(&self) {
        let sequence = self.events.iter().map(|event| event.sequence);
        assert!(sequence.eq(1..=self.events.len() as u64), "a gap");
        let mut last = BTreeMap::new();
        for RecordedEvent { event, .. } in &self.events {
            if let (Some(principal), Some(role), After::Assignment(state)) =
                (&event.principal, event.role, &event.after)
            {
                let principal = principal.clone();
                last.insert(AssignmentId { principal, role }.to_string(), shown(*state));
            }
        }
        last.retain(|_, shown| shown.is_some());
        assert_eq!(last, self.assignments, "the log and the rows");
    }

    /// Fails where something that was answered is not there, or something is there that nobody asked for.
    pub(super) fn has(&self, history: &[Written]) {
        let mut asked: BTreeMap<String, &Written> = BTreeMap::new();
        for written in history {
            asked.insert(written.sent.to_string(), written);
        }
        let mut done = BTreeMap::new();
        // What was refused is told of too, if there was time for it.
        let changes = self
            .events
            .iter()
            .filter(|recorded| recorded.event.kind != EventKind::Refuse);
        for event in changes {
            let Some(sent) = &event.cause.client_request else {
                continue;
            };
            let written = asked
                .get(sent)
                .expect("an event of a request that was sent");
            done.insert(sent.clone(), event);
            is_of(event, written);
        }
        for (sent, written) in &asked {
            match written.answered {
                Answered::Done(..) => assert!(done.contains_key(sent), "lost: {written:?}"),
                Answered::Nothing | Answered::Refused => {
                    assert!(!done.contains_key(sent), "was not to be done: {written:?}");
                }
                Answered::Unanswered => {}
            }
        }
        self.keeps_the_order_of(history, &done);
    }

    /// What one writer alone has done to an assignment is in the log in that order.
    fn keeps_the_order_of(&self, history: &[Written], done: &BTreeMap<String, &RecordedEvent>) {
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        for written in history.iter().filter(|written| is_own(written.user)) {
            if let Some(event) = done.get(&written.sent.to_string()) {
                let before = last.insert(written.user, event.sequence);
                assert!(before < Some(event.sequence), "out of order: {written:?}");
            }
        }
    }
}

/// Fails where the event is not what was answered to this request.
fn is_of(event: &RecordedEvent, written: &Written) {
    let principal = event.event.principal.as_ref().map(|user| user.as_str());
    assert_eq!(principal, Some(written.user), "{event:?}");
    let After::Assignment(state) = event.event.after else {
        panic!("an event of an assignment: {event:?}");
    };
    match written.answered {
        Answered::Done(request, left) => {
            assert_eq!(event.cause.request, request, "{written:?}");
            assert_eq!(shown(state), left, "{written:?}");
        }
        Answered::Unanswered => {}
        Answered::Nothing | Answered::Refused => panic!("{event:?} of {written:?}"),
    }
}

/// The wire's view of a state.
fn shown(state: Option<State>) -> Shown {
    let until = |state: State| {
        state.until().map(|until| {
            DateTime::from_timestamp_micros(until.as_micros()).expect("in chrono's calendar")
        })
    };
    state.map(|state| (state.is_active(), until(state)))
}

/// The assignments of a list that a server sent.
pub(super) fn shown_on_the_wire(list: &[Value]) -> BTreeMap<String, Shown> {
    let entry = |assignment: &Value| {
        let assignment = serde_json::from_value(assignment.clone());
        let assignment: pimento_client::graph_beta::types::PrivilegedRoleAssignment =
            assignment.expect("an assignment");
        (assignment.id.clone(), super::writers::shown(&assignment))
    };
    list.iter().map(entry).collect()
}
