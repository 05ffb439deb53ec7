// From an empty folder to the pack of paper in the inspector's hand, with the mistakes people make on the way.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { audit, browser, journey, program, visitor } from './house.mjs';
import { choose, day, download, era, field, fill, follow, fromMenu, large, press, refused, roundOn, see, select, tap, tile, title, turn, typed } from './hand.mjs';
import { pdfText, sheets, unzipped } from './papers.mjs';

const CLINIC = 'みなと内科クリニック';
const CHIEF = { name: '事務長', email: 'jimu@minato-clinic.example', password: '窓際のサボテン-七つの鍵-遠い灯台' };
const DESK = { name: '受付係', email: 'uketsuke@minato-clinic.example', password: '青い急須-終電の切符-三角の屋根' };
const THEIRS = '使わないアカウントの削除';
const TODAY = era(day());

const step = journey();
let house, chrome, page, desk, link;
const papers = {};
/** The fiscal year of the form, its last day and a day after it. */
const year = {};

before(async () => {
  house = await program('serve');
  chrome = await browser();
  page = await visitor(chrome, house.base);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

step('nothing is reachable before the first administrator, whose form says what is wrong with it', async () => {
  for (const path of ['/', '/checklist', '/sign-in', '/people']) {
    await page.goto(path);
    assert.equal(new URL(page.url()).pathname, '/first-run', path);
  }
  await audit(page, 'first run');
  await press(page, '登録して次へ');
  await refused(page, [
    ['名前', '「名前」を入力してください。'],
    ['メールアドレス', 'メールアドレスの形になっていません'],
    ['新しいパスワード', '短すぎます'],
  ]);
  await audit(page, 'first run refused');
  const kept = { 名前: CHIEF.name, 名前の読み: 'じむちょう', メールアドレス: 'jimu＠' };
  await fill(page, { ...kept, 新しいパスワード: 'password12345', '新しいパスワード（もう一度）': 'password12345' });
  await press(page, '登録して次へ');
  await refused(page, [
    ['メールアドレス', 'メールアドレスの形になっていません'],
    ['新しいパスワード', '真っ先に試される'],
  ]);
  assert.deepEqual(await typed(page, Object.keys(kept)), kept, 'what was typed stays');
  assert.equal(await field(page, '新しいパスワード').inputValue(), '', 'a password is never sent back');
  await fill(page, { メールアドレス: CHIEF.email, 新しいパスワード: CHIEF.password, '新しいパスワード（もう一度）': `${CHIEF.password}。` });
  await press(page, '登録して次へ');
  await refused(page, [['新しいパスワード（もう一度）', '2回の入力が違います']]);
  await fill(page, { 新しいパスワード: CHIEF.password, '新しいパスワード（もう一度）': CHIEF.password });
  await press(page, '登録して次へ');
  assert.equal(await title(page), '施設を登録する');
});

step('an institution is founded; numbers may be typed full width', async () => {
  await audit(page, 'found');
  await press(page, '登録して、はじめの設定へ');
  await refused(page, [
    ['施設の名前', '入力してください'],
    ['施設の種類', '種類を選んでください'],
    ['都道府県', '都道府県を選んでください'],
  ]);
  const kept = { 施設の名前: CLINIC, 病床数: '十九', 郵便番号: '１００', 電話番号: '12', 医療機関コード: '1234567' };
  await fill(page, kept);
  await select(page, '施設の種類', '診療所（医科）');
  await select(page, '都道府県', '東京都');
  await press(page, '登録して、はじめの設定へ');
  await refused(page, [
    ['病床数', '0から9999までの数'],
    ['郵便番号', '7桁の数字'],
    ['電話番号', '10桁か11桁'],
    ['医療機関コード', '7桁だけ入力されています'],
  ]);
  assert.deepEqual(await typed(page, Object.keys(kept)), kept, 'what was typed stays');
  await audit(page, 'found refused');
  await fill(page, { 病床数: '０', 郵便番号: '１００－８９１６', 電話番号: '０３－００００－００００', 医療機関コード: '１３１２３４５６７８' });
  await press(page, '登録して、はじめの設定へ');
  assert.equal(await title(page), 'どんな施設ですか');
});

step('the interview asks six times, fills in what it can, and ends with what follows', async () => {
  await audit(page, 'interview place');
  assert.ok(await tile(page, '施設の種類', '診療所（医科）').isChecked(), 'what is known is not asked twice');
  await press(page, '保存して次へ');

  await press(page, '保存して次へ');
  await refused(page, [['システムの動いている場所', 'どれかを選んでください']]);
  await audit(page, 'interview running refused');
  await choose(page, 'システムの動いている場所', '院内の機器');
  await press(page, '保存して次へ');

  await audit(page, 'interview systems');
  await follow(page, 'よくあるものに印を付ける');
  assert.ok(await page.getByRole('checkbox', { name: /^電子カルテ（院内のサーバ）/ }).isChecked());
  await fill(page, { ここにないもの: '長'.repeat(101) });
  await press(page, '保存して次へ');
  await refused(page, [['ここにないもの', '1行は']]);
  assert.equal((await field(page, 'ここにないもの').inputValue()).length, 101);
  await fill(page, { ここにないもの: 'リハビリ管理ソフト' });
  await press(page, '保存して次へ');

  await audit(page, 'interview support');
  const records = page.locator('section').filter({ hasText: /^電子カルテ（院内のサーバ）/ });
  await records.getByLabel(/^業者の名前を書く|^支える業者/).last().fill('港町システム株式会社');
  await choose(records, '業者が外から（遠隔で）入って保守をしますか', 'はい');
  await press(page, '保存して次へ');

  assert.equal(await title(page), 'よくある機器と線を台帳に入れます');
  await audit(page, 'interview lines');
  await page.locator('summary').filter({ hasText: '外とつながる線' }).click();
  assert.ok(await page.getByRole('checkbox', { name: /^電子カルテの遠隔保守/ }).isChecked(), 'what the step before said is known');
  await audit(page, 'interview lines opened');
  await press(page, '保存して次へ');

  await audit(page, 'interview people');
  const officer = page.locator('section').filter({ hasText: /^医療情報システム安全管理責任者/ });
  await officer.getByLabel(/^緊急のときの電話/).fill('09000000000');
  await press(page, '保存して次へ');
  await refused(page, [
    ['システムのことを専任で担当する職員がいますか', 'どれかを選んでください'],
    ['一覧にいない人の名前', 'だれの電話番号か'],
  ]);
  assert.equal(await officer.getByLabel(/^緊急のときの電話/).inputValue(), '09000000000');
  await choose(page, 'システムのことを専任で担当する職員がいますか', 'いいえ');
  await select(officer, '登録済みの人から選ぶ', CHIEF.name);
  await press(page, '保存して次へ');

  assert.equal(await title(page), 'はじめの設定のまとめ');
  await audit(page, 'interview summary');
  await see(page, /^型 (I|II|III|IV)/);
  await see(page, 'こう決めた理由');
  for (const name of ['リハビリ管理ソフト', '港町システム株式会社', '診療所（医科）']) await see(page, name);
  await press(page, '終えて、今日の一歩へ');
  assert.equal(new URL(page.url()).pathname, '/');
  await audit(page, 'home at first');
});

/** The title of today's step. */
const todaysStep = async () => {
  await page.goto('/');
  return page.locator('main section.today').getByRole('heading', { level: 2 }).innerText();
};

step('the first step is this year’s round; it opens with the question before all others', async () => {
  assert.equal(await todaysStep(), '今年度の点検を始める');
  await follow(page, '点検を始める');
  await audit(page, 'before the round');
  await press(page, '点検を始める');
  await see(page, '点検を始めました。');
  await audit(page, 'gate question');
  year.path = await roundOn(page);
  year.first = Number(year.path.split('/')[2]);
  assert.equal(await todaysStep(), 'チェックリストの質問に答える', 'the step follows what was done');
  await follow(page, 'チェックリストを開く');
  await audit(page, 'round at first');
  await follow(page, '続きから答える');
  assert.equal(await field(page, '目標日（「いいえ」「わからない」のとき）').count(), 0, 'the gate asks for no target');
  await choose(page, '答え', 'はい');
  await press(page, '保存して次へ');
});

step('a yes wants a day that exists and has come', async () => {
  await see(page, '安全管理の責任者');
  await audit(page, 'item empty');
  const checked = field(page, '確認した日');
  assert.equal(await checked.inputValue(), TODAY, 'today is offered');
  for (const [text, says] of [
    ['令和8年2月30日', 'その日はありません'],
    ['そのうち', '日付として読めません'],
    [`${year.first + 1}/12/31`, 'まだ来ていない日です'],
    [`${year.first}/3/31`, 'の点検より前の日です'],
  ]) {
    await choose(page, '答え', 'はい');
    await fill(page, { 確認した日: text, メモ: '任命書を出した。' });
    await press(page, '保存する');
    await refused(page, [['確認した日', says]]);
    assert.deepEqual(await typed(page, ['確認した日', 'メモ']), { 確認した日: text, メモ: '任命書を出した。' });
    assert.ok(await tile(page, '答え', 'はい').isChecked());
  }
  await audit(page, 'item refused');
  await fill(page, { 確認した日: '今日' });
  await press(page, '保存して次へ');
  await see(page, '機器の台帳');
});

step('a no wants a day inside the fiscal year, and one is offered', async () => {
  await choose(page, '答え', 'いいえ');
  const target = '目標日（「いいえ」「わからない」のとき）';
  await fill(page, { [target]: `${year.first + 1}年4月1日` });
  await press(page, '保存する');
  await refused(page, [[target, 'のうちに終える日']]);
  assert.deepEqual(await typed(page, [target]), { [target]: `${year.first + 1}年4月1日` });
  await fill(page, { [target]: '' });
  await see(page, '目標日がまだです');
  await press(page, (await page.getByRole('button', { name: /^目標日を.+にする$/ }).innerText()).trim());
  assert.match(await field(page, target).inputValue(), /^令和\d+年\d+月\d+日$/, 'the offered day is taken');
  await fill(page, { [target]: `R${year.first - 2017}.3.31`, メモ: '年度末までに一覧にする。' });
  await press(page, '保存して次へ');
  await see(page, 'リモート保守の把握');
});

step('not sure counts as a no and says what to look at first', async () => {
  await choose(page, '答え', 'わからない');
  await see(page, 'まずはこう調べます');
  assert.ok(await page.getByRole('link', { name: '業者に聞く手紙を作る' }).first().isVisible());
  await audit(page, 'item not sure');
  await page.reload();
  assert.ok(await tile(page, '答え', 'わからない').isChecked(), 'it was saved without a button');
});

step('evidence is judged by what is in it, kept byte by byte and shown', async () => {
  papers['任命書.pdf'] = await page.pdf();
  papers['台帳の写真.png'] = await page.screenshot();
  await page.goto(`${year.path}/items/org-officer`);
  const input = page.getByLabel('ファイルを加える');
  const about = async () => (await page.locator('#f-file-error').innerText()).trim();

  await input.setInputFiles(await large(house.data, '大きい.pdf', 26_000_000));
  assert.match(await about(), /大きい\.pdf.*25 MB/, 'too large is said before it is sent');
  assert.equal(await input.evaluate((it) => it.files.length), 0);
  await fill(page, { メモ: '任命書を出した。原本は事務室。' });
  for (const [name, bytes, says] of [
    ['請求書.pdf', Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0'), Buffer.alloc(4096)]), '受け取れない種類'],
    ['空.png', Buffer.alloc(0), '中身が空'],
  ]) {
    await input.setInputFiles({ name, mimeType: 'application/pdf', buffer: bytes });
    await page.getByRole('button', { name: '加える', exact: true }).click();
    await page.locator('#f-file-error').filter({ hasText: says }).waitFor();
    assert.match(await about(), new RegExp(name));
    assert.ok(await input.evaluate((it) => it === document.activeElement), 'the focus is at the field that was refused');
  }
  assert.equal(await field(page, 'メモ').inputValue(), '任命書を出した。原本は事務室。');
  await audit(page, 'evidence refused');
  const files = Object.entries(papers).map(([name, buffer]) => ({ name, buffer, mimeType: '' }));
  await input.setInputFiles(files);
  await press(page, '加える');
  await see(page, '証拠を加えました。');
  for (const [name, bytes] of Object.entries(papers)) {
    await see(page, createHash('sha256').update(bytes).digest('hex'));
    const kept = await download(page, () => page.getByRole('link', { name: `保存用に受け取る ${name}` }).click());
    assert.equal(kept.name, name);
    assert.ok(kept.bytes.equals(bytes), `${name} comes back as it went in`);
  }
  const picture = page.getByRole('img', { name: '台帳の写真.png' });
  await picture.scrollIntoViewIfNeeded();
  await picture.evaluate((it) => it.complete || new Promise((done) => it.addEventListener('load', done)));
  assert.ok(await picture.evaluate((it) => it.naturalWidth > 0), 'the picture is shown');
  await audit(page, 'item with evidence');
});

step('a colleague joins by a link that works once', async () => {
  await page.goto('/people');
  await audit(page, 'people');
  await follow(page, '人を招待する');
  await press(page, '招待のリンクを作る');
  await refused(page, [['名前', '「名前」を入力してください'], ['役割', '役割を1つ選んでください']]);
  await fill(page, { 招待する人の名前: DESK.name, 職名: '受付' });
  await choose(page, '役割', '職員');
  await press(page, '招待のリンクを作る');
  await audit(page, 'invitation slip');
  link = (await page.locator('#slip-link').innerText()).trim();

  desk = await visitor(chrome, house.base);
  await desk.goto(link);
  assert.equal(await title(desk), `${CLINIC}への招待`);
  await audit(desk, 'invitation');
  await press(desk, '登録して参加する');
  await refused(desk, [['メールアドレス', 'メールアドレスの形'], ['新しいパスワード', '短すぎます']]);
  assert.equal(await field(desk, '名前').inputValue(), DESK.name);
  await fill(desk, { メールアドレス: DESK.email, 新しいパスワード: DESK.password, '新しいパスワード（もう一度）': DESK.password });
  await press(desk, '登録して参加する');
  await see(desk, '参加しました。ようこそ。');
  await audit(desk, 'staff home');

  const stranger = await visitor(chrome, house.base);
  await stranger.goto(link);
  assert.equal(await title(stranger), 'この招待は使えません');
  await stranger.context().close();
});

step('staff see their own items and no others, and answer them', async () => {
  await page.goto(`${year.path}/assign`);
  await audit(page, 'assign');
  await press(page, '担当を保存する');
  await refused(page, [['項目（いくつでも）', '項目が選ばれていません']]);
  await tap(page.getByRole('checkbox', { name: new RegExp(THEIRS) }));
  await select(page, '担当する人', DESK.name);
  await fill(page, { 期限: `${year.first}/4/1` });
  await press(page, '担当を保存する');
  await refused(page, [['期限', '期限が過ぎた日です']]);
  assert.ok(await page.getByRole('checkbox', { name: new RegExp(THEIRS) }).isChecked(), 'what was chosen stays');
  await fill(page, { 期限: `${year.first + 1}/3/31` });
  await press(page, '担当を保存する');

  await desk.goto('/checklist');
  assert.equal(await title(desk), '自分の担当');
  await audit(desk, 'mine');
  const rows = desk.locator('main').getByRole('listitem').getByRole('link');
  assert.equal(await rows.count(), 1);
  for (const path of [`${year.path}/items/org-officer`, '/people', '/log', '/pack', `${year.path}/history`]) {
    const answer = await desk.goto(path);
    assert.ok([403, 404].includes(answer.status()), `${path} answers staff with ${answer.status()}`);
  }
  await audit(desk, 'not for staff');
  await desk.goto('/checklist/mine');
  await turn(desk, () => rows.first().click());
  await choose(desk, '答え', 'はい');
  await fill(desk, { メモ: '退職者2名の分を止めた。' });
  await press(desk, '保存して次へ');
  await see(desk, 'すべての項目に答えました。');
  await desk.context().close();

  await page.goto(`${year.path}/items/accounts-cleanup`);
  assert.equal(await field(page, 'メモ').inputValue(), '退職者2名の分を止めた。');
  await see(page, new RegExp(`${DESK.name}が保存`));
});

step('today’s step moves on with the answers', async () => {
  await page.goto(`${year.path}/next`);
  for (let left = 30; (await page.getByRole('button', { name: '保存して次へ' }).count()) > 0; left -= 1) {
    assert.ok(left > 0, 'the round comes to an end');
    const lacks = await field(page, '目標日（「いいえ」「わからない」のとき）').count();
    if (page.url().endsWith('/remote-maintenance')) {
      await fill(page, { '目標日（「いいえ」「わからない」のとき）': `${year.first + 1}/3/31` });
    } else if (page.url().endsWith('/patches') && lacks) {
      await choose(page, '答え', 'いいえ');
      await fill(page, { '目標日（「いいえ」「わからない」のとき）': `${year.first + 1}/3/31`, メモ: 'VPN装置の版が古い。' });
    } else {
      await choose(page, '答え', 'はい');
    }
    await press(page, '保存して次へ');
  }
  await see(page, 'すべての項目に答えました。');
  await audit(page, 'round answered');
  assert.equal(await todaysStep(), 'VPN装置とルータの版を確かめ、最新かを業者に聞く', 'the way in that attacks really took comes first');
  await audit(page, 'home with work');
  for (const words of ['やり方', /^約\d+分$/]) await see(page.locator('section.today'), words);
  await page.goto('/plan');
  await audit(page, 'plan');
  assert.ok((await page.getByRole('heading', { name: /^今週/ }).locator('xpath=following-sibling::ul[1]/li').count()) <= 3);
});

step('the pack is made in three forms and holds what was answered', async () => {
  await page.goto('/pack');
  await audit(page, 'pack');
  const made = {};
  for (const [form, ending] of [['印刷用（PDF）', 'pdf'], ['表（Excel）', 'xlsx'], ['全部まとめて（ZIP）', 'zip']]) {
    await choose(page, 'どの形で作りますか', form);
    await press(page, '一式を作る');
    const first = page.locator('#packs li').first();
    await first.getByRole('link', { name: '受け取る' }).waitFor({ timeout: 90_000 });
    made[ending] = await download(page, () => first.getByRole('link', { name: '受け取る' }).click());
    assert.ok(made[ending].name.endsWith(`.${ending}`), made[ending].name);
  }
  await audit(page, 'packs made');

  const { info, text } = pdfText(made.pdf.path);
  assert.match(info, /Title:.*立入検査資料/);
  assert.match(info, /Page size:\s+595.* x 841.*\(A4\)/);
  assert.match(info, /Tagged:\s+yes/);
  const last = era({ year: year.first + 1, month: 3, day: 31 });
  for (const words of [CLINIC, '診療所（医科）', '医療情報システムの安全を取り仕切る責任者を', '任命書を出した。原本は事務室。', 'VPN装置の版が古い。', last, TODAY, '港町システム株式会社', '任命書.pdf']) {
    assert.ok(text.includes(words.replaceAll(' ', '')), `the PDF says 「${words}」`);
  }
  for (const bytes of Object.values(papers)) {
    assert.ok(text.includes(createHash('sha256').update(bytes).digest('hex')), 'the PDF lists the hash of every file');
  }
  const book = Object.values(sheets(made.xlsx.path)).flatMap((sheet) => Object.values(sheet.cells));
  for (const words of [CLINIC, '任命書を出した。原本は事務室。', 'はい', 'いいえ（わからない）']) {
    assert.ok(book.includes(words), `the workbook says 「${words}」`);
  }
  const files = unzipped(made.zip.path);
  for (const ending of ['.pdf', '.xlsx']) assert.ok(Object.keys(files).some((name) => name.endsWith(ending)), ending);
  for (const [name, bytes] of Object.entries(papers)) {
    const digest = createHash('sha256').update(bytes).digest('hex');
    assert.ok(Object.values(files).includes(digest), `${name} is in the archive as it was handed in`);
  }
});

step('the choice of language belongs to the person and comes along to another browser', async () => {
  await page.goto('/plan');
  await fromMenu(page, '日本語', 'English');
  const other = await visitor(chrome, house.base, { locale: 'ja' });
  await other.goto('/sign-in');
  await fill(other, { メールアドレス: CHIEF.email, パスワード: CHIEF.password });
  await press(other, 'サインインする');
  assert.equal(await other.locator('html').getAttribute('lang'), 'en');
  await other.context().close();
  await fromMenu(page, 'English', '日本語');
});

step('signing out leaves nothing behind', async () => {
  await page.goto(`${year.path}/items/org-officer`);
  await page.locator('summary').filter({ hasText: CHIEF.name }).click();
  await press(page, 'サインアウト');
  await see(page, 'サインアウトしました。');
  await audit(page, 'signed out');
  await page.goBack();
  await page.waitForURL(/\/sign-in/);
  await fill(page, { メールアドレス: CHIEF.email, パスワード: 'まちがった合言葉です' });
  await press(page, 'サインインする');
  // At neither field: it is not told which of the two is wrong.
  await refused(page, [['メールアドレス', 'メールアドレスかパスワードが違います']], { atFields: false });
  assert.equal(await field(page, 'メールアドレス').inputValue(), CHIEF.email);
  await fill(page, { パスワード: CHIEF.password });
  await press(page, 'サインインする');
  assert.equal(new URL(page.url()).pathname, `${year.path}/items/org-officer`, 'sign-in leads back to where one was');
});
