//! Connections: how many there are at once, and how long one may stand still. What a client has not read of an answer waits in
//! memory, so both are bounded.

use std::io::{self, ErrorKind};
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;

/// How many connections there are at once where nobody says otherwise: half of the files that most systems let a program open.
pub(crate) const DEFAULT_CONNECTIONS: NonZeroUsize =
    NonZeroUsize::new(512).expect("it is not zero");

/// How long a client may take to send the head of its next request: more than the minute after which common proxies end
/// connections that they do not use, so that it is them who do.
const IDLE: Duration = Duration::from_secs(75);

/// How long a client may take nothing of what it is answered.
const STALLED: Duration = Duration::from_secs(30);

/// How long to wait with the next connection where the system has none to give.
const BREATH: Duration = Duration::from_secs(1);

type Connection<S> =
    http1::Connection<TokioIo<Pin<Box<TimeoutStream<S>>>>, TowerToHyperService<Router>>;

/// Answers on each connection, of which there are so many at the most: others wait to be taken. Told to stop, it takes no more,
/// and returns when the last request is answered; dropped, it ends all of them where they are.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    most: NonZeroUsize,
    stopped: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    let mut is_told = false;
    loop {
        let has_room = connections.len() < most.get();
        if !has_room && !is_told {
            tracing::warn!("{most} connections are open; others wait until one ends");
        }
        // Once, until half of them have ended.
        is_told = !has_room || is_told && most.get() / 2 < connections.len();
        tokio::select! {
            stream = accept(&listener), if has_room => {
                let answered = graceful.watch(connection(stream, router.clone()));
                connections.spawn(async move {
                    if let Err(error) = answered.await {
                        tracing::debug!(%error, "a connection ended");
                    }
                });
            }
            Some(_) = connections.join_next() => {}
            () = &mut stopped => break,
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // The last chunk of an answer is not to wait until the client has told that it got those before. Where
                // that cannot be had, the answer is as good.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) if has_gone(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Whether it is the client's doing.
fn has_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// Answers the requests of a connection, until its client ends it or stands still.
fn connection<S>(stream: S, router: Router) -> Connection<S>
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .serve_connection(
            TokioIo::new(Box::pin(stream)),
            TowerToHyperService::new(router),
        )
}

#[cfg(test)]
mod tests;
