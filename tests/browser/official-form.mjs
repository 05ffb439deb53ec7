// The questions of a form as the program itself exports them, put into a workbook shaped like the ministry's.

import { execFileSync } from 'node:child_process';

const told = (...words) => execFileSync(process.env.KOMAINU_BIN, ['catalog', ...words], { encoding: 'utf8', maxBuffer: 64 << 20 });

/** The newest edition's year. */
export const newestYear = () => Math.max(...told('list', '--json').trim().split('\n').map((line) => JSON.parse(line).fiscal_year));

/** A question that the program does not know. */
export const STRANGE = '生成ＡＩを業務に使うときの手引きを職員に配っている。';

const BEFORE = { server: '（サーバ）', terminal: '（端末PC）', network: '（ネットワーク機器）' };
const prop = (control, name) => control.props.find((it) => it.name === name)?.value ?? '';

/** Title and sections of the form, with one number printed otherwise than expected and one row that nobody knows. */
export function officialForm() {
  const year = newestYear();
  const { catalog } = JSON.parse(told('oscal', '--fiscal-year', String(year)));
  const sections = catalog.groups.map((group) => ({
    title: `${prop(group, 'label')} ${group.title}`,
    rows: group.controls.map((control) => {
      const sentence = control.parts.find((part) => part.name === 'statement').prose;
      const about = control.id.startsWith('stop-services') ? BEFORE[prop(control, 'scope')] : '';
      return [control.id === 'bcp' ? '3-④' : prop(control, 'label'), about + sentence];
    }),
  }));
  sections.at(-1).rows.push([`${sections.length}-②`, STRANGE]);
  return { title: `令和${year - 2018}年度版　医療機関・薬局におけるサイバーセキュリティ対策チェックリスト（医療機関・薬局確認用）`, sections };
}
