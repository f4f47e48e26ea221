//! Counting refused attempts, in bounded memory: what is to be written of them, and what is still counted.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Instant, PrincipalId, Refusal, SignedDuration,
    TenantId,
};

use super::{Attempt, Minutes, OPERATION, SEVERAL, Target};

/// Within which time attempts are counted together.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// How many different attempts of one person are told in a minute; how many more there were is told in one entry.
pub(super) const DIFFERENT: usize = 16;
/// Of how many people attempts are counted at once.
pub(super) const PEOPLE: usize = 4_096;
/// How many entries can wait to be written.
pub(super) const WAITING: usize = 8_192;

/// What has been refused and is not written yet.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    minutes: HashMap<(TenantId, PrincipalId), Minute>,
    waiting: VecDeque<Entry>,
    /// How many attempts there was no room for.
    lost: u64,
}

/// What one person was refused within the minute after the first of it.
#[derive(Debug)]
struct Minute {
    began: Instant,
    different: Vec<(Likeness, Option<Repeated>)>,
    others: Option<Repeated>,
}

/// What attempts of one person that are alike have in common.
#[derive(Debug, PartialEq, Eq)]
struct Likeness {
    operation: Cow<'static, str>,
    code: &'static str,
    target: Target,
}

/// Attempts that are counted, by the last of them.
#[derive(Debug)]
struct Repeated {
    at: Instant,
    cause: Cause,
    times: u32,
}

/// What is to be written, as one event.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(super) tenant: TenantId,
    pub(super) cause: Cause,
    principal: PrincipalId,
    at: Instant,
    target: Target,
    code: &'static str,
    times: u32,
}

impl Tally {
    /// Counts an attempt that is refused at `now`.
    pub(super) fn note(&mut self, attempt: Attempt, now: Instant) {
        let who = (attempt.tenant.clone(), attempt.principal.clone());
        if let Some(minute) = self.minutes.get(&who)
            && minute.is_over(now)
        {
            self.end(&who);
        }
        if !self.minutes.contains_key(&who) && self.minutes.len() == PEOPLE {
            self.lost += 1;
            return;
        }
        let minute = self.minutes.entry(who).or_insert(Minute {
            began: now,
            different: Vec::new(),
            others: None,
        });
        if let Some(first) = minute.count(attempt, now) {
            self.wait(first);
        }
    }

    /// Has the counts of these minutes wait for being written. Answers how many attempts there was no room for since the last
    /// time.
    pub(super) fn close(&mut self, minutes: Minutes, now: Instant) -> u64 {
        let ends = |minute: &Minute| minutes == Minutes::All || minute.is_over(now);
        let ended = self.minutes.iter().filter(|(_, minute)| ends(minute));
        let ended: Vec<_> = ended.map(|(who, _)| who.clone()).collect();
        ended.iter().for_each(|who| self.end(who));
        std::mem::take(&mut self.lost)
    }

    /// The oldest that wait, at most so many. Whoever cannot write them gives them back.
    pub(super) fn take(&mut self, limit: usize) -> Vec<Entry> {
        let count = limit.min(self.waiting.len());
        self.waiting.drain(..count).collect()
    }

    pub(super) fn give_back(&mut self, entries: Vec<Entry>) {
        for entry in entries.into_iter().rev() {
            self.waiting.push_front(entry);
        }
    }

    fn end(&mut self, who: &(TenantId, PrincipalId)) {
        let Some(minute) = self.minutes.remove(who) else {
            return;
        };
        let alike = minute.different.into_iter().filter_map(|(like, repeated)| {
            let repeated = repeated?;
            Some(repeated.told(who, like.code, like.target))
        });
        let others = minute.others.map(|others| {
            let others = Repeated {
                cause: Cause {
                    operation: OPERATION,
                    ..others.cause
                },
                ..others
            };
            others.told(who, SEVERAL, Target::default())
        });
        alike.chain(others).for_each(|entry| self.wait(entry));
    }

    fn wait(&mut self, entry: Entry) {
        if self.waiting.len() < WAITING {
            self.waiting.push_back(entry);
        } else {
            self.lost += u64::from(entry.times);
        }
    }
}

impl Minute {
    /// Also where the clock was set back: then nobody knows when the minute would be over.
    fn is_over(&self, now: Instant) -> bool {
        let age = now.since(self.began);
        age < SignedDuration::ZERO || MINUTE <= age
    }

    /// Counts an attempt; one that is the first of its like is told as it is.
    fn count(&mut self, attempt: Attempt, now: Instant) -> Option<Entry> {
        let like = Likeness {
            operation: attempt.cause.operation.clone(),
            code: attempt.code,
            target: attempt.target.clone(),
        };
        let known = self.different.iter().position(|(known, _)| *known == like);
        let repeated = match known {
            Some(place) => &mut self.different[place].1,
            None if self.different.len() < DIFFERENT => {
                self.different.push((like, None));
                return Some(Entry::of(attempt, now));
            }
            None => &mut self.others,
        };
        *repeated = Some(Repeated {
            at: now,
            cause: attempt.cause,
            times: repeated
                .as_ref()
                .map_or(0, |before| before.times)
                .saturating_add(1),
        });
        None
    }
}

impl Repeated {
    fn told(self, who: &(TenantId, PrincipalId), code: &'static str, target: Target) -> Entry {
        let (tenant, principal) = who.clone();
        Entry {
            tenant,
            cause: self.cause,
            principal,
            at: self.at,
            target,
            code,
            times: self.times,
        }
    }
}

impl Entry {
    fn of(attempt: Attempt, now: Instant) -> Self {
        Self {
            tenant: attempt.tenant,
            cause: attempt.cause,
            principal: attempt.principal,
            at: now,
            target: attempt.target,
            code: attempt.code,
            times: 1,
        }
    }

    pub(super) fn events(&self) -> Events {
        let refusal = Refusal {
            code: self.code.into(),
            times: self.times,
        };
        let actor = Actor::Principal(self.principal.clone());
        let after = After::Refused(refusal);
        let event = Event {
            principal: self.target.principal.clone(),
            role: self.target.role,
            request: self.target.request,
            ..Event::new(self.at, EventKind::Refuse, actor, after)
        };
        Events::new(Vec::new(), event)
    }
}
