//! The catalogue as an OSCAL catalog (NIST, version 1.1): one form of one edition in one language.
//!
//! Sections become groups, rows become controls, sources become back-matter resources. Identifiers are named UUIDs
//! (version 5), so the same data give the same bytes. The time of the export is a parameter.

use chrono::{DateTime, SecondsFormat, Utc};
use komainu_language::Lang;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::edition::{Form, FormRow};
use crate::load::Catalog;
use crate::model::{GuidelineRef, Source};
use crate::parse::Words;
use crate::words::Variant;

/// The version of OSCAL the export is written in.
pub const OSCAL_VERSION: &str = "1.1.3";

/// Namespace of our own property names, as OSCAL asks for.
const NAMESPACE: &str = "https://github.com/komainu/komainu/ns/oscal";

/// What the export is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// The edition.
    pub fiscal_year: i32,
    /// The form.
    pub variant: Variant,
    /// The language of the texts.
    pub lang: Lang,
    /// When the data were last changed, for the metadata.
    pub last_modified: DateTime<Utc>,
}

/// The OSCAL document (`{"catalog": …}`); none where the edition has no such form.
pub fn catalog(catalog: &Catalog, export: Export) -> Option<Value> {
    let form = catalog.form_of(export.fiscal_year, export.variant)?;
    let writer = Writer { export };
    let groups: Vec<_> = form
        .sections()
        .map(|(section, rows)| writer.group(section.number.to_string(), &section.title, &rows))
        .collect();
    let mut document = json!({
        "uuid": writer.uuid("catalog", ""),
        "metadata": writer.metadata(&form),
        "groups": groups,
        "back-matter": { "resources": writer.resources(catalog, &form) },
    });
    if let Some(gate) = &form.gate {
        document["controls"] = json!([writer.control(gate)]);
    }
    Some(json!({ "catalog": document }))
}

struct Writer {
    export: Export,
}

impl Writer {
    fn text<'a>(&self, words: &'a Words) -> &'a str {
        words.get(self.export.lang)
    }

    /// Named by form and language, so that two exports do not share an identifier for different texts.
    fn uuid(&self, kind: &str, id: &str) -> String {
        let Export { fiscal_year, variant, lang, .. } = self.export;
        let name = format!("{NAMESPACE}/{fiscal_year}/{variant}/{lang}/{kind}/{id}");
        Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
    }

    fn metadata(&self, form: &Form) -> Value {
        let edition = form.edition;
        let title = format!("{} / {}", self.text(&edition.title), self.text(&form.data.title));
        let mut metadata = json!({
            "title": title,
            "last-modified": self.export.last_modified.to_rfc3339_opts(SecondsFormat::Secs, true),
            "version": format!("{}-{}", self.export.fiscal_year, self.export.variant),
            "oscal-version": OSCAL_VERSION,
            "props": [
                prop("fiscal-year", &self.export.fiscal_year.to_string()),
                prop("guideline", &edition.guideline),
                prop("items-confirmed", yes_no(edition.items_confirmed)),
                prop("language", self.export.lang.tag()),
            ],
            "remarks": self.text(&edition.note),
        });
        let links: Vec<_> = [&edition.checklist_url, &edition.manual_url]
            .into_iter()
            .flatten()
            .map(|url| json!({ "href": url, "rel": "reference" }))
            .collect();
        if !links.is_empty() {
            metadata["links"] = json!(links);
        }
        metadata
    }

    fn group(&self, number: String, title: &Words, rows: &[&FormRow]) -> Value {
        json!({
            "id": format!("section-{number}"),
            "title": self.text(title),
            "props": [{ "name": "label", "value": number }],
            "controls": rows.iter().map(|row| self.control(row)).collect::<Vec<_>>(),
        })
    }

    fn control(&self, row: &FormRow) -> Value {
        let scopes: Vec<_> = row.placement.scope.iter().map(|s| s.code()).collect();
        let mut props = vec![
            prop("level", row.placement.level.code()),
            prop("scope", &scopes.join(" ")),
            prop("confirmed", yes_no(row.standing.confirmed)),
            prop("number-basis", row.placement.basis.code()),
            prop("item", row.item.id.as_str()),
        ];
        if let Some(number) = &row.placement.number {
            props.push(json!({ "name": "label", "value": number.printed() }));
            props.push(json!({ "name": "sort-id", "value": format!("{:02}-{:02}", number.section(), number.position()) }));
        }
        if let Some(year) = row.condition.and_then(|c| c.target_fiscal_year) {
            props.push(prop("target-fiscal-year", &year.to_string()));
        }
        props.extend(row.item.guideline.iter().map(guideline_prop));
        let mut control = json!({
            "id": row.id.as_str(),
            "title": self.text(&row.item.title),
            "props": props,
            "parts": self.parts(row),
        });
        let links: Vec<_> = row.standing.sources.iter().map(|source| self.link(source)).collect();
        if !links.is_empty() {
            control["links"] = json!(links);
        }
        control
    }

    fn parts(&self, row: &FormRow) -> Vec<Value> {
        let item = row.item;
        let question = match self.export.variant {
            Variant::Vendor => item.vendor_question.as_ref().unwrap_or(&item.question),
            _ => &item.question,
        };
        let part = |suffix: &str, name: &str, words: &Words| json!({ "id": format!("{}_{suffix}", row.id), "name": name, "prose": self.text(words) });
        let mut statement = part("smt", "statement", question);
        let condition = row.condition.map(|condition| part("smt.cnd", "item", &condition.text));
        let remark = row.standing.remark.map(|remark| part("smt.rmk", "item", remark));
        // The metaschema knows "item" only inside a statement.
        let inner: Vec<_> = condition.into_iter().chain(remark).collect();
        if !inner.is_empty() {
            statement["parts"] = json!(inner);
        }
        vec![
            statement,
            part("why", "overview", &item.why),
            part("gdn", "guidance", &item.how),
            part("obj", "assessment-objective", &item.evidence),
        ]
    }

    fn link(&self, source: &Source) -> Value {
        json!({ "href": format!("#{}", self.uuid("source", source.id.as_str())), "rel": "reference" })
    }

    /// The sources that some row or the edition names, once each, in the order of the data.
    fn resources(&self, catalog: &Catalog, form: &Form) -> Vec<Value> {
        let named: std::collections::HashSet<_> = form
            .gate
            .iter()
            .chain(&form.rows)
            .flat_map(|row| &row.standing.sources)
            .copied()
            .chain(catalog.sources(&form.edition.sources))
            .map(|source| source.id.as_str())
            .collect();
        let used = catalog.rows.source.iter().filter(|source| named.contains(source.id.as_str()));
        used.map(|source| self.resource(source)).collect()
    }

    fn resource(&self, source: &Source) -> Value {
        let mut resource = json!({
            "uuid": self.uuid("source", source.id.as_str()),
            "title": self.text(&source.what),
            "props": [prop("source-id", source.id.as_str()), prop("tier", source.tier.code())],
        });
        if let Some(url) = &source.url {
            resource["rlinks"] = json!([{ "href": url }]);
        }
        resource
    }
}

/// A property under our own namespace.
fn prop(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NAMESPACE, "value": value })
}

fn guideline_prop(reference: &GuidelineRef) -> Value {
    let item = reference.item.as_ref().map(|item| format!(" item {item}")).unwrap_or_default();
    let mut prop =
        prop("guideline", &format!("{} {} {}{item}", reference.version, reference.part, reference.chapter));
    prop["class"] = json!(if reference.confirmed { "confirmed" } else { "inferred" });
    prop
}

fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}
