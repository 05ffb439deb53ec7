//! A network as an ordinary ledger knows it: the public JSON format.
//!
//! A file is one [`Network`]. Things and lines bear ids of the caller's; every reference between them is checked
//! by [`crate::read`]. What is not said is unknown, and unknown is a state of its own: it counts nearly as badly
//! as absent, and never as present.

mod connection;
mod control;
mod credential;
mod node;

pub use connection::{Connection, ConnectionKind, Dependency};
pub use control::{Control, Place, State};
pub use credential::Credential;
pub use node::{Node, NodeKind};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The end of a connection that stands for the Internet. It is no node and needs no entry in the list of nodes.
pub const INTERNET: &str = "internet";

/// What is known of the controls on one thing or line. A control that is not named is [`State::Unknown`].
pub type Controls = BTreeMap<Control, State>;

/// The version of the format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Format {
    /// The first version.
    #[default]
    #[serde(rename = "komainu-exposure/1")]
    V1,
}

/// A whole network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The version of the format.
    pub format: Format,
    /// What to call it; for people only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Where the facts come from, and anything else; for people only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Things: servers, terminals, devices, zones, care processes and so on.
    pub nodes: Vec<Node>,
    /// Lines between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<Connection>,
    /// Passwords and accounts that open more than one thing, or are kept where they can be stolen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<Credential>,
    /// Which thing cannot work without which. Without circles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
}

// serde hands these a reference.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !*value
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_one(value: &u32) -> bool {
    *value == 1
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_yes(value: &bool) -> bool {
    *value
}

#[cfg(test)]
mod tests {
    use super::{Control, Network, Place};
    use std::path::PathBuf;

    /// Where the new document is written when the old one has fallen behind: copy it over.
    const FRESH: &str = "target/exposure-network.schema.json";

    #[test]
    fn the_published_schema_says_what_the_types_say() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut schema = serde_json::to_value(schemars::schema_for!(Network)).unwrap();
        schema["$id"] = "https://github.com/komainu/komainu/docs/exposure-network.schema.json".into();
        for (thing, place) in
            [("Node", Place::Node), ("Connection", Place::Connection), ("Credential", Place::Credential)]
        {
            let fit = Control::ALL.iter().filter(|control| control.fits(place)).map(|control| control.code());
            let names = serde_json::json!({ "enum": fit.collect::<Vec<_>>() });
            schema["$defs"][thing]["properties"]["controls"]["propertyNames"] = names;
        }
        schema["title"] = "Komainu exposure network".into();
        let fresh = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let known =
            std::fs::read_to_string(root.join("docs/exposure-network.schema.json")).unwrap_or_default();
        if known != fresh {
            std::fs::create_dir_all(root.join("target")).unwrap();
            std::fs::write(root.join(FRESH), fresh).unwrap();
            panic!("docs/exposure-network.schema.json has fallen behind the types: copy {FRESH} over it");
        }
    }
}
