//! What people of the hospital noticed this year.

use crate::near_misses::{Judged, Noticed};
use crate::stage::Stage;
use komainu_access::Scope;
use komainu_nearmiss::{Level, Nature, State};
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
    stage.lead_on(operator, heavy, State::SetAside)
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
