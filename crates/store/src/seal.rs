//! Sealing the log: each tenant's events are chained, and the chain is signed every now and then.
//!
//! ```text
//! digest = SHA-256("pimento event 1\0" ‖ salt ‖ payload)
//! seal   = SHA-256("pimento seal 1\0" ‖ length of tenant ‖ tenant ‖ seal before ‖ sequence ‖ digest)
//! head   = Ed25519("pimento head 1\0" ‖ length of tenant ‖ tenant ‖ sequence ‖ seal ‖ time)
//! ```
//!
//! Numbers are 8 bytes, the highest first; the time is microseconds since 1970; the seal before the first is 32 zeros. The
//! payload is [`payload`]. The salt is 16 random bytes of the event's own that are removed with it: without them nobody can
//! try out what an erased event may have said. The sequence is part of the payload too, so no event can take another's place.
//!
//! All of it is pure, and never changes: what was sealed once has to verify for ever.

mod chain;
mod head;
mod key;
mod payload;
mod verify;
mod walk;

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use pimento_domain::TenantId;

pub use chain::{Link, Salted, Sealed, Tail, Unfit, extend, extend_by_erasures};
pub use head::{Head, InvalidHead};
pub use key::{InvalidKey, PublicKey, SealKey};
pub use payload::payload;
pub use verify::{Broken, Content, Entry, Fault, Summary, Verification};
pub use walk::Walk;

/// A digest of an event, or a seal.
pub type Hash = [u8; 32];

/// The random bytes that an event's digest begins with.
pub type Salt = [u8; 16];

/// What stands where the first seal of a chain has no seal before it.
pub const NO_SEAL: Hash = [0; 32];

/// The digest of an event that has this payload.
pub fn digest(salt: &Salt, payload: &[u8]) -> Hash {
    hash(&[b"pimento event 1\0", salt, payload])
}

/// The seal of the event of this sequence number, whose digest this is.
pub fn seal(tenant: &TenantId, before: &Hash, sequence: u64, digest: &Hash) -> Hash {
    let tenant = tenant.as_str().as_bytes();
    hash(&[
        b"pimento seal 1\0",
        &length(tenant),
        tenant,
        before,
        &sequence.to_be_bytes(),
        digest,
    ])
}

fn length(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_be_bytes()
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut hash = NO_SEAL;
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Bytes as people write them down: two lower-case digits for each.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes that were written as [`hex`] writes them; `None` where they were not, or are not so many.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if digits.len() != 2 * N || !digits.iter().all(is_digit) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, place) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(place..place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_one_way_and_read_back() {
        let bytes = [0x00, 0x0f, 0xf0, 0xab];
        assert_eq!(hex(&bytes), "000ff0ab");
        assert_eq!(unhex("000ff0ab"), Some(bytes));
        for text in [
            "",
            "000ff0",
            "000ff0abcd",
            "000FF0AB",
            "+00ff0ab",
            "000ff0äb",
        ] {
            assert_eq!(unhex::<4>(text), None, "{text}");
        }
    }

    #[test]
    fn digests_and_seals_are_what_they_were_when_the_first_log_was_sealed() {
        // Reckoned by another program, Python's hashlib.
        let digest = digest(&[7; 16], b"{}");
        assert_eq!(
            hex(&digest),
            "1d733fee6b484fb44a5ecafd18bd062a474943b24b60ae4cf5410b812f13d7da"
        );
        let tenant = "acme".parse().expect("an id");
        let seal = seal(&tenant, &NO_SEAL, 1, &digest);
        assert_eq!(
            hex(&seal),
            "5e10d5e0227426f9b23113bca97c726315cfcf781d974b4b9270a824e81eef0e"
        );
    }

    #[test]
    fn a_seal_tells_apart_all_that_it_is_made_of() {
        let [acme, acm] = ["acme", "acm"].map(|id| id.parse().expect("an id"));
        let mut seals = vec![
            seal(&acme, &NO_SEAL, 1, &[1; 32]),
            seal(&acm, &NO_SEAL, 1, &[1; 32]),
            seal(&acme, &[1; 32], 1, &[1; 32]),
            seal(&acme, &NO_SEAL, 2, &[1; 32]),
            seal(&acme, &NO_SEAL, 1, &[2; 32]),
        ];
        seals.sort_unstable();
        seals.dedup();
        assert_eq!(seals.len(), 5);
    }
}
