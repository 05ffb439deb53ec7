//! Shared passwords and accounts.

use super::{Controls, is_yes, yes};
use serde::{Deserialize, Serialize};

/// One secret that opens several things, or the account that everybody uses.
///
/// Published investigations name it again and again: one administrator password for every server and terminal. It is
/// therefore an object of its own: whoever reads it on one thing has it for all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The caller's id, unique among credentials, 1 to 200 bytes.
    #[cfg_attr(test, schemars(length(min = 1, max = 200)))]
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The account group that uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Things that it opens.
    pub opens: Vec<String>,
    /// Things on which an administrator can read it, because it is used or kept there. Where nothing is named: on
    /// everything that it opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found_on: Vec<String>,
    /// It makes an administrator of whoever has it.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub administrator: bool,
    /// Controls of the secret, above all `unique_password`, `two_factor` and `credential_protected`.
    #[serde(default, skip_serializing_if = "Controls::is_empty")]
    pub controls: Controls,
}

impl Credential {
    /// A secret that opens these, and can be read on each of them.
    pub fn new(id: &str, opens: &[&str]) -> Credential {
        Credential {
            id: id.to_owned(),
            name: String::new(),
            group: None,
            opens: opens.iter().map(|&id| id.to_owned()).collect(),
            found_on: Vec::new(),
            administrator: true,
            controls: Controls::new(),
        }
    }

    /// What to call it before people: its name, or its id where it has none.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// Where it can be read.
    pub fn readable_on(&self) -> &[String] {
        if self.found_on.is_empty() { &self.opens } else { &self.found_on }
    }
}
