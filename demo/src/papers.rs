//! Evidence made by code: a page of PDF, a picture, lists as text.

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use std::io::Write as _;

/// A page of A4 with a heading and lines.
///
/// The typeface is one of those that every PDF reader replaces by a Japanese one of its own (ISO 32000-1, 9.7.5.2:
/// predefined character maps), so that the file stays small.
pub(crate) fn pdf(title: &str, lines: &[&str]) -> Vec<u8> {
    let mut content = format!("BT /F1 18 Tf 72 760 Td <{}> Tj\n/F1 11 Tf\n", utf16(title));
    for line in lines {
        content.push_str(&format!("0 -24 Td <{}> Tj\n", utf16(line)));
    }
    content.push_str("0 -48 Td <");
    content.push_str(&utf16("（デモのための見本です。実在の医療機関・業者とは関係ありません）"));
    content.push_str("> Tj ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (ja) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UTF16-H /DescendantFonts [6 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo << /Registry (Adobe) \
         /Ordering (Japan1) /Supplement 2 >> /FontDescriptor 7 0 R /DW 1000 /W [1 94 500] >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] /ItalicAngle 0 \
         /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>"
            .to_owned(),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = file.len();
    let size = objects.len() + 1;
    file.extend(
        format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    file
}

fn utf16(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

const WIDTH: usize = 640;
const HEIGHT: usize = 360;
type Colour = [u8; 3];
const PAPER: Colour = [0xff, 0xff, 0xff];
const LINE: Colour = [0x33, 0x33, 0x33];

struct Picture(Vec<Colour>);

impl Picture {
    fn fill(&mut self, (left, top): (usize, usize), (width, height): (usize, usize), colour: Colour) {
        for y in top..(top + height).min(HEIGHT) {
            self.0[y * WIDTH + left..y * WIDTH + (left + width).min(WIDTH)].fill(colour);
        }
    }

    fn framed(&mut self, (left, top): (usize, usize), (width, height): (usize, usize), colour: Colour) {
        self.fill((left, top), (width, height), LINE);
        self.fill((left + 3, top + 3), (width - 6, height - 6), colour);
    }
}

/// A drawing of a network without words: the outside, a gate, a server, terminals, and a box that hangs on nothing.
pub(crate) fn network_picture() -> Vec<u8> {
    let mut picture = Picture(vec![PAPER; WIDTH * HEIGHT]);
    picture.fill((140, 98), (250, 4), LINE);
    picture.fill((318, 98), (4, 170), LINE);
    picture.fill((100, 266), (440, 4), LINE);
    picture.framed((40, 60), (100, 80), [0xdd, 0xdd, 0xdd]);
    picture.framed((210, 70), (60, 60), [0xf2, 0xb8, 0x8a]);
    picture.framed((390, 60), (110, 80), [0x9d, 0xc3, 0xe6]);
    for left in [80, 200, 400, 510] {
        picture.fill((left + 20, 266), (4, 24), LINE);
        picture.framed((left, 288), (46, 40), [0xc6, 0xe0, 0xb4]);
    }
    picture.framed((540, 160), (70, 60), [0xff, 0xe6, 0x99]);
    png(&picture.0)
}

/// A PNG file (ISO/IEC 15948), eight bits a colour, every line unfiltered.
fn png(pixels: &[Colour]) -> Vec<u8> {
    let size = |side: usize| u32::try_from(side).unwrap_or(0).to_be_bytes();
    let mut head = [size(WIDTH), size(HEIGHT)].concat();
    head.extend([8, 2, 0, 0, 0]);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in pixels.chunks(WIDTH) {
        let line: Vec<u8> = std::iter::once(0).chain(row.iter().flatten().copied()).collect();
        encoder.write_all(&line).expect("a vector takes every byte");
    }
    let body = encoder.finish().expect("a vector takes every byte");
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head), (b"IDAT", body), (b"IEND", Vec::new())] {
        let mut check = Crc::new();
        check.update(kind);
        check.update(&data);
        file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        file.extend(kind);
        file.extend(&data);
        file.extend(check.sum().to_be_bytes());
    }
    file
}

/// A letter of appointment.
pub(crate) fn appointment(who: &str) -> Vec<u8> {
    pdf(
        "医療情報システム安全管理責任者 任命書",
        &[
            &format!("{who}を、医療情報システム安全管理責任者に任命する。"),
            "役割　一　業者との連絡窓口となること",
            "　　　二　職員への説明と教育を行うこと",
            "　　　三　事故のとき、システムを止める判断をすること",
            "不在のときは、あらかじめ決めた代理がこれを行う。",
        ],
    )
}

/// Rules of the house in three lines each.
pub(crate) fn rules() -> Vec<u8> {
    pdf(
        "医療情報システム運用管理規程（抜粋）",
        &[
            "第１　利用者は自分のＩＤだけを使い、人に貸さない。",
            "第２　ＵＳＢメモリは、届け出たものだけを決めた端末で使う。",
            "第３　退職者のＩＤは、退職日のうちに止める。",
            "第４　画面がおかしいと感じたら、すぐに責任者へ知らせる。",
        ],
    )
}

/// The plan for the day when the screens stay dark.
pub(crate) fn continuity() -> Vec<u8> {
    pdf(
        "サイバー攻撃を想定した診療継続の手順",
        &[
            "一　ネットワークの線を抜き、電源は切らない。",
            "二　責任者と業者に、紙の連絡体制図を見て電話する。",
            "三　紙の診療録・処方箋・会計票の箱を受付に出す。",
            "四　救急と手術の受け入れを、院長が判断する。",
            "五　復旧は、切り離してあった控えから順に行う。",
        ],
    )
}

/// Minutes of trying whether a copy can be read back.
pub(crate) const RESTORE_NOTE: &str = "控えからの復元 試験の記録\n\n対象　　電子カルテ（前夜の控え）\n場所　　予備の端末\n\
    結果　　患者一覧と前日の記録を開けた。画像は一部だけ確認した。\n時間　　2時間40分\n気づき　手順書の3ページ目が古い。次回までに直す。\n";

/// A list of devices, as an office keeps it.
pub(crate) const DEVICES: &str = "番号,種類,置き場所,業者,更新の担当,備考\n1,電子カルテサーバ,サーバ室,電子カルテの業者,業者,\n\
    2,医事会計サーバ,サーバ室,医事会計の業者,業者,\n3,画像サーバ,放射線科,画像の業者,業者,\n\
    4,VPN装置,サーバ室,回線の業者,決まっていない,版が古い\n5,端末（病棟）,2階・3階,自院,情報システム室,24台\n\
    6,端末（外来・受付）,1階,自院,情報システム室,18台\n7,控えの装置,別棟,電子カルテの業者,業者,夜間のみ接続\n";

/// A look at who may enter.
pub(crate) const ACCOUNTS: &str = "利用者一覧の見直し\n\n在籍者名簿と照らし合わせた。\n退職者のID　2件を停止した。\n\
    だれも使っていないID　5件を確認中。\n管理者のID　3件。持っている人を一覧にした。\n";

#[cfg(test)]
mod tests {
    use super::*;

    /// Every offset of the table leads to the object it names: readers need no repair.
    #[test]
    fn the_table_of_a_page_leads_to_its_objects() {
        let file = appointment("院長");
        let text = String::from_utf8(file).unwrap();
        let (_, table) = text.split_once("xref\n0 8\n").unwrap();
        for (number, line) in table.lines().skip(1).take(7).enumerate() {
            let offset: usize = line[..10].parse().unwrap();
            assert!(text[offset..].starts_with(&format!("{} 0 obj", number + 1)));
        }
        let start: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(text[start..].starts_with("xref"));
    }

    #[test]
    fn the_picture_holds_every_line_of_itself() {
        let file = network_picture();
        let size = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!((size(16), size(20)), (WIDTH, HEIGHT));
        let data = &file[41..41 + size(33)];
        let mut plain = Vec::new();
        flate2::write::ZlibDecoder::new(&mut plain).write_all(data).unwrap();
        assert_eq!(plain.len(), (1 + 3 * WIDTH) * HEIGHT);
    }
}
