//! `textmend review --web`.

use std::io::Write as _;

use anyhow::Result;
use textmend::review::Session;
use textmend::review::web::Server;

use crate::Ending;

/// Serves the review in the browser until Ctrl-C.
pub(crate) fn serve(session: Session, port: u16) -> Result<Ending> {
    let server = Server::bind(session, port)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", server.address())?;
    // Who waits for the address may read it through a pipe.
    out.flush()?;
    eprintln!("Open this address in a browser on this machine; it can be used once. Ctrl-C ends the review.");
    server.run()?;
    Ok(Ending::default())
}
