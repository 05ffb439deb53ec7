// What other programs make of a paper of ours, and papers that other programs made.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PYTHON = process.env.KOMAINU_TEST_PYTHON;
const PAPERS = fileURLToPath(new URL('papers.py', import.meta.url));

const run = (program, ...words) => execFileSync(program, words, { encoding: 'utf8', maxBuffer: 64 << 20 });
const python = (input, ...words) => execFileSync(PYTHON, [PAPERS, ...words], { input, encoding: 'utf8', maxBuffer: 64 << 20 });

/** What poppler reads in a PDF: its particulars, and its text in the order of the content, without spaces and line ends. */
export const pdfText = (path) => ({
  info: run('pdfinfo', path),
  text: run('pdftotext', '-raw', path, '-').replace(/\s+/g, ''),
});

/** What openpyxl reads in a workbook, by sheet: cells, merged cells, widths, heights, drop-downs. */
export const sheets = (path) => JSON.parse(python('', 'sheets', path));

/** The files in an archive, with the SHA-256 of each. */
export const unzipped = (path) => JSON.parse(python('', 'unzipped', path));

/** Makes a workbook as `papers.py` knows it, from data, and answers its path. */
export function workbook(kind, path, data = {}) {
  python(JSON.stringify(data), kind, path);
  return path;
}
