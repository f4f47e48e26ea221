//! Lists of elements that count themselves.

use std::sync::Arc;

use axum::body::{HttpBody as _, to_bytes};
use futures::StreamExt as _;
use http::StatusCode;
use pimento_odata::expression::Projection;
use serde_json::{Value, json};

use super::*;
use crate::query::types::REGISTRATION;
use crate::wire::{SignupStatus, SignupStatuses};

/// How long each element of these tests is, about, in bytes.
const ELEMENT: usize = 1024;

fn head() -> SignupStatuses {
    SignupStatuses {
        context: "#".to_owned(),
        count: Some(7),
        value: Vec::new(),
    }
}

fn element(number: usize) -> SignupStatus {
    SignupStatus {
        context: None,
        id: format!("{number:0ELEMENT$}"),
        is_registered: true,
        status: "ok".to_owned(),
    }
}

fn whole(elements: usize) -> SignupStatuses {
    SignupStatuses {
        value: (0..elements).map(element).collect(),
        ..head()
    }
}

fn page(elements: usize, shape: Shape) -> Response {
    Page::new(head(), (0..elements).map(element), shape).into_response()
}

fn selecting(names: &[&str]) -> Shape {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let shape = Shape::of(&REGISTRATION, &Projection::Only(names), &[]);
    shape.expect("a shape")
}

async fn chunks(response: Response) -> Vec<Bytes> {
    let stream = response.into_body().into_data_stream();
    stream.map(|chunk| chunk.expect("a chunk")).collect().await
}

#[tokio::test]
async fn a_page_is_what_the_list_is_as_a_whole_however_many_elements_it_has() {
    for elements in [0, 1, 2, 60, 61, 62, 63, 64, 65, 200, 1000] {
        let response = page(elements, Shape::default());
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        let text = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a page");
        let expected = serde_json::to_vec(&whole(elements)).expect("JSON");
        assert!(text == expected, "{elements} elements");
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_in_no_element_of_any_chunk() {
    let response = page(1000, selecting(&["status"]));
    let text = to_bytes(response.into_body(), usize::MAX)
        .await
        .expect("a page");
    let page: Value = serde_json::from_slice(&text).expect("JSON");
    let expected = vec![json!({"status": "ok"}); 1000];
    assert_eq!(
        page,
        json!({"@odata.context": "#", "@odata.count": 7, "value": expected})
    );
}

#[tokio::test]
async fn a_small_page_says_its_length_and_a_large_one_comes_in_chunks_of_bounded_size() {
    let small = page(40, Shape::default());
    assert!(small.body().size_hint().exact().is_some());
    let large = page(1000, Shape::default());
    assert_eq!(large.body().size_hint().exact(), None);
    let mut chunks = chunks(large).await;
    chunks.pop();
    assert!(10 < chunks.len());
    let is_bounded = |chunk: &Bytes| (CHUNK..CHUNK + 2 * ELEMENT).contains(&chunk.len());
    assert!(chunks.iter().all(is_bounded));
}

#[tokio::test]
async fn an_element_is_made_when_its_chunk_is_due_and_who_goes_away_leaves_none_behind() {
    let made = Arc::new(());
    let each = vec![Arc::clone(&made); 1000];
    let elements = each.into_iter().map(|_| element(0));
    let response = Page::new(head(), elements, Shape::default()).into_response();
    let of_a_chunk = CHUNK / ELEMENT + 1;
    let is_left = |chunks: usize| {
        let left = Arc::strong_count(&made) - 1;
        (1000 - chunks * of_a_chunk..=1000 - chunks * (of_a_chunk - 5)).contains(&left)
    };
    assert!(is_left(1), "{}", Arc::strong_count(&made));
    let mut stream = response.into_body().into_data_stream();
    for chunks in 1..5 {
        stream.next().await.expect("a chunk").expect("a chunk");
        assert!(is_left(chunks), "{}", Arc::strong_count(&made));
    }
    drop(stream);
    assert_eq!(Arc::strong_count(&made), 1);
}

#[tokio::test]
async fn a_head_that_has_elements_of_its_own_is_no_answer() {
    let elements = std::iter::empty();
    let response = Page::new(whole(1), elements, Shape::default()).into_response();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
