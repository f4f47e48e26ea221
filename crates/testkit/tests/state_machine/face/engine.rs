//! The engine, asked as the edge asks it: first who the caller is and whether they may, then the use case.

mod pages;
mod requests;

use std::collections::BTreeSet;
use std::sync::Arc;

use pimento_api::generated::operations::OPERATIONS;
use pimento_api::operation::{Access, Operation};
use pimento_domain::{Caller as DomainCaller, Cause, Policy, Uuid};
use pimento_engine::{Admission, Engine, Error, SignUpStatus, Total};
use pimento_store::{RoleQuery, Store};

use self::pages::{page as query, walk};
use super::{Now, Numbers, Tenants};
use crate::answer::{Answer, Asked, Status};
use crate::model::SelfGrants;
use crate::steps::{Ask, Caller, Role, Token};
use crate::words;

/// The engine over any store.
pub(crate) struct EngineFace {
    engine: Engine,
    pub(super) self_grants: SelfGrants,
}

impl EngineFace {
    /// An engine of its own over this store, with the policy that this takes.
    pub(crate) fn new(store: Arc<dyn Store>, self_grants: SelfGrants) -> Self {
        let policy = Policy {
            forbid_self_grant: self_grants == SelfGrants::Forbidden,
            ..Policy::default()
        };
        Self {
            engine: Engine::new(store, policy, Admission::Everybody),
            self_grants,
        }
    }
}

/// The caller as the engine sees them.
pub(crate) fn caller(
    tenants: &Tenants,
    caller: Caller,
    held: BTreeSet<pimento_domain::RoleId>,
    operation: &'static str,
) -> DomainCaller {
    let mut roles = held;
    if let Token::With(role) = caller.token {
        roles.insert(words::role_id(role));
    }
    DomainCaller {
        tenant: tenants.id(caller.of),
        principal: words::principal(caller.who),
        roles,
        mfa: caller.token != Token::Plain,
        cause: Cause {
            operation: operation.into(),
            request: Uuid::nil(),
            client_request: None,
        },
    }
}

impl EngineFace {
    pub(super) async fn ask(&self, tenants: &Tenants, now: Now, by: Caller, ask: &Ask) -> Answer {
        let name = ask.operation();
        let standing = self
            .engine
            .standing(&tenants.id(by.of), &words::principal(by.who))
            .await
            .unwrap();
        let caller = caller(tenants, by, standing.roles, name);
        let Access::Delegated {
            roles,
            own,
            unregistered,
            ..
        } = operation(name).access
        else {
            panic!("{name} is for nobody in particular");
        };
        if !standing.registered && !unregistered {
            return Answer::refused(403, "UnauthorizedAccessException");
        }
        if !roles.is_empty() && !own && !caller.holds_one_of(roles) {
            return Answer::refused(403, "Authorization_RequestDenied");
        }
        self.answer(&caller, &tenants.numbers(by.of), now, ask)
            .await
    }

    /// What the use case alone answers, whoever may call it.
    pub(crate) async fn answer(
        &self,
        caller: &DomainCaller,
        numbers: &Numbers<'_>,
        now: Now,
        ask: &Ask,
    ) -> Answer {
        match Box::pin(self.use_case(caller, numbers, now, ask)).await {
            Ok(answer) => answer,
            Err(Error::Denied(denied)) => words::refusal(&denied),
            Err(Error::Store(error)) => panic!("{}: {error}", ask.operation()),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each that there is")]
    async fn use_case(
        &self,
        caller: &DomainCaller,
        numbers: &Numbers<'_>,
        now: Now,
        ask: &Ask,
    ) -> Result<Answer, Error> {
        let engine = &self.engine;
        let next = numbers.id(now.next);
        Ok(match ask {
            Ask::Create(who, role, elevated, end) => {
                let end = end.map(|end| now.at + end);
                let new = words::new_assignment(*who, *role, *elevated, end);
                words::one(&engine.create_assignment(caller, &new).await?)
            }
            Ask::MakePermanent(who, role, why) => {
                let (id, why) = (words::id(*who, *role), words::justification(*why));
                words::one(&engine.make_permanent(caller, &id, &why).await?)
            }
            Ask::MakeEligible(who, role) => {
                let id = words::id(*who, *role);
                words::one(&engine.make_eligible(caller, &id).await?)
            }
            Ask::Delete(who, role) => {
                let id = words::id(*who, *role);
                engine.delete_assignment(caller, &id).await?;
                Answer::Empty
            }
            Ask::SelfActivate(role, length, why) => {
                let (role, activation) = (
                    words::role_id(*role),
                    words::activation(next, *length, *why),
                );
                words::one(&engine.self_activate(caller, role, &activation).await?)
            }
            Ask::SelfDeactivate(role) => {
                let role = words::role_id(*role);
                words::one(&engine.self_deactivate(caller, role).await?)
            }
            Ask::Configure(role, update) => {
                let (role, update) = (words::role_id(*role), words::update(update));
                engine.update_role_settings(caller, role, &update).await?;
                Answer::Empty
            }
            Ask::RemoveRole(role) => {
                engine.delete_role(caller, words::role_id(*role)).await?;
                Answer::Empty
            }
            Ask::SignUp => Answer::Is(engine.sign_up(caller).await? != SignUpStatus::NotRegistered),
            Ask::CreateRequest(_) | Ask::Evaluate(_) | Ask::CreateApproval(_) => {
                Box::pin(self.request(caller, numbers, now, ask)).await?
            }
            Ask::Cancel(number) => {
                let seen = engine.cancel_request(caller, numbers.id(*number)).await?;
                let shown = words::asked(&seen.value, seen.now, Some(*number));
                assert_eq!(shown.status, Status::Cancelled);
                Answer::Request(Asked {
                    status: Status::Cancelling,
                    ..shown
                })
            }
            Ask::Decide(number, verdict, why) => {
                let (id, verdict) = (numbers.id(*number), words::verdict(*verdict));
                // The edge looks at the approval first.
                engine.approval_to_decide(caller, id).await?;
                let reason = words::justification(*why).reason;
                engine
                    .update_approval(caller, id, verdict, reason.as_ref())
                    .await?;
                Answer::Empty
            }
            Ask::RecordDue => {
                engine.record_due(1000).await?;
                Answer::Empty
            }
            read => Box::pin(self.read(caller, numbers, read)).await?,
        })
    }

    /// What is due of everybody, a few things at a time.
    pub(crate) async fn record_due(&self) -> Result<(), Error> {
        const FEW: usize = 3;
        while self.engine.record_due(FEW).await? != 0 {}
        Ok(())
    }

    async fn read(
        &self,
        caller: &DomainCaller,
        numbers: &Numbers<'_>,
        ask: &Ask,
    ) -> Result<Answer, Error> {
        let engine = &self.engine;
        Ok(match ask {
            Ask::List(limit) => {
                let page =
                    async |after| engine.list_assignments(caller, &query(after, *limit)).await;
                walk(page).await?
            }
            Ask::ListOfRole(role, limit) => {
                let role = words::role_id(*role);
                let page = async |after| {
                    let query = query(after, *limit);
                    engine.list_role_assignments(caller, role, &query).await
                };
                walk(page).await?
            }
            Ask::ListMine(limit) => {
                let page = async |after| {
                    engine
                        .list_my_assignments(caller, &query(after, *limit))
                        .await
                };
                walk(page).await?
            }
            Ask::Get(who, role) => {
                let id = words::id(*who, *role);
                words::one(&engine.get_assignment(caller, &id).await?)
            }
            Ask::GetRoleOf(who, role) => {
                let id = words::id(*who, *role);
                let role = engine.get_assignment_role(caller, &id).await?;
                Answer::Role(Role::of_id(&role.id.to_string()))
            }
            Ask::GetRole(role) => {
                let role = engine.get_role(caller, words::role_id(*role)).await?;
                Answer::Role(Role::of_id(&role.id.to_string()))
            }
            Ask::ListRoles => {
                let all = RoleQuery {
                    total: Total::Count,
                    ..RoleQuery::everything()
                };
                let page = engine.list_roles(caller, &all).await?;
                assert_eq!(Some(page.roles.len() as u64), page.total);
                Answer::Roles(page.roles.len())
            }
            Ask::GetSettings(role) => {
                let role = words::role_id(*role);
                Answer::Rules(words::rules(
                    &engine.get_role_settings(caller, role).await?.1,
                ))
            }
            Ask::IsSignedUp => {
                Answer::Is(engine.sign_up_status(caller).await? != SignUpStatus::NotRegistered)
            }
            Ask::CanSignUp => Answer::Is(engine.can_sign_up(caller).await?),
            other => Box::pin(self.read_requests(caller, numbers, other)).await?,
        })
    }
}

fn operation(name: &str) -> &'static Operation {
    let found = OPERATIONS.iter().find(|operation| operation.id == name);
    found.unwrap_or_else(|| panic!("there is no operation {name}"))
}
