//! The pages of things, lines and completeness as a browser without scripts meets them.

use crate::browser::Browser;
use crate::house::House;
use crate::setup::{first_id, on_each};
use axum::http::StatusCode;
use komainu_access::Role;
use komainu_inventory::actions::asset_add;
use komainu_inventory::{AssetDetails, AssetKind, Facts};

const ASSETS: &str = "/ledger/assets";
const LINES: &str = "/ledger/connections";

/// Adds a thing and answers its address.
fn add(browser: &Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let fields = [&[("kind", kind)][..], fields].concat();
    browser.post(&format!("{ASSETS}/new"), &fields).to().to_owned()
}

#[test]
fn a_thing_from_its_kind_to_its_removal() {
    on_each(|site| {
        let browser = site.director();
        browser.get(ASSETS).ok().says("まだ資産がありません");
        browser.get(&format!("{ASSETS}/new")).ok().says("何を加えますか").says("医療機器");
        let zone = add(&browser, "zone", &[("name", "診療の線")]);
        let zone_id = zone.rsplit('/').next().unwrap().to_owned();
        let at = add(
            &browser,
            "server",
            &[
                ("name", "電子カルテの本体"),
                ("zone", zone_id.as_str()),
                ("fact-maker", "カルテ社"),
                ("fact-support_ends", "Ｒ９．１０．１２"),
                ("fact-count", "１，２００"),
                ("fact-address", "１９２．１６８．１．５"),
                ("fact-holds_records", "yes"),
                ("control-updates", "absent"),
                ("control-antivirus", "unknown"),
            ],
        );
        let page = browser.get(&at).ok();
        assert_eq!(page.value("fact-support_ends"), "令和9年10月12日");
        assert_eq!(
            (page.value("fact-count"), page.value("fact-address")),
            ("1200".into(), "192.168.1.5".into())
        );
        page.says("value=\"absent\" id=\"f-control-updates-2\" checked");
        page.says("id=\"f-control-antivirus-3\" checked").says("点検項目").says("安全のため");
        // The form as it is shown changes nothing but what is typed into it.
        let ends = page.value("fact-support_ends");
        let sent = [
            ("kind", "server"),
            ("name", "本体"),
            ("zone", zone_id.as_str()),
            ("fact-support_ends", ends.as_str()),
        ];
        assert_eq!(browser.post_from(&page, &at, &sent).to(), at);
        let page = browser.get(&at).ok();
        assert_eq!(page.value("fact-support_ends"), "令和9年10月12日");
        assert_eq!(page.value("fact-maker"), "", "what was emptied is empty");
        browser.get(&zone).ok().says("この中にあるもの").says("本体");
        let wanted: String = url::form_urlencoded::byte_serialize("診療の線".as_bytes()).collect();
        browser.get(&format!("{ASSETS}?q={wanted}&kind=server")).ok().says("本体");
        browser.get(&format!("{ASSETS}?kind=backup")).ok().says("見つかりませんでした");

        let remove = format!("{zone}/remove");
        let asked = browser.get(&remove).ok();
        asked.says("次の1件が、ここを区画").says("本体").says("/remove?clear=yes");
        let untold = browser.post_from(&asked, &remove, &[]);
        assert_eq!(untold.status, StatusCode::CONFLICT);
        untold.says("次の1件が、ここを区画").says("/remove?clear=yes");
        assert_eq!(browser.post_from(&asked, &format!("{remove}?clear=yes"), &[]).to(), ASSETS);
        assert_eq!(browser.get(&zone).status, StatusCode::NOT_FOUND);
        browser.get(&at).ok();
        let last = browser.get(&format!("{at}/remove")).ok();
        assert!(!last.text.contains("clear=yes"), "nothing names it");
        assert_eq!(browser.post_from(&last, &format!("{at}/remove"), &[]).to(), ASSETS);
    });
}

#[test]
fn a_form_keeps_what_was_typed_and_says_what_is_wrong() {
    on_each(|site| {
        let browser = site.director();
        let new = format!("{ASSETS}/new");
        let fields = [
            ("kind", "server"),
            ("name", ""),
            ("fact-maker", "カルテ社"),
            ("fact-support_ends", "そのうち"),
            ("fact-installed", "13月1日"),
            ("fact-count", "0"),
            ("control-updates", "present"),
        ];
        let answer = browser.post(&new, &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.says("日付として読めません").says("1から1000000までの整数");
        answer.says("href=\"#f-fact-support_ends\"").says("href=\"#f-name\"");
        assert_eq!(answer.value("fact-support_ends"), "そのうち");
        assert_eq!((answer.value("fact-count"), answer.value("fact-maker")), ("0".into(), "カルテ社".into()));
        answer.says("id=\"f-control-updates\" checked");
        answer.says("<details class=\"acc\" open>");
        assert_eq!(browser.post(&new, &[("kind", "toaster")]).status, StatusCode::BAD_REQUEST);

        let machine = add(&browser, "server", &[("name", "本体")]);
        let machine = machine.rsplit('/').next().unwrap().to_owned();
        let wrong = browser.post(&new, &[("kind", "terminal"), ("name", "受付"), ("zone", machine.as_str())]);
        wrong.says("選んだ区画が台帳にありません");
        let zone = add(&browser, "zone", &[("name", "線")]);
        let id = zone.rsplit('/').next().unwrap().to_owned();
        let page = browser.get(&zone);
        let circle =
            browser.post_from(&page, &zone, &[("kind", "zone"), ("name", "線"), ("zone", id.as_str())]);
        circle.says("ぐるりと回って");
    });
}

#[test]
fn a_stored_fact_that_no_longer_stands_is_shown_told_and_not_lost() {
    on_each(|site| {
        let House { nature, director, .. } = &site.house;
        let text = r#"{ "count": "2000000", "holds_records": "maybe", "maker": "カルテ社" }"#;
        let facts: Facts = serde_json::from_str(text).unwrap();
        let details = AssetDetails { facts, ..AssetDetails::named(AssetKind::Server, "本体") };
        let id = site.house.write(|tx| asset_add(tx, nature, director, &details)).unwrap();
        let browser = site.director();
        for path in [ASSETS, "/ledger/completeness", "/ledger/export", "/map", "/exposure"] {
            browser.get(path).ok();
        }
        let at = format!("{ASSETS}/{id}");
        let page = browser.get(&at).ok();
        page.says("前に書かれた「2000000」").says("1から1000000までの整数");
        page.says("href=\"#f-fact-count\"").says("href=\"#f-fact-holds_records\"");
        page.says("value=\"maybe\" id=\"f-fact-holds_records-4\" checked");
        assert_eq!(page.value("fact-count"), "2000000");
        let send = |count: &str, holds: &str| {
            let fields =
                [("kind", "server"), ("name", "本体"), ("fact-count", count), ("fact-holds_records", holds)];
            browser.post_from(&page, &at, &fields)
        };
        // The form sent as it stands is not taken, and shows the same again.
        let refused = send("2000000", "maybe");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("value=\"maybe\" id=\"f-fact-holds_records-4\" checked");
        assert_eq!(refused.value("fact-count"), "2000000");
        assert_eq!(send("2", "yes").to(), at);
        assert!(!browser.get(&at).ok().text.contains("前に書かれた"));
    });
}

#[test]
fn two_people_in_one_thing_see_both_texts() {
    on_each(|site| {
        let (mine, theirs) = (site.director(), site.somebody(Role::SystemOperator));
        let at = add(&mine, "network_device", &[("name", "VPN装置"), ("fact-software", "7.0")]);
        let (my_page, their_page) = (mine.get(&at), theirs.get(&at));
        let sent = |version: &'static str, two_factor: &'static str| {
            [
                ("kind", "network_device"),
                ("name", "VPN装置"),
                ("fact-software", version),
                ("control-two_factor", two_factor),
            ]
        };
        assert_eq!(theirs.post_from(&their_page, &at, &sent("7.2", "present")).to(), at);
        let conflict = mine.post_from(&my_page, &at, &sent("7.4", "absent"));
        assert_eq!(conflict.status, StatusCode::CONFLICT);
        conflict.says("7.2").says("二つの証明");
        assert_eq!(conflict.value("fact-software"), "7.4", "what was typed stands in the form");
        assert_eq!(mine.post_from(&conflict, &at, &sent("7.4", "absent")).to(), at);
        assert_eq!(theirs.get(&at).value("fact-software"), "7.4");
    });
}

#[test]
fn a_line_from_the_internet_and_how_far_the_ledger_is_filled() {
    on_each(|site| {
        let browser = site.director();
        browser.get("/ledger/completeness").ok().says("台帳はまだ空です");
        let at = add(&browser, "network_device", &[("name", "VPN装置")]);
        let id = at.rsplit('/').next().unwrap().to_owned();
        browser.get(&format!("{LINES}/new?from=asset:{id}")).ok().says("kind=vpn&#38;from=asset:");
        let new = format!("{LINES}/new");
        let end = format!("asset:{id}");
        let missing = browser.post(&new, &[("kind", "vpn"), ("from", "internet")]);
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        missing.says("両端を選んでください").says("<option value=\"internet\" selected>");
        let same = browser.post(&new, &[("kind", "vpn"), ("from", "internet"), ("to", "internet")]);
        same.says("どちらも外です");
        let fields = [
            ("kind", "vpn"),
            ("from", "internet"),
            ("to", end.as_str()),
            ("control-source_limited", "absent"),
        ];
        assert_eq!(browser.post(&new, &fields).to(), LINES);
        let list = browser.get(LINES).ok();
        list.says("インターネット → VPN装置").says("外とのつながり（1）");
        let line = format!("{LINES}/{}", first_id(&list, LINES));
        browser.get(&format!("{LINES}?kind=inside")).ok().says("見つかりませんでした");
        browser.get(&at).ok().says("インターネット → VPN装置");

        let whole = browser.get("/ledger/completeness").ok();
        whole.says("点検で聞かれること").says("VPN装置").says("#f-fact-maker");
        let cut = browser.get(&line).ok();
        cut.says("value=\"absent\" id=\"f-control-source_limited-2\" checked");
        let other = browser.get(&format!("{line}?kind=dicom")).ok();
        assert_eq!(other.value("kind"), "dicom", "the fields of another kind; nothing is stored");
        assert_eq!(browser.get(&line).value("kind"), "vpn");

        let asked = browser.get(&format!("{at}/remove")).ok();
        asked.says("消える接続：1");
        assert_eq!(browser.post_from(&asked, &format!("{at}/remove"), &[]).to(), ASSETS);
        browser.get(LINES).ok().says("まだ接続がありません");
    });
}

#[test]
fn a_system_shows_its_things_and_takes_its_lines_along() {
    on_each(|site| {
        let browser = site.director();
        let fields = [("kind", "pacs"), ("name", "画像"), ("hosting", "on_premises"), ("remote", "yes")];
        browser.post("/ledger/systems/new", &fields).to();
        let id = first_id(&browser.get("/ledger/systems"), "/ledger/systems");
        let at = format!("/ledger/systems/{id}");
        let whole = browser.get("/ledger/completeness").ok();
        whole.says("動かしている機器").says("遠隔保守の接続");
        add(&browser, "server", &[("name", "画像の本体"), ("system", id.as_str())]);
        let end = format!("system:{id}");
        let line = [("kind", "remote_maintenance"), ("from", "internet"), ("to", end.as_str())];
        browser.post(&format!("{LINES}/new"), &line).to();
        browser.get(&at).ok().says("画像の本体").says("インターネット → 画像");
        browser.get(&format!("{at}/remove")).ok().says("消える接続：1").says("次の1件が").says("画像の本体");
        let whole = browser.get("/ledger/completeness").ok();
        assert!(!whole.text.contains("動かしている機器") && !whole.text.contains("遠隔保守の接続"));
    });
}

#[test]
fn long_lists_come_in_parts() {
    on_each(|site| {
        let browser = site.director();
        for number in 0..205 {
            let name = format!("端末{number:03}");
            browser.post(&format!("{ASSETS}/new"), &[("kind", "terminal"), ("name", name.as_str())]).to();
        }
        let first = browser.get(&format!("{ASSETS}?kind=terminal")).ok();
        first.says("端末000").says("端末199");
        assert!(!first.text.contains("端末200"));
        let before = first.text.split("rel=\"next\"").next().unwrap();
        let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&");
        let second = browser.get(&href).ok();
        second.says("端末200").says("端末204").says("rel=\"prev\"");
        assert!(!second.text.contains("端末199"));
    });
}

#[test]
fn who_only_looks_sees_the_lists_and_no_forms() {
    on_each(|site| {
        let director = site.director();
        let at = add(&director, "server", &[("name", "本体")]);
        let looks = site.somebody(Role::Inspector);
        for path in [ASSETS, LINES, "/ledger/completeness"] {
            looks.get(path).ok();
        }
        let list = looks.get(ASSETS).ok();
        assert!(list.text.contains("本体") && !list.text.contains(&at), "{}", list.text);
        assert_eq!(looks.get(&at).status, StatusCode::FORBIDDEN);
        assert_eq!(looks.get(&format!("{ASSETS}/new")).status, StatusCode::FORBIDDEN);
    });
}
