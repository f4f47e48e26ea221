//! The clock of these tests stands still while anything can be done, and then goes on to the next instant that somebody waits
//! for: so they take no time.

use std::future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::stream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::*;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// How much a client takes at once, in bytes, which is also all that fits between the two.
const SOME: usize = 16 * 1024;

const HOUR: Duration = Duration::from_secs(3600);

/// Answers so many chunks of [`SOME`] bytes, and keeps `held` until the last is written or nobody wants it any more.
fn answering(chunks: usize, held: &Arc<()>) -> Router {
    let held = Arc::clone(held);
    let answer = move || async move {
        let chunk = move |_| {
            let _ = &held;
            Ok::<_, io::Error>(Bytes::from(vec![b'x'; SOME]))
        };
        Body::from_stream(stream::iter((0..chunks).map(chunk)))
    };
    Router::new().route("/", get(answer))
}

/// A client, and its connection to a server that answers so.
fn connected(router: Router) -> (DuplexStream, Connection<DuplexStream>) {
    let (client, server) = duplex(SOME);
    (client, connection(server, router))
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_for_too_long_is_left_and_what_waited_for_it_is_gone() {
    let held = Arc::new(());
    let (mut client, connection) = connected(answering(1_000, &held));
    client.write_all(REQUEST).await.expect("it is taken");
    let ended = timeout(HOUR, connection).await.expect("it ends");
    let error = ended.expect_err("it does not end by itself");
    assert!(format!("{error:?}").contains("TimedOut"), "{error:?}");
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_a_little_now_and_then_gets_all() {
    let (mut client, connection) = connected(answering(100, &Arc::default()));
    let connection = tokio::spawn(connection);
    let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    client.write_all(request).await.expect("it is taken");
    let (mut taken, mut some) = (0, vec![0; SOME]);
    loop {
        match client.read(&mut some).await.expect("more, or the end") {
            0 => break,
            more => taken += more,
        }
        sleep(STALLED - Duration::from_secs(1)).await;
    }
    assert!(100 * SOME < taken, "{taken}");
    connection.await.expect("no panic").expect("no error");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_no_whole_head_is_left() {
    for sent in [&b""[..], b"GET / HTTP/1.1\r\n"] {
        let (mut client, connection) = connected(Router::new());
        client.write_all(sent).await.expect("it is taken");
        let ended = timeout(HOUR, connection).await;
        assert!(ended.is_ok(), "{sent:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_be_long_in_coming() {
    let answer = || async {
        sleep(HOUR).await;
        "late"
    };
    let (mut client, connection) = connected(Router::new().route("/", get(answer)));
    tokio::spawn(connection);
    client.write_all(REQUEST).await.expect("it is taken");
    let mut start = [0; 15];
    client.read_exact(&mut start).await.expect("an answer");
    assert_eq!(&start, b"HTTP/1.1 200 OK");
}

/// A request and its answer.
async fn ask(client: &mut TcpStream) {
    client.write_all(REQUEST).await.expect("it is taken");
    let mut answer = vec![0; 1024];
    let length = client.read(&mut answer).await.expect("an answer");
    assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"));
}

/// A server with so many places for connections, that is stopped when the sender is dropped.
async fn listening(most: usize, router: Router) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let most = NonZeroUsize::new(most).expect("a place");
    tokio::spawn(serve(listener, router, most, async {
        let _ = stopped.await;
    }));
    (address, stop)
}

/// All take turns on one thread, so whoever is let in is answered within a few of them.
#[tokio::test]
async fn who_finds_no_place_waits_until_a_connection_ends() {
    let (asked, mut requests) = unbounded_channel();
    let answer = move || {
        let _ = asked.send(());
        future::ready("here")
    };
    let (address, _stop) = listening(1, Router::new().route("/", get(answer))).await;
    let mut first = TcpStream::connect(address).await.expect("a connection");
    ask(&mut first).await;
    let mut second = TcpStream::connect(address).await.expect("a connection");
    second.write_all(REQUEST).await.expect("it is sent");
    for _ in 0..100 {
        ask(&mut first).await;
    }
    for _ in 0..101 {
        requests.recv().await.expect("a request");
    }
    assert!(requests.is_empty(), "the second was let in");
    drop(first);
    requests.recv().await.expect("a request");
}
