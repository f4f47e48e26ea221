//! A client asks and follows the links, and what it gets is compared with a look at all elements.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pimento_store::conformance::Dice;
use pimento_testkit::{Person, TestServer};
use serde_json::Value;

use super::draw::Source;
use super::members::{List, filtered_lists};
use super::query::Query;

/// A list as somebody sees it.
pub(super) struct Seen<'a> {
    pub(super) server: &'a TestServer,
    pub(super) reader: &'a Person<'a>,
    pub(super) path: String,
    pub(super) list: List,
}

impl<'a> Seen<'a> {
    /// The list with this path in the document, where ids stand in braces.
    pub(super) async fn new(
        server: &'a TestServer,
        reader: &'a Person<'a>,
        path: &str,
        id: &str,
    ) -> Self {
        assert!(
            filtered_lists(server).await.iter().any(|list| list == path),
            "{path}"
        );
        Self {
            server,
            reader,
            path: path.replace(
                "{id}",
                &utf8_percent_encode(id, NON_ALPHANUMERIC).to_string(),
            ),
            list: List::documented(server, path).await,
        }
    }

    /// All elements, in the order that the list has by itself.
    pub(super) async fn elements(&self) -> Vec<Value> {
        let page = self.reader.get(&format!("{}?$top=1000", self.path)).await;
        let mut page = page.expect(200);
        assert_eq!(page.get("@odata.nextLink"), None);
        let Value::Array(elements) = page["value"].take() else {
            panic!("{page}");
        };
        let ids: BTreeSet<&str> = elements
            .iter()
            .filter_map(|one| one["id"].as_str())
            .collect();
        assert_eq!(ids.len(), elements.len());
        elements
    }

    /// One page: what was asked at first, or a link that is followed as it is.
    pub(super) async fn page(&self, target: &str, preferred: Option<usize>) -> Value {
        let call = self.reader.call("GET", target);
        let call = match preferred {
            Some(size) => call.header("Prefer", format!("odata.maxpagesize={size}")),
            None => call,
        };
        let answer = call.send().await;
        let body = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "GET {target}\n{body}");
        answer.json()
    }

    /// The link to the next page, if there is one.
    pub(super) fn next(&self, page: &Value) -> Option<String> {
        let link = page["@odata.nextLink"].as_str()?;
        Some(link.strip_prefix(&self.server.url()).unwrap().to_owned())
    }

    /// Asks this, follows the links, and compares.
    async fn compare(&self, dice: &mut Dice, query: &Query, elements: &[Value]) -> Found {
        let source = Source {
            list: &self.list,
            elements,
        };
        let wanted = query.wanted(source);
        let left = wanted.iter().skip(query.skip.unwrap_or(0));
        let expected: Vec<Value> = left.map(|one| query.shape(one)).collect();
        let asked = format!("{}?{}", self.path, query.written(dice));
        let preferred = query.preferred;
        let about = format!("GET {asked}\nPrefer: {preferred:?}\n{query:?}");
        let mut found = Vec::new();
        let mut next = Some((asked, preferred));
        while let Some((target, preferred)) = next.take() {
            let mut page = self.page(&target, preferred).await;
            let count = (query.count == Some(true) || self.path.ends_with("Requests/my"))
                .then(|| wanted.len().into());
            assert_eq!(page.get("@odata.count"), count.as_ref(), "{about}");
            next = self.next(&page).map(|link| (link, None));
            let Value::Array(elements) = page["value"].take() else {
                panic!("{page}\n{about}");
            };
            let full = elements.len() == query.size();
            assert!(
                full || next.is_none() && elements.len() < query.size(),
                "a page of {} \n{about}",
                elements.len()
            );
            found.extend(elements);
            assert!(
                found.len() <= expected.len(),
                "there are {} and more, not {}\n{about}",
                found.len(),
                expected.len()
            );
        }
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "element {at}\n{about}");
        }
        assert_eq!(found.len(), expected.len(), "\n{about}");
        if dice.roll(4) == 0 {
            let target = format!("{}/$count?{}", self.path, query.written_for_count(dice));
            let counted = self.reader.get(&target).await;
            let number = String::from_utf8_lossy(&counted.body);
            assert_eq!(number, wanted.len().to_string(), "GET {target}\n{about}");
        }
        Found {
            some: !wanted.is_empty() && wanted.len() < elements.len(),
        }
    }

    /// Asks so many queries, of which enough have to find something, but not everything.
    pub(super) async fn compare_many(&self, dice: &mut Dice, queries: usize) {
        let elements = self.elements().await;
        let source = Source {
            list: &self.list,
            elements: &elements,
        };
        let mut some = 0;
        let mut asked_of: Vec<String> = Vec::new();
        for _ in 0..queries {
            let query = Query::drawn(dice, source);
            let found = self.compare(dice, &query, &elements).await;
            if found.some {
                some += 1;
                let members = query.filter.iter().flat_map(|filter| filter.members());
                asked_of.extend(members.map(str::to_owned));
            }
        }
        // Where there is one element, or few are asked for, that proves nothing.
        if elements.len() < 2 || queries < 300 {
            return;
        }
        for member in &self.list.members {
            assert!(asked_of.contains(&member.path), "{}", member.path);
        }
        assert!(queries / 6 < some, "{some} of {queries}");
    }
}

/// What a query found.
struct Found {
    some: bool,
}
