//! What has to be asked of PostgreSQL before anything is measured.

use crate::Trouble;
use crate::postgres::connect;
use tokio_postgres::Config;

/// Copies a database of the server, to which nobody is connected, as it stands.
pub(crate) fn copy(url: &str, from: &str, to: &str) -> Result<(), Trouble> {
    let mut config: Config = url.parse()?;
    config.dbname("template1");
    runtime()?.block_on(async {
        let client = connect(&config).await?;
        Ok(client.batch_execute(&format!("CREATE DATABASE {to} TEMPLATE {from}")).await?)
    })
}

/// The types of the parameters of every statement on standard input: a JSON list of texts there, a list of lists of
/// names here.
pub(crate) fn types(url: &str) -> Result<(), Trouble> {
    let statements: Vec<String> = serde_json::from_reader(std::io::stdin())?;
    let config: Config = url.parse()?;
    let types = runtime()?.block_on(async {
        let client = connect(&config).await?;
        let mut types = Vec::new();
        for sql in statements {
            let prepared = client.prepare(&sql).await?;
            types.push(prepared.params().iter().map(|kind| kind.name().to_owned()).collect::<Vec<_>>());
        }
        Ok::<_, Trouble>(types)
    })?;
    println!("{}", serde_json::to_string(&types)?);
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
