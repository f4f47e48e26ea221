//! What can happen: who asks what, how the clock jumps, and what is given where no command gives it. Plain data, so that
//! a sequence that fails can be read.

use std::fmt;

/// An instant, in microseconds since 1970.
pub(crate) type Micros = i64;

/// One minute.
pub(crate) const MINUTE: Micros = 60_000_000;

/// Two organisations. Fay has signed up the first one before a sequence begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tenant {
    North,
    South,
}

/// The people; in the other tenant the same name is another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Fay,
    Gus,
    Hal,
    Ivy,
}

/// The roles that are asked about. `NightWatch` is the first tenant's own, until it is removed; `Nothing` is the id of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    PrivilegedRoleAdministrator,
    SecurityAdministrator,
    GlobalAdministrator,
    SecurityReader,
    DirectoryReaders,
    NightWatch,
    Nothing,
}

impl Tenant {
    pub(crate) const ALL: [Self; 2] = [Self::North, Self::South];
}

impl Who {
    pub(crate) const ALL: [Self; 4] = [Self::Fay, Self::Gus, Self::Hal, Self::Ivy];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fay => "fay",
            Self::Gus => "gus",
            Self::Hal => "hal",
            Self::Ivy => "ivy",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|who| who.name() == name);
        found.unwrap_or_else(|| panic!("{name} is nobody whom anything was given"))
    }
}

impl Role {
    /// The roles that there are, or may be.
    pub(crate) const ALL: [Self; 6] = [
        Self::PrivilegedRoleAdministrator,
        Self::SecurityAdministrator,
        Self::GlobalAdministrator,
        Self::SecurityReader,
        Self::DirectoryReaders,
        Self::NightWatch,
    ];

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::PrivilegedRoleAdministrator => "e8611ab8-c189-46e8-94e1-60213ab1f814",
            Self::SecurityAdministrator => "194ae4cb-b126-40b2-bd5b-6091b380977d",
            Self::GlobalAdministrator => "62e90394-69f5-4237-9190-012177145e10",
            Self::SecurityReader => "5d6b6bb7-de71-4623-b4af-96380a352509",
            Self::DirectoryReaders => "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
            Self::NightWatch => "3b6f1f0e-58c7-4a43-9a51-7c1d2f6e9b10",
            Self::Nothing => "00000000-0000-4000-8000-000000000000",
        }
    }

    pub(crate) fn of_id(id: &str) -> Self {
        let found = Self::ALL.into_iter().find(|role| role.id() == id);
        found.unwrap_or_else(|| panic!("{id} is no role that anybody was given"))
    }
}

/// What the caller's token says beside who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Token {
    /// Signed in with a password.
    Plain,
    /// Signed in with a second factor.
    Mfa,
    /// The same, and the token names this directory role.
    With(Role),
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Caller {
    pub(crate) who: Who,
    pub(crate) of: Tenant,
    pub(crate) token: Token,
}

/// Whether a reason and a ticket are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Unsaid,
    Reason,
    Ticket,
}

/// What kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    AdminAdd,
    UserAdd,
}

/// When a grant that is asked for is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Unsaid,
    After(Length),
    /// So many microseconds from now.
    At(Micros),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) manner: Manner,
    pub(crate) who: Who,
    pub(crate) role: Role,
    pub(crate) active: bool,
    /// So many microseconds from now; none for now.
    pub(crate) start: Option<Micros>,
    pub(crate) ending: Ending,
    pub(crate) why: Why,
}

impl Wish {
    /// What it comes to where an approval is asked for: that is for an activation, and has no place for a ticket.
    pub(crate) fn for_approval(&self) -> Self {
        Self {
            manner: Manner::UserAdd,
            active: true,
            why: match self.why {
                Why::Ticket => Why::Reason,
                why => why,
            },
            ..self.clone()
        }
    }
}

/// How an approver decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Approve,
    Deny,
}

/// The length of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Unsaid,
    Minimum,
    Minutes(i64),
}

/// The members of an update of settings that are sent; lengths in minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) default: Option<i64>,
    pub(crate) ticket: Option<bool>,
    pub(crate) mfa: Option<bool>,
    pub(crate) approval: Option<bool>,
    pub(crate) approvers: Option<Vec<Who>>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Elevated as sent, and the end so many microseconds from now.
    Create(Who, Role, Option<bool>, Option<Micros>),
    MakePermanent(Who, Role, Why),
    MakeEligible(Who, Role),
    Delete(Who, Role),
    SelfActivate(Role, Length, Why),
    SelfDeactivate(Role),
    Configure(Role, Update),
    RemoveRole(Role),
    SignUp,
    CreateRequest(Wish),
    /// The same with `evaluateOnly`.
    Evaluate(Wish),
    /// For an activation of this role, start, ending and reason.
    CreateApproval(Wish),
    /// The number of a request; in a sequence, counted back from the newest one.
    Cancel(usize),
    Decide(usize, Verdict, Why),
    /// What the job does that records what came due. Nobody asks for it.
    RecordDue,
    /// Lists are read to their end, by pages of this size.
    List(usize),
    ListOfRole(Role, usize),
    ListMine(usize),
    Get(Who, Role),
    GetRoleOf(Who, Role),
    GetRole(Role),
    ListRoles,
    GetSettings(Role),
    IsSignedUp,
    CanSignUp,
    ListRequests(usize),
    ListMyRequests(usize),
    GetRequest(usize),
    GetRequestRole(usize),
    ListApprovals(usize),
    ListMyApprovals(usize),
    GetApproval(usize),
    GetApprovalRequest(usize),
    GetApprovalRole(usize),
}

impl Ask {
    /// The same about the request of that number among so many that there are, if it is counted back from the newest.
    pub(crate) fn counted_back(mut self, requests: usize) -> Self {
        match &mut self {
            Self::Cancel(number)
            | Self::Decide(number, ..)
            | Self::GetRequest(number)
            | Self::GetRequestRole(number)
            | Self::GetApproval(number)
            | Self::GetApprovalRequest(number)
            | Self::GetApprovalRole(number)
                if *number < requests =>
            {
                *number = requests - 1 - *number;
            }
            _ => {}
        }
        self
    }

    /// The operationId.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Create(..) => "create_assignment",
            Self::MakePermanent(..) => "make_permanent",
            Self::MakeEligible(..) => "make_eligible",
            Self::Delete(..) => "delete_assignment",
            Self::SelfActivate(..) => "self_activate",
            Self::SelfDeactivate(..) => "self_deactivate",
            Self::Configure(..) => "update_role_settings",
            Self::RemoveRole(_) => "delete_role",
            Self::SignUp => "sign_up",
            Self::CreateRequest(_) | Self::Evaluate(_) => "create_request",
            Self::CreateApproval(_) => "create_approval",
            Self::Cancel(_) => "cancel_request",
            Self::Decide(..) => "update_approval",
            Self::RecordDue => "record_due",
            Self::List(..) => "list_assignments",
            Self::ListOfRole(..) => "list_role_assignments",
            Self::ListMine(..) => "list_my_assignments",
            Self::Get(..) => "get_assignment",
            Self::GetRoleOf(..) => "get_assignment_role",
            Self::GetRole(..) => "get_role",
            Self::ListRoles => "list_roles",
            Self::GetSettings(..) => "get_role_settings",
            Self::IsSignedUp => "is_signed_up",
            Self::CanSignUp => "can_sign_up",
            Self::ListRequests(_) => "list_requests",
            Self::ListMyRequests(_) => "list_my_requests",
            Self::GetRequest(_) => "get_request",
            Self::GetRequestRole(_) => "get_request_role",
            Self::ListApprovals(_) => "list_approvals",
            Self::ListMyApprovals(_) => "list_my_approvals",
            Self::GetApproval(_) => "get_approval",
            Self::GetApprovalRequest(_) => "get_approval_request",
            Self::GetApprovalRole(_) => "get_approval_role",
        }
    }
}

/// How the clock jumps. It stands still in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jump {
    /// Forward by so many minutes.
    Forward(i64),
    /// Back by so many minutes: the process clock was corrected.
    Back(i64),
    /// To the n-th of all instants at which anything begins or ends, and so many microseconds from it.
    ToBound(usize, Micros),
}

/// A row that no command makes: scheduled, overlapping others, active without being eligible, eligible until an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gift {
    pub(crate) to: Who,
    pub(crate) of: Tenant,
    pub(crate) role: Role,
    pub(crate) active: bool,
    /// Minutes from now; negative for before.
    pub(crate) starts_in: i64,
    /// Minutes, from now or from the start where that is later.
    pub(crate) length: i64,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Asks(Caller, Ask),
    Clock(Jump),
    Given(Gift),
    /// The recording job runs.
    Recorded,
}

/// A whole sequence, and what was so before it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// Roles of the first tenant whose activation needs an approval by these people, or by any administrator if none.
    pub(crate) approval: Vec<(Role, Vec<Who>)>,
    pub(crate) steps: Vec<Step>,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {:?} ({:?})", self.who, self.of, self.token)
    }
}

/// One line a step.
impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "approval of {:?}", self.approval)?;
        for (number, step) in self.steps.iter().enumerate() {
            write!(f, "{:4}. ", number + 1)?;
            match step {
                Step::Asks(caller, ask) => writeln!(f, "{caller:?} asks {ask:?}")?,
                Step::Clock(jump) => writeln!(f, "the clock goes {jump:?}")?,
                Step::Given(gift) => writeln!(f, "given: {gift:?}")?,
                Step::Recorded => writeln!(f, "what is due is recorded")?,
            }
        }
        Ok(())
    }
}
