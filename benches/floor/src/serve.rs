//! The least that answers: no session, no database, no template, no log; a constant as long as it was asked to be.

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

/// The longest answer, in bytes; more than any measured page.
const LONGEST: usize = 256 * 1024;

/// Serves `/N`, N bytes, on a free port, which it tells as the program does.
pub(crate) fn serve() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("http://{}", listener.local_addr()?);
        let block = Bytes::from(vec![b'x'; LONGEST]);
        let answer = move |Path(size): Path<usize>| async move { block.slice(..size.min(LONGEST)) };
        // Otherwise the end of a long answer may wait for an acknowledgement.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, Router::new().route("/{size}", get(answer))).await
    })
}
