//! How SQLite carries out queries: along a key where the filter or the order names one, from the position on.

mod requests;

use pimento_domain::{Instant, TenantId};
use pimento_store::{
    AssignmentField, AssignmentQuery, Comparison, Condition, Direction, Field, Function,
    OperationField, OperationQuery, Order, Position, RoleField, RoleQuery, Term, Value,
};
use rusqlite::Connection;

use super::plans::{plan, reader};
use crate::query::{Statement, assignments, operations, roles};

fn tenant() -> TenantId {
    "acme".parse().unwrap()
}

fn now() -> Instant {
    Instant::from_micros(0).unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn is<F: Field>(field: F, value: Value) -> Condition<F> {
    Condition::equal(field, value)
}

fn query(filter: Condition<AssignmentField>) -> AssignmentQuery {
    AssignmentQuery {
        filter,
        limit: 100,
        ..AssignmentQuery::everything()
    }
}

fn steps(connection: &Connection, statement: &Statement) -> String {
    plan(connection, &statement.text).join("; ")
}

fn by(fields: &[(AssignmentField, Direction)]) -> Order<AssignmentField> {
    Order::by(fields)
}

/// Each search of assignments that a key narrows, and by what; those of later pages too.
#[test]
fn assignments_are_found_along_the_key_that_the_filter_or_the_order_names() {
    use AssignmentField::{Active, Principal, Role};
    use Direction::Descending;
    let (connection, _place) = reader();
    let active = || is(Active, Value::Bool(true));
    let of_role = || active().and(is(Role, text("r")));
    let of_principal = || active().and(is(Principal, text("p")));
    let among = Term::In(vec![text("p"), text("q")]);
    let up_from = Term::Compare(Comparison::GreaterOrEqual, text("p"));
    let key = "PRIMARY KEY (tenant=?";
    let by_role = "COVERING INDEX grants_by_role (tenant=?";
    for (filter, order, (index, by)) in [
        (active(), by(&[]), (key, " AND (principal,role)>(?,?))")),
        (
            active(),
            by(&[(Principal, Descending)]),
            (key, " AND (principal,role)<(?,?))"),
        ),
        (
            active(),
            by(&[(Role, Descending)]),
            (by_role, " AND (role,principal)<(?,?))"),
        ),
        (
            of_role(),
            by(&[]),
            (by_role, " AND role=? AND principal>?)"),
        ),
        (of_principal(), by(&[]), (key, " AND principal=?)")),
        (
            of_principal().and(of_role()),
            by(&[]),
            (by_role, " AND role=? AND principal=?)"),
        ),
        (
            Condition::Field(Principal, among),
            by(&[]),
            (key, " AND principal=?)"),
        ),
        (
            Condition::Field(Principal, up_from),
            by(&[]),
            (key, " AND (principal,role)>(?,?))"),
        ),
    ] {
        let first_page = AssignmentQuery {
            order,
            ..query(filter)
        };
        let after = Some(Position(vec![text("a"), text("b")]));
        let later_page = AssignmentQuery {
            after,
            ..first_page.clone()
        };
        for query in [first_page, later_page] {
            let page = assignments::page(&query, &tenant(), now());
            let expected = format!("SEARCH grants USING {index}{by}");
            assert_eq!(steps(&connection, &page), expected, "{query:?}");
        }
    }
}

/// The others look at each grant of what is left of the tenant, and sort it by no more than the page needs.
#[test]
fn what_no_index_orders_is_sorted_but_still_searched_by_its_key() {
    use AssignmentField::{Principal, Role, Until};
    let (connection, _place) = reader();
    for (filter, search) in [
        (Condition::EVERYTHING, "(tenant=?)"),
        (is(Role, text("r")), "(tenant=? AND role=?)"),
        (is(Principal, text("p")), "(tenant=? AND principal=?)"),
    ] {
        let order = by(&[(Until, Direction::Ascending)]);
        let page = assignments::page(
            &AssignmentQuery {
                order,
                ..query(filter.clone())
            },
            &tenant(),
            now(),
        );
        let steps_of_page = steps(&connection, &page);
        assert!(steps_of_page.contains(search), "{steps_of_page}");
        assert!(steps_of_page.ends_with("; USE TEMP B-TREE FOR ORDER BY"));
        let count = assignments::count(&query(filter), &tenant(), now());
        assert!(steps(&connection, &count).contains(search));
    }
}

#[test]
fn no_text_of_a_caller_is_part_of_a_statement() {
    use AssignmentField::{Id, Principal};
    let hostile = "'); DROP TABLE grants; --";
    let terms = [
        Term::Compare(Comparison::Less, text(hostile)),
        Term::In(vec![text(hostile), Value::Null]),
        Term::Text(Function::StartsWith, hostile.to_owned()),
        Term::Text(Function::EndsWith, hostile.to_owned()),
        Term::Text(Function::Contains, hostile.to_owned()),
    ];
    let conditions = terms
        .into_iter()
        .flat_map(|term| [Id, Principal].map(|field| Condition::Field(field, term.clone())));
    let query = AssignmentQuery {
        after: Some(Position(vec![text(hostile), text(hostile)])),
        ..query(Condition::Any(conditions.collect()))
    };
    for statement in [
        assignments::page(&query, &tenant(), now()),
        assignments::count(&query, &tenant(), now()),
    ] {
        assert!(!statement.text.contains("DROP"), "{}", statement.text);
    }
}

/// The steps of each part of the page.
fn parts_of_operations(connection: &Connection, query: &OperationQuery) -> Vec<String> {
    let page = operations::page(query, &tenant());
    page.iter().map(|part| steps(connection, part)).collect()
}

/// Those that nothing is known of stand before the others, or behind them; both are searched from a place on.
#[test]
fn operations_in_the_order_of_people_or_roles_are_found_along_it() {
    use Direction::{Ascending, Descending};
    use OperationField::{Principal, Role};
    let (connection, _place) = reader();
    let search = |by: &str, rest: &str| {
        format!("SEARCH events USING INDEX operations_by_{by} (tenant=?{rest})")
    };
    for (field, by) in [(Principal, "principal"), (Role, "role")] {
        let all = |way| {
            let sign = if way == Ascending { '>' } else { '<' };
            search(by, &format!(" AND ({by},sequence){sign}(?,?)"))
        };
        let null = || search(by, &format!(" AND {by}=?"));
        let null_from = |sign| search(by, &format!(" AND {by}=? AND sequence{sign}?"));
        let nowhere = || Value::Null;
        for (way, place, expected) in [
            (Ascending, None, vec![null(), all(Ascending)]),
            (
                Ascending,
                Some(nowhere()),
                vec![null_from('>'), all(Ascending)],
            ),
            (Ascending, Some(text("x")), vec![all(Ascending)]),
            (Descending, None, vec![all(Descending), null()]),
            (Descending, Some(text("x")), vec![all(Descending), null()]),
            (Descending, Some(nowhere()), vec![null_from('<')]),
        ] {
            let query = OperationQuery {
                order: Order::by(&[(field, way)]),
                after: place.map(|value| Position(vec![value, Value::Number(7)])),
                limit: 100,
                ..OperationQuery::everything()
            };
            assert_eq!(
                parts_of_operations(&connection, &query),
                expected,
                "{query:?}"
            );
        }
    }
}

#[test]
fn a_count_goes_along_the_index_that_the_filter_names_whatever_the_order() {
    use OperationField::{At, Kind, Principal, Reason};
    let (connection, _place) = reader();
    for (filter, order, expected) in [
        (is(Reason, text("r")), At, "operations (tenant=?)"),
        (is(Reason, text("r")), Principal, "operations (tenant=?)"),
        (
            is(Kind, text("assign")),
            At,
            "operations_by_kind (tenant=? AND kind=?)",
        ),
    ] {
        let query = OperationQuery {
            filter,
            order: Order::by(&[(order, Direction::Ascending)]),
            ..OperationQuery::everything()
        };
        let count = steps(&connection, &operations::count(&query, &tenant()));
        assert!(count.contains(expected), "{count}");
    }
}

/// Each search of operations that an index narrows, or that goes along one.
#[test]
fn operations_are_found_along_the_index_that_the_filter_or_the_order_names() {
    use Direction::Descending;
    use OperationField::{At, Kind, Principal, Reason, Role, Sequence};
    let (connection, _place) = reader();
    let instant = || Value::Instant(now());
    let from = || Condition::Field(At, Term::Compare(Comparison::GreaterOrEqual, instant()));
    let until = || Condition::Field(At, Term::Compare(Comparison::LessOrEqual, instant()));
    let by = |field| Order::by(&[(field, Descending)]);
    let number = || Value::Number(7);
    let key = || (Order::by_key(), vec![number()], "sequence>?");
    let by_time = || (by(At), vec![instant(), number()], "(at,sequence)<(?,?)");
    let backwards = || (by(Sequence), vec![number()], "sequence<?");
    let of_kind = || is(Kind, text("assign"));
    for (filter, (order, place, from_place), index, narrowed) in [
        (of_kind(), key(), "_by_kind", " AND kind=?"),
        (
            is(Principal, text("p")),
            key(),
            "_by_principal",
            " AND principal=?",
        ),
        (is(Role, text("r")), key(), "_by_role", " AND role=?"),
        (from().and(of_kind()), key(), "_by_kind", " AND kind=?"),
        (is(Reason, text("r")), key(), "", ""),
        (Condition::EVERYTHING, backwards(), "", ""),
        (Condition::EVERYTHING, by_time(), "_by_time", ""),
        (from(), by_time(), "_by_time", " AND at>?"),
        (of_kind(), by_time(), "_by_time", ""),
    ] {
        let first_page = OperationQuery {
            filter,
            order,
            limit: 100,
            ..OperationQuery::everything()
        };
        let later_page = OperationQuery {
            after: Some(Position(place)),
            ..first_page.clone()
        };
        let search = format!("SEARCH events USING INDEX operations{index} (tenant=?{narrowed}");
        let page = |query| parts_of_operations(&connection, query).join(" then ");
        assert_eq!(page(&first_page), format!("{search})"));
        assert_eq!(page(&later_page), format!("{search} AND {from_place})"));
    }
    let between = OperationQuery {
        filter: from().and(until()),
        order: by(At),
        ..OperationQuery::everything()
    };
    let expected = "SEARCH events USING INDEX operations_by_time (tenant=? AND at>? AND at<?)";
    assert_eq!(parts_of_operations(&connection, &between), [expected]);
    let count = operations::count(&between, &tenant());
    assert!(steps(&connection, &count).contains("operations_by_time (tenant=? AND at>? AND at<?)"));
}

/// Each search of roles that an index narrows, or that goes along one; none looks at what was removed.
#[test]
fn roles_are_found_along_the_index_that_the_filter_or_the_order_names() {
    use Direction::{Ascending, Descending};
    use RoleField::{Id, Name};
    let (connection, _place) = reader();
    let part = || Term::Text(Function::Contains, "night".to_owned());
    let by_key = || (Order::by_key(), vec![text("i")], "id>?");
    let by_id = || (Order::by(&[(Id, Descending)]), vec![text("i")], "id<?");
    let by_name = |way, after| (Order::by(&[(Name, way)]), vec![text("n"), text("i")], after);
    for (filter, (order, place, from_place), index, narrowed) in [
        (Condition::EVERYTHING, by_key(), "that_are_there", ""),
        (
            Condition::Field(Name, part()),
            by_key(),
            "that_are_there",
            "",
        ),
        (Condition::EVERYTHING, by_id(), "that_are_there", ""),
        (
            Condition::EVERYTHING,
            by_name(Ascending, "(folded,id)>(?,?)"),
            "by_name",
            "",
        ),
        (
            Condition::Field(Name, part()),
            by_name(Descending, "(folded,id)<(?,?)"),
            "by_name",
            "",
        ),
        (is(Name, text("n")), by_key(), "by_name", " AND folded=?"),
    ] {
        let first_page = RoleQuery {
            filter,
            order,
            limit: 100,
            ..RoleQuery::everything()
        };
        let later_page = RoleQuery {
            after: Some(Position(place)),
            ..first_page.clone()
        };
        let search = format!("SEARCH roles USING INDEX roles_{index} (tenant=?{narrowed}");
        let page = |query| steps(&connection, &roles::page(query, &tenant()));
        assert_eq!(page(&first_page), format!("{search})"));
        assert_eq!(page(&later_page), format!("{search} AND {from_place})"));
    }
    let one = RoleQuery {
        filter: is(Id, text("i")).and(is(Name, text("n"))),
        order: Order::by(&[(Name, Ascending)]),
        ..RoleQuery::everything()
    };
    let expected = "SEARCH roles USING INDEX roles_that_are_there (tenant=? AND id=?)";
    assert!(steps(&connection, &roles::page(&one, &tenant())).starts_with(expected));
    let count = steps(&connection, &roles::count(&one, &tenant()));
    assert!(
        count.contains("roles_that_are_there (tenant=? AND id=?)"),
        "{count}"
    );
}
