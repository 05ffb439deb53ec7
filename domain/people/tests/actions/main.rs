//! What can be done with people, on both databases.
#![allow(clippy::unwrap_used)]

mod accounts;
#[path = "../common/mod.rs"]
mod common;
mod entering;
mod invitations;
mod members;

use chrono::Duration;
use common::{OTHER_PASSWORD, PASSWORD, World, because, quick};
use komainu_access::{Permission, PersonId, Role, Scope, Session, Sessions};
use komainu_db::testing::each_database;
use komainu_i18n::Lang;
use komainu_people::actions::{
    self, Attempt, ConsoleRefusal, FirstRunRefusal, Founder, InviteRefusal, JoinRefusal, MemberChange,
    MemberRefusal, NewInvitation, Newcomer, NewcomerRefusal, PasswordChange, PasswordRefusal, Profile,
    SignInRefusal,
};
use komainu_people::model::{InvitationId, InvitationToken, Password};
use komainu_people::rules::Loss;
use komainu_web::{Failure, Refused};
use std::net::IpAddr;
use std::sync::Barrier;

fn attempt(email: &str, password: &str, address: &str) -> Attempt {
    Attempt {
        email: email.parse().ok(),
        password: Password::typed(password),
        address: address.parse().unwrap(),
        user_agent: "test".to_owned(),
        previous: None,
    }
}

fn founder(email: &str, setup_code: &str) -> Founder {
    Founder {
        name: "院長".to_owned(),
        name_kana: String::new(),
        email: email.parse().unwrap(),
        password: Password::typed(PASSWORD),
        setup_code: setup_code.to_owned(),
        lang: Lang::Ja,
        user_agent: "test".to_owned(),
    }
}

fn newcomer(email: &str, password: &str) -> Newcomer {
    Newcomer {
        name: "事務長".to_owned(),
        name_kana: "じむちょう".to_owned(),
        email: email.parse().unwrap(),
        password: Password::typed(password),
        lang: Lang::Ja,
        address: "192.0.2.7".parse().unwrap(),
        user_agent: "test".to_owned(),
    }
}

fn invite(world: &World, scope: &Scope, role: Role) -> (InvitationId, InvitationToken) {
    let new = NewInvitation {
        id: InvitationId(world.nature.id()),
        name: "事務長".to_owned(),
        role,
        title: "事務長".to_owned(),
    };
    let invited = world.db.write(|tx| actions::member_invite(tx, &world.nature, scope, &new)).unwrap();
    (invited.invitation.id, invited.token)
}

/// Runs both at the same moment.
fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(2);
    std::thread::scope(|threads| {
        let run = |index| {
            let (barrier, work) = (&barrier, &work);
            threads.spawn(move || {
                barrier.wait();
                work(index)
            })
        };
        let handles = [run(0), run(1)];
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    })
}
