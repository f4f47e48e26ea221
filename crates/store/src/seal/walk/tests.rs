//! Chains that go on from what is remembered, and chains that do not.

use pimento_domain::Instant;

use super::*;
use crate::seal::SealKey;

fn acme() -> TenantId {
    "acme".parse().expect("an id")
}

fn key() -> SealKey {
    SealKey::generate().expect("random numbers")
}

/// Six links, whose digests begin with this number, after whatever comes before them.
fn chain(digest: u8) -> Vec<Link> {
    let mut before = NO_SEAL;
    let link = |sequence| {
        let digest = [digest; 32];
        before = seal(&acme(), &before, sequence, &digest);
        Link {
            sequence,
            digest,
            seal: before,
        }
    };
    (1..=6).map(link).collect()
}

fn head(link: &Link, key: &SealKey) -> Head {
    Head::sign(&acme(), link.sequence, link.seal, Instant::MAX, key)
}

/// Goes all the way, two links at a time.
fn walk(
    remembered: Option<&Head>,
    newest: Option<&Head>,
    links: &[Link],
    key: &SealKey,
) -> Result<(), Unfit> {
    let mut walk = Walk::begin(&acme(), remembered, newest, key.public_key())?;
    while let Some(after) = walk.next() {
        let rest: Vec<Link> = links
            .iter()
            .filter(|link| after < link.sequence)
            .copied()
            .collect();
        walk.step(&rest[..rest.len().min(2)])?;
    }
    Ok(())
}

#[test]
fn a_chain_goes_on_from_every_head_of_its_own() {
    let (key, links) = (key(), chain(1));
    let newest = head(&links[4], &key);
    assert_eq!(walk(None, None, &links, &key), Ok(()));
    assert_eq!(walk(None, Some(&newest), &links, &key), Ok(()));
    for link in &links[..5] {
        let remembered = head(link, &key);
        assert_eq!(walk(Some(&remembered), Some(&newest), &links, &key), Ok(()));
    }
}

#[test]
fn a_chain_that_is_shorter_or_another_one_does_not_go_on() {
    let (key, links, other) = (key(), chain(1), chain(2));
    let remembered = head(&links[2], &key);
    let (mut gap, mut changed) = (links.clone(), links.clone());
    gap.remove(3);
    changed[4].digest[0] ^= 1;
    for (newest, links) in [
        (None, &links),
        (Some(&links[1]), &links),
        (Some(&other[2]), &other),
        (Some(&other[5]), &other),
        (Some(&other[5]), &links),
        (Some(&links[5]), &gap),
        (Some(&links[5]), &changed),
        (Some(&links[5]), &links[..5].to_vec()),
    ] {
        let newest = newest.map(|link| head(link, &key));
        let walked = walk(Some(&remembered), newest.as_ref(), links, &key);
        assert_eq!(walked, Err(Unfit::Lost(3)), "{newest:?}, {links:?}");
    }
}

#[test]
fn a_newest_head_that_somebody_else_signed_does_not_count() {
    let (key, links) = (key(), chain(1));
    let thief = self::key();
    let mut forged = head(&links[5], &thief);
    let remembered = head(&links[2], &key);
    for remembered in [None, Some(&remembered)] {
        let walked = walk(remembered, Some(&forged), &links, &key);
        assert_eq!(walked, Err(Unfit::Head(6)));
    }
    forged.key = key.public_key();
    let walked = walk(Some(&remembered), Some(&forged), &links, &key);
    assert_eq!(walked, Err(Unfit::Head(6)));
    // What is remembered vouches for its key too: the next one may be new.
    let newest = head(&links[5], &key);
    assert_eq!(
        walk(Some(&remembered), Some(&newest), &links, &thief),
        Ok(())
    );
}
