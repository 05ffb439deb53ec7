//! The specimen: a template with every piece of the house style, and data for it.

use chrono::{DateTime, TimeZone, Utc};
use komainu_language::Lang;
use komainu_paper::Template;
use serde_json::{Value, json};

/// The specimen's template.
pub const SPECIMEN: Template =
    Template { name: "specimen.typ", main: include_str!("../specimen.typ"), helpers: &[] };

/// The moment at which every specimen is made.
pub fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 6, 4, 5).unwrap()
}

/// Data with a table of `rows` rows.
pub fn data(lang: Lang, rows: usize) -> Value {
    let words = match lang {
        Lang::Ja => json!({
            "title": "医療情報システムの安全管理 点検報告書", "subtitle": "令和8年度 医療機関用チェックリスト",
            "owner": "青葉坂病院", "keywords": ["点検", "立入検査"],
            "note": "この文書は見本です。\n「未確認」の印がある項目は、公式の様式と照らし合わせてください。",
            "facts": [["年度", "令和8年度（2026年4月〜2027年3月）"], ["病床数", 120], ["医療情報システム安全管理責任者", "事務長"],
                ["カタログの版", "2026-1"]],
            "chapters": ["この文書について", "点検の結果", "今週すること", "点検項目の一覧"],
            "paragraph": "この報告書は、当院の医療情報システムについて、年度の点検で確認した内容をまとめたものです。外部とつながる装置（VPN装置、リモート保守の回線など）の一覧、管理者のパスワードの扱い、バックアップの取り方と戻し方を中心に、「はい」「いいえ」「わからない」で答えています。「いいえ」とした項目には、必ず年度内の目標日を添えました。",
            "sentence": "停電や通信の障害のときは、まず紙の手順に切り替え、電話で保守会社に連絡してください。画面の電源は切らず、ネットワークの線だけを抜きます。",
            "tasks": ["VPN装置の型番と更新日を、装置の裏のラベルで確かめる", "保守会社に、遠隔保守の接続方法を書面で尋ねる", "バックアップを1台、ネットワークから外して保管する"],
            "header": ["番号", "項目", "回答", "備考"],
            "item": "外部とつながる装置の一覧があり、更新の状態がわかる", "remark": "台帳の3〜7行目。更新は保守契約に含まれる。",
            "signers": ["院長", "医療情報システム安全管理責任者"],
        }),
        Lang::En => json!({
            "title": "Security of medical information systems: inspection report", "subtitle": "Fiscal year 2026, checklist for institutions",
            "owner": "Aobazaka Hospital", "keywords": ["checklist", "inspection"],
            "note": "This document is a specimen.\nCompare every item marked as unconfirmed with the official form.",
            "facts": [["Fiscal year", "2026 (April 2026 to March 2027)"], ["Beds", 120], ["Safety manager", "Head of administration"],
                ["Catalogue edition", "2026-1"]],
            "chapters": ["About this document", "What was found", "To do this week", "All items"],
            "paragraph": "This report gathers what the yearly check of our medical information systems found. It looks above all at devices that face the outside (VPN appliances, lines for remote maintenance), at how administrators’ passwords are kept, and at how backups are made and brought back. Every “no” bears a target date inside the fiscal year.",
            "sentence": "When the network or the power fails, switch to the paper procedure first and telephone your maintenance company. Leave the screens on; pull out only the network cable.",
            "tasks": ["Read the model and date of the VPN appliance from the label on its back", "Ask the maintenance company in writing how it connects from outside", "Keep one backup unplugged from the network"],
            "header": ["No.", "Item", "Answer", "Remarks"],
            "item": "A list of devices that face the outside exists and shows how current they are", "remark": "Ledger rows 3–7. Updates are part of the maintenance contract.",
            "signers": ["Director", "Safety manager"],
        }),
        Lang::Zh => json!({
            "title": "医疗信息系统安全管理自查报告", "subtitle": "2026年度 医疗机构用检查表",
            "owner": "青叶坂医院", "keywords": ["自查", "检查"],
            "note": "本文件为样本。\n带有“未经确认”标记的项目，请与官方表格核对。",
            "facts": [["年度", "2026年度（2026年4月至2027年3月）"], ["床位数", 120], ["医疗信息系统安全管理负责人", "事务长"],
                ["目录版本", "2026-1"]],
            "chapters": ["关于本文件", "自查结果", "本周要做的事", "项目一览"],
            "paragraph": "本报告汇总了本院医疗信息系统年度自查中确认的内容。重点包括：与外部相连的设备（VPN设备、远程维护线路等）清单、管理员密码的管理方式，以及备份的制作与恢复方法。凡回答“否”的项目，均注明了年度内的目标日期。",
            "sentence": "发生停电或通信故障时，请先改用纸质流程，并致电维护公司。不要关闭屏幕电源，只需拔下网线。",
            "tasks": ["查看VPN设备背面的标签，确认型号和更新日期", "书面询问维护公司远程维护的连接方式", "将一份备份从网络断开后保管"],
            "header": ["编号", "项目", "回答", "备注"],
            "item": "备有与外部相连的设备清单，并掌握其更新状态", "remark": "台账第3至7行。更新包含在维护合同中。",
            "signers": ["院长", "医疗信息系统安全管理负责人"],
        }),
    };
    let mut data = words;
    let states = [json!("yes"), json!("no"), json!("unsure"), json!("not-applicable"), Value::Null];
    data["rows"] = (0..rows)
        .map(|i| {
            json!([format!("{}-({})", 1 + i / 9, 1 + i % 9), data["item"], states[i % 5], data["remark"]])
        })
        .collect();
    data["address"] = json!("https://komainu.example/i/7f3a9c0d5e");
    data["qr"] = json!(komainu_paper::qr("https://komainu.example/i/7f3a9c0d5e").expect("an address fits"));
    data
}
