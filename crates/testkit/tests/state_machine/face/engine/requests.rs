//! The use cases of requests and approvals.

use pimento_domain::rules::Demand;
use pimento_domain::{Caller as DomainCaller, Request};
use pimento_engine::{Error, Evaluation, Seen};

use super::EngineFace;
use super::pages::{page, walk_requests};
use crate::answer::Answer;
use crate::face::{Now, Numbers};
use crate::steps::{Ask, Role};
use crate::words;

impl EngineFace {
    pub(super) async fn request(
        &self,
        caller: &DomainCaller,
        numbers: &Numbers<'_>,
        now: Now,
        ask: &Ask,
    ) -> Result<Answer, Error> {
        let (wish, evaluation, demand) = match ask {
            Ask::CreateRequest(wish) => (wish.clone(), Evaluation::Perform, Demand::BySettings),
            Ask::Evaluate(wish) => (wish.clone(), Evaluation::Evaluate, Demand::BySettings),
            Ask::CreateApproval(wish) => (wish.for_approval(), Evaluation::Perform, Demand::Always),
            other => panic!("{other:?} asks for nothing"),
        };
        let new = words::new_request(numbers.id(now.next), now.at, &wish, demand);
        let (who, role) = (words::principal(wish.who), words::role_id(wish.role));
        let seen = self
            .engine
            .create_request(caller, who, role, &new, evaluation)
            .await?;
        if demand == Demand::Always {
            return Ok(Answer::Approval(words::approval(&seen, numbers)));
        }
        let made = (evaluation == Evaluation::Perform).then_some(now.next);
        Ok(Answer::Request(words::asked(&seen.value, seen.now, made)))
    }

    pub(super) async fn read_requests(
        &self,
        caller: &DomainCaller,
        numbers: &Numbers<'_>,
        ask: &Ask,
    ) -> Result<Answer, Error> {
        let engine = &self.engine;
        let asked = |seen: &Seen<Request>| {
            let number = numbers.number(seen.value.id);
            words::asked(&seen.value, seen.now, Some(number))
        };
        let approval = |seen: &Seen<Request>| words::approval(seen, numbers);
        Ok(match ask {
            Ask::ListRequests(limit) => {
                let page = async |after| engine.list_requests(caller, &page(after, *limit)).await;
                let (shown, total) = walk_requests(page, asked).await?;
                Answer::Requests(shown, total)
            }
            Ask::ListMyRequests(limit) => {
                let page =
                    async |after| engine.list_my_requests(caller, &page(after, *limit)).await;
                let (shown, total) = walk_requests(page, asked).await?;
                Answer::Requests(shown, total)
            }
            Ask::ListApprovals(limit) => {
                let page = async |after| engine.list_approvals(caller, &page(after, *limit)).await;
                let (shown, total) = walk_requests(page, approval).await?;
                Answer::Approvals(shown, total)
            }
            Ask::ListMyApprovals(limit) => {
                let page =
                    async |after| engine.list_my_approvals(caller, &page(after, *limit)).await;
                let (shown, total) = walk_requests(page, approval).await?;
                Answer::Approvals(shown, total)
            }
            Ask::GetRequest(number) => Answer::Request(asked(
                &engine.get_request(caller, numbers.id(*number)).await?,
            )),
            Ask::GetApprovalRequest(number) => Answer::Request(asked(
                &engine.get_approval(caller, numbers.id(*number)).await?,
            )),
            Ask::GetApproval(number) => Answer::Approval(approval(
                &engine.get_approval(caller, numbers.id(*number)).await?,
            )),
            Ask::GetRequestRole(number) => {
                let role = engine.get_request_role(caller, numbers.id(*number)).await?;
                Answer::Role(Role::of_id(&role.id.to_string()))
            }
            Ask::GetApprovalRole(number) => {
                let role = engine
                    .get_approval_role(caller, numbers.id(*number))
                    .await?;
                Answer::Role(Role::of_id(&role.id.to_string()))
            }
            command => panic!("{command:?} is no read"),
        })
    }
}
