//! Hardware addresses and who is behind them.

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Serialize};

/// The hardware address of one machine's network card (EUI-48); never all zeros, never that of a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mac([u8; 6]);

/// A text that is no hardware address of one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the hardware address of one machine")]
pub struct BadMac;

impl Mac {
    /// The address of these bytes, unless it is nobody's or a group's.
    pub fn new(octets: [u8; 6]) -> Option<Mac> {
        let of_one = octets[0] & 1 == 0 && octets != [0; 6];
        of_one.then_some(Mac(octets))
    }

    /// As [`Mac::new`], of a slice of six.
    pub(crate) fn of(bytes: &[u8]) -> Option<Mac> {
        bytes.try_into().ok().and_then(Mac::new)
    }

    /// Its bytes.
    pub const fn octets(self) -> [u8; 6] {
        self.0
    }

    /// Whether it was made up ("locally administered") and not given by a maker: phones change theirs from network to
    /// network, virtual machines have such ones for good.
    pub const fn is_random(self) -> bool {
        self.0[0] & 2 != 0
    }

    /// The maker by IEEE's registries; none if it is random, unknown, or registered without a name.
    pub fn maker(self) -> Option<String> {
        if self.is_random() {
            return None;
        }
        let digits: String = self.0.iter().map(|octet| format!("{octet:02X}")).collect();
        let maker = crate::text::clean(oui_data::lookup(&digits)?.organization())?;
        let named = !maker.eq_ignore_ascii_case("private") && maker != "IEEE Registration Authority";
        named.then_some(maker)
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, octet) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{octet:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Mac {
    type Err = BadMac;

    /// Twelve hexadecimal digits, bare or in groups parted by `:`, `-` or `.`.
    fn from_str(text: &str) -> Result<Mac, BadMac> {
        let mut octets = [0_u8; 6];
        let mut digits = 0_usize;
        for letter in text.trim().chars().filter(|letter| !matches!(letter, ':' | '-' | '.')) {
            let digit = letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(BadMac)?;
            let octet = octets.get_mut(digits / 2).ok_or(BadMac)?;
            *octet = (*octet << 4) | digit;
            digits += 1;
        }
        if digits == 12 { Mac::new(octets).ok_or(BadMac) } else { Err(BadMac) }
    }
}

impl TryFrom<String> for Mac {
    type Error = BadMac;

    fn try_from(text: String) -> Result<Mac, BadMac> {
        text.parse()
    }
}

impl From<Mac> for String {
    fn from(mac: Mac) -> String {
        mac.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_told() {
        for text in ["00:1b:21:00:10:30", "00-1B-21-00-10-30", "001b.2100.1030", "001B21001030"] {
            let mac: Mac = text.parse().unwrap();
            assert_eq!(mac.to_string(), "00:1b:21:00:10:30");
            assert!(!mac.is_random());
        }
        for text in [
            "",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
            "01:00:5e:00:00:01",
            "00:1b:21",
            "xx",
            "0".repeat(13).as_str(),
        ] {
            assert_eq!(text.parse::<Mac>(), Err(BadMac), "{text}");
        }
    }

    #[test]
    fn makers_are_known_by_the_first_bytes() {
        let maker = |text: &str| text.parse::<Mac>().unwrap().maker();
        assert!(maker("00:1b:21:00:10:30").unwrap().starts_with("Intel"));
        assert!(maker("00:50:56:00:10:20").unwrap().starts_with("VMware"));
        assert_eq!(maker("02:00:00:00:10:40"), None);
    }
}
