//! A tenant of three people and two roles, and beside its grants what the log promised of each pair, by a reckoning of
//! its own: so grants and log are held against each other.

use std::collections::BTreeMap;

use super::*;
use crate::rules::{SignUpFacts, sign_up, update_role_settings};

/// What the log promises of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Promise {
    Inactive,
    ActiveUntil(Instant),
    ActiveForEver,
}

pub(super) struct World {
    now: Instant,
    holdings: BTreeMap<Pair, Vec<Grant>>,
    settings: BTreeMap<RoleId, Settings>,
    promises: BTreeMap<Pair, Promise>,
}

impl World {
    /// A tenant that Fay has just signed up.
    pub(super) fn new(approval: Option<Vec<&'static str>>) -> Self {
        let facts = SignUpFacts {
            now: at(0),
            registered: false,
            admitted: true,
        };
        let founder = caller("fay", &[GLOBAL_ADMINISTRATOR]);
        let (holdings, _) = sign_up(&facts, &founder).unwrap().unwrap();
        let administrator = &holdings[0];
        let of = ("fay", administrator.role);
        let mut settings: BTreeMap<RoleId, Settings> = ROLES
            .map(|role| (role, Settings::of(role::find(role).unwrap())))
            .into();
        if let Some(approvers) = approval {
            let settings = settings.get_mut(&PRIVILEGED_ROLE_ADMINISTRATOR).unwrap();
            settings.approval = true;
            settings.approvers = approvers.into_iter().map(principal).collect();
        }
        Self {
            now: at(0),
            holdings: BTreeMap::from([(of, administrator.grants.clone())]),
            settings,
            promises: BTreeMap::from([(of, Promise::ActiveForEver)]),
        }
    }

    fn facts(&self, (who, role): Pair) -> Facts {
        let grants = self.holdings.get(&(who, role)).cloned().unwrap_or_default();
        Facts {
            now: self.now,
            policy: Policy::default(),
            role: role::find(role).unwrap().clone(),
            settings: self.settings[&role].clone(),
            holding: holding(who, role, grants),
            administrators: self.administrators(),
        }
    }

    fn administrators(&self) -> Administrators {
        let holdings = self.holdings.iter();
        Administrators {
            holdings: holdings
                .filter(|((_, role), _)| *role == PRIVILEGED_ROLE_ADMINISTRATOR)
                .map(|((who, role), grants)| holding(who, *role, grants.clone()))
                .collect(),
            settings: self.settings[&PRIVILEGED_ROLE_ADMINISTRATOR].clone(),
        }
    }

    fn promise(&self, of: Pair) -> Promise {
        self.promises.get(&of).copied().unwrap_or(Promise::Inactive)
    }

    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Wait(length) => self.now = self.now.plus(minutes(length)),
            Step::Ask(by, of, command) => self.ask(by, of, &command),
            Step::Configure(role, update) => self.configure(role, &update),
            Step::Give(of, kind, length) => self.give(of, kind, length),
        }
    }

    fn ask(&mut self, by: &'static str, of: Pair, command: &Command) {
        let facts = self.facts(of);
        let (by, own) = (caller(by, &[]), caller(of.0, &[]));
        let outcome = match command {
            Command::Create(new) => {
                let until = new.until.map(|length| self.now.plus(minutes(length)));
                let elevated = new.elevated;
                create_assignment(&facts, &by, &CreateAssignment { elevated, until })
            }
            Command::MakePermanent => make_permanent(&facts, &by, &ticket()),
            Command::MakeEligible => make_eligible(&facts, &by),
            Command::Delete => delete_assignment(&facts, &by),
            Command::SelfActivate(length, why) => self_activate(&facts, &own, *length, why),
            Command::SelfDeactivate => self_deactivate(&facts, &own),
        };
        match outcome {
            Err(_) => {}
            Ok(Outcome::Unchanged(message)) => check_unchanged(&facts, command, message),
            Ok(Outcome::Changed { grants, events }) => {
                check_changed(&facts, &grants, &events);
                if matches!(command, Command::SelfActivate(..)) {
                    check_activation(&facts, &events);
                }
                self.record(of, grants, &events);
            }
        }
    }

    /// Takes the change over, and what its events promise: they alone, without a look at the grants.
    fn record(&mut self, of: Pair, grants: Vec<Grant>, events: &Events) {
        for event in events.iter() {
            if event.note == Some(Note::Expired) {
                assert_eq!(self.promise(of), Promise::ActiveUntil(event.at));
            } else if let Promise::ActiveUntil(end) = self.promise(of) {
                assert!(event.at < end, "an end came and was not recorded");
            }
            let promise = match (event.kind, event.until, &event.after) {
                (EventKind::Assign, None, After::Assignment(Some(State::Eligible)))
                | (EventKind::Deactivate | EventKind::Unassign, None, _) => Promise::Inactive,
                (EventKind::Assign | EventKind::Activate, None, _) => Promise::ActiveForEver,
                (EventKind::Assign | EventKind::Activate, Some(end), _) => {
                    Promise::ActiveUntil(end)
                }
                _ => panic!("{event:?}"),
            };
            self.promises.insert(of, promise);
        }
        self.holdings.insert(of, grants);
    }

    fn configure(&mut self, role: RoleId, update: &SettingsUpdate) {
        let old = &self.settings[&role];
        let found = role::find(role).unwrap();
        let administrators = self.administrators();
        let by = caller("fay", &[]);
        let change = update_role_settings(self.now, found, old, &administrators, &by, update);
        let Ok(Some((new, events))) = change else {
            return;
        };
        let after = events.iter().last().map(|event| event.after.clone());
        assert_eq!(after, Some(After::Settings(new.clone())));
        assert_ne!(new, *old);
        assert!(old.approval || !new.approval);
        assert!(Settings::LEAST <= new.minimum && new.minimum <= new.default);
        assert!(new.default <= new.maximum && new.maximum <= Settings::MOST);
        self.settings.insert(role, new);
    }

    fn give(&mut self, of: Pair, kind: Kind, length: i64) {
        if self
            .holdings
            .get(&of)
            .is_some_and(|grants| !grants.is_empty())
        {
            return;
        }
        let end = self.now.plus(minutes(length));
        let grant = Grant {
            kind,
            start: self.now,
            end: Some(end),
            origin: Origin::Administrator,
        };
        if kind == Kind::Active {
            self.promises.insert(of, Promise::ActiveUntil(end));
        }
        self.holdings.insert(of, vec![grant]);
    }

    /// Whether somebody administers for ever, or can without asking those who would have to administer first.
    fn someone_lasts(&self) -> bool {
        let settings = &self.settings[&PRIVILEGED_ROLE_ADMINISTRATOR];
        let approvers = &settings.approvers;
        PEOPLE.iter().any(|who| {
            let of = (*who, PRIVILEGED_ROLE_ADMINISTRATOR);
            let has = |kind| {
                let mut grants = self.holdings.get(&of).into_iter().flatten();
                grants.any(|grant| grant.kind == kind && grant.end.is_none())
            };
            let approved = !settings.approval || approvers.iter().any(|one| one.as_str() != *who);
            has(Kind::Active) || approved && has(Kind::Eligible)
        })
    }

    /// What is so at any time, whether or not anything was recorded.
    pub(super) fn check(&self) {
        assert!(self.someone_lasts(), "the tenant is locked out");
        for (of, grants) in &self.holdings {
            let said = holding(of.0, of.1, grants.clone()).state(self.now);
            assert_eq!(said.map(name), self.column(grants), "{of:?}: {grants:?}");
            let active = match self.promise(*of) {
                Promise::Inactive => false,
                Promise::ActiveUntil(end) => self.now < end,
                Promise::ActiveForEver => true,
            };
            assert_eq!(said.is_some_and(State::is_active), active, "{of:?}");
        }
    }

    /// The one column of the table that these grants are in.
    fn column(&self, grants: &[Grant]) -> Option<&'static str> {
        let holds =
            |grant: &&Grant| grant.start <= self.now && grant.end.is_none_or(|end| self.now < end);
        let live: Vec<&Grant> = grants.iter().filter(holds).collect();
        let count = |kind| live.iter().filter(|grant| grant.kind == kind).count();
        let endless = live
            .iter()
            .filter(|grant| grant.kind == Kind::Active && grant.end.is_none())
            .count();
        match (
            count(Kind::Eligible),
            endless,
            count(Kind::Active) - endless,
        ) {
            (0, 0, 0) => None,
            (0, 1, 0) => Some("P"),
            (1, 0, 0) => Some("E"),
            (1, 0, 1) => Some("EA"),
            (0, 0, 1) => Some("A"),
            _ => panic!("no state of the table: {grants:?}"),
        }
    }
}

fn name(state: State) -> &'static str {
    match state {
        State::Permanent => "P",
        State::Eligible => "E",
        State::EligibleAndActive { .. } => "EA",
        State::Active { .. } => "A",
    }
}

/// Only what is so already is left as it is.
fn check_unchanged(facts: &Facts, command: &Command, message: Message) {
    let state = facts.holding.state(facts.now).map(name);
    match (command, message, state) {
        (Command::MakeEligible, Message::AlreadyEligible, Some("E" | "EA"))
        | (Command::SelfDeactivate, Message::NotActive, Some("E")) => {}
        unexpected => panic!("{unexpected:?}"),
    }
}

/// The log says what the grants come to, in order, and no grant that has ended is carried on.
pub(super) fn check_changed(facts: &Facts, grants: &[Grant], events: &Events) {
    let state = holding("anybody", facts.role.id, grants.to_vec()).state(facts.now);
    let last = events.iter().last().unwrap();
    assert_eq!(last.after, After::Assignment(state));
    assert_eq!(last.at, facts.now);
    assert!(events.iter().is_sorted_by_key(|event| event.at));
    assert!(
        grants
            .iter()
            .all(|grant| grant.end.is_none_or(|end| facts.now < end))
    );
    if matches!(last.kind, EventKind::Assign | EventKind::Activate) {
        assert_eq!(last.until, state.and_then(State::until));
    }
}

/// An activation lies within the limits, and nothing that the settings ask for is missing.
fn check_activation(facts: &Facts, events: &Events) {
    let event = events.iter().last().unwrap();
    let length = event.until.unwrap().since(facts.now);
    assert!(facts.settings.minimum <= length && length <= facts.settings.maximum);
    assert!(!facts.settings.ticket || event.justification.ticket_number.is_some());
    assert!(!facts.settings.approval);
}
