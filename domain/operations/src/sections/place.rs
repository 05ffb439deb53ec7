//! Where the data lies, how large it is, and what program keeps it.

use crate::actions::Overview;
use crate::t;
use crate::words::size_text;
use askama::Template;
use komainu_web::SignedIn;

#[derive(Template)]
#[template(path = "section_place.html")]
pub(crate) struct PlaceSection {
    facts: Vec<(String, String)>,
}

impl PlaceSection {
    pub(crate) fn new(signed: &SignedIn, overview: &Overview) -> PlaceSection {
        let (lang, settings) = (signed.lang, &signed.app.settings);
        let free = |bytes: Option<u64>| bytes.map_or_else(|| t!(lang, "unknown"), size_text);
        let (files, bytes) = overview.files;
        let mut facts = vec![
            (t!(lang, "fact-data"), settings.data.display().to_string()),
            (t!(lang, "fact-free"), free(overview.situation.free_for_data)),
            (t!(lang, "fact-database"), settings.database.clone()),
            (t!(lang, "fact-server"), overview.server.clone()),
            (t!(lang, "fact-database-size"), size_text(overview.database_size)),
            (
                t!(lang, "fact-evidence"),
                t!(lang, "fact-evidence-text", count = files.to_string(), size = size_text(bytes)),
            ),
            (t!(lang, "fact-version"), settings.version.clone()),
            (t!(lang, "fact-schema"), overview.schema.to_string()),
        ];
        if overview.situation.folder_is_there {
            facts.insert(2, (t!(lang, "fact-free-backups"), free(overview.situation.free_for_backups)));
        }
        PlaceSection { facts }
    }
}
