//! The ways of short messages: a gateway of text messages, browsers, and channels of chat services.

use super::service::{ServiceOptions, networks, private};
use komainu_notify::{
    ChatWay, IpNet, Numbers, Outbound, PushFault, PushKey, Roots, SmsFault, SmsForm, SmsMethod, SmsWay,
};
use std::path::{Path, PathBuf};
use std::str::FromStr;

const KIND: &str = "application/json";
const BODY: &str = r#"{"to":"{to}","text":"{text}"}"#;
/// Three parts of a long text message as telephones put them together, at 67 signs of any script a part (3GPP TS 23.040).
const LONGEST: usize = 201;

/// The ways that are switched on. Files are opened only by who serves.
#[derive(Clone, Default)]
pub(super) struct Short {
    sms: Option<Sms>,
    push: Option<Push>,
    /// Networks beside the public ones that channels may lie in.
    chat: Option<Vec<IpNet>>,
}

#[derive(Clone)]
struct Sms {
    form: SmsForm,
    headers: Option<PathBuf>,
}

#[derive(Clone)]
struct Push {
    key: PathBuf,
    contact: String,
    allowed: Vec<IpNet>,
}

/// The ways of short messages with their secrets, ready to be taken.
#[derive(Default)]
pub(crate) struct ShortWays {
    /// The gateway of text messages.
    pub(crate) sms: Option<SmsWay>,
    /// By what push services know us, and the way to them.
    pub(crate) push: Option<(PushKey, Outbound)>,
    /// The way to channels of chat services.
    pub(crate) chat: Option<ChatWay>,
}

/// Holds the settings about them against one another.
pub(super) fn settle(options: &ServiceOptions) -> Result<Short, String> {
    let allowed = networks("--chat-allow", options.chat_allow.as_deref())?;
    Ok(Short {
        sms: sms(options)?,
        push: push(options)?,
        chat: options.chat.unwrap_or(false).then_some(allowed),
    })
}

/// Tells which of these settings was given although what it belongs to was not.
fn orphan(named: &str, given: &[(&str, bool)]) -> Result<(), String> {
    match given.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(format!("{name}: {named} belongs to it")),
        None => Ok(()),
    }
}

/// A word that chooses between a few things.
fn word<T: FromStr + Default>(name: &str, given: Option<&str>, words: &str) -> Result<T, String> {
    given.map_or_else(
        || Ok(T::default()),
        |text| text.parse().map_err(|_| format!("{name} {text}: it is {words}")),
    )
}

fn sms(options: &ServiceOptions) -> Result<Option<Sms>, String> {
    let Some(url) = options.sms_url.clone().filter(|url| !url.is_empty()) else {
        orphan(
            "--sms-url",
            &[
                ("--sms-method", options.sms_method.is_some()),
                ("--sms-content-type", options.sms_content_type.is_some()),
                ("--sms-body", options.sms_body.is_some()),
                ("--sms-header-file", options.sms_header_file.is_some()),
                ("--sms-accepted", options.sms_accepted.is_some()),
                ("--sms-numbers", options.sms_numbers.is_some()),
                ("--sms-longest", options.sms_longest.is_some()),
            ],
        )?;
        return Ok(None);
    };
    let method: SmsMethod = word("--sms-method", options.sms_method.as_deref(), "post, put or get")?;
    let numbers: Numbers =
        word("--sms-numbers", options.sms_numbers.as_deref(), "entered, national, international or country")?;
    let body = if method == SmsMethod::Get { "" } else { BODY };
    let form = SmsForm {
        url,
        method,
        content_type: options.sms_content_type.clone().unwrap_or_else(|| KIND.to_owned()),
        body: options.sms_body.clone().unwrap_or_else(|| body.to_owned()),
        accepted: options.sms_accepted.clone().filter(|word| !word.is_empty()),
        numbers,
        longest: options.sms_longest.unwrap_or(LONGEST),
    };
    form.check().map_err(|fault| told(fault, options.sms_header_file.as_deref()))?;
    Ok(Some(Sms { form, headers: options.sms_header_file.clone() }))
}

/// What is wrong with the gateway's description, beginning with the setting's name.
fn told(fault: SmsFault, headers: Option<&Path>) -> String {
    let name = match fault {
        SmsFault::Url => "--sms-url",
        SmsFault::ContentType => "--sms-content-type",
        SmsFault::Incomplete | SmsFault::Json => "--sms-body",
        SmsFault::Longest => "--sms-longest",
        SmsFault::Header(_) => {
            let file = headers.unwrap_or(Path::new("")).display();
            return format!("--sms-header-file {file}: {fault}");
        }
    };
    format!("{name}: {fault}")
}

fn push(options: &ServiceOptions) -> Result<Option<Push>, String> {
    let allowed = networks("--push-allow", options.push_allow.as_deref())?;
    let Some(key) = options.push_key_file.clone() else {
        orphan(
            "--push-key-file",
            &[("--push-contact", options.push_contact.is_some()), ("--push-allow", !allowed.is_empty())],
        )?;
        return Ok(None);
    };
    let contact = options.push_contact.clone().ok_or("--push-key-file: --push-contact belongs to it")?;
    Ok(Some(Push { key, contact, allowed }))
}

impl Short {
    /// Opens the files that the ways need.
    pub(super) fn open(&self, roots: &Roots) -> Result<ShortWays, String> {
        let sms = self.sms.as_ref().map(|sms| {
            let headers = sms.headers.as_ref().map(|path| private("--sms-header-file", path)).transpose()?;
            let headers = headers.as_ref().map_or("", |headers| headers.as_str());
            SmsWay::new(&sms.form, headers, roots).map_err(|fault| told(fault, sms.headers.as_deref()))
        });
        let push = self.push.as_ref().map(|push| {
            let key = private("--push-key-file", &push.key)?;
            let key = PushKey::new(&key, &push.contact).map_err(|fault| match fault {
                PushFault::Key => format!("--push-key-file {}: {fault}", push.key.display()),
                PushFault::Contact => format!("--push-contact {}: {fault}", push.contact),
            })?;
            Ok::<_, String>((key, Outbound::new(push.allowed.clone(), roots)))
        });
        let chat = self.chat.clone().map(|allowed| ChatWay::new(allowed, roots));
        Ok(ShortWays { sms: sms.transpose()?, push: push.transpose()?, chat })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    const KEY: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";

    fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn settled(change: impl FnOnce(&mut ServiceOptions)) -> Result<Short, String> {
        let mut options = ServiceOptions::default();
        change(&mut options);
        settle(&options)
    }

    fn gateway(options: &mut ServiceOptions) {
        options.sms_url = Some("https://sms.example.jp/send".into());
    }

    #[test]
    fn each_way_is_off_until_it_is_named() {
        let open = |short: Short| short.open(&Roots::default()).unwrap();
        let off = open(settled(|_| ()).unwrap());
        assert!(off.sms.is_none() && off.push.is_none() && off.chat.is_none());
        let folder = tempfile::tempdir().unwrap();
        let (key, header) = (
            file(folder.path(), "push", &format!("{KEY}\n")),
            file(folder.path(), "sms", "Authorization: Bearer s3cret\nX-Account: 1\n"),
        );
        let on = settled(|options| {
            gateway(options);
            options.sms_header_file = Some(header);
            options.push_key_file = Some(key);
            options.push_contact = Some("mailto:komainu@example.jp".into());
            options.chat = Some(true);
        });
        let on = open(on.unwrap());
        assert!(on.sms.is_some() && on.push.is_some() && on.chat.is_some());
        // Networks alone switch nothing on.
        let allowed = settled(|options| options.chat_allow = Some(vec!["10.0.0.0/8".into()]));
        assert!(open(allowed.unwrap()).chat.is_none());
    }

    #[test]
    fn a_wrong_setting_is_one_line_that_names_it() {
        let refused = |change: fn(&mut ServiceOptions)| settled(change).err().unwrap();
        for (error, name) in [
            (refused(|o| o.sms_body = Some("x".into())), "--sms-body"),
            (refused(|o| o.sms_url = Some("sms.example.jp".into())), "--sms-url"),
            (
                refused(|o| {
                    gateway(o);
                    o.sms_method = Some("fax".into());
                }),
                "--sms-method",
            ),
            (
                refused(|o| {
                    gateway(o);
                    o.sms_numbers = Some("roman".into());
                }),
                "--sms-numbers",
            ),
            (
                refused(|o| {
                    gateway(o);
                    o.sms_content_type = Some("text/plain".into());
                }),
                "--sms-content-type",
            ),
            (
                refused(|o| {
                    gateway(o);
                    o.sms_body = Some("{to}".into());
                }),
                "--sms-body",
            ),
            (
                refused(|o| {
                    gateway(o);
                    o.sms_longest = Some(3);
                }),
                "--sms-longest",
            ),
            (refused(|o| o.push_contact = Some("mailto:a@example.jp".into())), "--push-contact"),
            (refused(|o| o.push_key_file = Some("key".into())), "--push-key-file"),
            (refused(|o| o.push_allow = Some(vec!["everywhere".into()])), "--push-allow"),
            (refused(|o| o.chat_allow = Some(vec!["everywhere".into()])), "--chat-allow"),
        ] {
            assert!(error.starts_with(name) && error.lines().count() == 1, "{error}");
        }
    }

    #[test]
    fn what_is_wrong_in_a_file_names_the_setting_and_not_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        let opened = |change: &dyn Fn(&mut ServiceOptions)| {
            settled(change).unwrap().open(&Roots::default()).err().unwrap()
        };
        let header = file(folder.path(), "sms", "X-Account: 1\ns3cret\n");
        let error = opened(&|options| {
            gateway(options);
            options.sms_header_file = Some(header.clone());
        });
        assert!(error.starts_with("--sms-header-file ") && error.contains("line 2"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
        let (wrong, right) = (file(folder.path(), "wrong", "s3cret"), file(folder.path(), "right", KEY));
        for (key, contact, name) in [
            (&wrong, "mailto:komainu@example.jp", "--push-key-file "),
            (&right, "komainu@example.jp", "--push-contact "),
        ] {
            let error = opened(&|options| {
                options.push_key_file = Some(key.clone());
                options.push_contact = Some(contact.into());
            });
            assert!(error.starts_with(name) && !error.contains("s3cret"), "{error}");
        }
    }
}
