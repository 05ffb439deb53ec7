//! Programs by which somebody far away operates a machine, told by their names and by whom they call.

use crate::findings::{Host, RemoteControl};

/// What a program is called here, a piece of the name under which it is installed, and the domains it calls.
const PROGRAMS: [(&str, &[&str], &[&str]); 12] = [
    ("teamviewer", &["teamviewer"], &["teamviewer.com"]),
    ("anydesk", &["anydesk"], &["anydesk.com"]),
    ("rustdesk", &["rustdesk"], &["rustdesk.com"]),
    ("splashtop", &["splashtop"], &["splashtop.com", "splashtop.eu"]),
    ("logmein", &["logmein", "gotoassist"], &["logmein.com", "logmeinrescue.com", "gotoassist.com"]),
    ("screenconnect", &["screenconnect", "connectwise control"], &["screenconnect.com"]),
    ("isl online", &["isl light", "isl alwayson"], &["islonline.net", "islonline.com"]),
    ("chrome remote desktop", &["chrome remote desktop"], &["remotedesktop-pa.googleapis.com"]),
    ("zoho assist", &["zoho assist"], &["assist.zoho.com", "zohoassist.com"]),
    ("atera", &["ateraagent"], &["atera.com"]),
    ("vnc", &["realvnc", "vnc server", "ultravnc", "tightvnc", "tigervnc"], &["services.vnc.com"]),
    ("radmin", &["radmin"], &["radminte.com"]),
];

/// The remote control that a program's installed name tells of.
pub(crate) fn by_software(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let found = PROGRAMS.iter().find(|(_, installed, _)| installed.iter().any(|piece| name.contains(piece)));
    found.map(|(program, _, _)| *program)
}

/// The remote control that a server's name tells of.
pub(crate) fn by_server_name(name: &str) -> Option<&'static str> {
    let within = |domain: &&str| {
        name.strip_suffix(*domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    PROGRAMS.iter().find(|(_, _, domains)| domains.iter().any(within)).map(|(program, _, _)| *program)
}

impl Host {
    /// Notes a remote control, each program once unless its numbers differ.
    pub(crate) fn is_operated_by(&mut self, program: &str, id: Option<String>) {
        let known = |told: &RemoteControl| {
            told.program.eq_ignore_ascii_case(program) && (id.is_none() || told.id == id)
        };
        if !self.remote_control.iter().any(known) {
            self.remote_control.push(RemoteControl { program: program.to_owned(), id });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_controls_are_told_by_their_names() {
        assert_eq!(by_software("TeamViewer 15 Host"), Some("teamviewer"));
        assert_eq!(by_software("gitg"), None);
        assert_eq!(by_server_name("router1.teamviewer.com"), Some("teamviewer"));
        assert_eq!(by_server_name("anydesk.com"), Some("anydesk"));
        assert_eq!(by_server_name("notanydesk.com"), None);
    }
}
