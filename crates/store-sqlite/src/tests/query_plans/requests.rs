//! Requests, part by part.

use pimento_domain::{ApprovalState, Status};
use pimento_store::{
    Comparison, Condition, Direction, Order, Position, RequestField, RequestQuery, Term, Value,
};
use rusqlite::Connection;

use super::{is, now, reader, steps, tenant, text};
use crate::query::{Statement, requests};

fn requests_where(filter: Condition<RequestField>) -> RequestQuery {
    RequestQuery {
        filter,
        limit: 100,
        ..RequestQuery::everything()
    }
}

/// The steps of each part of the page.
fn parts(connection: &Connection, query: &RequestQuery) -> Vec<String> {
    let (page, _) = requests::page(query, &tenant(), now());
    page.iter().map(|part| steps(connection, part)).collect()
}

/// An index, and by what it is searched besides the tenant.
type Search = (&'static str, &'static str);

/// Lists of requests by their ids, each with the searches of its parts.
fn searches_of_requests() -> Vec<(Condition<RequestField>, Vec<Search>)> {
    use RequestField::{Approval, Principal, Role, Status as Of};
    let ada = || "ada".parse().unwrap();
    let own = || Condition::Any(vec![Condition::made_by(&ada()), Condition::about(&ada())]);
    let pending = || is(Approval, RequestField::approval(ApprovalState::Pending));
    let scheduled = || is(Of, RequestField::status(Status::Scheduled));
    let needing = Condition::with_approval;
    let role = || is(Role, text("r"));
    let among = |values: &[Value]| Condition::Field(Principal, Term::In(values.to_vec()));
    let by_principal = ("INDEX requests_by_principal", " AND principal=?");
    let many: Vec<Value> = (0..101).map(|number| text(&number.to_string())).collect();
    vec![
        (Condition::EVERYTHING, vec![("PRIMARY KEY", "")]),
        (needing(), vec![("INDEX approvals", "")]),
        (role(), vec![("INDEX requests_by_role", " AND role=?")]),
        (
            role().and(needing()),
            vec![("INDEX approvals_by_role", " AND role=?")],
        ),
        (
            own(),
            vec![
                ("INDEX requests_by_requestor", " AND requestor=?"),
                by_principal,
            ],
        ),
        (
            own().and(role()).and(needing()),
            vec![
                ("INDEX approvals_by_requestor", " AND requestor=?"),
                ("INDEX approvals_by_principal", " AND principal=?"),
            ],
        ),
        (
            among(&[text("p"), text("q"), text("p")]),
            vec![by_principal; 2],
        ),
        (among(&many), vec![("PRIMARY KEY", "")]),
        (scheduled(), vec![("INDEX requests_open", "")]),
        (
            needing().and(pending()).and(role()),
            vec![("INDEX requests_open", "")],
        ),
        (
            is(Principal, text("p")).and(scheduled()),
            vec![by_principal],
        ),
        (
            Condition::Any(vec![scheduled(), role()]),
            vec![("PRIMARY KEY", "")],
        ),
    ]
}

#[test]
fn requests_are_found_along_the_index_that_the_filter_names_from_a_place_on() {
    let (connection, _place) = reader();
    for (filter, parts_of_it) in searches_of_requests() {
        let first_page = requests_where(filter);
        let later_page = RequestQuery {
            after: Some(Position(vec![text("i")])),
            ..first_page.clone()
        };
        for (query, place) in [(first_page, ""), (later_page, " AND id>?")] {
            let search = |(index, by): &Search| {
                format!("SEARCH requests USING {index} (tenant=?{by}{place})")
            };
            let expected: Vec<String> = parts_of_it.iter().map(search).collect();
            assert_eq!(parts(&connection, &query), expected, "{query:?}");
        }
    }
    let one = requests_where(is(RequestField::Id, text("i")));
    let expected = "SEARCH requests USING PRIMARY KEY (tenant=? AND id=?)";
    assert_eq!(parts(&connection, &one), [expected]);
    let [count] = &requests::count(&one, &tenant(), now())[..] else {
        panic!("it has one part");
    };
    assert!(steps(&connection, count).contains("(tenant=? AND id=?)"));
}

/// Along the time where that is the order, or where it is bounded; whatever else they are ordered by is sorted.
#[test]
fn requests_in_the_order_of_their_times_are_found_along_it() {
    use RequestField::{Requested, Role, Start};
    let (connection, _place) = reader();
    let instant = || Value::Instant(now());
    let newest_first = || Order::by(&[(Requested, Direction::Descending)]);
    let by_time = "SEARCH requests USING INDEX requests_by_time (tenant=?";
    let first_page = RequestQuery {
        order: newest_first(),
        ..requests_where(Condition::EVERYTHING)
    };
    assert_eq!(parts(&connection, &first_page), [format!("{by_time})")]);
    let later_page = RequestQuery {
        after: Some(Position(vec![instant(), text("i")])),
        ..first_page.clone()
    };
    let expected = format!("{by_time} AND (requested_at,id)<(?,?))");
    assert_eq!(parts(&connection, &later_page), [expected]);
    let bound = |comparison| Condition::Field(Requested, Term::Compare(comparison, instant()));
    let between = bound(Comparison::GreaterOrEqual).and(bound(Comparison::Less));
    let expected = format!("{by_time} AND requested_at>? AND requested_at<?)");
    let sorted = "USE TEMP B-TREE FOR ORDER BY";
    assert_eq!(
        parts(&connection, &requests_where(between)),
        [format!("{expected}; {sorted}")]
    );
    let of_role = RequestQuery {
        order: Order::by(&[(Start, Direction::Ascending)]),
        ..requests_where(is(Role, text("r")))
    };
    let expected = "SEARCH requests USING INDEX requests_by_role (tenant=? AND role=?)";
    assert_eq!(
        parts(&connection, &of_role),
        [format!("{expected}; {sorted}")]
    );
}

#[test]
fn approvals_in_the_order_of_their_starts_are_found_along_it() {
    let (connection, _place) = reader();
    let first_page = RequestQuery {
        order: Order::by(&[(RequestField::Start, Direction::Descending)]),
        ..requests_where(Condition::with_approval())
    };
    let by_start = "SEARCH requests USING INDEX approvals_by_start (tenant=?";
    assert_eq!(parts(&connection, &first_page), [format!("{by_start})")]);
    let later_page = RequestQuery {
        after: Some(Position(vec![Value::Instant(now()), text("i")])),
        ..first_page
    };
    let expected = format!("{by_start} AND (starts_at,id)<(?,?))");
    assert_eq!(parts(&connection, &later_page), [expected]);
    // To count them it goes through the rows as they lie there.
    let [count] = &requests::count(&later_page, &tenant(), now())[..] else {
        panic!("it has one part");
    };
    let count = steps(&connection, count);
    assert!(count.contains("INDEX approvals (tenant=?)"), "{count}");
}

#[test]
fn no_text_of_a_caller_is_part_of_a_statement_about_requests() {
    let hostile = text("'); DROP TABLE requests; --");
    let fields = [
        RequestField::Requestor,
        RequestField::Principal,
        RequestField::Reason,
    ];
    let is_hostile = |field: &RequestField| is(*field, hostile.clone());
    let query = RequestQuery {
        order: Order::by(&[(RequestField::Principal, Direction::Descending)]),
        after: Some(Position(vec![hostile.clone(), hostile.clone()])),
        ..requests_where(Condition::Any(fields[..2].iter().map(is_hostile).collect()))
    };
    let query = query.within(is_hostile(&fields[2]));
    let (mut statements, _) = requests::page(&query, &tenant(), now());
    assert_eq!(statements.len(), 2);
    statements.extend(requests::count(&query, &tenant(), now()));
    for Statement { text, .. } in statements {
        assert!(!text.contains("DROP"), "{text}");
    }
}
