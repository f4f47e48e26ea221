//! Cases: seals of the log.

use std::collections::BTreeSet;

use pimento_domain::{Instant, TenantId};

use super::rows::extreme_instants;
use super::samples::{acme, all_of, hold, load, now, permanent, tenant, write};
use crate::seal::{Hash, Head, Link, PublicKey, Salted, SealKey, Sealed, Tail, extend_by_erasures};
use crate::{Committed, Store, StoreError};

async fn tail(store: &dyn Store, tenant: &TenantId, limit: usize) -> Tail {
    let tail = store.tail(tenant, limit).await;
    tail.expect("a store that works")
}

async fn unsealed(store: &dyn Store) -> Vec<TenantId> {
    let waiting = store.unsealed(None, usize::MAX).await;
    waiting.expect("a store that works")
}

/// Seals as a sealer makes them, but for what they say: a store does not look into them.
fn sealed(tenant: &TenantId, after: u64, last: u64) -> Sealed {
    let link = |sequence| Link {
        sequence,
        digest: [u8::try_from(sequence).expect("a few"); 32],
        seal: [0xff; 32],
    };
    Sealed {
        after,
        links: (after + 1..=last).map(link).collect(),
        head: head(tenant, last, now(), [0xff; 32]),
    }
}

fn head(tenant: &TenantId, sequence: u64, at: Instant, seal: Hash) -> Head {
    Head {
        tenant: tenant.clone(),
        sequence,
        seal,
        at,
        signature: [7; 64],
        key: PublicKey::from_bytes(seal),
    }
}

pub async fn what_is_committed_waits_for_its_seal_and_no_longer(store: &dyn Store) {
    assert_eq!(unsealed(store).await, []);
    write(store, &acme(), vec![]).await;
    write(store, &acme(), vec![]).await;
    assert_eq!(unsealed(store).await, [acme()]);
    assert_eq!(store.seal(sealed(&acme(), 0, 1)).await, Ok(()));
    assert_eq!(unsealed(store).await, [acme()]);
    assert_eq!(store.seal(sealed(&acme(), 1, 2)).await, Ok(()));
    assert_eq!(unsealed(store).await, []);
    write(store, &acme(), vec![]).await;
    assert_eq!(unsealed(store).await, [acme()]);
}

pub async fn a_tail_begins_after_the_newest_head_and_has_a_salt_for_each_event(store: &dyn Store) {
    let nothing = Tail {
        head: None,
        events: Vec::new(),
    };
    assert_eq!(tail(store, &acme(), usize::MAX).await, nothing);
    for _ in 0..5 {
        write(store, &acme(), vec![]).await;
    }
    let whole = store.events(&acme(), 0, usize::MAX).await;
    let whole = whole.expect("a store that works");
    let first = tail(store, &acme(), usize::MAX).await;
    let events: Vec<_> = first.events.iter().map(|event| &event.recorded).collect();
    assert_eq!(events, whole.iter().collect::<Vec<_>>());
    let salts: BTreeSet<_> = first.events.iter().map(|event| event.salt).collect();
    assert_eq!(salts.len(), 5);
    let limited = tail(store, &acme(), 2).await;
    assert_eq!(limited.events, first.events[..2]);
    store
        .seal(sealed(&acme(), 0, 3))
        .await
        .expect("no conflict");
    let rest = Tail {
        head: Some(sealed(&acme(), 0, 3).head),
        events: first.events[3..].to_vec(),
    };
    assert_eq!(tail(store, &acme(), usize::MAX).await, rest);
    let other: Vec<Salted> = tail(store, &tenant("Acme"), 9).await.events;
    assert_eq!(other, []);
}

pub async fn links_are_read_oldest_first_from_any_place_at_any_limit(store: &dyn Store) {
    for _ in 0..5 {
        write(store, &acme(), vec![]).await;
    }
    let sealings = [sealed(&acme(), 0, 3), sealed(&acme(), 3, 5)];
    for sealed in sealings.clone() {
        store.seal(sealed).await.expect("no conflict");
    }
    let all: Vec<Link> = sealings
        .into_iter()
        .flat_map(|sealed| sealed.links)
        .collect();
    for after in [0, 1, 3, 5, u64::MAX] {
        for limit in [0, 1, 2, usize::MAX] {
            let rest = all.iter().filter(|link| after < link.sequence).take(limit);
            let expected: Vec<Link> = rest.copied().collect();
            let found = store.links(&acme(), after, limit).await;
            assert_eq!(found, Ok(expected), "after {after}, limit {limit}");
        }
    }
    assert_eq!(store.links(&tenant("Acme"), 0, 9).await, Ok(Vec::new()));
}

pub async fn heads_of_every_shape_are_read_back_equal(store: &dyn Store) {
    let mut after = 0;
    for at in extreme_instants() {
        for seal in [[0; 32], [0xff; 32], [b'\''; 32]] {
            let Committed { sequence } = write(store, &acme(), vec![]).await;
            let sealed = Sealed {
                head: head(&acme(), sequence, at, seal),
                ..sealed(&acme(), after, sequence)
            };
            store.seal(sealed.clone()).await.expect("no conflict");
            assert_eq!(tail(store, &acme(), 9).await.head, Some(sealed.head));
            after = sequence;
        }
    }
}

pub async fn seals_that_continue_another_head_conflict_and_change_nothing(store: &dyn Store) {
    for _ in 0..3 {
        write(store, &acme(), vec![]).await;
    }
    store
        .seal(sealed(&acme(), 0, 2))
        .await
        .expect("no conflict");
    let before = tail(store, &acme(), 9).await;
    for (after, last) in [(0, 2), (0, 3), (1, 3), (3, 4)] {
        let refused = store.seal(sealed(&acme(), after, last)).await;
        assert_eq!(refused, Err(StoreError::Conflict), "after {after}");
        assert_eq!(tail(store, &acme(), 9).await, before);
    }
    assert_eq!(store.seal(sealed(&acme(), 2, 3)).await, Ok(()));
}

pub async fn seals_change_nothing_else(store: &dyn Store) {
    let changes = vec![hold("ada", 1, &[permanent()])];
    write(store, &acme(), changes).await;
    let before = load(store, &acme(), &all_of("ada", 1)).await;
    let events = store.events(&acme(), 0, 9).await;
    store
        .seal(sealed(&acme(), 0, 1))
        .await
        .expect("no conflict");
    assert_eq!(load(store, &acme(), &all_of("ada", 1)).await, before);
    assert_eq!(store.events(&acme(), 0, 9).await, events);
    assert_eq!(write(store, &acme(), vec![]).await.sequence, 2);
}

pub async fn tenants_that_wait_are_listed_in_order_from_any_place(store: &dyn Store) {
    let all = ["A", "Z", "_", "a", "aa", "b"].map(tenant);
    for id in all.iter().rev() {
        write(store, id, vec![]).await;
    }
    for limit in [0, 1, 2, 6, usize::MAX] {
        for (place, after) in [None, Some("A"), Some("ZZ"), Some("b")]
            .into_iter()
            .zip([0, 1, 2, 6])
        {
            let (after, rest) = (place.map(tenant), &all[after..]);
            let expected = &rest[..limit.min(rest.len())];
            let found = store.unsealed(after.as_ref(), limit).await;
            assert_eq!(
                found.as_deref(),
                Ok(expected),
                "after {after:?}, limit {limit}"
            );
        }
    }
}

/// Both say the same of what waits for seals, whatever the salts are.
pub(super) async fn tails_are_equal(store: &dyn Store, model: &dyn Store, of: &TenantId) {
    assert_eq!(store.unsealed(None, 9).await, model.unsealed(None, 9).await);
    let events = |tail: Tail| {
        let recorded = tail.events.into_iter().map(|event| event.recorded);
        (tail.head, recorded.collect::<Vec<_>>())
    };
    assert_eq!(store.links(of, 2, 5).await, model.links(of, 2, 5).await);
    assert_eq!(
        store.tail(of, 5).await.map(events),
        model.tail(of, 5).await.map(events)
    );
}

/// Seals at most so many events of both in the same way; with a `slip`, as the continuation of another head.
pub(super) async fn seal_both(
    (store, model): (&dyn Store, &dyn Store),
    of: &TenantId,
    key: &SealKey,
    limit: usize,
    slip: u64,
) {
    let tail = tail(model, of, limit).await;
    if let Ok(Some(mut sealed)) = extend_by_erasures(of, &tail, now(), key) {
        sealed.after += slip;
        assert_eq!(store.seal(sealed.clone()).await, model.seal(sealed).await);
    }
    tails_are_equal(store, model, of).await;
}
