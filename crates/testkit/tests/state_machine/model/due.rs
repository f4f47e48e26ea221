//! What comes about by itself, and that the log is told of it once.

use super::requests::Request;
use super::{After, Entry, Kind, Model, Note, Row, State, shape};
use crate::answer::Status;
use crate::steps::{Ask, Micros, Role, Tenant, Who};

/// A pair.
type Pair = (Who, Role);

impl Request {
    /// What the log says of it when its time has come.
    fn comes(&self, number: usize, operation: &str) -> Option<Entry> {
        let at = self.due()?;
        let entry = match self.status(at) {
            Status::RequestExpired => Entry {
                who: Some(self.who),
                role: Some(self.role),
                request: Some(number),
                ..Entry::new(at, Kind::Lapse, None, operation, After::Assignment(None))
            },
            _ => self.begins(number, at, operation),
        };
        Some(entry)
    }
}

impl State {
    /// Tells the log what has come about of a pair that has these rows, in the order of the times; at the same time ends
    /// come before begins, and that of an activation before that of the eligibility.
    pub(super) fn tell(&mut self, rows: &[Row], of: Pair, now: Micros, operation: &str) {
        let (who, role) = of;
        let mut entries: Vec<(u8, Entry)> = Vec::new();
        for row in rows.iter().filter(|row| row.to <= now) {
            let (rank, kind) = if row.active {
                (0, Kind::Deactivate)
            } else {
                (1, Kind::Unassign)
            };
            let entry = Entry {
                who: Some(who),
                role: Some(role),
                note: Some(Note::Expired),
                ..Entry::new(row.to, kind, None, operation, After::Assignment(None))
            };
            entries.push((rank, entry));
        }
        for (number, request) in &mut self.requests {
            let comes = request.comes(*number, operation);
            if let Some(entry) = comes.filter(|entry| entry.at <= now)
                && (request.who, request.role) == of
            {
                request.told = true;
                entries.push((2, entry));
            }
        }
        entries.sort_by_key(|(rank, entry)| (entry.at, *rank));
        let so = |(_, entry): (u8, Entry)| Entry {
            after: After::Assignment(shape(rows, entry.at)),
            ..entry
        };
        self.log.extend(entries.into_iter().map(so));
    }

    /// Since when the first thing of the pair is due.
    fn due(&self, (who, role): Pair, now: Micros) -> Option<Micros> {
        let rows = self.rows_of(who, role);
        let ends = rows.iter().map(|row| row.to);
        let requests = self.requests_of(who, role);
        let all = ends.chain(requests.values().filter_map(Request::due));
        all.filter(|at| *at <= now).min()
    }
}

impl Model {
    /// What the job does: it tells the log of each instant after the other, of each pair, and clears away what ended then.
    pub(crate) fn record_due(&mut self) {
        let now = self.now;
        for of in Tenant::ALL {
            let state = self.state_mut(of);
            let pairs: Vec<Pair> = Who::ALL
                .into_iter()
                .flat_map(|who| Role::ALL.map(|role| (who, role)))
                .collect();
            let first = |state: &State, pairs: &[Pair]| {
                let since = pairs
                    .iter()
                    .filter_map(|pair| Some((state.due(*pair, now)?, *pair)));
                since.min_by_key(|(at, (who, role))| (*at, who.name(), role.id()))
            };
            while let Some((at, pair)) = first(state, &pairs) {
                let rows = state.rows_of(pair.0, pair.1);
                state.tell(&rows, pair, at, Ask::RecordDue.operation());
                let standing = rows.into_iter().filter(|row| at < row.to).collect();
                state.rows.insert(pair, standing);
            }
            state.rows.retain(|_, rows| !rows.is_empty());
        }
    }
}

/// A log, pair after pair; of each pair in its order.
pub(crate) fn by_pair(log: &[Entry]) -> Vec<Entry> {
    let mut log = log.to_vec();
    log.sort_by_key(|entry| (entry.who, entry.role));
    log
}
