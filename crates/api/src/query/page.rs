//! Answers that are lists: written while the client reads them, so that what waits for a slow one is rows, not text.

use std::mem;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::{HeaderValue, header};
use serde::Serialize;

use super::Shape;
use crate::problem::Problem;
use crate::wire::List;

/// How large a chunk has to be to be sent, in bytes: so it is that and the end of one more element at the most. What is smaller
/// is sent whole, with its length, as pages are of which nobody said how many elements they are to have.
const CHUNK: usize = 64 * 1024;

/// What is before the first element of a list, what behind the last, and both where there is none.
const START: &[u8] = b"[";
const END: &[u8] = b"]}";
const NONE: &[u8] = b"[]}";

/// A list of which only those members are sent of each element that were asked for.
pub(crate) struct Page<L: List> {
    /// What comes before the elements: the list without any.
    head: L,
    elements: Elements<L::Element>,
    shape: Shape,
}

/// Each is made when it is to be written.
type Elements<T> = Box<dyn Iterator<Item = T> + Send>;

impl<L: List> Page<L> {
    /// These elements after this head. Nothing can fail any more when they are made: what could has been read.
    pub(crate) fn new(
        head: L,
        elements: impl Iterator<Item = L::Element> + Send + 'static,
        shape: Shape,
    ) -> Self {
        Self {
            head,
            elements: Box::new(elements),
            shape,
        }
    }
}

impl<L: List> IntoResponse for Page<L> {
    fn into_response(self) -> Response {
        let Some(mut chunks) = Chunks::of(self) else {
            return Problem::fault().into_response();
        };
        let body = match chunks.next() {
            Some(Ok(all)) if chunks.is_over => Body::from(all),
            Some(Ok(first)) => {
                Body::from_stream(stream::iter([Ok(first)].into_iter().chain(chunks)))
            }
            Some(Err(_)) | None => return Problem::fault().into_response(),
        };
        let json = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, json)], body).into_response()
    }
}

/// The text of a list.
struct Chunks<T> {
    /// Empty once it is written.
    head: Vec<u8>,
    /// What is to be written before the next element.
    separator: &'static [u8],
    elements: Elements<T>,
    shape: Shape,
    is_over: bool,
}

impl<T: Serialize> Chunks<T> {
    fn of<L: List<Element = T>>(page: Page<L>) -> Option<Self> {
        let mut head = serde_json::to_vec(&page.head).ok()?;
        let end = head.strip_suffix(NONE)?.len() + START.len();
        head.truncate(end);
        Some(Self {
            head,
            separator: b"",
            elements: page.elements,
            shape: page.shape,
            is_over: false,
        })
    }

    /// The next chunk, which is the last one where the elements end.
    fn chunk(&mut self) -> serde_json::Result<Vec<u8>> {
        let mut chunk = mem::take(&mut self.head);
        while chunk.len() < CHUNK {
            let Some(element) = self.elements.next() else {
                chunk.extend_from_slice(END);
                self.is_over = true;
                break;
            };
            chunk.extend_from_slice(mem::replace(&mut self.separator, b","));
            if self.shape.is_whole() {
                serde_json::to_writer(&mut chunk, &element)?;
            } else {
                serde_json::to_writer(&mut chunk, &self.shape.pruned(&element)?)?;
            }
        }
        // It may wait for the client, and had room for up to twice as much.
        chunk.shrink_to_fit();
        Ok(chunk)
    }
}

impl<T: Serialize> Iterator for Chunks<T> {
    type Item = serde_json::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let chunk = self.chunk();
        self.is_over |= chunk.is_err();
        Some(chunk.map(Bytes::from))
    }
}

#[cfg(test)]
mod tests;
