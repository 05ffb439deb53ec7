//! The letter that asks a vendor what only the vendor can know.

use crate::t;
use komainu_i18n::Lang;

/// What the letter is made of.
#[derive(Clone, Debug)]
pub struct LetterInput {
    /// The vendor's name.
    pub vendor: String,
    /// The person there; may be empty.
    pub vendor_person: String,
    /// The institution.
    pub house: String,
    /// Its telephone number; may be empty.
    pub phone: String,
    /// Who writes.
    pub sender: String,
    /// The fiscal year, in words.
    pub year: String,
    /// By when a reply is asked for, in words.
    pub reply_by: String,
    /// The names of the systems that the vendor supplies.
    pub systems: Vec<String>,
    /// The address at which the vendor can answer, and until when, in words.
    pub link: Option<(String, String)>,
    /// The questions, each with its number (may be empty) and title.
    pub questions: Vec<Question>,
}

/// A question of the letter.
#[derive(Clone, Debug)]
pub struct Question {
    /// The printed number of the form; may be empty.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// The question.
    pub text: String,
}

/// A letter, ready to be copied, mailed or printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The whole text, with address and greeting.
    pub body: String,
}

/// Writes the letter in a language.
pub fn letter(lang: Lang, input: &LetterInput) -> Letter {
    let addressee = if input.vendor_person.is_empty() {
        t!(lang, "letter-to-company", vendor = input.vendor.as_str())
    } else {
        t!(lang, "letter-to-person", vendor = input.vendor.as_str(), person = input.vendor_person.as_str())
    };
    let mut parts = vec![
        addressee,
        t!(lang, "letter-greeting", house = input.house.as_str(), sender = input.sender.as_str()),
        t!(lang, "letter-purpose", year = input.year.as_str(), reply = input.reply_by.as_str()),
    ];
    if !input.systems.is_empty() {
        parts.push(t!(lang, "letter-systems") + "\n・" + &input.systems.join("\n・"));
    }
    let questions: Vec<String> =
        input.questions.iter().enumerate().map(|(index, q)| question(index, q)).collect();
    parts.push(t!(lang, "letter-questions") + "\n\n" + &questions.join("\n\n"));
    if let Some((address, until)) = &input.link {
        parts.push(t!(lang, "letter-link", until = until.as_str()) + "\n" + address);
    }
    parts.push(t!(lang, "letter-unsure"));
    parts.push(t!(lang, "letter-closing"));
    let mut sender = format!("{}\n{}", input.house, input.sender);
    if !input.phone.is_empty() {
        sender = t!(lang, "letter-phone", sender = sender.as_str(), phone = input.phone.as_str());
    }
    parts.push(sender);
    Letter {
        subject: t!(lang, "letter-subject", house = input.house.as_str(), year = input.year.as_str()),
        body: parts.join("\n\n"),
    }
}

fn question(index: usize, question: &Question) -> String {
    let number =
        if question.number.is_empty() { String::new() } else { format!("（{}）", question.number) };
    format!("{}. {}{number}\n{}", index + 1, question.title, question.text)
}

/// The address that opens the mail program with the letter in it.
pub fn mailto(email: &str, letter: &Letter) -> String {
    let body = letter.body.replace('\n', "\r\n");
    format!("mailto:{}?subject={}&body={}", escaped(email), escaped(&letter.subject), escaped(&body))
}

/// Percent signs for everything but the plainest: mail programs do not read `+` as a space.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |all, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            all + &char::from(byte).to_string()
        } else {
            all + &format!("%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> LetterInput {
        LetterInput {
            vendor: "A電子カルテ社".to_owned(),
            vendor_person: String::new(),
            house: "B病院".to_owned(),
            phone: "03-0000-0000".to_owned(),
            sender: "システム運用担当者".to_owned(),
            year: "令和8年度".to_owned(),
            reply_by: "令和8年12月7日".to_owned(),
            systems: vec!["電子カルテ".to_owned()],
            link: Some(("https://komainu.example.jp/l/reply/x".to_owned(), "令和8年12月21日".to_owned())),
            questions: vec![Question {
                number: "2-⑥".to_owned(),
                title: "更新".to_owned(),
                text: "今の版を教えてください。".to_owned(),
            }],
        }
    }

    #[test]
    fn the_letter_holds_everything_once_in_every_language() {
        for lang in Lang::ALL {
            let letter = letter(lang, &input());
            for part in [
                "A電子カルテ社",
                "・電子カルテ",
                "1. 更新（2-⑥）",
                "今の版を教えてください。",
                "03-0000-0000",
                "令和8年12月7日",
                "https://komainu.example.jp/l/reply/x\n",
                "令和8年12月21日",
            ] {
                assert_eq!(letter.body.matches(part).count(), 1, "{part} in {lang}: {}", letter.body);
            }
            assert!(letter.subject.contains("B病院"), "{}", letter.subject);
        }
    }

    #[test]
    fn an_address_cannot_carry_more_than_an_address() {
        let link = mailto("a@example.jp?bcc=x@example.jp", &letter(Lang::En, &input()));
        assert!(link.starts_with("mailto:a@example.jp%3Fbcc%3Dx@example.jp?subject="), "{link}");
        assert!(!link.contains(' ') && !link.contains('\n') && link.contains("%0D%0A"));
    }
}
