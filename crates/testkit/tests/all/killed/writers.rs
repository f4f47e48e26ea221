//! People who send one command after the other until their server is gone, and keep what it answered.

use std::net::SocketAddr;
use std::sync::Arc;

use pimento_client::chrono::{DateTime, Utc};
use pimento_client::graph_beta::types::PrivilegedRoleAssignment;
use pimento_client::uuid::Uuid;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Answer, Call, Contract};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::paths::{ASSIGNMENTS, assignment, own};

/// Whose assignments each writer changes. Some writers are alone with theirs, others meet.
pub(super) const USERS: [&[&str]; 6] = [
    &["own-0", "own-1"],
    &["own-2"],
    &["own-3", "own-4"],
    &["shared-0", "shared-1"],
    &["shared-0", "shared-1"],
    &["shared-1", "shared-0"],
];

/// Whether only one writer changes this assignment, so that the log has its commands in the order in which they were sent.
pub(super) fn is_own(user: &str) -> bool {
    user.starts_with("own-")
}

/// What the wire shows of an assignment: whether it is elevated, and until when. `None` where there is none.
pub(super) type Shown = Option<(bool, Option<DateTime<Utc>>)>;

/// What the wire shows of this assignment.
pub(super) fn shown(assignment: &PrivilegedRoleAssignment) -> Shown {
    Some((assignment.is_elevated, assignment.expiration_date_time))
}

#[derive(Clone, Copy, Debug)]
enum Command {
    CreateEligible,
    CreatePermanent,
    MakePermanent,
    MakeEligible,
    SelfActivate,
    SelfDeactivate,
    Delete,
}

/// What a writer does, over and over: most of it is possible wherever the last round ended.
const COMMANDS: [Command; 13] = [
    Command::CreateEligible,
    Command::SelfActivate,
    Command::MakePermanent,
    Command::MakeEligible,
    Command::SelfActivate,
    Command::SelfDeactivate,
    Command::MakeEligible,
    Command::MakePermanent,
    Command::Delete,
    Command::CreatePermanent,
    Command::MakeEligible,
    Command::SelfActivate,
    Command::Delete,
];

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// It was done by the request of this id, and left the assignment so.
    Done(Uuid, Shown),
    /// There was nothing to do.
    Nothing,
    /// It was not allowed.
    Refused,
    /// The server was gone.
    Unanswered,
}

/// A command that was sent.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// Whose assignment it is about.
    pub(super) user: &'static str,
    /// The client's id of the request.
    pub(super) sent: Uuid,
    /// What became of it.
    pub(super) answered: Answered,
}

impl Written {
    /// Whether the server was gone before it answered.
    pub(super) fn is_unanswered(&self) -> bool {
        self.answered == Answered::Unanswered
    }
}

/// Somebody who is signed in to a server that will be killed.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) address: SocketAddr,
    pub(super) token: String,
    pub(super) contract: Arc<Contract>,
}

/// Somebody who writes.
pub(super) struct Writer {
    /// Who gives and takes.
    pub(super) administrator: Person,
    /// Whose assignments are changed.
    pub(super) people: Vec<(&'static str, Person)>,
    /// With which command it begins.
    pub(super) turn: usize,
}

impl Writer {
    /// Sends commands until one is not answered, and tells of every answer.
    #[expect(
        clippy::disallowed_methods,
        reason = "an id for each command, as any client draws one"
    )]
    pub(super) async fn write(self, acknowledge: UnboundedSender<()>) -> Vec<Written> {
        let mut written: Vec<Written> = Vec::new();
        while !written.last().is_some_and(Written::is_unanswered) {
            let step = self.turn + written.len() / self.people.len();
            let (user, person) = &self.people[written.len() % self.people.len()];
            let sent = Uuid::new_v4();
            let command = COMMANDS[step % COMMANDS.len()];
            let answered = self.send(command, user, person, sent).await;
            written.push(Written {
                user,
                sent,
                answered,
            });
            let _ = acknowledge.send(());
        }
        written
    }
}

impl Person {
    /// A request with an id of its own; `None` where the server was gone before it answered.
    async fn send(
        &self,
        sent: Uuid,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Option<Answer> {
        let call = Call::new(self.address, method, path)
            .judged_by(&self.contract)
            .bearer(&self.token)
            .header("client-request-id", sent.to_string());
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        call.send_to_the_dying().await
    }
}

impl Writer {
    async fn send(&self, command: Command, user: &str, person: &Person, sent: Uuid) -> Answered {
        let role = APPLICATION_ADMINISTRATOR;
        let path = assignment(user, role);
        let new =
            |is_elevated| Some(json!({"userId": user, "roleId": role, "isElevated": is_elevated}));
        let (by, method, path, body) = match command {
            Command::CreateEligible => (
                &self.administrator,
                "POST",
                ASSIGNMENTS.to_owned(),
                new(false),
            ),
            Command::CreatePermanent => (
                &self.administrator,
                "POST",
                ASSIGNMENTS.to_owned(),
                new(true),
            ),
            Command::MakePermanent => (
                &self.administrator,
                "POST",
                format!("{path}/makePermanent"),
                None,
            ),
            Command::MakeEligible => (
                &self.administrator,
                "POST",
                format!("{path}/makeEligible"),
                None,
            ),
            Command::SelfActivate => (person, "POST", own(role, "selfActivate"), None),
            Command::SelfDeactivate => (person, "POST", own(role, "selfDeactivate"), None),
            Command::Delete => (&self.administrator, "DELETE", path, None),
        };
        outcome(by.send(sent, method, &path, body).await)
    }
}

/// What became of a command, by what was answered.
fn outcome(answer: Option<Answer>) -> Answered {
    let Some(answer) = answer else {
        return Answered::Unanswered;
    };
    let id = || {
        let id = answer.header("request-id").expect("every answer has an id");
        id.parse().expect("a GUID")
    };
    match answer.status {
        400 | 404 | 503 => Answered::Refused,
        204 => Answered::Done(id(), None),
        _ => {
            let left: PrivilegedRoleAssignment =
                serde_json::from_slice(&answer.body).expect("an assignment");
            if left.result_message.is_none() {
                Answered::Done(id(), shown(&left))
            } else {
                Answered::Nothing
            }
        }
    }
}
