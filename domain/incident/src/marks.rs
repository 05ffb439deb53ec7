//! What the map marks: the things that incidents touch which are not over.

use crate::actions::incidents_running;
use crate::model::{AssetState, Incident, Marked};
use crate::{t, words};
use komainu_access::{Permission, Scope};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_inventory::Thing;
use komainu_map::model::{Affected, AffectedData, CaseData, StateData};
use komainu_web::Failure;
use std::cmp::Reverse;

/// What incidents say of the ledger's things to this reader: nothing where none goes on, or where the reader may not see
/// incidents. Exercises come last.
pub fn map_marks(tx: &mut Tx<'_>, scope: &Scope, lang: Lang) -> Result<Affected, Failure> {
    let running = incidents_running(tx, scope)?;
    if running.is_empty() {
        return Ok(Affected::default());
    }
    let mut touched: Vec<(&Incident, &Marked)> = Vec::new();
    for (incident, things) in &running {
        touched.extend(things.iter().map(|marked| (incident, marked)));
    }
    touched.sort_by_key(|(incident, marked)| (incident.drill, Reverse(weight(marked.state)), marked.state));
    let leads = scope.may(Permission::IncidentLead);
    let state = |state: &AssetState| StateData {
        code: state.code().to_owned(),
        text: words::asset_state_text(lang, *state),
    };
    Ok(Affected {
        things: touched.into_iter().map(|(incident, marked)| thing(lang, incident, marked)).collect(),
        incidents: running.iter().map(|(incident, _)| case(lang, incident, leads)).collect(),
        states: AssetState::ALL.iter().map(state).collect(),
    })
}

fn thing(lang: Lang, incident: &Incident, marked: &Marked) -> AffectedData {
    let key = Thing::Asset(marked.asset).to_string();
    let state = words::asset_state_text(lang, marked.state);
    AffectedData {
        node: key.clone(),
        thing: key,
        name: marked.detail.name.clone(),
        state: marked.state.code().to_owned(),
        sign: sign(marked.state).to_owned(),
        text: if incident.drill { t!(lang, "mark-drill", state = state) } else { state },
        note: marked.detail.note.clone(),
        weight: weight(marked.state),
        incident: incident.id.to_string(),
        title: words::title_text(lang, incident),
        drill: incident.drill,
        url: format!("/incidents/{}", incident.id),
        version: marked.version,
    }
}

fn case(lang: Lang, incident: &Incident, leads: bool) -> CaseData {
    CaseData {
        id: incident.id.to_string(),
        title: words::title_text(lang, incident),
        drill: incident.drill,
        url: format!("/incidents/{}", incident.id),
        post: leads.then(|| format!("/incidents/{}/assets", incident.id)),
    }
}

/// Each state has its own, so that no colour is needed to tell them apart.
const fn sign(state: AssetState) -> &'static str {
    match state {
        AssetState::Suspected => "△",
        AssetState::Affected => "◆",
        AssetState::CutOff => "×",
        AssetState::Restored => "○",
        AssetState::Clean => "◎",
    }
}

/// What is looked for first.
const fn weight(state: AssetState) -> u8 {
    match state {
        AssetState::Affected => 2,
        AssetState::Suspected => 1,
        AssetState::CutOff | AssetState::Restored | AssetState::Clean => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_states_share_a_sign() {
        let signs: HashSet<&str> = AssetState::ALL.iter().map(|state| sign(*state)).collect();
        assert_eq!(signs.len(), AssetState::ALL.len());
    }
}
