//! People who send one command after the other until their server is gone, and keep what it answered.

use pimento_client::chrono::{DateTime, Utc};
use pimento_client::graph_beta::types::{
    MakePermanentParameters, NewPrivilegedRoleAssignment, PrivilegedRoleAssignment,
    SelfActivateParameters,
};
use pimento_client::uuid::Uuid;
use pimento_client::{Error, Pimento, ResponseValue, request_id};
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use tokio::sync::mpsc::UnboundedSender;

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

/// Somebody who writes.
pub(super) struct Writer {
    /// The client of an administrator.
    pub(super) administrator: Pimento,
    /// Whose assignments are changed, with their own clients.
    pub(super) people: Vec<(&'static str, Pimento)>,
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
            let client = |of: &Pimento| of.clone().with_request_ids(move || sent);
            let command = COMMANDS[step % COMMANDS.len()];
            let answered = send(command, user, &client(&self.administrator), &client(person)).await;
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

async fn send(command: Command, user: &str, ada: &Pimento, person: &Pimento) -> Answered {
    let (ada, person) = (ada.graph(), person.graph());
    let id = format!("{user}_{APPLICATION_ADMINISTRATOR}");
    let new = |is_elevated| NewPrivilegedRoleAssignment {
        user_id: user.to_owned(),
        role_id: APPLICATION_ADMINISTRATOR.to_owned(),
        is_elevated: Some(is_elevated),
        expiration_date_time: None,
    };
    let role = APPLICATION_ADMINISTRATOR;
    let answer = match command {
        Command::CreateEligible => ada.create_assignment().body(new(false)).send().await,
        Command::CreatePermanent => ada.create_assignment().body(new(true)).send().await,
        Command::MakePermanent => {
            let body = MakePermanentParameters::default();
            ada.make_permanent().id(id).body(body).send().await
        }
        Command::MakeEligible => ada.make_eligible().id(id).send().await,
        Command::SelfActivate => {
            let body = SelfActivateParameters::default();
            person.self_activate().id(role).body(body).send().await
        }
        Command::SelfDeactivate => person.self_deactivate().id(role).send().await,
        Command::Delete => {
            let answer = ada.delete_assignment().id(id).send().await;
            return outcome(answer, |_| Some(None));
        }
    };
    outcome(answer, |assignment| {
        let is_done = assignment.result_message.is_none();
        is_done.then(|| shown(assignment))
    })
}

/// What became of a command; `done` says what it left of the assignment, or `None` where it had nothing to do.
fn outcome<T, E: Into<Error>>(
    answer: Result<ResponseValue<T>, E>,
    done: impl FnOnce(&T) -> Option<Shown>,
) -> Answered {
    match answer.map_err(Into::into) {
        Ok(answer) => match done(&answer) {
            Some(shown) => Answered::Done(request_id(&answer).expect("an id"), shown),
            None => Answered::Nothing,
        },
        Err(Error::Refused(refused)) => {
            assert!(
                matches!(refused.status.as_u16(), 400 | 404 | 503),
                "{refused}"
            );
            Answered::Refused
        }
        Err(_) => Answered::Unanswered,
    }
}
