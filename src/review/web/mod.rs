//! The review in a browser: the page of the HTML report, with a [`Session`]
//! behind it that keeps what is decided.
//!
//! Only the person who started it may use it. The server listens on this
//! machine alone; its address holds a token that is good for one browser, which
//! gets a cookie for it; and `guard` lets nothing in that another page, or
//! another name for this machine, could have sent. Nothing is loaded from
//! elsewhere, and no other origin is answered.

mod api;
mod guard;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::Session;
use crate::error::{Error, Result};
use guard::Keys;

/// What all requests share.
#[derive(Clone)]
struct Shared {
    session: Arc<Mutex<Session>>,
    keys: Arc<Keys>,
}

/// A server that is bound to its port, and does not answer yet.
pub struct Server {
    listener: std::net::TcpListener,
    at: SocketAddr,
    shared: Shared,
}

impl Server {
    /// Takes `port` of 127.0.0.1, or any that is free for 0.
    ///
    /// # Errors
    /// [`Error::Io`] if the port is taken.
    ///
    /// # Panics
    /// If the system has no random numbers to give.
    pub fn bind(session: Session, port: u16) -> Result<Self> {
        let bind = || {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            listener.set_nonblocking(true)?;
            let at = listener.local_addr()?;
            Ok((listener, at))
        };
        let (listener, at) = bind().map_err(|source| failed(port, source))?;
        let shared = Shared { session: Arc::new(Mutex::new(session)), keys: Arc::new(Keys::new(at.port())) };
        Ok(Self { listener, at, shared })
    }

    /// The address to open, with its token. It can be used once.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}/?token={}", self.at, self.shared.keys.token())
    }

    /// Answers until the program is interrupted (Ctrl-C). What was begun is
    /// brought to its end.
    ///
    /// # Errors
    /// [`Error::Io`] if the system does not let it listen.
    pub fn run(self) -> Result<()> {
        let port = self.at.port();
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(self.listener)?;
                let until = async {
                    // If Ctrl-C can't be heard, it ends the program by itself.
                    if tokio::signal::ctrl_c().await.is_err() {
                        std::future::pending::<()>().await;
                    }
                };
                axum::serve(listener, router(self.shared)).with_graceful_shutdown(until).await
            })
        };
        run().map_err(|source| failed(port, source))
    }
}

fn failed(port: u16, source: std::io::Error) -> Error {
    Error::Io { path: PathBuf::from(format!("{}:{port}", Ipv4Addr::LOCALHOST)), source }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/", get(api::page))
        .route("/api/documents", get(api::standing))
        .route("/api/documents/{number}", get(api::document))
        .route("/api/decide", post(api::decide))
        .route("/api/tick", post(api::tick))
        .route("/api/undo", post(api::undo))
        .layer(from_fn_with_state(Arc::clone(&shared.keys), guard::admit))
        .with_state(shared)
}
