//! Roles: the catalogue of the built-in directory roles, and what a tenant's own roles are.

use std::fmt;
use std::sync::LazyLock;

use crate::RoleId;

/// Global Administrator.
pub const GLOBAL_ADMINISTRATOR: RoleId = RoleId::from_u128(0x62e90394_69f5_4237_9190_012177145e10);
/// Privileged Role Administrator: who may assign, change and remove.
pub const PRIVILEGED_ROLE_ADMINISTRATOR: RoleId =
    RoleId::from_u128(0xe8611ab8_c189_46e8_94e1_60213ab1f814);
/// Security Administrator.
pub const SECURITY_ADMINISTRATOR: RoleId =
    RoleId::from_u128(0x194ae4cb_b126_40b2_bd5b_6091b380977d);
/// Security Reader.
pub const SECURITY_READER: RoleId = RoleId::from_u128(0x5d6b6bb7_de71_4623_b4af_96380a352509);

/// The roles whose holders see everything of their tenant.
pub const READERS: [RoleId; 4] = [
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SECURITY_READER,
];

/// The longest name of a role, in characters.
pub const MAX_ROLE_NAME_LENGTH: usize = 256;

/// The name of a role: 1 to 256 characters, none of them a control character, without blanks around it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(String);

/// A text that is no name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoleName {
    /// It is empty or blank.
    #[error("a role needs a name")]
    Empty,
    /// It is longer than [`MAX_ROLE_NAME_LENGTH`].
    #[error("{sent} characters are more than the {MAX_ROLE_NAME_LENGTH} that are taken")]
    TooLong {
        /// The length that was sent, in characters.
        sent: usize,
    },
    /// It has a control character, which nobody could see.
    #[error("control characters are not taken")]
    Control,
}

impl RoleName {
    /// The name in this text; blanks around it do not count.
    pub fn parse(text: &str) -> Result<Self, InvalidRoleName> {
        let name = text.trim();
        let sent = name.chars().count();
        if name.is_empty() {
            Err(InvalidRoleName::Empty)
        } else if MAX_ROLE_NAME_LENGTH < sent {
            Err(InvalidRoleName::TooLong { sent })
        } else if name.chars().any(char::is_control) {
            Err(InvalidRoleName::Control)
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without its letter case: names of which this is equal are the same to people, and no tenant has two of them.
    pub fn folded(&self) -> String {
        folded(&self.0)
    }
}

/// A text without its letter case, character by character: so that a part of a text is folded to that part of the folded
/// text. (Rust's own lower case of a whole text has another sigma at the end of words.)
pub fn folded(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a role comes from, and whether it is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleKind {
    /// A directory role, the same in every tenant.
    BuiltIn,
    /// A tenant made it for itself.
    Own,
    /// A tenant made it for itself and removed it: only the log and old requests still know its name.
    Removed,
}

/// A role that can be granted, or could be until it was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The role's id; a built-in one has the same in every tenant.
    pub id: RoleId,
    /// The name people see.
    pub name: RoleName,
    /// Whose it is.
    pub kind: RoleKind,
    /// Whether the role's holders could take over the tenant.
    pub privileged: bool,
    /// Whether activating it needs MFA whatever its settings say.
    pub mfa_pinned: bool,
}

/// What keeps a role of a tenant's own from being removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// How many people have a grant of it that has not ended, those included whose grant begins later.
    pub holders: u64,
    /// How many requests for it are open.
    pub requests: u64,
}

impl Uses {
    /// Whether nothing does.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Role {
    /// A role of a tenant's own: not privileged, and its settings decide about MFA.
    pub fn own(id: RoleId, name: RoleName) -> Self {
        Self {
            id,
            name,
            kind: RoleKind::Own,
            privileged: false,
            mfa_pinned: false,
        }
    }

    /// The role as it is once it is removed.
    pub fn removed(self) -> Self {
        Self {
            kind: RoleKind::Removed,
            ..self
        }
    }

    /// Whether it can be found and granted.
    pub fn is_there(&self) -> bool {
        self.kind != RoleKind::Removed
    }
}

/// The built-in roles that can be assigned, by id; the three that the directory itself gives to everybody are left out.
pub fn catalogue() -> &'static [Role] {
    static CATALOGUE: LazyLock<Vec<Role>> =
        LazyLock::new(|| include_str!("roles.tsv").lines().map(role).collect());
    &CATALOGUE
}

/// The built-in role of this id.
pub fn find(id: RoleId) -> Option<&'static Role> {
    let roles = catalogue();
    roles
        .binary_search_by_key(&id, |role| role.id)
        .ok()
        .map(|index| &roles[index])
}

/// The built-in role of this name, whatever its letter case.
pub fn find_named(name: &RoleName) -> Option<&'static Role> {
    let folded = name.folded();
    catalogue().iter().find(|role| role.name.folded() == folded)
}

/// One line: id, `privileged` or `ordinary`, `pinned` or `free`, name. The table is compiled in, and a test reads it all.
fn role(line: &'static str) -> Role {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().expect("roles.tsv has four cells a line");
    Role {
        id: cell()
            .parse()
            .expect("roles.tsv starts each line with a GUID"),
        privileged: cell() == "privileged",
        mfa_pinned: cell() == "pinned",
        kind: RoleKind::BuiltIn,
        name: RoleName::parse(cell()).expect("roles.tsv ends each line with a name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_256_characters_without_blanks_around_them() {
        assert_eq!(
            RoleName::parse(" Night watch\n").unwrap().as_str(),
            "Night watch"
        );
        assert!(RoleName::parse(&"ä".repeat(256)).is_ok());
        assert_eq!(
            RoleName::parse(&"x".repeat(257)),
            Err(InvalidRoleName::TooLong { sent: 257 })
        );
        assert_eq!(RoleName::parse(" \t"), Err(InvalidRoleName::Empty));
        for text in ["a\0b", "a\nb", "\u{85}x\u{1b}y"] {
            assert_eq!(RoleName::parse(text), Err(InvalidRoleName::Control));
        }
    }

    #[test]
    fn a_part_of_a_text_is_folded_to_that_part_of_the_folded_text() {
        for (text, expected) in [
            ("Night Watch", "night watch"),
            ("ÄRZTE İ", "ärzte i\u{307}"),
            ("ΟΔΟΣ οδος ΟΔΟΣΑ", "οδοσ οδοσ οδοσα"),
            ("STRASSE straße", "strasse straße"),
        ] {
            assert_eq!(folded(text), expected);
            for (at, _) in text.char_indices() {
                let (before, after) = text.split_at(at);
                assert_eq!(folded(before) + &folded(after), expected);
            }
        }
    }

    #[test]
    fn the_catalogue_is_whole_and_sorted_by_id() {
        let roles = catalogue();
        assert_eq!(roles.len(), 145);
        assert!(roles.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(roles.iter().all(|role| role.kind == RoleKind::BuiltIn));
        assert_eq!(roles.iter().filter(|role| role.privileged).count(), 35);
    }

    #[test]
    fn the_seventeen_roles_with_pinned_mfa_are_marked() {
        assert_eq!(
            catalogue().iter().filter(|role| role.mfa_pinned).count(),
            17
        );
        assert!(find(GLOBAL_ADMINISTRATOR).unwrap().mfa_pinned);
        assert!(!find(SECURITY_READER).unwrap().mfa_pinned);
    }

    #[test]
    fn the_named_roles_are_in_the_catalogue() {
        for (id, name) in READERS.iter().zip([
            "Privileged Role Administrator",
            "Global Administrator",
            "Security Administrator",
            "Security Reader",
        ]) {
            assert_eq!(find(*id).unwrap().name.as_str(), name);
        }
        assert_eq!(find(RoleId::from_u128(1)), None);
    }

    #[test]
    fn a_built_in_role_is_found_by_its_name_in_any_case_and_no_two_have_one() {
        let name = RoleName::parse("sEcUrItY rEaDeR").unwrap();
        assert_eq!(find_named(&name), find(SECURITY_READER));
        assert_eq!(find_named(&RoleName::parse("Security").unwrap()), None);
        for role in catalogue() {
            assert_eq!(find_named(&role.name), Some(role));
        }
    }

    #[test]
    fn a_role_of_a_tenants_own_is_ordinary_and_is_there_until_it_is_removed() {
        let role = Role::own(RoleId::from_u128(1), RoleName::parse("Ops").unwrap());
        assert!(!role.privileged && !role.mfa_pinned && role.is_there());
        let removed = role.clone().removed();
        assert!(!removed.is_there());
        assert_eq!((removed.id, removed.name), (role.id, role.name));
    }
}
