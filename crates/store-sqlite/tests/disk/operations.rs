//! What a store says of a tenant's operations, along each of their indexes.

use std::collections::BTreeSet;

use futures::executor::block_on;
use pimento_domain::TenantId;
use pimento_store::{
    Condition, Direction, OperationField, OperationPage, OperationQuery, Order, Store, StoreError,
    Total,
};

/// All of them, by time too, and those of each kind, principal and role.
pub(crate) fn operations(
    store: &dyn Store,
    tenant: &TenantId,
) -> Result<Vec<OperationPage>, StoreError> {
    use OperationField::{At, Kind, Principal, Role};
    let list = |query: OperationQuery| block_on(store.list_operations(tenant, &query));
    let everything = OperationQuery {
        total: Total::Count,
        ..OperationQuery::everything()
    };
    let by_time = OperationQuery {
        order: Order::by(&[(At, Direction::Descending)]),
        ..everything.clone()
    };
    let all = list(everything.clone())?;
    let mut pages = vec![list(by_time)?];
    for field in [Kind, Principal, Role] {
        let values: BTreeSet<_> = all.events.iter().map(|event| field.value(event)).collect();
        for value in values {
            pages.push(list(OperationQuery {
                filter: Condition::equal(field, value),
                ..everything.clone()
            })?);
        }
    }
    pages.push(all);
    Ok(pages)
}
