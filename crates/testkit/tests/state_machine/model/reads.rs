//! What reads answer.

use super::{Model, READERS, Request, State};
use crate::answer::{Answer, Approval, Asked, Done, Shown};
use crate::steps::{Ask, Caller, Micros, Role, Who};

/// The built-in roles.
const ROLES: usize = 145;

impl Model {
    /// The answer to a read; `None` if this is none.
    pub(super) fn read(&self, caller: Caller, roles: &[Role], ask: &Ask) -> Option<Answer> {
        let (state, now) = (self.state(caller.of), self.now);
        let sees_all = READERS.iter().any(|role| roles.contains(role));
        let sees = |who: Who| sees_all || who == caller.who;
        let denied = || Answer::refused(403, "Authorization_RequestDenied");
        Some(match ask {
            Ask::List(_) => many(all(state, now)),
            Ask::ListOfRole(role, _) | Ask::GetSettings(role) if !state.has(*role) => missing(),
            Ask::ListOfRole(of, _) => {
                let of_role = all(state, now).into_iter().filter(|one| one.role == *of);
                many(of_role.collect())
            }
            Ask::ListMine(_) => {
                let mine = all(state, now)
                    .into_iter()
                    .filter(|one| one.who == caller.who);
                many(mine.collect())
            }
            Ask::Get(who, _) | Ask::GetRoleOf(who, _) if !sees(*who) => denied(),
            Ask::Get(who, role) => match state.shape_of(*who, *role, now) {
                None => missing(),
                shape => Answer::One(*who, *role, shape, Done::Something),
            },
            Ask::GetRoleOf(who, role) => match state.shape_of(*who, *role, now) {
                Some(_) if state.has(*role) => Answer::Role(*role),
                _ => missing(),
            },
            Ask::GetRole(role) => {
                let holds = state.shape_of(caller.who, *role, now).is_some();
                match role {
                    _ if !sees_all && !holds => denied(),
                    _ if !state.has(*role) => missing(),
                    _ => Answer::Role(*role),
                }
            }
            Ask::ListRoles => Answer::Roles(ROLES + state.roles.len()),
            Ask::GetSettings(role) => Answer::Rules(state.rules_of(*role)),
            Ask::IsSignedUp => Answer::Is(state.registered),
            Ask::CanSignUp => {
                Answer::Is(!state.registered && roles.contains(&Role::GlobalAdministrator))
            }
            _ => return self.read_requests(caller, roles, ask),
        })
    }

    fn read_requests(&self, caller: Caller, roles: &[Role], ask: &Ask) -> Option<Answer> {
        let (state, now) = (self.state(caller.of), self.now);
        let one = |number: usize| (number, &state.requests[&number]);
        let shown = |(number, request): (usize, &Request)| request.shown(Some(number), now);
        let approval = |(number, request): (usize, &Request)| request.approval(number, now);
        let refused = match ask {
            Ask::GetRequest(number) | Ask::GetRequestRole(number) => {
                self.refused_request(caller, roles, *number)
            }
            Ask::GetApproval(number)
            | Ask::GetApprovalRequest(number)
            | Ask::GetApprovalRole(number) => self.refused_approval(caller, roles, *number),
            _ => None,
        };
        if refused.is_some() {
            return refused;
        }
        let sees_all = READERS.iter().any(|role| roles.contains(role));
        let own = |request: &Request| [request.by, request.who].contains(&caller.who);
        let named =
            |request: &Request| state.rules_of(request.role).approvers.contains(&caller.who);
        let all = state
            .requests
            .iter()
            .map(|(number, request)| (*number, request));
        Some(match ask {
            Ask::GetRequest(number) | Ask::GetApprovalRequest(number) => {
                Answer::Request(shown(one(*number)))
            }
            Ask::GetRequestRole(number) | Ask::GetApprovalRole(number) => {
                Answer::Role(one(*number).1.role)
            }
            Ask::GetApproval(number) => Answer::Approval(approval(one(*number))?),
            Ask::ListRequests(_) => {
                requests(all.filter(|(_, one)| sees_all || own(one)).map(shown))
            }
            Ask::ListMyRequests(_) => {
                requests(all.filter(|(_, one)| one.by == caller.who).map(shown))
            }
            Ask::ListApprovals(_) => {
                let sees = |one: &Request| sees_all || own(one) || named(one);
                approvals(all.filter(|(_, one)| sees(one)).filter_map(approval))
            }
            Ask::ListMyApprovals(_) => {
                let mine = all.filter(|(_, one)| one.by == caller.who);
                approvals(mine.filter_map(approval))
            }
            _ => return None,
        })
    }

    /// Why this caller is not shown a request.
    fn refused_request(&self, caller: Caller, roles: &[Role], number: usize) -> Option<Answer> {
        let state = self.state(caller.of);
        let Some(request) = state.requests.get(&number) else {
            return Some(missing());
        };
        let sees = READERS.iter().any(|role| roles.contains(role))
            || [request.by, request.who].contains(&caller.who)
            || request.lapses.is_some() && state.decides(caller, roles, request.role);
        (!sees).then(|| Answer::refused(403, "Authorization_RequestDenied"))
    }

    /// Why this caller is not shown an approval.
    fn refused_approval(&self, caller: Caller, roles: &[Role], number: usize) -> Option<Answer> {
        let refused = self.refused_request(caller, roles, number);
        let needs_none = || self.state(caller.of).requests[&number].lapses.is_none();
        refused.or_else(|| needs_none().then(missing))
    }
}

fn requests(shown: impl Iterator<Item = Asked>) -> Answer {
    let shown: Vec<Asked> = shown.collect();
    let total = shown.len();
    Answer::Requests(shown, total)
}

fn approvals(shown: impl Iterator<Item = Approval>) -> Answer {
    let shown: Vec<Approval> = shown.collect();
    let total = shown.len();
    Answer::Approvals(shown, total)
}

fn missing() -> Answer {
    Answer::refused(404, "ResourceNotFound")
}

fn many(shown: Vec<Shown>) -> Answer {
    let total = shown.len();
    Answer::Many(shown, total)
}

/// Everything that is there, by user, then by the text of the role's id.
fn all(state: &State, now: Micros) -> Vec<Shown> {
    let mut shown = Vec::new();
    for who in Who::ALL {
        for role in Role::ALL {
            if let Some(shape) = state.shape_of(who, role, now) {
                shown.push(Shown { who, role, shape });
            }
        }
    }
    shown.sort_by_key(|one| (one.who.name(), one.role.id()));
    shown
}
