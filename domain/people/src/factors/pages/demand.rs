//! The organisation's demand for a second factor, as a part of the page about people.

use crate::factors::actions::{self, Demand, DemandRefusal};
use crate::factors::model::Kinds;
use crate::t;
use komainu_access::PersonId;
use komainu_i18n::Lang;
use komainu_web::{Form, Member, NoticeKind, Outcome, Refused, moment_text, redirect, with_flash};

/// What the page about people says of second factors.
pub(crate) struct DemandPart {
    /// Since when one is demanded; empty where it is not.
    pub(crate) since: String,
    /// How many members have none.
    pub(crate) without: usize,
    /// Whether whoever looks has one.
    pub(crate) own: bool,
}

impl DemandPart {
    pub(crate) fn of(lang: Lang, demand: &Demand, own: PersonId) -> DemandPart {
        DemandPart {
            since: demand.since.map(|since| moment_text(lang, since)).unwrap_or_default(),
            without: demand.kinds.values().filter(|kinds| !kinds.any()).count(),
            own: demand.kinds.get(&own).is_some_and(|kinds| kinds.any()),
        }
    }
}

/// Which kinds of factor somebody has.
pub(crate) fn kinds_text(lang: Lang, kinds: Kinds) -> String {
    match (kinds.totp, kinds.passkey) {
        (true, true) => t!(lang, "kinds-both"),
        (true, false) => t!(lang, "kinds-totp"),
        (false, true) => t!(lang, "kinds-passkey"),
        (false, false) => t!(lang, "kinds-none"),
    }
}

/// `POST /people/second-factor`
pub async fn demand_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let demanded = form.text("demand") == "yes";
    let (nature, scope) = (member.app.nature.clone(), member.scope.clone());
    let set = member.write(move |tx| actions::demand_set(tx, &nature, &scope, demanded)).await;
    let (kind, text) = match set {
        Ok(()) if demanded => (NoticeKind::Success, t!(lang, "demand-set")),
        Ok(()) => (NoticeKind::Success, t!(lang, "demand-lifted")),
        Err(Refused::Because(DemandRefusal::OwnFirst)) => (NoticeKind::Error, t!(lang, "demand-own-first")),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&member.app, redirect("/people"), kind, &text))
}
