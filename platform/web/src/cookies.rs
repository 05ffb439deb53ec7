//! The cookies of the house: session, shared place, language, theme, and the message shown once after a redirect.

use crate::Theme;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use komainu_access::{PlaceToken, SessionToken};
use komainu_i18n::Lang;

const SESSION: &str = "komainu-session";
/// The prefix makes browsers refuse the cookie unless it is secure and belongs to this very host.
const SESSION_SECURE: &str = "__Host-komainu-session";
/// Who waits at the door between two steps of signing in.
const DOOR: &str = "komainu-door";
const DOOR_SECURE: &str = "__Host-komainu-door";
/// A browser that is registered as a shared place.
const PLACE: &str = "komainu-place";
const PLACE_SECURE: &str = "__Host-komainu-place";
const LANG: &str = "komainu-lang";
const THEME: &str = "komainu-theme";
const FLASH: &str = "komainu-flash";
const YEAR: i64 = 365 * 24 * 3600;
/// A message that was never shown is stale after this many seconds.
const FLASH_AGE: i64 = 60;
/// A browser forgets in this time, in seconds, what the server forgets as well.
const DOOR_AGE: i64 = 600;
/// Browsers keep no cookie for longer (RFC 6265bis); it is set anew with each use.
const PLACE_AGE: i64 = 400 * 24 * 3600;

/// Reads and writes the house's cookies.
pub struct Cookies {
    jar: CookieJar,
    secure: bool,
}

impl Cookies {
    /// The cookies of a request.
    pub fn of(headers: &HeaderMap, secure: bool) -> Cookies {
        Cookies { jar: CookieJar::from_headers(headers), secure }
    }

    /// The secret of the session, if the browser sent one that can be one.
    pub fn session(&self) -> Option<SessionToken> {
        self.text(if self.secure { SESSION_SECURE } else { SESSION })?.parse().ok()
    }

    /// The secret of a browser between two steps of signing in.
    pub fn door(&self) -> Option<&str> {
        self.text(if self.secure { DOOR_SECURE } else { DOOR })
    }

    /// The secret of a browser that is registered as a shared place.
    pub fn shared_place(&self) -> Option<PlaceToken> {
        self.text(if self.secure { PLACE_SECURE } else { PLACE })?.parse().ok()
    }

    /// The language chosen by the switch.
    pub fn lang(&self) -> Option<Lang> {
        self.text(LANG)?.parse().ok()
    }

    /// Light, dark, or as the device wishes.
    pub fn theme(&self) -> Theme {
        Theme::from_code(self.text(THEME).unwrap_or_default())
    }

    /// The message to show once: its kind's name and its text.
    pub fn flash(&self) -> Option<(String, String)> {
        let bytes = URL_SAFE_NO_PAD.decode(self.text(FLASH)?).ok()?;
        let (kind, text) = std::str::from_utf8(&bytes).ok()?.split_once(' ')?;
        Some((kind.to_owned(), text.to_owned()))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(Cookie::value)
    }

    /// Sets or, with none, clears the session cookie. It lasts until the browser or the session ends.
    pub fn set_session(secure: bool, token: Option<&SessionToken>) -> HeaderValue {
        let name = if secure { SESSION_SECURE } else { SESSION };
        let text = token.map(SessionToken::text);
        write(name, text.as_deref().unwrap_or_default(), secure, text.is_none().then_some(0))
    }

    /// Sets or, with none, clears the secret of a browser between two steps of signing in.
    pub fn set_door(secure: bool, secret: Option<&str>) -> HeaderValue {
        let name = if secure { DOOR_SECURE } else { DOOR };
        write(name, secret.unwrap_or_default(), secure, Some(if secret.is_some() { DOOR_AGE } else { 0 }))
    }

    /// Makes the browser a shared place or, with none, an ordinary one.
    pub fn set_shared_place(secure: bool, token: Option<&PlaceToken>) -> HeaderValue {
        let name = if secure { PLACE_SECURE } else { PLACE };
        let text = token.map(PlaceToken::text);
        let age = if text.is_some() { PLACE_AGE } else { 0 };
        write(name, text.as_deref().unwrap_or_default(), secure, Some(age))
    }

    /// Remembers the language for a year.
    pub fn set_lang(secure: bool, lang: Lang) -> HeaderValue {
        write(LANG, lang.code(), secure, Some(YEAR))
    }

    /// Remembers the theme for a year.
    pub fn set_theme(secure: bool, theme: Theme) -> HeaderValue {
        write(THEME, theme.code(), secure, Some(YEAR))
    }

    /// Leaves a message for the next page.
    pub fn set_flash(secure: bool, kind: &str, text: &str) -> HeaderValue {
        write(FLASH, &URL_SAFE_NO_PAD.encode(format!("{kind} {text}")), secure, Some(FLASH_AGE))
    }

    /// Takes the shown message away.
    pub fn clear_flash(secure: bool) -> HeaderValue {
        write(FLASH, "", secure, Some(0))
    }
}

/// Every value is one of ours or base64, so it needs no quoting.
fn write(name: &str, value: &str, secure: bool, max_age: Option<i64>) -> HeaderValue {
    let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    if secure {
        text.push_str("; Secure");
    }
    if let Some(seconds) = max_age {
        text.push_str(&format!("; Max-Age={seconds}"));
    }
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
