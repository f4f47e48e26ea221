//! Heads: how far a log was sealed, signed. Whoever wrote one down can tell later that the log still holds what it held then.

use std::fmt;
use std::str::FromStr;

use pimento_domain::{Instant, TenantId};

use super::{Hash, PublicKey, SealKey, hex, length, unhex};

/// What the text of a head begins with.
const NAME: &str = "pimento-head-1";

/// The newest seal of a tenant's log at a time, signed. As text it is one line of words with blanks between:
/// `pimento-head-1`, tenant, sequence, seal, time, signature, public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose log.
    pub tenant: TenantId,
    /// The event that was the newest with a seal.
    pub sequence: u64,
    /// Its seal.
    pub seal: Hash,
    /// When it was signed, by the clock of the server. Clocks jump: later heads may have earlier times.
    pub at: Instant,
    /// The signature over all that.
    pub signature: [u8; 64],
    /// Which key made it. Whether that is the right one is for the reader to know.
    pub key: PublicKey,
}

/// A text that is not a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is not a head: `{NAME} TENANT SEQUENCE SEAL TIME SIGNATURE KEY`, as `audit head` prints it"
)]
pub struct InvalidHead;

impl Head {
    /// The head of a chain that ends with this seal, signed.
    pub fn sign(tenant: &TenantId, sequence: u64, seal: Hash, at: Instant, key: &SealKey) -> Self {
        Self {
            tenant: tenant.clone(),
            sequence,
            seal,
            at,
            signature: key.sign(&message(tenant, sequence, &seal, at)),
            key: key.public_key(),
        }
    }

    /// Whether it is as it was when it was signed with the key that it names.
    pub fn is_genuine(&self) -> bool {
        let message = message(&self.tenant, self.sequence, &self.seal, self.at);
        self.key.has_signed(&message, &self.signature)
    }
}

fn message(tenant: &TenantId, sequence: u64, seal: &Hash, at: Instant) -> Vec<u8> {
    let tenant = tenant.as_str().as_bytes();
    let parts: [&[u8]; 6] = [
        b"pimento head 1\0",
        &length(tenant),
        tenant,
        &sequence.to_be_bytes(),
        seal,
        &at.as_micros().to_be_bytes(),
    ];
    parts.concat()
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tenant,
            sequence,
            seal,
            at,
            signature,
            key,
        } = self;
        let (seal, signature) = (hex(seal), hex(signature));
        write!(
            f,
            "{NAME} {tenant} {sequence} {seal} {at} {signature} {key}"
        )
    }
}

impl FromStr for Head {
    type Err = InvalidHead;

    fn from_str(text: &str) -> Result<Self, InvalidHead> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [NAME, tenant, sequence, seal, at, signature, key] = words[..] else {
            return Err(InvalidHead);
        };
        Ok(Self {
            tenant: tenant.parse().map_err(|_| InvalidHead)?,
            sequence: sequence.parse().map_err(|_| InvalidHead)?,
            seal: unhex(seal).ok_or(InvalidHead)?,
            at: at.parse().map_err(|_| InvalidHead)?,
            signature: unhex(signature).ok_or(InvalidHead)?,
            key: key.parse().map_err(|_| InvalidHead)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::InvalidKey;

    /// RFC 8032, section 7.1, test 1: a key that is known to everybody.
    const KEY: &str = "pimento-seal-key-1 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 \
        d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n";

    fn key() -> SealKey {
        SealKey::from_text(KEY).expect("a key")
    }

    fn head() -> Head {
        let at = Instant::from_micros(1_767_225_600_000_001).expect("in the calendar");
        let tenant = "Acme:1".parse().expect("an id");
        Head::sign(&tenant, 42, [0xab; 32], at, &key())
    }

    #[test]
    fn a_key_is_read_back_from_its_text() {
        assert_eq!(key().to_text().as_deref(), Ok(KEY));
        let new = SealKey::generate().expect("random numbers");
        let read = SealKey::from_text(&new.to_text().expect("its text")).expect("a key");
        assert_eq!(read.public_key(), new.public_key());
        assert_ne!(new.public_key(), key().public_key());
    }

    #[test]
    fn a_damaged_key_is_refused() {
        let mut damaged = vec![
            String::new(),
            KEY.to_uppercase(),
            KEY[..KEY.len() - 2].to_owned(),
            KEY.replace("key-1", "key-2"),
            format!("{KEY} 00"),
        ];
        for place in 19..KEY.len() - 1 {
            let mut bytes = KEY.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
            damaged.push(String::from_utf8(bytes).expect("digits"));
        }
        for text in damaged {
            let read = SealKey::from_text(&text).map(|key| key.public_key());
            assert_eq!(read, Err(InvalidKey::Secret), "{text:?}");
        }
    }

    #[test]
    fn a_head_is_signed_as_it_always_was() {
        // The signature was made by OpenSSL.
        let expected = "93c347c703f82d0e7fa3de18a0c6e98476c6bb83eb5e4999a6a6b46d92bb965cd6f94e43fcbf0b482d4f7aa8a13efe0f171b8423ba1072a0fc70cccf49140604";
        assert_eq!(hex(&head().signature), expected);
        assert!(head().is_genuine());
    }

    #[test]
    fn a_head_is_read_back_from_its_text() {
        let text = head().to_string();
        assert_eq!(text.parse(), Ok(head()));
        assert_eq!(format!(" {text}\n").parse(), Ok(head()));
        for word in text.split(' ') {
            for damaged in [text.replace(word, ""), text.replace(word, "x y")] {
                assert_eq!(damaged.parse::<Head>(), Err(InvalidHead), "{damaged}");
            }
        }
    }

    #[test]
    fn a_head_of_which_anything_was_changed_is_not_genuine() {
        let changes: [fn(&mut Head); 6] = [
            |head| head.tenant = "Acme:2".parse().expect("an id"),
            |head| head.sequence += 1,
            |head| head.seal[31] ^= 1,
            |head| head.at = Instant::MAX,
            |head| head.signature[0] ^= 1,
            |head| head.key = SealKey::generate().expect("random numbers").public_key(),
        ];
        for change in changes {
            let mut changed = head();
            change(&mut changed);
            assert!(!changed.is_genuine(), "{changed}");
        }
    }
}
