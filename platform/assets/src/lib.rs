//! Not yet furnished.
/// Address of an asset.
pub fn url(name: &str) -> String {
    format!("/assets/{name}")
}
