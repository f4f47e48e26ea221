//! What people do on the page, and what they see.

use std::path::PathBuf;

use futures::future::LocalBoxFuture;
use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{DEMO_TENANT, ServeServer, TestServer};
use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::life::lead_through_a_life;
use crate::tab::Tab;

/// A test has a tab of a browser of its own.
pub(crate) type Test = fn(&mut Tab) -> LocalBoxFuture<'_, ()>;

/// All of them, by their names.
pub(crate) const TESTS: [(&str, Test); 8] = [
    (
        "a_person_makes_an_assignment_permanent_on_the_page",
        |tab| Box::pin(make_permanent(tab)),
    ),
    (
        "a_reader_becomes_another_person_of_the_demo_tenant",
        |tab| Box::pin(become_ben(tab)),
    ),
    (
        "a_newcomer_leads_an_assignment_through_its_life_on_the_page",
        |tab| Box::pin(lead_through_a_life(tab)),
    ),
    (
        "outside_dev_mode_a_token_is_pasted_and_nobody_is_signed_in_before",
        |tab| Box::pin(paste_a_token(tab)),
    ),
    ("each_document_can_be_chosen", |tab| {
        Box::pin(choose_documents(tab))
    }),
    ("a_link_leads_to_its_operation", |tab| {
        Box::pin(follow_a_link(tab))
    }),
    ("roles_scopes_and_known_values_can_be_read", |tab| {
        Box::pin(read_extensions(tab))
    }),
    (
        "the_introduction_is_folded_and_fits_a_narrow_screen_in_the_dark",
        |tab| Box::pin(read_on_a_narrow_screen(tab)),
    ),
];

/// Where an operation's extensions are.
const ROLES: &str = ".is-open .opblock-body > .opblock-section:last-child";

/// Runs one.
pub(crate) async fn run(test: Test, browser: PathBuf) {
    let mut tab = Tab::new(Chromium::start(&browser)).await;
    test(&mut tab).await;
    tab.close().await;
}

/// By how much the page is wider than the screen.
const OVERHANG: &str =
    "document.documentElement.scrollWidth - document.documentElement.clientWidth";

async fn make_permanent(tab: &mut Tab) {
    let server = TestServer::dev().await;
    open(tab, &server, "").await;
    unfold(tab, "make_permanent").await;
    let ben = format!("ben_{USER_ADMINISTRATOR}");
    tab.click(".is-open .try-out__btn").await;
    tab.fill(".is-open .parameters input", &ben).await;
    let body = execute(tab, "200").await;
    photograph(tab, "executed").await;
    for (member, expected) in [
        ("id", json!(ben)),
        ("isElevated", json!(true)),
        ("expirationDateTime", Value::Null),
    ] {
        assert_eq!(body[member], expected, "{member} of {body}");
    }
    let ada = server.person("ada").await;
    let path = format!("/beta/privilegedRoleAssignments/{ben}");
    let seen = ada.get(&path).await.expect(200);
    assert_eq!(seen["isElevated"], true, "{seen}");
    assert_quiet(tab, &server);
}

async fn become_ben(tab: &mut Tab) {
    let server = TestServer::dev().await;
    open(tab, &server, "").await;
    choose(tab, "#person select", "ben").await;
    tab.text("#person select:enabled").await;
    unfold(tab, "list_my_assignments").await;
    tab.click(".is-open .try-out__btn").await;
    let body = execute(tab, "200").await;
    assert_eq!(body["value"][0]["userId"], "ben", "{body}");
    assert_quiet(tab, &server);
}

async fn paste_a_token(tab: &mut Tab) {
    let configuration = format!("tenants = [\"{DEMO_TENANT}\"]\n");
    let members = format!("tenant = \"{DEMO_TENANT}\"");
    let serve = ServeServer::start(|issuer| configuration + &issuer.table(&members))
        .await
        .unwrap();
    open(tab, &serve.server, "").await;
    unfold(tab, "is_signed_up").await;
    tab.click(".is-open .try-out__btn").await;
    execute(tab, "401").await;
    tab.click(".is-open .btn-clear").await;
    tab.click(".auth-wrapper .authorize").await;
    let token = serve.issuer.token(&json!({"sub": "ada"}));
    tab.fill(".auth-container input", &token).await;
    tab.click(".auth-container .modal-btn.authorize").await;
    photograph(tab, "authorized").await;
    tab.click(".auth-container .btn-done").await;
    let body = execute(tab, "200").await;
    assert_eq!(body["value"], false, "{body}");
    assert!(!tab.requests().iter().any(|url| url.contains("/dev/")));
}

async fn choose_documents(tab: &mut Tab) {
    let server = TestServer::dev().await;
    open(tab, &server, "").await;
    for (url, operation) in [
        ("/openapi/admin.json", "get_readyz"),
        ("/openapi/dev.json", "issue_token"),
        ("/openapi/graph-beta.json", "make_eligible"),
    ] {
        choose(tab, "#select", url).await;
        tab.text(&format!(".opblock[id$={operation}]")).await;
        photograph(tab, operation).await;
    }
    assert_quiet(tab, &server);
}

async fn follow_a_link(tab: &mut Tab) {
    let server = TestServer::dev().await;
    open(tab, &server, "#/privilegedRoles/self_activate").await;
    // Resolves when its first line is on the screen.
    let arrives = r"element => new Promise(resolve => new IntersectionObserver(
        entries => entries.some(entry => entry.isIntersecting) && resolve(true)
    ).observe(element))";
    let summary = ".is-open[id$=self_activate] .opblock-summary";
    assert_eq!(tab.look(summary, arrives).await, true);
    photograph(tab, "linked").await;
    assert_eq!(tab.evaluate(OVERHANG).await, 0);
    assert_quiet(tab, &server);
}

async fn read_extensions(tab: &mut Tab) {
    let server = TestServer::dev().await;
    open(tab, &server, "").await;
    unfold(tab, "make_permanent").await;
    let roles = tab.text(ROLES).await;
    assert!(roles.contains("x-pimento-roles"), "{roles}");
    assert!(roles.contains("Privileged Role Administrator"), "{roles}");
    let below = "element => element.getBoundingClientRect().top";
    let top = |place: Value| place.as_f64().unwrap();
    let roles = tab.look(ROLES, below).await;
    let parameters = tab.look(".is-open .parameters-container", below).await;
    assert!(top(roles) < top(parameters), "roles come first");
    photograph(tab, "roles").await;
    tab.click(".is-open .authorization__btn").await;
    let scopes = tab.text(".modal-ux-content").await;
    assert!(scopes.contains("Directory.AccessAsUser.All"), "{scopes}");
    photograph(tab, "scopes").await;
    open(tab, &server, "?urls.primaryName=Operators").await;
    unfold(tab, "get_livez").await;
    tab.click(".is-open .tablinks[data-name=model]").await;
    let schema = tab
        .text(".is-open .model-example [data-name=modelPanel]")
        .await;
    assert!(schema.contains("x-known-values"), "{schema}");
    photograph(tab, "known-values").await;
    assert_quiet(tab, &server);
}

async fn read_on_a_narrow_screen(tab: &mut Tab) {
    let server = TestServer::dev().await;
    tab.prefer("dark").await;
    tab.resize(390, 900).await;
    open(tab, &server, "").await;
    let sections = tab
        .evaluate("document.querySelectorAll('.info details').length")
        .await;
    assert!(5 < sections.as_u64().unwrap(), "{sections}");
    photograph(tab, "narrow").await;
    tab.click(".info details:nth-of-type(4) summary").await;
    tab.text(".info details[open] table").await;
    photograph(tab, "errors").await;
    assert_eq!(tab.evaluate(OVERHANG).await, 0);
    let dark = "document.documentElement.classList.contains('dark-mode')";
    assert_eq!(tab.evaluate(dark).await, true);
    assert_quiet(tab, &server);
}

/// Opens the page, and waits for its operations; in dev mode also until somebody is signed in.
pub(crate) async fn open(tab: &mut Tab, server: &TestServer, fragment: &str) {
    tab.open(&format!("{}/swagger-ui/{fragment}", server.url()))
        .await;
    tab.text(".opblock").await;
    let is_dev = tab
        .evaluate("document.querySelector('#person') != null")
        .await;
    let is_locked = tab
        .evaluate("document.querySelector('.authorization__btn') != null")
        .await;
    if is_dev == true && is_locked == true {
        tab.text(".auth-wrapper .authorize.locked").await;
    }
}

/// Opens an operation by its first line.
async fn unfold(tab: &mut Tab, operation: &str) {
    tab.click(&format!(
        ".opblock[id$=-{operation}] .opblock-summary-control"
    ))
    .await;
    tab.text(&format!(".opblock.is-open[id$=-{operation}] .try-out__btn"))
        .await;
}

/// Sends what is filled in, and answers the body that the page shows, beside this status.
async fn execute(tab: &mut Tab, status: &str) -> Value {
    tab.click(".is-open .execute").await;
    let body = tab.text(".live-responses-table .highlight-code code").await;
    let shown = tab
        .text(".live-responses-table tbody .response-col_status")
        .await;
    assert_eq!(shown.lines().next(), Some(status), "{body}");
    serde_json::from_str(&body).unwrap()
}

/// Chooses from a list.
pub(crate) async fn choose(tab: &mut Tab, list: &str, value: &str) {
    let choose = format!(
        "element => {{ element.value = {}; element.dispatchEvent(new Event('change', {{bubbles: true}})); return element.value; }}",
        json!(value)
    );
    assert_eq!(tab.look(list, &choose).await, value);
}

/// Nothing came from anywhere else, and nothing went wrong.
pub(crate) fn assert_quiet(tab: &Tab, server: &TestServer) {
    let requests = tab.requests();
    assert!(!requests.is_empty());
    for url in requests {
        assert!(url.starts_with(&server.url()), "{url}");
    }
    assert_eq!(tab.complaints(), [""; 0]);
}

/// Keeps what can be seen, where somebody asked for it.
pub(crate) async fn photograph(tab: &mut Tab, name: &str) {
    if let Some(folder) = std::env::var_os("PIMENTO_SCREENSHOTS") {
        tab.photograph(&PathBuf::from(folder).join(name).with_extension("png"))
            .await;
    }
}
