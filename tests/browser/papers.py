"""Papers for the browser tests, made and read by programs that are not ours: see papers.mjs."""

import datetime
import hashlib
import io
import json
import sys
import zipfile

import msoffcrypto
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

GREY = PatternFill("solid", start_color="D9D9D9")
BOX = Border(*[Side(style="thin")] * 4)


def plain(value):
    """A cell's value as JSON can say it."""
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value


def sheets(path):
    """Every sheet: what stands in its cells, and what it looks like."""
    # By its content: a download has no ending.
    with open(path, 'rb') as file:
        book = load_workbook(file)
    found = {}
    for sheet in book:
        cells = {cell.coordinate: plain(cell.value) for row in sheet for cell in row if cell.value is not None}
        rules = sheet.data_validations.dataValidation
        found[sheet.title] = {
            "cells": cells,
            "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
            "widths": {name: size.width for name, size in sheet.column_dimensions.items()},
            "heights": {str(name): size.height for name, size in sheet.row_dimensions.items()},
            "validations": sorted([str(rule.sqref), rule.type, rule.formula1] for rule in rules),
            "conditional": sorted(str(area.sqref) for area in sheet.conditional_formatting),
            "styles": {cell.coordinate: cell.style_id for row in sheet for cell in row if cell.has_style},
            "freeze": sheet.freeze_panes,
            "print": [sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.fitToHeight],
            "state": sheet.sheet_state,
        }
    return found


def unzipped(path):
    """The files in an archive, with their digests."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def boxed(cell, value=None, *, fill=None, form="General"):
    cell.border, cell.number_format = BOX, form
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    if value is not None:
        cell.value = value
    if fill:
        cell.fill, cell.font = fill, Font(bold=True)


def official(path, data):
    """A form shaped like the ministry's: headings of two levels, sections at the side, drop-downs, a sheet of advice."""
    book = Workbook()
    advice = book.active
    advice.title = "記入方法"
    advice["A1"] = "この様式の書き方"
    advice["A2"] = "はい・いいえを選び、確かめた日を書きます。"
    sheet = book.create_sheet("チェックリスト")
    book.active = 1
    for name, width in zip("ABCDEFGH", (14, 7, 58, 11, 16, 16, 24, 3)):
        sheet.column_dimensions[name].width = width
    sheet.merge_cells("A1:G1")
    sheet["A1"] = data["title"]
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.row_dimensions[1].height = 33
    boxed(sheet["A2"], "医療機関名")
    sheet.merge_cells("B2:D2")
    boxed(sheet["B2"])
    boxed(sheet["E2"], "記入日")
    boxed(sheet["F2"], form="yyyy/m/d")
    for area, words in (("A4:A5", "区分"), ("B4:B5", "番号"), ("C4:C5", "チェック項目"), ("D4:E4", "１回目"), ("F4:F5", "目標日"), ("G4:G5", "備考")):
        sheet.merge_cells(area)
        boxed(sheet[area.split(":")[0]], words, fill=GREY)
    boxed(sheet["D5"], "確認結果", fill=GREY)
    boxed(sheet["E5"], "確認日", fill=GREY)
    answers = DataValidation(type="list", formula1='"はい,いいえ"', allow_blank=True, showErrorMessage=True)
    sheet.add_data_validation(answers)
    row = 6
    for section in data["sections"]:
        first = row
        for number, sentence in section["rows"]:
            boxed(sheet.cell(row, 1), section["title"] if row == first else None)
            boxed(sheet.cell(row, 2), number)
            boxed(sheet.cell(row, 3), sentence)
            boxed(sheet.cell(row, 4))
            answers.add(sheet.cell(row, 4))
            boxed(sheet.cell(row, 5), form="yyyy/m/d")
            boxed(sheet.cell(row, 6), form="yyyy/m/d")
            boxed(sheet.cell(row, 7))
            sheet.row_dimensions[row].height = 42
            row += 1
        if row > first + 1:
            sheet.merge_cells(start_row=first, end_row=row - 1, start_column=1, end_column=1)
    sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=1, end_column=7)
    sheet.cell(row + 1, 1, "※ 立入検査の際に見せる様式です。")
    sheet.conditional_formatting.add(f"D6:D{row - 1}", FormulaRule(formula=['$D6="いいえ"'], fill=PatternFill(bgColor="FFF2CC")))
    sheet.freeze_panes = "A6"
    sheet.print_title_rows = "4:5"
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToHeight = 0
    book.save(path)


def roster(path, _):
    """A workbook that is something else."""
    book = Workbook()
    sheet = book.active
    sheet.append(["日付", "早番", "遅番"])
    for day in range(1, 29):
        sheet.append([f"{day}日", "看護師 甲", "看護師 乙"])
    book.save(path)


def protected(path, data):
    """The official form under a password, as a spreadsheet program keeps it."""
    buffer = io.BytesIO()
    official(buffer, data)
    buffer.seek(0)
    with open(path, "wb") as out:
        OOXMLFile(buffer).encrypt("himitsu", out)
    with open(path, "rb") as back:
        assert msoffcrypto.OfficeFile(back).is_encrypted()


def bomb(path, data):
    """The official form with a sheet that unpacks to more than any form has."""
    official(path, data)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet9.xml", "w") as entry:
            for _ in range(160):
                entry.write(b" " * (1 << 20))


MADE = {"official": official, "roster": roster, "protected": protected, "bomb": bomb}
READ = {"sheets": sheets, "unzipped": unzipped}

if __name__ == "__main__":
    command, where = sys.argv[1:3]
    if command in READ:
        json.dump(READ[command](where), sys.stdout, ensure_ascii=False)
    else:
        MADE[command](where, json.load(sys.stdin))
