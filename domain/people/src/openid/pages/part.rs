//! What other pages say of the sign-in service.

use komainu_web::Visit;
use url::Url;

/// The button at the door, where there is a service.
#[derive(Default)]
pub struct DoorPart {
    /// What people call the service; empty for none.
    pub name: String,
    /// Where it can be used instead, as it sends browsers back to one address only; empty for here.
    pub elsewhere: String,
}

impl DoorPart {
    /// Seen from this request. At a shared place there is none.
    pub fn of(visit: &Visit) -> DoorPart {
        match &visit.app.settings.openid {
            Some(provider) if visit.shared.is_none() => DoorPart {
                name: provider.name().to_owned(),
                elsewhere: elsewhere(&visit.app.settings.public_url, &visit.host).unwrap_or_default(),
            },
            _ => DoorPart::default(),
        }
    }

    /// Whether it can be used from here.
    pub fn here(&self) -> bool {
        !self.name.is_empty() && self.elsewhere.is_empty()
    }
}

/// The installation's address, where the request came to it under another: cookies that were left there do not come back
/// here.
fn elsewhere(public_url: &str, host: &str) -> Option<String> {
    let url = Url::parse(public_url).ok()?;
    let name = url.host_str()?;
    let own = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
    let asked = match url.port_or_known_default() {
        Some(port) if url.port().is_none() => host.strip_suffix(&format!(":{port}")).unwrap_or(host),
        _ => host,
    };
    (!own.eq_ignore_ascii_case(asked)).then(|| public_url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_used_where_it_sends_browsers_back_to() {
        for (public_url, host, here) in [
            ("https://komainu.example.jp", "komainu.example.jp", true),
            ("https://komainu.example.jp", "KOMAINU.example.jp:443", true),
            ("https://komainu.example.jp", "192.168.1.5", false),
            ("https://komainu.example.jp:8443", "komainu.example.jp:8443", true),
            ("https://komainu.example.jp:8443", "komainu.example.jp", false),
            ("http://127.0.0.1:8420", "127.0.0.1:8420", true),
            ("http://127.0.0.1:8420", "localhost:8420", false),
            ("http://[::1]:8420", "[::1]:8420", true),
        ] {
            assert_eq!(elsewhere(public_url, host).is_none(), here, "{public_url} {host}");
        }
    }
}
