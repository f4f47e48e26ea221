//! The way in: one server, as one caller sees it.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;
use uuid::Uuid;

use crate::{Error, Session, admin, dev, graph_beta};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Below this path lies the family of [`graph_beta`]; the other families lie at the root.
const GRAPH_BETA_PATH: &str = "/beta";

/// One Pimento server, as one caller sees it.
///
/// Cheap to clone. Clones share their connections, also those that speak for somebody else:
/// `pimento.clone().with_token(theirs)`.
#[derive(Clone, Debug)]
pub struct Pimento {
    root: String,
    http: reqwest::Client,
    session: Session,
    graph: graph_beta::Client,
    admin: admin::Client,
    dev: dev::Client,
}

impl Pimento {
    /// The server at `url`, without a token yet. Does not connect.
    ///
    /// `url` is what the server's operator calls it: `https://pimento.example`, with the path in front of it where a
    /// proxy adds one. The base URL of the API, with `/beta` at its end, means the same.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `url` is not an HTTP URL, or has credentials, a query or a fragment;
    /// [`Error::Transport`] where the platform's TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, Error> {
        let root = root(url)
            .map_err(|reason| Error::Invalid(format!("the URL of the server: {reason}")))?;
        // The server never redirects. Following a redirect of something else would take the token along.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .redirect(Policy::none())
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
            .build()
            .map_err(Error::Transport)?;
        Ok(Self::assemble(root, http, Session::default()))
    }

    /// Calls with this token, which is sent as it is.
    pub fn with_token(self, token: &str) -> Self {
        Self::assemble(self.root, self.http, self.session.with_token(token))
    }

    /// Calls with the token that `provider` has at the time. It is asked before each request, also before each further
    /// page of a list, so let it keep a token until shortly before that expires.
    ///
    /// Where it fails, the call fails with [`Error::Token`] and nothing is sent.
    pub fn with_token_provider<P, F, E>(self, provider: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self::assemble(
            self.root,
            self.http,
            self.session.with_token_provider(provider),
        )
    }

    /// Sends the GUID that `provider` has at the time as `client-request-id`, for instance the id of the work at hand.
    /// Without this each request gets a fresh one.
    pub fn with_request_ids<P>(self, provider: P) -> Self
    where
        P: Fn() -> Uuid + Send + Sync + 'static,
    {
        Self::assemble(
            self.root,
            self.http,
            self.session.with_request_ids(provider),
        )
    }

    /// Sends through an HTTP client of your own: other timeouts, a proxy, a private certificate authority. Let it not
    /// follow redirects: the server has none.
    pub fn with_http_client(self, http: reqwest::Client) -> Self {
        Self::assemble(self.root, http, self.session)
    }

    /// The API itself: roles, assignments, sign-up.
    pub fn graph(&self) -> &graph_beta::Client {
        &self.graph
    }

    /// Whether the server lives, whether it is ready, and which version it is. Sends no token.
    pub fn admin(&self) -> &admin::Client {
        &self.admin
    }

    /// The tokens and the clock of a server in dev mode; 404 on any other. Sends no token.
    pub fn dev(&self) -> &dev::Client {
        &self.dev
    }

    /// The operations of `admin` and `dev` are public. A token would only be exposed by them, and a provider that gets
    /// its tokens from the dev issuer would call itself.
    fn assemble(root: String, http: reqwest::Client, session: Session) -> Self {
        let public = session.without_token();
        let graph_root = format!("{root}{GRAPH_BETA_PATH}");
        Self {
            graph: graph_beta::Client::new_with_client(&graph_root, http.clone(), session.clone()),
            admin: admin::Client::new_with_client(&root, http.clone(), public.clone()),
            dev: dev::Client::new_with_client(&root, http.clone(), public),
            root,
            http,
            session,
        }
    }
}

/// The server's URL without a slash at its end, as the generated clients append their paths to it.
fn root(url: &str) -> Result<String, String> {
    let mut url = Url::parse(url).map_err(|reason| reason.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("its scheme is {}, not http or https", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it has credentials; a token goes to with_token".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it has a query or a fragment".to_owned());
    }
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix(GRAPH_BETA_PATH)
        .unwrap_or(path)
        .to_owned();
    url.set_path(&path);
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_url_of_the_api_means_its_server() {
        for url in [
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/",
            "http://127.0.0.1:8080/beta",
            "http://127.0.0.1:8080/beta/",
        ] {
            assert_eq!(root(url).as_deref(), Ok("http://127.0.0.1:8080"), "{url}");
        }
    }

    #[test]
    fn a_path_in_front_of_the_server_is_kept() {
        assert_eq!(
            root("https://gate.example/pimento/beta").as_deref(),
            Ok("https://gate.example/pimento")
        );
    }

    #[test]
    fn a_host_may_be_called_beta() {
        assert_eq!(root("http://beta").as_deref(), Ok("http://beta"));
    }

    #[test]
    fn what_is_not_the_url_of_a_server_is_refused() {
        for url in [
            "",
            "127.0.0.1:8080",
            "ftp://a.example",
            "http://a:b@c.example",
            "http://a.example?x=1",
            "http://a.example/#x",
        ] {
            assert!(root(url).is_err(), "{url}");
        }
    }
}
