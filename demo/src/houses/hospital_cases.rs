//! What people of the hospital noticed this year.

use crate::near_misses::{Judged, Noticed};
use crate::stage::Stage;
use komainu_access::Scope;
use komainu_nearmiss::{
    Analysis, Event, Factor, Grid, GridRow, Level, MeetingCase, MeetingContent, Nature, NearMissId, ShelRow,
    State, Why,
};
use komainu_web::Failure;

/// Those of the summer: one learned from, one under way, one set aside.
pub(crate) fn summer(
    stage: &mut Stage<'_, '_>,
    (manager, operator, nurse, clerk): (&Scope, &Scope, &Scope, &Scope),
) -> Result<(), Failure> {
    stage.go(stage.clock.ago(82));
    let stick = Noticed {
        symptom: "lost-device",
        place: "3階病棟",
        taps: &["patients-in-it.unknown", "locked.no"],
        words: "勉強会の資料を入れたUSBメモリが見当たらない。最後に使ったのは昨日の夕方。",
        named: false,
    };
    let lost = stage.notice(nurse, &stick)?;
    stage.go(stage.clock.ago(81));
    stage.judge(
        manager,
        lost,
        &Judged {
            level: Level::L1,
            nature: Nature::Rule,
            summary: "私物のUSBメモリを病棟で使い、置き忘れた。翌日、休憩室で見つかった。",
            patients: "患者さんの情報は入っていなかった。入っていれば、外に出たおそれがあった。",
            note: "貸し出し用のUSBが足りず、届け出の箱も1階にしかない。",
        },
    )?;
    stage.tell_reporter(
        manager,
        lost,
        "早く知らせてくれて助かりました。休憩室で見つかりました。中身も確かめました。",
    )?;
    stage.measure(
        manager,
        lost,
        ("暗号化されたUSBメモリを各病棟に2本置く", operator, 20, "8本買い、病棟に配った。"),
    )?;
    stage.measure(manager, lost, ("届け出の箱を各階に置く", clerk, 30, "3か所に置いた。"))?;
    stage.put_up(manager, lost, [
        "USBメモリが一晩、見当たらなくなりました",
        "資料を入れた私物のUSBメモリを病棟で使い、置き忘れました。翌日に見つかり、患者さんの情報は入っていませんでした。",
        "貸し出し用が足りないと、私物を使わざるをえません。",
        "病棟に暗号化されたUSBメモリを置きました。私物は使わず、これを使ってください。",
    ])?;
    stage.lead_on(manager, lost, State::Closed)?;
    stage.go(stage.clock.ago(63));
    let popup = Noticed {
        symptom: "popup",
        place: "医事課",
        taps: &["entered.opened", "how-many.one"],
        words: "調べものをしていたら音が鳴って電話番号が出た。電話してしまったが、番号は教えていない。",
        named: true,
    };
    let warned = stage.notice(clerk, &popup)?;
    stage.go(stage.clock.ago(62));
    stage.judge(
        manager,
        warned,
        &Judged {
            level: Level::L2,
            nature: Nature::Attack,
            summary: "偽の警告画面が出て、表示された番号に電話した。遠隔操作の前に切った。",
            patients: "受付の1台を半日使えなかった。診療は変わらなかった。",
            note: "警告の画面が本物に見える。どこに聞けばよいか、画面のそばに書いていなかった。",
        },
    )?;
    stage.measure(manager, warned, ("端末に「困ったらここへ」の番号を貼る", operator, -3, ""))?;
    stage.measure(manager, warned, ("広告を出さない設定を事務の端末に入れる", operator, 25, ""))?;
    stage.lead_on(manager, warned, State::Measures)?;
    stage.go(stage.clock.ago(55));
    let slow = Noticed {
        symptom: "slow",
        place: "検査室",
        taps: &["how-many.one", "care.goes-on"],
        words: "朝から動きが重い。",
        named: false,
    };
    let heavy = stage.notice(nurse, &slow)?;
    stage.go(stage.clock.ago(54));
    stage.tell_reporter(operator, heavy, "更新の入れ直しで重くなっていました。昼には元に戻ります。")?;
    stage.lead_on(operator, heavy, State::SetAside)?;
    learned(stage, manager, (lost, warned))
}

/// Why the warning was believed, and what the committee made of both cases.
fn learned(
    stage: &mut Stage<'_, '_>,
    manager: &Scope,
    (lost, warned): (NearMissId, NearMissId),
) -> Result<(), Failure> {
    let text = |words: &str| words.to_owned();
    let event = |when: &str, what: &str| Event { when: text(when), what: text(what) };
    let why = |number, under, words: &str| Why { number, under, words: text(words) };
    let shel = |factor, words: &str| ShelRow { factor, words: text(words) };
    stage.go(stage.clock.ago(52));
    let analysis = Analysis {
        timeline: vec![
            event("10時ごろ", "調べものの途中で広告を押し、警告の画面と音が出た。"),
            event("10時5分", "画面の番号に電話した。"),
            event("10時20分", "遠隔操作を求められ、おかしいと思って切った。"),
            event("10時30分", "システム担当に知らせ、LANの線を抜いた。"),
        ],
        whys: vec![
            why(1, None, "警告の画面を本物だと思った。"),
            why(2, Some(1), "本物の警告がどう見えるかを、だれも教わっていない。"),
            why(3, Some(1), "音が止まらず、早く止めたかった。"),
            why(4, None, "画面の番号のほかに、電話する先が分からなかった。"),
            why(5, Some(4), "院内の番号は名簿にあり、端末のそばにはない。"),
        ],
        shel: vec![
            shel(Factor::Software, "困ったときの連絡先を書いた紙がない。"),
            shel(Factor::Hardware, "広告がそのまま出る設定だった。"),
            shel(Factor::Environment, "受付が混み、聞ける人が近くにいなかった。"),
        ],
        grid: Grid {
            man: GridRow {
                found: text("にせの警告を見たことがない。"),
                education: text("年に一度、画面を見せて話す。"),
                ..GridRow::default()
            },
            machine: GridRow {
                found: text("広告が出る。"),
                engineering: text("広告を出さない設定を入れる。"),
                ..GridRow::default()
            },
            ..Grid::default()
        },
        conclusion: text("電話する先が目に入る所になかった。番号を端末に貼り、広告を出さない設定にする。"),
    };
    stage.analyse(manager, warned, &analysis)?;
    stage.go(stage.clock.ago(48));
    let case = |near_miss, words: &str| MeetingCase { near_miss, words: text(words) };
    let content = MeetingContent {
        title: text("第1回医療安全委員会（情報システム）"),
        place: text("2階会議室"),
        present: text("院長、医療情報システム安全管理責任者、看護部、医事課、システム担当"),
        cases: vec![
            case(lost, "配ったUSBメモリを使えているか、秋に見て回る。"),
            case(warned, "番号を貼る紙は、受付と病棟から先に貼る。"),
        ],
        minutes: text("報告した人に、知らせてくれた礼を伝える。"),
        decided: text("次の委員会で、二件の対策の進み具合を見る。"),
    };
    stage.meet(manager, &content)
}

/// Those of the last days, which nobody has judged yet.
pub(crate) fn lately(stage: &mut Stage<'_, '_>, (nurse, clerk): (&Scope, &Scope)) -> Result<(), Failure> {
    let fax = Noticed {
        symptom: "mis-sent",
        place: "地域連携室",
        taps: &["patients-in-it.yes", "whom.outside"],
        words: "紹介状のファクスを、番号の一つ違う会社に送った。電話したら、捨ててくれるとのこと。",
        named: true,
    };
    stage.notice(clerk, &fax)?;
    let printer = Noticed {
        symptom: "printer",
        place: "2階病棟",
        taps: &["how-many.one", "care.goes-on"],
        words: "だれも頼んでいない白い紙が30枚ほど出た。線を抜いたら止まった。",
        named: false,
    };
    stage.notice(nurse, &printer)?;
    Ok(())
}
