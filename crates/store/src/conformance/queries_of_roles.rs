//! Cases: queries of roles select what the model selects, in its order, also while roles come, go and get other names.

use pimento_domain::RoleId;
use pimento_domain::role::folded;

use super::dice::Dice;
use super::queries::{QUERIES, Sampled, query};
use super::samples::{acme, clock, role, role_name, tenant, write};
use crate::memory::MemoryStore;
use crate::{Change, Condition, Function, RoleField, RoleQuery, Store, Term, Value};

/// After so many queries a role changes.
const CHANGE_EVERY: usize = 20;

/// How many ids there are.
const IDS: usize = 40;

/// Names that differ in letter case alone, have letters whose case is peculiar, or signs that mean something elsewhere.
const NAMES: [&str; 12] = [
    "Night watch",
    "night Watch",
    "NIGHT",
    "Ärzte",
    "ÄRZTE im Dienst",
    "Οδός",
    "ΟΔΌΣ ΟΔΌΣΑ",
    "İzmir",
    "straße",
    "100 %_'",
    "~. a~_",
    "日本語 🌶",
];

impl Sampled for RoleField {
    fn fields() -> &'static [Self] {
        &Self::ALL
    }

    fn sample(self, dice: &mut Dice) -> Value {
        Value::Text(match self {
            Self::Id => id(dice).to_string(),
            Self::Name => folded(dice.pick(&NAMES)),
        })
    }

    fn nullable() -> &'static [Self] {
        &[]
    }
}

fn id(dice: &mut Dice) -> RoleId {
    role(dice.roll(IDS) as u128)
}

fn change(dice: &mut Dice) -> Change {
    let id = id(dice);
    match dice.roll(4) {
        0 => Change::RemoveRole(id),
        _ => Change::Role(id, role_name(dice.pick(&NAMES))),
    }
}

pub async fn generated_queries_of_roles_get_the_answers_that_the_model_gives(store: &dyn Store) {
    let model = MemoryStore::new(clock());
    let mut dice = Dice::new(406);
    for number in 0..IDS {
        let change = change(&mut dice);
        let other = Change::Role(role(number as u128), role_name("Night watch"));
        for store in [store, &model] {
            write(store, &acme(), vec![change.clone()]).await;
            write(store, &tenant("Acme"), vec![other.clone()]).await;
        }
    }
    let (mut some, mut none) = (0, 0);
    for number in 0..QUERIES {
        if number % CHANGE_EVERY == 0 {
            let change = change(&mut dice);
            for store in [store, &model] {
                write(store, &acme(), vec![change.clone()]).await;
            }
        }
        let query: RoleQuery = query(&mut dice);
        let by_store = store.list_roles(&acme(), &query).await;
        let by_model = model.list_roles(&acme(), &query).await;
        assert_eq!(by_store, by_model, "{query:?}");
        let found = by_store.expect("a store that works").roles.len();
        *(if found == 0 { &mut none } else { &mut some }) += 1;
    }
    assert!(QUERIES / 10 < some && QUERIES / 10 < none, "{some} {none}");
}

pub async fn roles_are_found_by_parts_of_their_names_in_any_letter_case(store: &dyn Store) {
    let names = ["Night watch", "Ärzte im Dienst", "Οδός", "100 %_'"];
    let change =
        |(number, name): (usize, &&str)| Change::Role(role(number as u128), role_name(name));
    write(
        store,
        &acme(),
        names.iter().enumerate().map(change).collect(),
    )
    .await;
    for (part, expected) in [
        ("NIGHT", &["Night watch"][..]),
        ("t w", &["Night watch"]),
        ("ärzTE", &["Ärzte im Dienst"]),
        ("ΟΔΌΣ", &["Οδός"]),
        ("ς", &["Οδός"]),
        ("%", &["100 %_'"]),
        ("_'", &["100 %_'"]),
        ("e", &["Ärzte im Dienst"]),
        ("IG", &["Night watch"]),
        ("arzte", &[]),
        ("", &names),
    ] {
        let contains = Term::Text(Function::Contains, folded(part));
        let query = RoleQuery {
            filter: Condition::Field(RoleField::Name, contains),
            ..RoleQuery::everything()
        };
        let found = store.list_roles(&acme(), &query).await;
        let found = found.expect("a store that works").roles;
        let found: Vec<&str> = found.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(found, expected, "{part}");
    }
}
