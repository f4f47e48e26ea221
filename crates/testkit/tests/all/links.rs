//! Every link that an answer has can be followed, however long what was called is.

use jiff::SignedDuration;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Person, TestServer};
use proptest::collection::vec;
use proptest::sample::{select, subsequence};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::due::give_role;
use crate::paths::{ASSIGNMENTS, ROLES};

/// The longest URL that is taken, in bytes.
const LONGEST: usize = 16 * 1024;

/// Every link in an answer.
fn links(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| links(value, found)),
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(link) if name.ends_with("@odata.nextLink") => found.push(link.to_owned()),
                    _ => links(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Follows all links of an answer to their ends, and answers the length of the longest.
async fn follow_all(person: &Person<'_>, origin: &str, first: Value) -> usize {
    let mut ahead = vec![first];
    let mut longest = 0;
    while let Some(page) = ahead.pop() {
        let mut found = Vec::new();
        links(&page, &mut found);
        for link in found {
            let path = link.strip_prefix(origin).unwrap();
            longest = longest.max(path.len());
            let answer = person.get(path).await;
            assert_eq!(answer.status, 200, "{} bytes: {path:.300}", path.len());
            ahead.push(answer.expect(200));
        }
    }
    longest
}

/// What texts in queries are made of: as long in a link, or longer, or shorter.
const PIECES: [&str; 9] = ["x", "+", "%20", "%41", "%27%27", "{", "%7B", "%26", "é"];

/// A list with options, and a text for one of them, to be repeated until the URL is as long as it may be, or almost.
#[derive(Clone, Debug)]
struct Long {
    list: &'static str,
    options: Vec<&'static str>,
    /// What is before the text, and behind it.
    around: (&'static str, &'static str),
    text: Vec<&'static str>,
    /// How much shorter than the longest.
    shorter: usize,
}

const AROUND: [(&str, (&str, &str)); 7] = [
    (
        ASSIGNMENTS,
        ("$filter=id+ne+null+and+not+startswith(userId,'", "')"),
    ),
    (ASSIGNMENTS, ("Filter=not%20contains(userId,'", "')")),
    (ASSIGNMENTS, ("ignored=", "")),
    (ASSIGNMENTS, ("$expand=roleInfo&x=", "")),
    (ROLES, ("$filter=not+contains(name,'", "')")),
    (
        ROLES,
        ("$expand=assignments(filter=not+contains(userId,'", "'))"),
    ),
    (
        ROLES,
        (
            "$expand=assignments($select=userId;Count=true;$filter=not%20startswith(userId,'",
            "'))",
        ),
    ),
];

fn long() -> impl Strategy<Value = Long> {
    let options = [
        "$top=1000",
        "$count=true",
        "skip=3",
        "$orderby=id+desc",
        "&%24top=400",
    ];
    let options = subsequence(options.to_vec(), 0..=4).prop_filter("each once", |options| {
        options
            .iter()
            .filter(|option| option.contains("top"))
            .count()
            < 2
    });
    let text = vec(select(&PIECES[..]), 1..8);
    // Mostly as long as can be.
    let shorter = select(vec![0, 0, 1, 2, 5, 30, 40, 200]);
    let around = select(&AROUND[..]);
    let long = |((list, around), options, text, shorter)| Long {
        list,
        options,
        around,
        text,
        shorter,
    };
    (around, options, text, shorter).prop_map(long)
}

/// How many bytes this has once it is escaped where it has to be.
fn escaped(text: &str) -> usize {
    let length = |byte: u8| {
        if byte == b'{' || !byte.is_ascii() {
            3
        } else {
            1
        }
    };
    text.bytes().map(length).sum()
}

impl Long {
    fn url(&self) -> String {
        let (before, after) = self.around;
        let options: String = self
            .options
            .iter()
            .map(|option| format!("&{option}"))
            .collect();
        let is_paging = |option: &&&str| option.contains("top") || option.contains("skip");
        let repeated = self.options.iter().filter(|option| !is_paging(option));
        let around = [self.list, "?", before, after].into_iter().map(str::len);
        let others: usize = around
            .chain(repeated.map(|option| "&".len() + option.len()))
            .sum();
        let length = LONGEST - self.shorter - others;
        let piece = self.text.concat();
        let text = piece.repeat(length / escaped(&piece));
        let fill = "x".repeat(length - escaped(&text));
        format!("{}?{before}{text}{fill}{after}{options}", self.list)
    }

    /// Whether a link has another path than what was called.
    fn leads_elsewhere(&self) -> bool {
        self.around.0.starts_with("$expand=assignments")
    }
}

#[tokio::test]
async fn every_link_of_a_url_that_is_as_long_as_can_be_is_answered() {
    let (server, store) = TestServer::dev_with_store().await;
    let end = store.clock().now().plus(SignedDuration::from_hours(1));
    give_role(
        &*store,
        APPLICATION_ADMINISTRATOR.parse().unwrap(),
        1_100,
        |_| end,
    )
    .await;
    let ada = server.person("ada").await;
    let mut runner = TestRunner::default();
    let (mut longest, mut elsewhere) = (0, 0);
    for _ in 0..60 {
        let case = long().new_tree(&mut runner).unwrap().current();
        let answer = ada.get(&case.url()).await;
        if answer.status == 414 && case.leads_elsewhere() && case.shorter < 40 {
            continue;
        }
        assert_eq!(answer.status, 200, "{case:?}: {}", answer.json());
        longest = longest.max(follow_all(&ada, &server.url(), answer.expect(200)).await);
        elsewhere += usize::from(case.leads_elsewhere());
    }
    assert!(LONGEST < longest && 0 < elsewhere, "{longest}, {elsewhere}");
}

#[tokio::test]
async fn a_url_is_too_long_whatever_of_it_is_only_so_once_it_is_escaped() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (fill, count) in [("x", 1), ("%20", 3), ("{", 3), ("é", 6)] {
        let start = format!("{ROLES}?$top=1&skip=1&x=");
        let room = LONGEST - start.len() + "$top=1&skip=1&".len();
        let filled = format!(
            "{start}{}{}",
            fill.repeat(room / count),
            "x".repeat(room % count)
        );
        let page = ada.get(&filled).await.expect(200);
        assert_eq!(page["value"].as_array().unwrap().len(), 1);
        let link = page["@odata.nextLink"].as_str().unwrap();
        ada.get(link.strip_prefix(&server.url()).unwrap())
            .await
            .expect(200);
        let answer = ada.get(&format!("{filled}x")).await;
        answer.refused(414, "invalidRequest");
    }
}

/// A link with the longest place that there is: the name of a role that is as long as can be, in four bytes each.
#[tokio::test]
async fn a_link_to_a_role_with_the_longest_name_is_answered() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for last in ["𝔸", "𝔹", "𝔼"] {
        let name = json!({"name": format!("{}{last}", "𝔸".repeat(255))});
        ada.send("POST", ROLES, &name).await.expect(201);
    }
    let start = format!("{ROLES}?$orderby=name+desc&$top=1&$filter=startswith(name,'𝔸')&x=");
    let start = start.replace('𝔸', "%F0%9D%94%B8");
    let long = format!(
        "{start}{}",
        "x".repeat(LONGEST + "&$top=1".len() - start.len())
    );
    let page = ada.get(&long).await.expect(200);
    let longest = follow_all(&ada, &server.url(), page).await;
    assert_eq!(
        longest,
        LONGEST + "&$top=1&$skiptoken=~.".len() + 256 * 12 + 36
    );
}

#[tokio::test]
async fn neither_a_public_url_nor_a_batch_makes_a_link_too_long() {
    let public = format!("https://{}.example", ["pim"; 80].join("."));
    let server = TestServer::dev_called(Some(&public), None).await;
    let ada = server.person("ada").await;
    let start = format!("{ROLES}?$top=50&x=");
    let long = format!(
        "{start}{}",
        "x".repeat(LONGEST + "$top=50&".len() - start.len())
    );
    let page = ada.get(&long).await.expect(200);
    follow_all(&ada, &public, page).await;
    // A part is the same whether its URL is relative or one of this server's links.
    let mut url = long.replacen("/beta", "", 1);
    for _ in 0..3 {
        let batch = json!({"requests": [{"id": "1", "method": "GET", "url": url}]});
        let answer = ada.send("POST", "/beta/$batch", &batch).await.expect(200);
        let part = &answer["responses"][0];
        assert_eq!(part["status"], 200, "{url:.200}");
        let link = part["body"]["@odata.nextLink"].as_str();
        url = link.unwrap_or("/privilegedRoles").to_owned();
    }
    let batch = json!({"requests": [{"id": "1", "method": "GET", "url": format!("{}x", long.replacen("/beta", "", 1))}]});
    let answer = ada.send("POST", "/beta/$batch", &batch).await.expect(200);
    assert_eq!(answer["responses"][0]["status"], 414);
}

#[tokio::test]
async fn the_location_of_what_was_made_is_answered_whatever_its_id() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let new = json!({"userId": "#".repeat(128), "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
    let made = ada.send("POST", ASSIGNMENTS, &new).await;
    let location = made.header("location").unwrap().to_owned();
    let path = location.strip_prefix(&server.url()).unwrap();
    assert_eq!(
        ada.get(path).await.expect(200)["id"],
        made.expect(201)["id"]
    );
}
