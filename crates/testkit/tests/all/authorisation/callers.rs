//! Who calls: everybody whom the rules of access tell apart.

use std::collections::BTreeSet;

use pimento_domain::role::catalogue;
use pimento_testkit::DEMO_TENANT;
use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
};
use serde_json::{Value, json};

/// Registered, and not the tenant whose rows the requests are about.
pub(super) const OTHER_TENANT: &str = "a1d7c5b2-3f60-4b8e-9d14-70c2e9f5a6b8";
/// Never registered by this test.
const UNREGISTERED_TENANT: &str = "c0ffee00-3f60-4b8e-9d14-70c2e9f5a6b8";
/// Where personal accounts are.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// A scope that no document has.
const NO_SCOPE_OF_OURS: &str = "User.Read";

/// Somebody who calls, and what the expectations need to know of them.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) name: Name,
    pub(super) account: Account,
    pub(super) tenant: &'static str,
    pub(super) registered: bool,
    pub(super) user: &'static str,
    pub(super) scopes: Vec<String>,
    /// The ids of the directory roles in the token.
    pub(super) wids: Vec<String>,
    /// What they hold in Pimento while they call: the id of a role, and how.
    pub(super) holds: Vec<(String, Hold)>,
}

/// What a caller is called in the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Plain(String),
    /// Somebody with nothing but this role, by its name.
    Role(Way, String),
}

impl Name {
    /// Where the role comes from of somebody with nothing else.
    pub(super) fn way(&self) -> Option<Way> {
        match self {
            Self::Plain(_) => None,
            Self::Role(way, _) => Some(*way),
        }
    }
}

/// Where a directory role comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Wids,
    Active,
    Eligible,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::Wids, Self::Active, Self::Eligible];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Wids => "in wids",
            Self::Active => "active in Pimento",
            Self::Eligible => "merely eligible",
        }
    }
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// There is no token.
    None,
    Person,
    Personal,
    /// An application's own, and it says so.
    Application,
    /// An application's own, as it has no scope.
    Unscoped,
}

/// How somebody holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    Permanent,
    Active,
    Eligible,
}

/// Whom the settings of [`DECIDED_BY_ONE`] name.
pub(super) const APPROVER: &str = "approver";
/// A role that ben waits for, where the settings name an approver.
pub(super) const DECIDED_BY_ONE: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
/// A role that ben waits for, where the settings name nobody.
pub(super) const DECIDED_BY_ADMINISTRATORS: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";

/// What ben holds in every run: the assignment that the requests are about, one to be made eligible, and those that he
/// waits for.
pub(super) fn ben_holds() -> Vec<(String, Hold)> {
    vec![
        (USER_ADMINISTRATOR.to_owned(), Hold::Eligible),
        (APPLICATION_ADMINISTRATOR.to_owned(), Hold::Permanent),
        (DECIDED_BY_ONE.to_owned(), Hold::Eligible),
        (DECIDED_BY_ADMINISTRATORS.to_owned(), Hold::Eligible),
    ]
}

impl Caller {
    fn person(name: Name, user: &'static str, scopes: &[String]) -> Self {
        Self {
            name,
            account: Account::Person,
            tenant: DEMO_TENANT,
            registered: true,
            user,
            scopes: scopes.to_vec(),
            wids: Vec::new(),
            holds: Vec::new(),
        }
    }

    fn plain(name: &str, scopes: &[String]) -> Self {
        Self::person(Name::Plain(name.to_owned()), "stranger", scopes)
    }

    /// With the two roles that open all doors.
    fn administrator(name: &str, scopes: &[String]) -> Self {
        let wids = [PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR].map(str::to_owned);
        Self {
            wids: wids.to_vec(),
            ..Self::plain(name, scopes)
        }
    }

    /// The claims of their token, for the cell of this number. Who signs up an unregistered tenant changes it for good,
    /// so each cell has one of its own.
    pub(super) fn claims(&self, cell: usize) -> Value {
        let tenant = if self.registered {
            self.tenant.to_owned()
        } else {
            format!("{}{cell:012x}", &UNREGISTERED_TENANT[..24])
        };
        let mut claims = json!({
            "oid": self.user, "tid": tenant, "amr": ["mfa"], "wids": self.wids, "scp": self.scopes.join(" "),
        });
        match self.account {
            Account::Application => claims["idtyp"] = json!("app"),
            Account::Unscoped => claims["scp"] = Value::Null,
            Account::None | Account::Person | Account::Personal => {}
        }
        claims
    }
}

/// All of them; `scopes` are those that the document has.
pub(super) fn all(scopes: &[String]) -> Vec<Caller> {
    let mut callers = vec![Caller {
        account: Account::None,
        ..Caller::plain("nobody: no token", &[])
    }];
    callers.extend(by_scope(scopes));
    callers.extend([
        Caller {
            holds: ben_holds(),
            ..Caller::person(
                Name::Plain("the target of the assignment, who made the requests".to_owned()),
                "ben",
                scopes,
            )
        },
        Caller::person(
            Name::Plain("the approver whom the settings name".to_owned()),
            APPROVER,
            scopes,
        ),
        Caller::plain("a stranger", scopes),
        Caller {
            tenant: OTHER_TENANT,
            ..Caller::administrator("an administrator of another tenant", scopes)
        },
        Caller {
            tenant: OTHER_TENANT,
            ..Caller::plain("a stranger of another tenant", scopes)
        },
        Caller {
            registered: false,
            ..Caller::administrator("an administrator of an unregistered tenant", scopes)
        },
        Caller {
            registered: false,
            ..Caller::plain("a stranger of an unregistered tenant", scopes)
        },
        Caller {
            account: Account::Application,
            ..Caller::administrator("an application, idtyp app", scopes)
        },
        Caller {
            account: Account::Unscoped,
            ..Caller::administrator("an application, no scope", &[])
        },
        Caller {
            account: Account::Personal,
            tenant: CONSUMERS,
            ..Caller::administrator("a personal account", scopes)
        },
    ]);
    callers.extend(Way::ALL.into_iter().flat_map(|way| by_role(way, scopes)));
    callers
}

/// An administrator with each scope alone, with all but each, and with none of them.
fn by_scope(scopes: &[String]) -> Vec<Caller> {
    let sets: BTreeSet<Vec<String>> = scopes
        .iter()
        .flat_map(|one| {
            let others = scopes.iter().filter(|other| *other != one);
            [vec![one.clone()], others.cloned().collect()]
        })
        .chain([vec![NO_SCOPE_OF_OURS.to_owned()]])
        .collect();
    let caller = |set: Vec<String>| {
        let name = format!("an administrator with the scope {} alone", set.join(" "));
        Caller::administrator(&name, &set)
    };
    sets.into_iter().map(caller).collect()
}

/// Somebody with nothing but one role, for each role of the catalogue.
fn by_role(way: Way, scopes: &[String]) -> Vec<Caller> {
    let caller = |role: &pimento_domain::role::Role| {
        let id = role.id.to_string();
        let name = Name::Role(way, role.name.to_string());
        let mut caller = Caller::person(name, "holder", scopes);
        match way {
            Way::Wids => caller.wids.push(id),
            Way::Active => caller.holds.push((id, Hold::Active)),
            Way::Eligible => caller.holds.push((id, Hold::Eligible)),
        }
        caller
    };
    catalogue().iter().map(caller).collect()
}
