//! Keys come and go, and so do issuers: what is fetched, how often, and what is believed meanwhile.

use std::time::Duration;

use futures::FutureExt as _;
use http::StatusCode;
use pimento_api::auth::{Fault, KeyTiming, Refused};
use serde_json::{Value, json};

use crate::provider::{Answer, Provider, pass, present, refetch};
use crate::signer::Signer;

const DOWN: Answer = Answer::Status(StatusCode::SERVICE_UNAVAILABLE);

fn unknown_key() -> Refused {
    Fault::UnknownKey.into()
}

/// A little more than the time after which keys are fetched anew.
fn lifetime() -> Duration {
    KeyTiming::default().lifetime + Duration::from_secs(1)
}

fn retry() -> Duration {
    KeyTiming::default().retry
}

#[tokio::test]
async fn a_new_key_is_found_by_one_more_fetch() {
    let (old, new) = (Signer::rs256("old"), Signer::es256("new"));
    let provider = Provider::start(&[&old]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({}));
    present(&authenticator, &old.sign(&claims)).await.unwrap();
    provider.publish(&[&old, &new]);
    pass(refetch()).await;
    present(&authenticator, &new.sign(&claims)).await.unwrap();
    present(&authenticator, &old.sign(&claims)).await.unwrap();
    assert_eq!(provider.fetches(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_the_next_fetch() {
    let (old, new) = (Signer::eddsa("old"), Signer::eddsa("new"));
    let provider = Provider::start(&[&old]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({"exp": 1e15}));
    present(&authenticator, &old.sign(&claims)).await.unwrap();
    provider.publish(&[&new]);
    pass(refetch()).await;
    present(&authenticator, &old.sign(&claims))
        .await
        .expect("nobody has asked for a new key yet");
    present(&authenticator, &new.sign(&claims)).await.unwrap();
    assert_eq!(
        present(&authenticator, &old.sign(&claims)).await,
        Err(unknown_key())
    );
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_an_hour_even_if_nobody_asks_for_another() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let token = signer.sign(&provider.claims(json!({"exp": 1e15})));
    present(&authenticator, &token).await.unwrap();
    provider.publish(&[]);
    pass(lifetime()).await;
    assert_eq!(present(&authenticator, &token).await, Err(unknown_key()));
}

#[tokio::test]
async fn unknown_keys_cause_one_fetch_in_thirty_seconds() {
    let (signer, stranger) = (Signer::eddsa("one"), Signer::eddsa("two"));
    let provider = Provider::start(&[&signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let bad = stranger.sign(&provider.claims(json!({})));
    for _ in 0..5 {
        assert_eq!(present(&authenticator, &bad).await, Err(unknown_key()));
    }
    assert_eq!(
        provider.fetches(),
        1,
        "the first fetch is fresh enough to know"
    );
    pass(refetch()).await;
    for _ in 0..5 {
        assert_eq!(present(&authenticator, &bad).await, Err(unknown_key()));
    }
    assert_eq!(provider.fetches(), 2);
    let good = signer.sign(&provider.claims(json!({})));
    present(&authenticator, &good).await.unwrap();
    assert_eq!(provider.fetches(), 2, "a known key needs no fetch");
}

#[tokio::test]
async fn the_time_between_fetches_can_be_chosen() {
    let (signer, stranger) = (Signer::eddsa("one"), Signer::eddsa("two"));
    let provider = Provider::start(&[&signer]).await;
    let timing = KeyTiming {
        refetch: Duration::ZERO,
        ..KeyTiming::default()
    };
    let issuers = vec![provider.configuration(json!({}))];
    let authenticator = pimento_api::auth::Authenticator::with_timing(issuers, timing).unwrap();
    let bad = stranger.sign(&provider.claims(json!({})));
    assert_eq!(present(&authenticator, &bad).await, Err(unknown_key()));
    assert_eq!(provider.fetches(), 2);
}

#[tokio::test]
async fn a_burst_of_tokens_makes_one_fetch() {
    let (signer, stranger) = (Signer::eddsa("one"), Signer::eddsa("two"));
    let provider = Provider::start(&[&signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({}));
    let (good, bad) = (signer.sign(&claims), stranger.sign(&claims));
    let all = futures::future::join_all((0..50).map(|_| present(&authenticator, &good))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(provider.fetches(), 1);
    pass(refetch()).await;
    let all = futures::future::join_all((0..50).map(|_| present(&authenticator, &bad))).await;
    assert!(all.iter().all(|verdict| *verdict == Err(unknown_key())));
    assert_eq!(provider.fetches(), 2);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_end_the_fetch_for_others() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let token = signer.sign(&provider.claims(json!({})));
    let mut impatient = Box::pin(present(&authenticator, &token));
    assert!(futures::poll!(&mut impatient).is_pending());
    drop(impatient);
    present(&authenticator, &token).await.unwrap();
    assert_eq!(provider.fetches(), 1);
}

#[tokio::test]
async fn keys_without_ids_are_used_where_there_is_one_only() {
    let (first, second) = (Signer::eddsa("x"), Signer::es256("y"));
    let nameless = |signer: &Signer| {
        let mut key = signer.jwk();
        key.as_object_mut().unwrap().remove("kid");
        key
    };
    let header = |signer: &Signer| json!({"alg": signer.alg()});
    let provider = Provider::start(&[]).await;
    provider.publish_keys(vec![nameless(&first)]);
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({}));
    let token = first.sign_with(&header(&first), &claims);
    present(&authenticator, &token).await.unwrap();
    assert_eq!(
        present(&authenticator, &first.sign(&claims)).await,
        Err(unknown_key())
    );

    provider.publish_keys(vec![nameless(&second)]);
    let rotated = second.sign_with(&header(&second), &claims);
    pass(lifetime()).await;
    present(&authenticator, &rotated).await.unwrap();

    provider.publish_keys(vec![nameless(&first), nameless(&second)]);
    pass(lifetime()).await;
    assert_eq!(present(&authenticator, &token).await, Err(unknown_key()));
}

#[tokio::test]
async fn a_rotated_key_without_an_id_is_found_by_one_more_fetch() {
    let (old, new) = (Signer::eddsa("x"), Signer::eddsa("x"));
    let provider = Provider::start(&[&old]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({}));
    let header = json!({"alg": "EdDSA"});
    present(&authenticator, &old.sign_with(&header, &claims))
        .await
        .unwrap();
    provider.publish(&[&new]);
    pass(refetch()).await;
    present(&authenticator, &new.sign_with(&header, &claims))
        .await
        .unwrap();
    let verdict = present(&authenticator, &old.sign_with(&header, &claims)).await;
    assert_eq!(verdict, Err(Fault::BadSignature.into()));
    assert_eq!(provider.fetches(), 2);
}

#[tokio::test]
async fn two_keys_of_one_id_are_both_tried() {
    let (first, second) = (Signer::eddsa("same"), Signer::eddsa("same"));
    let provider = Provider::start(&[&first, &second, &Signer::rs256("same")]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({}));
    present(&authenticator, &first.sign(&claims)).await.unwrap();
    present(&authenticator, &second.sign(&claims))
        .await
        .unwrap();
}

/// An issuer that goes down after one good token.
async fn go_down(signer: &Signer) -> (Provider, pimento_api::auth::Authenticator, Value) {
    let provider = Provider::start(&[signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({"exp": 1e15}));
    present(&authenticator, &signer.sign(&claims))
        .await
        .unwrap();
    provider.answer_discovery(DOWN);
    (provider, authenticator, claims)
}

#[tokio::test]
async fn while_the_issuer_is_down_old_keys_serve_for_a_day() {
    let signer = Signer::eddsa("one");
    let (provider, authenticator, claims) = go_down(&signer).await;
    let token = signer.sign(&claims);
    pass(lifetime()).await;
    present(&authenticator, &token).await.unwrap();
    pass(Duration::from_secs(22 * 3_600)).await;
    present(&authenticator, &token).await.unwrap();
    pass(Duration::from_secs(3_600)).await;
    let verdict = present(&authenticator, &token).await;
    assert!(
        matches!(verdict, Err(Refused::KeysUnavailable { .. })),
        "{verdict:?}"
    );
    provider.answer_discovery(Answer::Honest);
    pass(retry()).await;
    present(&authenticator, &token).await.unwrap();
}

#[tokio::test]
async fn while_the_issuer_hangs_nobody_waits_for_it_twice() {
    let signer = Signer::eddsa("one");
    let (provider, authenticator, claims) = go_down(&signer).await;
    let token = signer.sign(&claims);
    pass(lifetime()).await;
    present(&authenticator, &token).await.unwrap();
    provider.answer_discovery(Answer::Silence);
    pass(retry()).await;
    for _ in 0..3 {
        let verdict = present(&authenticator, &token).now_or_never();
        verdict.expect("old keys are at hand").unwrap();
    }
}

#[tokio::test]
async fn keys_are_renewed_in_the_background_once_the_issuer_is_back() {
    let (old, new) = (Signer::eddsa("old"), Signer::eddsa("new"));
    let (provider, authenticator, claims) = go_down(&old).await;
    pass(lifetime()).await;
    present(&authenticator, &old.sign(&claims)).await.unwrap();
    provider.answer_discovery(Answer::Honest);
    provider.publish(&[&new]);
    pass(retry()).await;
    present(&authenticator, &old.sign(&claims))
        .await
        .expect("the old key serves on");
    present(&authenticator, &new.sign(&claims))
        .await
        .expect("the fetch under way is joined");
    assert_eq!(
        present(&authenticator, &old.sign(&claims)).await,
        Err(unknown_key())
    );
    assert_eq!(provider.fetches(), 3);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_asked_again_and_again_in_the_background() {
    let signer = Signer::eddsa("one");
    let (provider, authenticator, claims) = go_down(&signer).await;
    let token = signer.sign(&claims);
    pass(lifetime()).await;
    present(&authenticator, &token).await.unwrap();
    for fetches in 3..6 {
        pass(retry()).await;
        let mut turns = 0;
        while provider.fetches() < fetches {
            let verdict = present(&authenticator, &token).now_or_never();
            verdict.expect("old keys are at hand").unwrap();
            tokio::task::yield_now().await;
            turns += 1;
            assert!(turns < 100_000, "there is no fetch number {fetches}");
        }
    }
}

#[tokio::test]
async fn whether_a_key_exists_cannot_be_told_while_the_issuer_is_down() {
    let (signer, stranger) = (Signer::eddsa("one"), Signer::eddsa("two"));
    let (provider, authenticator, claims) = go_down(&signer).await;
    pass(refetch()).await;
    for _ in 0..3 {
        let verdict = present(&authenticator, &stranger.sign(&claims)).await;
        assert!(
            matches!(verdict, Err(Refused::KeysUnavailable { .. })),
            "{verdict:?}"
        );
    }
    assert_eq!(provider.fetches(), 2);
    present(&authenticator, &signer.sign(&claims))
        .await
        .expect("its keys are still fresh");
}

#[tokio::test]
async fn a_failed_fetch_is_not_repeated_at_once() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    provider.answer_keys(DOWN);
    let authenticator = provider.authenticator(json!({}));
    let token = signer.sign(&provider.claims(json!({})));
    for _ in 0..3 {
        let Err(Refused::KeysUnavailable { retry_after }) = present(&authenticator, &token).await
        else {
            panic!("without keys nothing verifies");
        };
        assert!(
            Duration::ZERO < retry_after && retry_after <= retry(),
            "{retry_after:?}"
        );
        assert_eq!(
            retry_after.subsec_nanos(),
            0,
            "the header Retry-After takes whole seconds"
        );
    }
    assert_eq!(provider.fetches(), 1);
    provider.answer_keys(Answer::Honest);
    pass(retry()).await;
    present(&authenticator, &token).await.unwrap();
}
