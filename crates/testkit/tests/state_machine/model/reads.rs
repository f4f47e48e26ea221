//! What reads answer.

use super::{Model, READERS, State};
use crate::answer::{Answer, Done, Shown};
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
            Ask::ListOfRole(Role::Nothing, _) | Ask::GetSettings(Role::Nothing) => missing(),
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
                None => missing(),
                Some(_) => Answer::Role(*role),
            },
            Ask::GetRole(role) => {
                let holds = state.shape_of(caller.who, *role, now).is_some();
                match role {
                    _ if !sees_all && !holds => denied(),
                    Role::Nothing => missing(),
                    _ => Answer::Role(*role),
                }
            }
            Ask::ListRoles => Answer::Roles(ROLES),
            Ask::GetSettings(role) => Answer::Rules(state.rules_of(*role)),
            Ask::IsSignedUp => Answer::Is(state.registered),
            Ask::CanSignUp => {
                Answer::Is(!state.registered && roles.contains(&Role::GlobalAdministrator))
            }
            _ => return None,
        })
    }
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
