//! Lists that are longer than a page.
//!
//! ```no_run
//! # async fn list(pimento: pimento_client::Pimento) -> Result<(), pimento_client::Error> {
//! use pimento_client::paging;
//!
//! let graph = pimento.graph();
//! let mut assignments = paging::items(graph, graph.list_assignments().send());
//! while let Some(assignment) = assignments.try_next().await? {
//!     println!("{}", assignment.id);
//! }
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use progenitor_client::{ClientInfo, ResponseValue};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::de::DeserializeOwned;

use crate::answer::{self, Answer};
use crate::{Error, Session, error};

/// One page of a list. Every generated `...Collection` that has a next link is one.
pub trait Page: DeserializeOwned + Send + 'static {
    /// The elements of the list.
    type Item: Send + 'static;

    /// The elements of this page, in the order of the list, and the absolute URL of the next page where there is one.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}

/// The elements of a list, from its first page to its last. See [`items`].
///
/// A stream as well, for those who use the `futures` crate. After an error it ends.
pub struct Items<'a, T> {
    stream: BoxStream<'a, Result<T, Error>>,
}

impl<T> Items<'_, T> {
    /// The next element, or `None` after the last.
    ///
    /// # Errors
    /// Those of the request for the page that the element is on.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.stream.try_next().await
    }
}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream.poll_next_unpin(context)
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

/// All elements of the list whose first page `first` asks for.
///
/// A page is asked for when the elements of the one before it are used up, so there is never more than one page in
/// memory. The options of the first request (`$top` is the size of a page) hold for all. Each request has a token and
/// a `client-request-id` of its own, as with the generated methods. A link to another origin than the client's is
/// refused, since the token would go there.
pub fn items<'a, C, P, F, E>(client: &C, first: F) -> Items<'a, P::Item>
where
    C: ClientInfo<Session>,
    P: Page,
    F: Future<Output = Result<ResponseValue<P>, E>> + Send + 'a,
    E: Into<Error>,
{
    let follower = Follower {
        base: client.baseurl().to_owned(),
        http: client.client().clone(),
        session: client.inner().clone(),
    };
    let pages = stream::try_unfold(
        (follower, Next::First(first)),
        |(follower, next)| async move {
            let page: P = match next {
                Next::First(first) => first.await.map_err(Into::into)?.into_inner(),
                Next::Link(link) => follower.page(&link).await?,
                Next::End => return Ok::<_, Error>(None),
            };
            let (items, link) = page.into_parts();
            let next = link.map_or(Next::End, Next::Link);
            Ok(Some((
                stream::iter(items.into_iter().map(Ok)),
                (follower, next),
            )))
        },
    );
    Items {
        stream: pages.try_flatten().boxed(),
    }
}

enum Next<F> {
    First(F),
    Link(String),
    End,
}

/// What it takes to follow a link: the parts of a generated client, without its type.
struct Follower {
    base: String,
    http: reqwest::Client,
    session: Session,
}

impl Follower {
    async fn page<P: Page>(&self, link: &str) -> Result<P, Error> {
        let mut request = Request::new(Method::GET, self.own(link)?);
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        self.session
            .prepare(&mut request)
            .await
            .map_err(Error::Token)?;
        let response = answer::exec(&self.http, request)
            .await
            .map_err(Error::Transport)?;
        if let Some(answer) = Answer::of(&response) {
            return Err(answer.into());
        }
        let body = response.bytes().await.map_err(Error::Transport)?;
        serde_json::from_slice(&body).map_err(|reason| error::unreadable(&body, &reason))
    }

    /// The link, where it leads to the server that this client was made for.
    fn own(&self, link: &str) -> Result<Url, Error> {
        let url = Url::parse(link).map_err(|reason| {
            Error::protocol(
                None,
                format!("the next link {link} is not an absolute URL: {reason}"),
            )
        })?;
        let own = Url::parse(&self.base).is_ok_and(|base| base.origin() == url.origin());
        if own {
            return Ok(url);
        }
        let origin = url.origin().ascii_serialization();
        let reason = format!(
            "the next link leads to {origin}, but this client was made for {}",
            self.base
        );
        Err(Error::protocol(None, reason))
    }
}
