//! Approvals as options see them: the side of requests that their approvers see.

use pimento_domain::ApprovalState;
use pimento_store::{Condition, RequestField, Term};

use super::entity::by_words;
use super::{Entity, Kind, Property};
use crate::wire::approval;

/// privilegedApproval.
pub(crate) static APPROVALS: Entity<RequestField> = Entity {
    name: "privilegedApproval",
    properties: &[
        Property::field("id", Kind::Request, RequestField::Id),
        Property::field("userId", Kind::Person, RequestField::Principal),
        Property::field("roleId", Kind::Role, RequestField::Role),
        // The protocol has no values for it.
        Property::null("approvalType", Kind::Text),
        Property::words("approvalState", RequestField::Approval, state),
        Property::field("approvalDuration", Kind::Duration, RequestField::Lasting),
        Property::unordered("requestorReason", Kind::Text, RequestField::Reason),
        Property::unordered("approverReason", Kind::Text, RequestField::DecisionReason),
        Property::field("startDateTime", Kind::Instant, RequestField::Start),
        Property::field("endDateTime", Kind::Instant, RequestField::End),
    ],
    kinds: &[(RequestField::Id, Kind::Request)],
    searched: &[],
};

fn state(term: &Term) -> Condition<RequestField> {
    let words =
        ApprovalState::ALL.map(|state| (RequestField::approval(state), approval::word(state)));
    by_words(RequestField::Approval, words.into_iter(), term)
}
