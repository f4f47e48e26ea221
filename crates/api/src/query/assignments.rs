//! Assignments as options see them.

use pimento_domain::AssignmentId;
use pimento_store::{AssignmentField, Condition, Function, Term, Value};

use super::entity::person;
use super::{Entity, Filtering, Kind, Property};

/// privilegedRoleAssignment.
pub(crate) static ASSIGNMENTS: Entity<AssignmentField> = Entity {
    name: "privilegedRoleAssignment",
    properties: &[
        Property {
            name: "id",
            kind: Kind::Text,
            filtering: Filtering::Whole {
                is,
                otherwise: &Filtering::By(compared),
            },
            order: Some(AssignmentField::Id),
        },
        Property::field("userId", Kind::Person, AssignmentField::Principal),
        Property::field("roleId", Kind::Role, AssignmentField::Role),
        Property::field("isElevated", Kind::Boolean, AssignmentField::Active),
        Property::field("expirationDateTime", Kind::Instant, AssignmentField::Until),
        // Only the answer to an action has one.
        Property::null("resultMessage", Kind::Text),
    ],
    kinds: &[
        (AssignmentField::Principal, Kind::Person),
        (AssignmentField::Role, Kind::Role),
    ],
    searched: &[],
};

/// An id is looked for by its parts, which are the key.
fn is(value: &Value) -> Condition<AssignmentField> {
    let Value::Text(text) = value else {
        return Condition::Constant(Some(false));
    };
    match text.parse::<AssignmentId>() {
        Ok(id) => Condition::of_principal(&id.principal).and(Condition::of_role(id.role)),
        Err(_) => Condition::Constant(Some(false)),
    }
}

/// What else is asked of an id. It is that of a person and that of a role, in which letter case does not count, with the last
/// underscore between them: so a part of it is in one of them, or where the two meet.
fn compared(term: &Term) -> Condition<AssignmentField> {
    match term {
        Term::Text(function, part) => in_parts(*function, part),
        Term::Compare(comparison, Value::Text(text)) => {
            let id = text.parse::<AssignmentId>();
            let text = id.map_or_else(|_| text.clone(), |id| id.to_string());
            Condition::Field(
                AssignmentField::Id,
                Term::Compare(*comparison, Value::Text(text)),
            )
        }
        term => Condition::Field(AssignmentField::Id, term.clone()),
    }
}

fn in_parts(function: Function, part: &str) -> Condition<AssignmentField> {
    let of_person = |function, part: &str| {
        Condition::Field(
            AssignmentField::Principal,
            Term::Text(function, part.to_owned()),
        )
    };
    let of_role = |function, part: &str| {
        let part = Kind::Role.part(part);
        Condition::Field(AssignmentField::Role, Term::Text(function, part))
    };
    let meeting = part
        .rsplit_once('_')
        .map(|(before, behind)| match function {
            Function::StartsWith => {
                let principal = Value::Text(person(before));
                Condition::equal(AssignmentField::Principal, principal)
                    .and(of_role(Function::StartsWith, behind))
            }
            Function::EndsWith => {
                let role = Value::Text(Kind::Role.part(behind));
                of_person(Function::EndsWith, before)
                    .and(Condition::equal(AssignmentField::Role, role))
            }
            Function::Contains => {
                of_person(Function::EndsWith, before).and(of_role(Function::StartsWith, behind))
            }
        });
    let within = match function {
        Function::StartsWith => vec![of_person(Function::StartsWith, part)],
        Function::EndsWith => vec![of_role(Function::EndsWith, part)],
        Function::Contains => vec![
            of_person(Function::Contains, part),
            of_role(Function::Contains, part),
        ],
    };
    Condition::Any(within.into_iter().chain(meeting).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: &str = "O~Neil_jr";
    const ROLE: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

    fn holds(function: Function, part: &str) -> bool {
        let condition = compared(&Term::Text(function, part.to_owned()));
        let text = |text: &str| Value::Text(text.to_owned());
        let found = condition.holds(&|field| match field {
            AssignmentField::Principal => text(PERSON),
            AssignmentField::Role => text(ROLE),
            other => panic!("{other:?} is not asked for"),
        });
        found == Some(true)
    }

    #[test]
    fn each_part_of_an_id_is_found_where_it_is_whatever_the_letter_case_of_the_role() {
        let id = format!("{PERSON}_{}", ROLE.to_uppercase());
        for (begin, end) in (0..=id.len()).flat_map(|end| (0..=end).map(move |begin| (begin, end)))
        {
            let part = &id[begin..end];
            assert!(holds(Function::Contains, part), "{part}");
            let (starts, ends) = (id.starts_with(part), id.ends_with(part));
            assert_eq!(holds(Function::StartsWith, part), starts, "{part}");
            assert_eq!(holds(Function::EndsWith, part), ends, "{part}");
        }
    }

    #[test]
    fn what_is_not_in_an_id_is_not_found() {
        for part in [
            "o~neil",
            "O~Neil_JR_fe93",
            "jr_fe94",
            "_jr_",
            "O~Neil_fe93",
            "O~Neil_jr__fe93",
            "fe930be7_",
            " ",
        ] {
            let found = |function| holds(function, part);
            assert!(!found(Function::StartsWith), "{part}");
            assert!(!found(Function::EndsWith), "{part}");
            assert_eq!(found(Function::Contains), part == "_jr_", "{part}");
        }
    }
}
