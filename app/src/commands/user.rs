//! Accounts from the command line: the first one, the list, the way back in.

use super::House;
use crate::config::Settings;
use crate::{Done, Trouble};
use clap::Subcommand;
use komainu_i18n::Lang;
use komainu_people::actions::{
    ConsoleRefusal, Gate, factors_reset, password_reset, user_add, user_disable, user_enable, users,
};
use komainu_people::model::Password;
use komainu_people::passwords::{Hasher, Weakness, new_password};
use komainu_people::{Email, NewPerson};
use komainu_web::Refused;
use std::io::{IsTerminal as _, Read as _};
use std::process::ExitCode;

/// What can be done with accounts. Passwords are read from standard input, never from an argument that others see.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make an account; the password is the first line of standard input
    Add {
        /// The address to sign in with
        email: String,
        /// The name as others see it
        name: String,
        /// May found organisations; the first account of an installation always may
        #[arg(long)]
        administrator: bool,
    },
    /// List the accounts
    List {
        /// Answer in JSON, a line each
        #[arg(long)]
        json: bool,
    },
    /// Set a new password (first line of standard input) and end every session
    ResetPassword {
        /// The account's address
        email: String,
    },
    /// Take every second factor and recovery code away and end every session; the password stays
    ResetFactors {
        /// The account's address
        email: String,
    },
    /// Close an account: nobody can sign in with it any more
    Disable {
        /// The account's address
        email: String,
    },
    /// Open a closed account again
    Enable {
        /// The account's address
        email: String,
    },
}

/// `komainu user …`.
pub(crate) fn run(settings: &Settings, command: Command) -> Done {
    let house = House::open(settings, false)?;
    match command {
        Command::Add { email, name, administrator } => add(&house, &email, &name, administrator),
        Command::List { json } => list(&house, json),
        Command::ResetPassword { email } => {
            let password = password(&[&email])?;
            let hasher = Hasher::shared();
            let gate = Gate { db: &house.db, nature: &house.nature, hasher, key: house.files.key() };
            password_reset(&gate, &email, &password).map_err(told)?;
            println!("{email}: the password is set and every session has ended");
            Ok(ExitCode::SUCCESS)
        }
        Command::ResetFactors { email } => {
            house.db.write(|tx| factors_reset(tx, &house.nature, &email)).map_err(told)?;
            println!("{email}: the second factors are gone and every session has ended");
            Ok(ExitCode::SUCCESS)
        }
        Command::Disable { email } => {
            house.db.write(|tx| user_disable(tx, &house.nature, &email)).map_err(told)?;
            println!("{email}: closed");
            Ok(ExitCode::SUCCESS)
        }
        Command::Enable { email } => {
            house.db.write(|tx| user_enable(tx, &house.nature, &email)).map_err(told)?;
            println!("{email}: open");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn add(house: &House, email: &str, name: &str, administrator: bool) -> Done {
    let address: Email = email
        .parse()
        .map_err(|_| Trouble::Settings(format!("{email}: not an address such as name@example.jp")))?;
    let name = komainu_people::model::line(name)
        .map_err(|_| Trouble::Settings("the name is empty or too long".to_owned()))?;
    let password = password(&[email, &name])?;
    let first = house.db.read(users)?.is_empty();
    let new = NewPerson {
        name,
        name_kana: String::new(),
        email: address,
        password: Hasher::shared()
            .hash(&house.nature, &password)
            .map_err(|error| anyhow::anyhow!("{error}"))?,
        administrator: administrator || first,
        lang: Lang::Ja,
    };
    house.db.write(|tx| user_add(tx, &house.nature, &new)).map_err(told)?;
    println!("{email}: made{}", if new.administrator { ", may found organisations" } else { "" });
    Ok(ExitCode::SUCCESS)
}

fn list(house: &House, json: bool) -> Done {
    for person in house.db.read(users)? {
        let (administrator, closed) = (person.administrator, person.disabled_at.is_some());
        if json {
            let line = serde_json::json!({
                "id": person.id, "email": person.email, "name": person.name, "administrator": administrator,
                "closed": closed, "since": person.created_at,
            });
            println!("{line}");
        } else {
            let marks = [(administrator, "administrator"), (closed, "closed")];
            let marks: Vec<&str> = marks.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
            println!("{}\t{}\t{}", person.email, person.name, marks.join(", "));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a new password from the first line of standard input and holds it against the rules.
fn password(context: &[&str]) -> Result<Password, Trouble> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("New password (13 characters or more; it shows while you type), then Enter:");
    }
    let mut text = String::new();
    if input.is_terminal() {
        input.read_line(&mut text)?;
    } else {
        input.read_to_string(&mut text)?;
    }
    let line = text.lines().next().unwrap_or_default();
    new_password(line, line, context).map_err(|weakness| {
        Trouble::Settings(match weakness {
            Weakness::TooShort => "the password is too short: 13 characters or more".to_owned(),
            Weakness::TooLong => "the password is too long: 256 characters at most".to_owned(),
            Weakness::Guessable => {
                "the password is easy to guess: put four unrelated words together".to_owned()
            }
            Weakness::NotRepeated => "the two entries differ".to_owned(),
        })
    })
}

fn told(refused: Refused<ConsoleRefusal>) -> Trouble {
    match refused {
        Refused::Because(ConsoleRefusal::EmailTaken) => {
            Trouble::Settings("this address has an account".to_owned())
        }
        Refused::Because(ConsoleRefusal::Unknown) => {
            Trouble::Settings("no account has this address".to_owned())
        }
        Refused::Failed(failure) => Trouble::Failed(anyhow::anyhow!("{failure}")),
    }
}
