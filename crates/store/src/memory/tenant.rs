//! The rows of one tenant, and all that is asked of them.

use std::collections::BTreeMap;

use pimento_domain::{
    AssignmentId, Grant, Holding, Instant, Kind, PrincipalId, Request, RequestId, Role, RoleId,
    Settings, Setup,
};

use crate::seal::{Head, Link, Salted, Sealed, Tail};
use crate::{
    ADMINISTRATORS, AssignmentField, AssignmentQuery, Change, Changeset, Committed, Expected,
    Loaded, Page, RecordedEvent, RequestPage, RequestQuery, Revision, StoreError, Wanted,
};

#[derive(Clone, Debug, Default)]
pub(super) struct Tenant {
    pub(super) registered: Option<(Instant, Revision)>,
    pub(super) setup: Setup,
    pub(super) holdings: BTreeMap<AssignmentId, (Vec<Grant>, Revision)>,
    pub(super) requests: BTreeMap<RequestId, (Request, Revision)>,
    pub(super) settings: BTreeMap<RoleId, (Settings, Revision)>,
    pub(super) roles: BTreeMap<RoleId, (Role, Revision)>,
    pub(super) administered: BTreeMap<RoleId, Revision>,
    pub(super) events: Vec<RecordedEvent>,
    pub(super) head: Option<Head>,
    pub(super) links: Vec<Link>,
}

impl Tenant {
    /// What is expected, with the revision that its row has now; `None` where it is not so, and is no row's revision.
    fn as_it_is(&self, expected: &Expected) -> Option<Expected> {
        let or_absent = |found: Option<Revision>| found.unwrap_or(Revision::ABSENT);
        Some(match expected {
            Expected::Registration(_) => {
                Expected::Registration(or_absent(self.registered.map(|(_, found)| found)))
            }
            Expected::Holding(principal, role, _) => {
                let id = AssignmentId {
                    principal: principal.clone(),
                    role: *role,
                };
                let found = self.holdings.get(&id).map(|(_, found)| *found);
                Expected::Holding(id.principal, *role, or_absent(found))
            }
            Expected::Requests(principal, role, _) => {
                let about = |(request, _): &&(Request, Revision)| {
                    request.principal == *principal && request.role == *role
                };
                let requests = self.requests.values().filter(about);
                let newest = requests.map(|(_, found)| *found).max();
                Expected::Requests(principal.clone(), *role, or_absent(newest))
            }
            Expected::Settings(role, _) => {
                let found = self.settings.get(role).map(|(_, found)| *found);
                Expected::Settings(*role, or_absent(found))
            }
            Expected::Administrators(role, _) => {
                let found = self.administered.get(role).copied();
                Expected::Administrators(*role, or_absent(found))
            }
            Expected::Role(role, _) => {
                let found = self.roles.get(role).map(|(_, found)| *found);
                Expected::Role(*role, or_absent(found))
            }
            Expected::RoleName(name, _) => {
                let found = self.named(name).map(|(_, found)| found);
                Expected::RoleName(name.clone(), or_absent(found))
            }
            Expected::Unused(role, at) => {
                let unused = self.uses(*role, *at).is_none();
                return unused.then(|| expected.clone());
            }
        })
    }

    pub(super) fn load(&self, wanted: &Wanted, now: Instant) -> Loaded {
        let holding = wanted
            .holding
            .as_ref()
            .map(|(principal, role)| self.holding(principal, *role));
        Loaded {
            now,
            registered: self.registered.map(|(registered, _)| registered),
            setup: self.setup,
            requests: holding
                .as_ref()
                .map(|holding| self.unrecorded(holding))
                .unwrap_or_default(),
            holding,
            request: wanted
                .request
                .and_then(|id| self.requests.get(&id))
                .map(|(request, _)| request.clone()),
            settings: wanted
                .settings
                .and_then(|role| self.settings.get(&role))
                .map(|(settings, _)| settings.clone()),
            administrators: wanted
                .administrators
                .map(|role| self.administrators(role, now))
                .unwrap_or_default(),
            role: wanted.role.and_then(|role| self.role(role)),
            named: wanted
                .role_name
                .as_ref()
                .and_then(|name| self.named(name))
                .map(|(role, _)| role.clone()),
            uses: wanted
                .uses
                .map(|role| self.uses(role, now))
                .unwrap_or_default(),
            expected: self.expected(wanted, now),
        }
    }

    /// The revisions of all that is wanted.
    fn expected(&self, wanted: &Wanted, now: Instant) -> Vec<Expected> {
        let absent = Revision::ABSENT;
        let mut expected = vec![Expected::Registration(absent)];
        if let Some((principal, role)) = &wanted.holding {
            expected.push(Expected::Holding(principal.clone(), *role, absent));
            expected.push(Expected::Requests(principal.clone(), *role, absent));
        }
        expected.extend(wanted.settings.map(|role| Expected::Settings(role, absent)));
        let administrators = |role| Expected::Administrators(role, absent);
        expected.extend(wanted.administrators.map(administrators));
        expected.extend(wanted.role.map(|role| Expected::Role(role, absent)));
        let name = wanted.role_name.clone();
        expected.extend(name.map(|name| Expected::RoleName(name, absent)));
        for row in &mut expected {
            if let Some(found) = self.as_it_is(row) {
                *row = found;
            }
        }
        expected.extend(wanted.uses.map(|role| Expected::Unused(role, now)));
        expected
    }

    fn holding(&self, principal: &PrincipalId, role: RoleId) -> Holding {
        let id = AssignmentId {
            principal: principal.clone(),
            role,
        };
        let grants = self.holdings.get(&id).map(|(grants, _)| grants.clone());
        Holding {
            principal: id.principal,
            role,
            grants: grants.unwrap_or_default(),
        }
    }

    fn unrecorded(&self, of: &Holding) -> Vec<Request> {
        let requests = self.requests.values().map(|(request, _)| request);
        requests
            .filter(|request| request.principal == of.principal && request.role == of.role)
            .filter(|request| !request.recorded)
            .cloned()
            .collect()
    }

    /// What is due, with the times since when.
    pub(super) fn due(&self, now: Instant) -> impl Iterator<Item = (Instant, AssignmentId)> {
        let grants = self.holdings.iter().flat_map(|(id, (grants, _))| {
            let ends = grants.iter().filter_map(|grant| grant.end);
            ends.map(|end| (end, id.clone()))
        });
        let requests = self.requests.values().filter_map(|(request, _)| {
            let id = AssignmentId {
                principal: request.principal.clone(),
                role: request.role,
            };
            Some((request.due()?, id))
        });
        grants.chain(requests).filter(move |(at, _)| *at <= now)
    }

    pub(super) fn list_requests(&self, query: &RequestQuery, now: Instant) -> RequestPage {
        let requests = self.requests.values().map(|(request, _)| request);
        let found = query.select(requests, |request, field| field.value(request, now));
        RequestPage {
            now,
            requests: found.rows.into_iter().cloned().collect(),
            more: found.more,
            total: found.total,
        }
    }

    fn administrators(&self, role: RoleId, now: Instant) -> Vec<Holding> {
        let endless = |holding: &Holding, has_started: bool, kind| {
            let mut grants = holding.grants.iter();
            grants.any(|grant| {
                grant.kind == kind && grant.end.is_none() && (grant.start <= now) == has_started
            })
        };
        let all = || self.holdings().filter(|holding| holding.role == role);
        let first = |has_started| {
            let active = all().filter(move |holding| endless(holding, has_started, Kind::Active));
            let only_eligible = all().filter(move |holding| {
                endless(holding, has_started, Kind::Eligible)
                    && !endless(holding, has_started, Kind::Active)
            });
            active.chain(only_eligible).take(ADMINISTRATORS)
        };
        let mut found: Vec<Holding> = first(true).collect();
        let later = first(false).filter(|holding| !found.contains(holding));
        let later: Vec<Holding> = later.collect();
        found.extend(later);
        found
    }

    pub(super) fn holdings(&self) -> impl Iterator<Item = Holding> {
        let holding = |(id, (grants, _)): (&AssignmentId, &(Vec<Grant>, Revision))| Holding {
            principal: id.principal.clone(),
            role: id.role,
            grants: grants.clone(),
        };
        self.holdings.iter().map(holding)
    }

    pub(super) fn live(&self, now: Instant) -> impl Iterator<Item = Holding> {
        self.holdings()
            .filter(move |holding| holding.state(now).is_some())
    }

    pub(super) fn list(&self, query: &AssignmentQuery, now: Instant) -> Page {
        let only_live = |mut holding: Holding| {
            holding.grants.retain(|grant| grant.is_live(now));
            holding
        };
        let value = |holding: &Holding, field: AssignmentField| field.value(holding, now);
        let found = query.select(self.live(now).map(only_live), value);
        Page {
            now,
            holdings: found.rows,
            more: found.more,
            total: found.total,
        }
    }

    pub(super) fn commit(
        &mut self,
        changeset: Changeset,
        revision: Revision,
    ) -> Result<Committed, StoreError> {
        let is_stale = |expected: &Expected| self.as_it_is(expected).as_ref() != Some(expected);
        if changeset.expected.iter().any(is_stale) {
            return Err(StoreError::Conflict);
        }
        for change in changeset.changes {
            self.change(change, revision);
        }
        for event in changeset.events.iter() {
            let sequence = self.events.len() as u64 + 1;
            self.events.push(RecordedEvent {
                sequence,
                cause: changeset.cause.clone(),
                event: event.clone(),
            });
        }
        Ok(Committed {
            sequence: self.events.len() as u64,
        })
    }

    fn sealed(&self) -> u64 {
        self.head.as_ref().map_or(0, |head| head.sequence)
    }

    pub(super) fn is_unsealed(&self) -> bool {
        self.sealed() < self.events.len() as u64
    }

    /// The salts are no secret here.
    pub(super) fn tail(&self, limit: usize) -> Tail {
        let events = self
            .events
            .iter()
            .filter(|event| self.sealed() < event.sequence);
        let salted = |recorded: &RecordedEvent| Salted {
            salt: u128::from(recorded.sequence).to_be_bytes(),
            recorded: recorded.clone(),
        };
        Tail {
            head: self.head.clone(),
            events: events.take(limit).map(salted).collect(),
        }
    }

    pub(super) fn links(&self, after: u64, limit: usize) -> Vec<Link> {
        let links = self.links.iter().filter(|link| after < link.sequence);
        links.take(limit).copied().collect()
    }

    pub(super) fn seal(&mut self, sealed: Sealed) -> Result<(), StoreError> {
        if sealed.after != self.sealed() {
            return Err(StoreError::Conflict);
        }
        self.links.extend(sealed.links);
        self.head = Some(sealed.head);
        Ok(())
    }

    fn change(&mut self, change: Change, revision: Revision) {
        match change {
            Change::Register(at) => {
                self.registered = Some((at, revision));
                self.setup = Setup::NotStarted;
            }
            Change::Setup(setup) => {
                if let Some((_, of)) = &mut self.registered {
                    (self.setup, *of) = (setup, revision);
                }
            }
            Change::Holding(principal, role, grants) if grants.is_empty() => {
                self.holdings.remove(&AssignmentId { principal, role });
            }
            Change::Holding(principal, role, grants) => {
                self.holdings
                    .insert(AssignmentId { principal, role }, (grants, revision));
            }
            Change::Request(request) => {
                self.requests.insert(request.id, (*request, revision));
            }
            Change::Settings(role, settings) => {
                self.settings.insert(role, (settings, revision));
            }
            Change::Administrators(role) => {
                self.administered.insert(role, revision);
            }
            Change::Role(id, name) => {
                self.roles.insert(id, (Role::own(id, name), revision));
            }
            Change::RemoveRole(id) => self.remove_role(id, revision),
        }
    }
}
