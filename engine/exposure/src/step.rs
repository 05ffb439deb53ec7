//! The kinds of steps an attack is made of.

use serde::{Deserialize, Serialize};

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// A kind of step. The word in data and JSON is its name in small letters with underscores.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum StepCode { $($(#[$doc])* $name),+ }

        impl StepCode {
            /// Every kind, in the order of this list.
            pub const ALL: &'static [StepCode] = &[$(StepCode::$name),+];

            /// The word in data and JSON.
            pub const fn code(self) -> &'static str {
                match self { $(StepCode::$name => $code),+ }
            }
        }
    };
}

steps! {
    /// A known hole of a VPN box is used from the Internet.
    VpnHole = "vpn_hole";
    /// Somebody signs in to the VPN with a leaked or guessed password.
    VpnLogin = "vpn_login";
    /// Somebody signs in by remote desktop from the Internet.
    RemoteDesktopLogin = "remote_desktop_login";
    /// A hole of a published service is used from the Internet.
    ServiceHole = "service_hole";
    /// A mobile router is found and entered.
    SimRouter = "sim_router";
    /// Somebody comes over a closed network from outside.
    ClosedNetwork = "closed_network";
    /// A partner's own network is captured first.
    PartnerTaken = "partner_taken";
    /// A mail or page from outside is opened.
    MailOpened = "mail_opened";
    /// A stick or somebody's own device brings it in.
    MediaBrought = "media_brought";
    /// Somebody signs in to a cloud service from the Internet.
    CloudLogin = "cloud_login";
    /// The partner's line is followed into the house.
    PartnerLine = "partner_line";
    /// A closed line is followed.
    ClosedLine = "closed_line";
    /// From a box into the segment behind it.
    EnterSegment = "enter_segment";
    /// From one segment into another.
    PassSegments = "pass_segments";
    /// A hole of a server is used from within the network.
    HoleServer = "hole_server";
    /// A hole of a terminal is used from within the network.
    HoleTerminal = "hole_terminal";
    /// A hole of a medical device is used from within the network.
    HoleDevice = "hole_device";
    /// A hole of a network device is used from within the network.
    HoleNetworkDevice = "hole_network_device";
    /// Somebody signs in on a server with a guessed password.
    LoginServer = "login_server";
    /// Somebody signs in on a terminal with a guessed password.
    LoginTerminal = "login_terminal";
    /// Somebody signs in on a medical device with a guessed password.
    LoginDevice = "login_device";
    /// Somebody signs in on a network device with a guessed password.
    LoginNetworkDevice = "login_network_device";
    /// Remote desktop in use is followed.
    RemoteDesktop = "remote_desktop";
    /// Data of a share can be changed.
    FileShare = "file_share";
    /// Images are read over DICOM.
    DicomRead = "dicom_read";
    /// Messages are read over HL7.
    Hl7Read = "hl7_read";
    /// A hole of an image or message service is used.
    ProtocolHole = "protocol_hole";
    /// A stick carries it over.
    MediaCarried = "media_carried";
    /// The open session of a cloud service is used.
    CloudSession = "cloud_session";
    /// The same password opens the other thing.
    SharedPassword = "shared_password";
    /// From user to administrator.
    BecomeAdministrator = "become_administrator";
    /// A shared password is read.
    ReadCredential = "read_credential";
    /// A shared password is guessed.
    GuessCredential = "guess_credential";
    /// A shared password is used.
    UseCredential = "use_credential";
    /// The manager's rights are used.
    Manage = "manage";
    /// A thing is encrypted.
    Encrypt = "encrypt";
    /// Data are encrypted over a share.
    EncryptOverShare = "encrypt_over_share";
    /// A backup is destroyed.
    DestroyBackup = "destroy_backup";
    /// A backup is overwritten by its own job.
    OverwriteBackup = "overwrite_backup";
    /// Data are copied out.
    Leak = "leak";
    /// A medical device is stopped.
    StopDevice = "stop_device";
    /// What depends on a stopped thing stops.
    StopsDependent = "stops_dependent";
    /// What follows of itself, and needs no sentence.
    Follows = "follows";
}

impl StepCode {
    /// Whether the table gives its chance; the others always succeed.
    pub const fn is_in_table(self) -> bool {
        !matches!(self, StepCode::StopsDependent | StepCode::Follows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_word_in_json() {
        for &code in StepCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.code());
        }
    }
}
