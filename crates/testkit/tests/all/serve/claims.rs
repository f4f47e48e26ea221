//! The claims of a token: whom it is for, from whom, from when and until when, and for which tenant.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pimento_testkit::ServeServer;
use serde_json::{Value, json};

use super::{MY, plain, registered, shown, start, with};

/// The wall time in seconds, as the issuer has it.
fn now(house: &ServeServer) -> i64 {
    let token = house.issuer.token(&json!({}));
    let payload = token.split('.').nth(1).expect("claims");
    let bytes = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let claims: Value = serde_json::from_slice(&bytes).expect("JSON");
    claims["iat"].as_i64().expect("seconds")
}

/// What fay's token is answered with these claims besides.
async fn status(house: &ServeServer, claims: Value) -> u16 {
    let mut all = json!({"oid": "fay"});
    let given = claims.as_object().expect("an object").clone();
    all.as_object_mut().expect("an object").extend(given);
    let answer = shown(house, &house.issuer.token(&all)).await;
    let status = answer.status;
    if status == 401 {
        answer.refused(401, "InvalidAuthenticationToken");
    }
    status
}

#[tokio::test]
async fn the_audience_must_be_one_of_the_configured() {
    let house = plain().await;
    for (aud, expected) in [
        (json!("pimento"), 200),
        (json!(["elsewhere", "pimento"]), 200),
        (json!("elsewhere"), 401),
        (json!("pimento2"), 401),
        (json!("Pimento"), 401),
        (json!(""), 401),
        (json!([]), 401),
        (json!(["elsewhere"]), 401),
        (json!(7), 401),
        (json!({"pimento": true}), 401),
        (Value::Null, 401),
    ] {
        assert_eq!(
            status(&house, json!({ "aud": aud })).await,
            expected,
            "{aud}"
        );
    }
}

#[tokio::test]
async fn the_issuer_must_be_a_configured_one_byte_for_byte() {
    let house = plain().await;
    let url = house.issuer.url().to_owned();
    for (iss, expected) in [
        (json!(url), 200),
        (json!(format!("{url}/")), 401),
        (json!(url.to_uppercase()), 401),
        (json!("https://login.example.org"), 401),
        (json!(""), 401),
        (json!([url]), 401),
        (Value::Null, 401),
    ] {
        assert_eq!(
            status(&house, json!({ "iss": iss })).await,
            expected,
            "{iss}"
        );
    }
}

#[tokio::test]
async fn a_token_ends_a_minute_after_its_time_at_the_latest() {
    let house = plain().await;
    let now = now(&house);
    for (exp, expected) in [
        (json!(now + 30), 200),
        // Within the skew that is allowed, though not so far that a slow machine would leave it.
        (json!(now - 10), 200),
        (json!(now - 60), 401),
        (json!(now - 3_600), 401),
        (json!(0), 401),
        (json!((now + 600).to_string()), 401),
        (Value::Null, 401),
    ] {
        assert_eq!(
            status(&house, json!({ "exp": exp })).await,
            expected,
            "{exp}"
        );
    }
}

#[tokio::test]
async fn a_token_begins_a_minute_before_its_time_at_the_earliest() {
    let house = plain().await;
    let now = now(&house);
    for (nbf, expected) in [
        (Value::Null, 200),
        (json!(now), 200),
        (json!(now + 30), 200),
        (json!(now + 600), 401),
        (json!("now"), 401),
    ] {
        let claims = json!({"nbf": nbf, "exp": now + 3_600});
        assert_eq!(status(&house, claims).await, expected, "{nbf}");
    }
}

#[tokio::test]
async fn the_skew_is_what_the_configuration_says() {
    let house = registered(
        "",
        "tenant = \"contoso\"\nskew_seconds = 0",
        &json!({"oid": "fay"}),
    )
    .await;
    let now = now(&house);
    assert_eq!(status(&house, json!({"exp": now + 600})).await, 200);
    assert_eq!(status(&house, json!({"exp": now - 1})).await, 401);
    assert_eq!(
        status(&house, json!({"nbf": now + 600, "exp": now + 3_600})).await,
        401
    );
}

#[tokio::test]
async fn an_issuer_of_one_tenant_need_not_name_it_and_may_not_name_another() {
    let house = plain().await;
    for (tid, expected) in [
        (Value::Null, 200),
        (json!("contoso"), 200),
        (json!("fabrikam"), 401),
        (json!("Contoso"), 401),
        (json!(""), 401),
        (json!(["contoso"]), 401),
    ] {
        assert_eq!(
            status(&house, json!({ "tid": tid })).await,
            expected,
            "{tid}"
        );
    }
}

#[tokio::test]
async fn an_issuer_of_several_tenants_must_name_one_of_them() {
    let members = "tenants = [\"contoso\", \"fabrikam\"]";
    let house = registered("", members, &json!({"oid": "fay", "tid": "contoso"})).await;
    for (tid, expected) in [
        (json!("contoso"), 200),
        // It may speak for this one, which is not registered.
        (json!("fabrikam"), 403),
        (json!("tailspin"), 401),
        (Value::Null, 401),
    ] {
        assert_eq!(
            status(&house, json!({ "tid": tid })).await,
            expected,
            "{tid}"
        );
    }
}

#[tokio::test]
async fn tenant_ids_in_the_form_of_guids_have_one_spelling() {
    let tenant = "3F1C9A52-7D84-4E0B-9C36-5A2E8B71D040";
    let configure = |issuer: &pimento_testkit::TestIssuer| {
        let founder = format!("[[founders]]\ntenant = \"{tenant}\"\nuser = \"fay\"");
        let table = issuer.table(&format!("tenants = [\"{tenant}\"]"));
        format!("tenants = [\"{tenant}\"]\n{founder}\n{table}")
    };
    let house = ServeServer::start(configure)
        .await
        .expect("the server starts");
    let lower = with(&house, &json!({"oid": "fay", "tid": tenant.to_lowercase()}));
    lower.post(super::SIGN_UP).await.expect(200);
    let upper = with(&house, &json!({"oid": "fay", "tid": tenant}));
    let list = upper.get(MY).await.expect(200);
    assert_eq!(list["value"].as_array().map(Vec::len), Some(2), "{list}");
}

#[tokio::test]
async fn personal_accounts_are_refused_as_such() {
    let house = start(
        "",
        "tenants = [\"contoso\", \"9188040d-6c67-4c5b-b112-36a304b66dad\"]",
    )
    .await;
    let claims = json!({"oid": "fay", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad"});
    with(&house, &claims)
        .get(MY)
        .await
        .refused(403, "PersonalAccountNotSupported");
}

#[tokio::test]
async fn applications_are_refused_as_such() {
    let house = plain().await;
    for claims in [
        json!({"oid": "fay", "idtyp": "app"}),
        json!({"oid": "fay", "scp": null}),
        json!({"oid": "fay", "scp": null, "roles": ["Directory.Read.All"]}),
        json!({"oid": "fay", "scp": ""}),
    ] {
        with(&house, &claims)
            .get(MY)
            .await
            .refused(403, "ApplicationNotSupported");
    }
}
