"""Asks every operation of the API for something that is there, so that each is answered well at least once.

What schemathesis makes up seldom exists; here a spreadsheet would find its answers. Every answer is held against the
document, and an operation that nothing good came from is a failure.
"""

import datetime
import io
import re
import sqlite3
import time
import uuid

import requests
import schemathesis
from openpyxl import Workbook



class Walk:
    """A program with a token, that keeps account of what answered."""

    def __init__(self, base, secret, schema, answered):
        self.base, self.schema, self.answered = base, schema, answered
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {secret}"

    def ask(self, method, pattern, body=None, tag=None, query=None, raw=None, **names):
        """The answer to a request that has to succeed."""
        path = re.sub(r"\{(\w+)\}", lambda found: str(names[found[1]]), pattern)
        headers = {"If-Match": tag} if tag else {}
        if raw is not None:
            headers["Content-Type"] = "application/octet-stream"
        address = f"{self.base}/api/v1{path}"
        answer = self.session.request(method, address, json=body, data=raw, params=query, headers=headers, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        self.schema[pattern][method].validate_response(answer)
        self.answered.add((method, pattern))
        return answer

    def get(self, pattern, **names):
        return self.ask("GET", pattern, **names).json()

    def rewrite(self, pattern, fields, **names):
        """Reads a thing and writes it back with something else in it."""
        known = self.ask("GET", pattern, **names)
        return self.ask("PUT", pattern, fields(known.json()), known.headers.get("ETag"), **names).json()


def pick(thing, *names):
    return {name: thing[name] for name in names}


def walk(base, director, officer, schema, database):
    """Walks through everything; `officer` is a token of whoever runs the installation."""
    answered = set()
    own = Walk(base, director, schema, answered)
    own.get("/openapi.json")
    for part in (account, people, institution, ledger, connected, templates, exposure, stock_takes, near_misses, escalations, incidents, suggestions, drawn, setup, rounds, rows, links, official, plan, packs, overview, webhooks):
        part(own)
    places(own, database)
    runner = Walk(base, officer, schema, answered)
    operations(runner)
    runner.get("/operations/webhooks")
    jobs(runner)
    documented = {(result.ok().method.upper(), result.ok().path) for result in schema.get_all_operations()}
    missed = sorted(documented - answered)
    assert not missed, f"nothing good came from {missed}"
    print(f"every operation answered well: {len(answered)}")


def account(own):
    own.get("/token")
    own.rewrite("/account", lambda it: pick(it, "name", "name_kana", "language"))
    for path in ("/organisations", "/account/factors", "/account/sign-ins", "/account/sign-in-links"):
        own.get(path)
    own.ask("DELETE", "/sessions/{id}", id=own.get("/sessions")["items"][0]["id"])
    own.ask("DELETE", "/sessions")


def people(own):
    members = own.get("/members", query={"limit": 100})["items"]
    staff = [member["id"] for member in members if member["role"] == "staff"]
    own.rewrite("/members/{id}", lambda it: {"role": "inspector", "title": "監査"}, id=staff[0])
    known = own.ask("GET", "/members/{id}", id=staff[-1])
    own.ask("DELETE", "/members/{id}", tag=known.headers["ETag"], id=staff[-1])
    new = own.ask("POST", "/invitations", {"name": "新しい人", "role": "staff"}).json()["invitation"]["id"]
    own.get("/invitations")
    own.ask("POST", "/invitations/{id}/renew", id=new)
    own.ask("DELETE", "/invitations/{id}", id=new)
    own.get("/second-factor")
    own.ask("PUT", "/second-factor", {"demanded": False})
    # Somebody who says that it is the director asks to be let back in.
    lost = {"email": own.get("/account")["email"], "lost": "both"}
    asked = requests.post(f"{own.base}/sign-in/lost", data=lost, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60)
    assert asked.ok, asked.status_code
    own.ask("DELETE", "/rescues/{id}", id=own.get("/rescues")["items"][0]["id"])


def institution(own):
    fields = ("name", "name_kana", "kind", "beds", "prefecture", "postal_code", "address", "phone", "code")
    own.rewrite("/institution", lambda it: pick(it, *fields) | {"address": "中央1-2-3"})


def ledger(own):
    for path, body in (
        ("/vendors", {"name": "つなぎ商会", "phone": "03-1234-5678"}),
        ("/systems", {"kind": "other", "name": "つなぎ", "hosting": "cloud"}),
        ("/contacts", {"name": "当直", "duty": "当直", "phone": "03-1234-5678"}),
    ):
        made = own.ask("POST", path, body).json()["id"]
        own.get(path, query={"limit": 100})
        if path == "/contacts":
            own.ask("POST", "/contacts/{id}/move", {"direction": "up"}, id=made)
        if path == "/contacts":
            way = {"kind": "sms", "address": "090-1234-5678", "hours": "night"}
            body = body | {"ways": [way], "stand_ins": [own.get(path, query={"limit": 1})["items"][0]["id"]]}
        own.rewrite(path + "/{id}", lambda it, body=body: body | {"note": "書き換え"}, id=made)
        if path == "/contacts":
            # What is not sent stays, and what somebody made sure of stays so.
            own.rewrite(path + "/{id}", lambda it, body=body: body | {"checked": True}, id=made)
            kept = own.rewrite(path + "/{id}", lambda it: pick(it, "name", "duty", "phone"), id=made)
            assert kept["checked_on"] and kept["ways"] and kept["stand_ins"], kept
        known = own.ask("GET", path + "/{id}", id=made)
        own.ask("DELETE", path + "/{id}", tag=known.headers["ETag"], id=made)
    parties = own.get("/contacts/suggestions")["items"]
    if not parties:
        # Everything that is suggested is taken already: one is given back.
        outside = next(it for it in own.get("/contacts", query={"limit": 100})["items"] if it["source"])
        tag = own.ask("GET", "/contacts/{id}", id=outside["id"]).headers["ETag"]
        own.ask("DELETE", "/contacts/{id}", tag=tag, id=outside["id"])
        parties = own.get("/contacts/suggestions")["items"]
    own.ask("POST", "/contacts/suggestions", {"duty": parties[0]["duty"]})
    ledger_files(own)


def ledger_files(own):
    """Takes a list of things in, out and in again."""
    csv = "機器名,種類,設置場所,シリアル番号\r\n受付の端末,端末,受付（取り込み）,0012\r\n控えの箱,バックアップ,,\r\n".encode("cp932")
    add, one = "/ledger/imports", "/ledger/imports/{id}"
    new = own.ask("POST", add, raw=csv, query={"name": "台帳.csv"}).json()
    own.get(add)
    tables = [it["mapping"] for it in new["tables"]]
    body = {"tables": tables, "duplicates": "other"}
    known = own.ask("PUT", one, body, f'"{new["version"]}"', id=new["id"])
    shown = known.json()
    assert shown["ready"] and shown["counts"]["new"] == 2, shown
    assert own.get(one, id=new["id"])["creations"][0]["name"] == "受付（取り込み）"
    rows = own.get(one + "/rows", query={"limit": 100}, id=new["id"])["items"]
    assert [it["outcome"] for it in rows] == ["new", "new"], rows
    done = own.ask("POST", one + "/apply", {"revision": shown["revision"]}, known.headers["ETag"], id=new["id"]).json()
    assert done["state"] == "applied" and done["counts"]["made"] == 1, done
    own.ask("DELETE", one, id=new["id"])
    for form in ("csv_shift_jis", "excel", "cyclone_dx"):
        assert own.ask("GET", "/ledger/export", query={"format": form}).content
    out = own.ask("GET", "/ledger/export", query={"format": "csv", "sheet": "things"}).content
    assert "受付の端末".encode() in out
    again = own.ask("POST", add, raw=out, query={"name": "台帳.csv"}).json()
    assert again["counts"]["same"] and not again["counts"]["change"] + again["counts"]["new"], again
    own.ask("DELETE", one, id=again["id"])


def connected(own):
    zone = own.ask("POST", "/assets", {"kind": "zone", "name": "診療の線"}).json()["id"]
    server = {
        "kind": "server", "name": "つなぎの本体", "zone": zone,
        "facts": {"maker": "つなぎ商会", "support_ends": "2027-10-12"}, "controls": {"updates": "absent"},
    }
    made = own.ask("POST", "/assets", server).json()["id"]
    line = {
        "kind": "vpn", "from": "internet", "to": f"asset:{made}",
        "facts": {"how_to_cut": "電源を切る"}, "controls": {"source_limited": "absent"},
    }
    lines = [own.ask("POST", "/connections", line).json()["id"] for _ in range(2)]
    for path, name, body in (("/assets", made, server), ("/connections", lines[0], line)):
        own.get(path, query={"limit": 100})
        own.rewrite(path + "/{id}", lambda it, body=body: body | {"note": "書き換え"}, id=name)
    gaps = own.get("/ledger/completeness")
    assert gaps["missing"] >= len(gaps["gaps"]) > 0
    tag = own.ask("GET", "/connections/{id}", id=lines[1]).headers["ETag"]
    own.ask("DELETE", "/connections/{id}", tag=tag, id=lines[1])
    for name in (made, zone):
        tag = own.ask("GET", "/assets/{id}", id=name).headers["ETag"]
        own.ask("DELETE", "/assets/{id}", tag=tag, id=name)
    # Its line went with it.
    assert lines[0] not in [it["id"] for it in own.get("/connections", query={"limit": 100})["items"]]


def templates(own):
    offer = own.get("/ledger/templates")
    pieces = [it["piece"] for it in offer["pieces"] if it["thing"] and not it["there"]]
    body = {"systems": ["network-boxes"], "pieces": pieces + ["line-vpn"], "revision": offer["revision"]}
    taken = own.ask("POST", "/ledger/templates/apply", body).json()
    assert taken["revision"] > offer["revision"], taken
    again = own.ask("POST", "/ledger/templates/apply", body | {"revision": None}).json()
    assert not again["assets"] and not again["connections"], again
    assert all(it["there"] for it in own.get("/ledger/templates")["pieces"] if it["piece"] in pieces and it["piece"] not in taken["left_out"])


def exposure(own):
    """Whatever the house's ledger holds; where it holds nothing to pull, the answers are still answers."""
    network = own.get("/exposure/network")
    assert network["format"] == "komainu-exposure/1"
    assert own.get("/exposure")["answer"]["standing"] in ("fresh", "coming")
    things = [node["id"] for node in network["nodes"]]
    own.ask("POST", "/exposure/what-if", {"unplug": things[:1]})
    own.get("/exposure/plan", query={"hours": 8})
    own.get("/exposure/restoration")


def stock_takes(own):
    """Begun, walked with something that was in no ledger and stands elsewhere by now, printed and closed."""
    made = own.ask("POST", "/stock-takes", {"name": "つなぎの棚卸し"}).json()["id"]
    own.get("/stock-takes", query={"limit": 100})
    thing = {"kind": "network_device", "name": "小さな箱", "place": "受付の裏", "note": "机の下"}
    added = own.ask("POST", "/stock-takes/{id}/things", thing, id=made).json()
    assert added["added"] and added["outcome"] == "found", added
    names = {"id": made, "asset": added["asset"]}
    assert any(it["asset"] == added["asset"] for it in own.get("/stock-takes/{id}/lines", id=made)["items"])
    line = "/stock-takes/{id}/lines/{asset}"
    own.rewrite(line, lambda _: {"outcome": "different", "place": "地下の倉庫", "count": 2}, **names)
    assert own.ask("POST", line + "/take", {"asset_version": 1}, **names).json()["taken_at"]
    for paper in ("list", "result"):
        assert own.ask("GET", "/stock-takes/{id}/" + paper, id=made).content.startswith(b"%PDF")
    tag = own.ask("GET", "/stock-takes/{id}", id=made).headers["ETag"]
    assert own.ask("POST", "/stock-takes/{id}/close", tag=tag, id=made).json()["counts"]["different"] == 1


def drawn(own):
    """The map, a place on it, and what is dangerous."""
    own.get("/map")
    own.get("/ledger/findings")
    system = own.get("/systems", query={"limit": 100})["items"][0]["id"]
    here = {"id": f"system:{system}", "x": 120, "y": -40}
    own.ask("PUT", "/map/spots", {"spots": [here]})
    node = next(it for it in own.get("/map")["nodes"] if it["id"] == here["id"])
    assert (node["x"], node["y"]) == (120, -40), node
    own.ask("PUT", "/map/spots", {"reset": True})


def setup(own):
    def write(step, body):
        tag = own.ask("GET", "/setup").headers.get("ETag")
        own.ask("PUT", f"/setup/{step}", body, tag)

    house = own.get("/institution")
    write("place", pick(house, "kind", "beds", "prefecture"))
    write("running", {"systems": "mixed"})
    systems = own.get("/systems", query={"limit": 100})["items"]
    write("systems", {"kinds": sorted({it["kind"] for it in systems if it["kind"] != "other"})})
    write("support", {"systems": [{"system": systems[0]["id"], "version": systems[0]["version"], "hosting": "cloud"}]})
    usual = own.get("/ledger/templates")["pieces"]
    write("lines", {"pieces": [it["piece"] for it in usual if it["usual"] and it["system"] is None]})
    write("people", {"posts": [], "operator_on_staff": False})
    own.ask("POST", "/setup/finish")


def first_round(own):
    """The newest round of the house itself."""
    found = max(own.get("/rounds")["items"], key=lambda it: (it.get("vendor") is None, it["fiscal_year"]))
    return pick(found, "fiscal_year", "form")


def rounds(own):
    edition = own.get("/editions")["items"][0]
    own.get("/editions/{year}/{variant}", year=edition["fiscal_year"], variant=edition["forms"][0]["variant"])
    known = first_round(own)
    vendor = own.ask("POST", "/vendors", {"name": "新しい業者"}).json()["id"]
    made = own.ask("POST", "/rounds", {"fiscal_year": known["fiscal_year"], "vendor": vendor, "carry": False}).json()
    names = {"year": made["fiscal_year"], "form": made["form"]}
    own.get("/rounds/{year}/{form}", **names)
    own.ask("POST", "/rounds/{year}/{form}/close", **names)
    own.ask("POST", "/rounds/{year}/{form}/reopen", **names)
    names = {"year": known["fiscal_year"], "form": known["form"]}
    own.ask("POST", "/rounds/{year}/{form}/carry", **names)
    own.get("/rounds/{year}/{form}/history", **names)


def rows(own):
    known = first_round(own)
    names = {"year": known["fiscal_year"], "form": known["form"]}
    items = own.get("/rounds/{year}/{form}/rows", **names)["items"]
    carried = [it["row"] for it in items if it["answer"] and it["answer"]["carried"]]
    own.ask("POST", "/rounds/{year}/{form}/rows/{row}/confirm", row=(carried or [items[1]["row"]])[0], **names)
    letter = own.get("/rounds/{year}/{form}/letter", **names)
    asked = letter["rows"][0]
    day = (datetime.date.today() + datetime.timedelta(days=20)).isoformat()
    body = {"vendor": letter["vendor"], "rows": [asked], "reply_by": day}
    own.ask("POST", "/rounds/{year}/{form}/asks", body, **names)
    names["row"] = asked
    own.ask("POST", "/rounds/{year}/{form}/rows/{row}/replied", pick(letter, "vendor"), **names)
    today = datetime.date.today().isoformat()
    own.rewrite("/rounds/{year}/{form}/rows/{row}", lambda _: {"answer": "yes", "checked": [today], "note": "表から"}, **names)
    own.get("/rounds/{year}/{form}/rows/{row}/history", **names)
    me = own.get("/account")["id"]
    own.ask("PUT", "/rounds/{year}/{form}/assignments", {"rows": [asked], "person": me, "due": day}, year=names["year"], form=names["form"])
    own.get("/assignments")
    add = "/rounds/{year}/{form}/rows/{row}/evidence"
    text = "受付のパソコンの写しを確かめた。\n".encode()
    made = own.ask("POST", add, raw=text, query={"name": "確認.txt"}, **names).json()["id"]
    own.ask("POST", add + "/links", {"kind": "vendor", "target": letter["vendor"]}, **names)
    own.get(add, **names)
    own.get("/evidence/{id}", id=made)
    assert own.ask("GET", "/evidence/{id}/file", id=made).content == text
    own.ask("DELETE", "/evidence/{id}", id=made)


def escalations(own):
    """Plans who is called out, calls, and is told by telephone; tries the network."""
    own.get("/contacts/check")
    for paper in ("chart", "cards"):
        assert own.ask("GET", f"/contacts/{paper}").content.startswith(b"%PDF")
    who = own.get("/contacts", query={"limit": 1})["items"][0]["id"]
    me = {"name": "当番", "duty": "当直", "phone": "03-1234-5678", "person": own.get("/account")["id"]}
    mine = own.ask("POST", "/contacts", me).json()["id"]
    plan = {"name": "急報", "steps": [{"contact": it, "wait_minutes": 5} for it in (who, mine)]}
    made = own.ask("POST", "/escalation-plans", plan).json()["id"]
    own.get("/escalation-plans", query={"limit": 100})
    own.rewrite("/escalation-plans/{id}", lambda it: plan | {"everyone": True}, id=made)
    run = own.ask("POST", "/escalations", {"plan": made, "title": "カルテが開かない"}).json()
    own.get("/escalations", query={"limit": 100})
    assert own.ask("POST", "/escalations/{id}/know", id=run["id"]).json()["coverage"]["known"] == 1
    own.ask("POST", "/escalations/{id}/calls/{call}/told", id=run["id"], call=run["calls"][0]["id"])
    seen = own.ask("GET", "/escalations/{id}", id=run["id"]).json()
    assert seen["calls"][0]["state"] == "known", seen
    own.ask("POST", "/escalations/{id}/stop", id=run["id"])
    known = own.ask("GET", "/escalation-plans/{id}", id=made)
    own.ask("DELETE", "/escalation-plans/{id}", tag=known.headers["ETag"], id=made)
    own.ask("POST", "/contact-tests")
    schedule = own.ask("GET", "/contact-tests/schedule")
    own.ask("PUT", "/contact-tests/schedule", {"months": 6}, schedule.headers["ETag"])


def near_misses(own):
    """Somebody reports, the house judges, answers, acts and tells everybody."""
    # A PNG of one pixel.
    photo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    said = {"symptom": "printer", "place": "受付", "words": "紙が止まらない", "taps": ["how-many.one"], "photo": photo}
    new = own.ask("POST", "/near-misses", said).json()
    assert new["receipt"]
    one = "/near-misses/{id}"
    kept = own.get(one, id=new["id"])
    assert kept["detail"]["taps"] == ["how-many.one"] and kept["photos"][0]["media_type"] == "image/png", kept
    assert own.ask("GET", one + "/photos/{photo}", id=new["id"], photo=kept["photos"][0]["id"]).content.startswith(b"\x89PNG")
    told = own.ask("POST", "/near-miss-receipt", {"receipt": new["receipt"], "words": "2階のです"}).json()
    assert told["number"] == kept["number"] and told["messages"][0]["words"] == "2階のです", told
    assert own.ask("POST", "/near-miss-posters", {"everywhere": True}).content.startswith(b"%PDF")
    assert any(it["id"] == new["id"] for it in own.get("/near-misses", query={"limit": 100})["items"])
    tag = own.ask("GET", one, id=new["id"]).headers["ETag"]
    said = {"level": "1", "nature": "fault", "summary": "紙が止まらなかった"}
    tag = own.ask("PUT", one + "/judgement", said, tag, id=new["id"]).headers["ETag"]
    tag = own.ask("POST", one + "/messages", {"words": "線を抜いてください"}, id=new["id"]).headers["ETag"]
    measure = own.ask("POST", one + "/measures", {"what": "線を替える", "due_on": "2027-01-31"}, id=new["id"])
    done = {"state": "done", "result": "替えた"}
    assert own.get("/near-miss-measures", query={"limit": 100})["items"]
    later = {"what": "線を二本とも替える", "due_on": "2027-02-28"}
    measure = own.ask("PUT", "/near-miss-measures/{id}/details", later, measure.headers["ETag"], id=measure.json()["id"])
    assert measure.json()["due_on"] == "2027-02-28", measure.json()
    own.ask("PUT", "/near-miss-measures/{id}", done, measure.headers["ETag"], id=measure.json()["id"])
    board = {"title": "紙", "happened": "紙が止まらなかった", "shown": True}
    tag = own.ask("PUT", one + "/board", board, tag, id=new["id"]).headers["ETag"]
    closed = own.ask("POST", one + "/state", {"state": "closed"}, tag, id=new["id"]).json()
    assert closed["state"] == "closed" and closed["measures"][0]["state"] == "done" and closed["messages"], closed
    learned(own, new["id"], closed["number"][:4])


def learned(own, case, fiscal_year):
    """Why it happened, what the committee said, the sheet for the wall, the year."""
    analysis = "/near-misses/{id}/analysis"
    tag = own.ask("GET", analysis, id=case).headers["ETag"]
    why = {
        "timeline": [{"when": "8:20", "what": "紙が出続けた"}],
        "whys": [{"number": 1, "words": "線が古い"}, {"number": 2, "under": 1, "words": "替える決まりがない"}],
        "shel": [{"factor": "hardware", "words": "線が古い"}],
        "grid": {"machine": {"found": "線が古い", "engineering": "線を替える"}},
        "conclusion": "替える決まりを作る",
    }
    written = own.ask("PUT", analysis, why, tag, id=case).json()
    assert written["version"] == 1 and written["analysis"]["grid"]["machine"]["engineering"] == "線を替える", written
    content = {"title": "第1回医療安全委員会", "cases": [{"near_miss": case, "words": "決まりを作る"}]}
    meeting = own.ask("POST", "/near-miss-meetings", {"held_on": "2026-12-10", "content": content})
    made, tag = meeting.json()["id"], meeting.headers["ETag"]
    assert any(it["id"] == made for it in own.get("/near-miss-meetings", query={"limit": 100})["items"])
    content["minutes"] = "来月また見る"
    one = "/near-miss-meetings/{id}"
    said = own.ask("PUT", one, {"held_on": "2026-12-11", "content": content}, tag, id=made).json()
    assert said["version"] == 2 and own.get(one, id=made)["content"]["minutes"] == "来月また見る", said
    for paper in ("list", "minutes"):
        assert own.ask("GET", one + "/" + paper, id=made).content.startswith(b"%PDF")
    assert any(it["id"] == case for it in own.get("/near-miss-board", query={"limit": 100})["items"])
    assert own.ask("GET", "/near-miss-board/{id}/sheet", id=case).content.startswith(b"%PDF")
    year = own.get("/near-miss-figures/{year}", year=fiscal_year)
    assert len(year["months"]) == 12 and year["measures"]["done"] >= 1, year
    assert own.ask("GET", "/near-miss-figures/{year}/paper", year=fiscal_year).content.startswith(b"%PDF")
    assert own.ask("GET", "/near-miss-figures/{year}/csv", year=fiscal_year).content.startswith(b"\xef\xbb\xbf")


def incidents(own):
    """An incident is declared, led, told, written up, taken out and closed."""
    new = {"kind": "ransomware", "level": "serious", "title": "電子カルテが開かない", "drill": True}
    made = own.ask("POST", "/incidents", new)
    names, tag, case = {"id": made.json()["incident"]["id"]}, made.headers["ETag"], made.json()
    one = "/incidents/{id}"
    assert case["tasks"] and any(it["id"] == names["id"] for it in own.get("/incidents", query={"limit": 100})["items"])
    head = pick(new, "kind", "title") | {"level": "crisis", "first_knew_at": case["incident"]["first_knew_at"]}
    tag = own.ask("PUT", one, head, tag, **names).headers["ETag"]
    tag = own.ask("POST", one + "/state", {"state": "contained", "reason": "線を抜いた"}, tag, **names).headers["ETag"]
    own.ask("POST", one + "/roles", {"role": "systems", "name": "保守業者の技術者"}, **names)
    own.ask("POST", one + "/entries", {"kind": "decision", "words": "紙で続ける", "reason": "画面が出ない"}, **names)
    task = own.ask("POST", one + "/tasks", {"what": "予備の電話を配る", "role": "contact"}, **names)
    names_of_task = names | {"task": task.json()["id"]}
    known = own.ask("GET", one + "/tasks/{task}", **names_of_task)
    own.ask("PUT", one + "/tasks/{task}", {"state": "done", "owner": "事務長"}, known.headers["ETag"], **names_of_task)
    asset = own.get("/assets", query={"limit": 1})["items"][0]["id"]
    own.ask("PUT", one + "/assets/{asset}", {"state": "affected", "note": "脅迫文"}, '"0"', asset=asset, **names)
    def on_map():
        return any(it["id"] == names["id"] for it in own.get("/map")["incidents"])

    assert on_map(), "the map knows of what goes on"
    knew = case["incident"]["first_knew_at"]
    query = {"what": "脅迫文の写し", "name": "note.txt", "taken_by": "事務長", "taken_at": knew}
    text = "払え".encode()
    proof = own.ask("POST", one + "/evidence", raw=text, query=query, **names).json()["id"]
    piece = names | {"exhibit": proof}
    own.get(one + "/evidence/{exhibit}", **piece)
    assert own.ask("GET", one + "/evidence/{exhibit}/file", **piece).content == text
    own.ask("POST", one + "/evidence/{exhibit}/custody", {"from": "事務長", "to": "調査会社", "handed_at": knew}, **piece)
    own.ask("PUT", one + "/sheets/{sheet}", {"fields": {"wrongful": "yes"}}, '"0"', sheet="duties", **names)
    told = {"note": "受付番号1", "done_at": case["incident"]["declared_at"], "proof": proof}
    own.ask("PUT", one + "/duties/{duty}", told, '"0"', duty="police", **names)
    asked = own.get(one + "/duties", **names)
    assert {it["question"]: it["answer"] for it in asked["questions"]}["wrongful"] is True, asked
    due = {it["duty"]: it for it in asked["items"]}
    assert due["ppc-preliminary"]["because"] == ["wrongful"] and due["mhlw"]["remark"] and due["mhlw"]["sources"], due
    assert due["ppc-final-wrongful"]["reminded"] == [], due
    assert due["ppc-final-wrongful"]["due_on"] and due["ppc-final"]["applies"] == "no" and due["police"]["told"], due
    own.ask("PUT", one + "/sheets/{sheet}", {"fields": {"overview": "画面に脅迫文"}}, '"0"', sheet="facts", **names)
    assert own.get(one + "/sheets/{sheet}", sheet="facts", **names)["fields"]["overview"]
    report = own.get(one + "/reports/{report}", report="regulator-preliminary", **names)
    assert "overview" not in report["missing"] and "cause" in report["missing"], report
    for file in ("word", "pdf", "text"):
        own.ask("GET", one + "/reports/{report}/{file}", report="ministry", file=file, **names)
    own.ask("PUT", one + "/sheets/{sheet}", {"fields": {"learned": "電話が足りない"}}, '"0"', sheet="lessons", **names)
    assert own.ask("POST", one + "/export", **names).content[:2] == b"PK"
    own.ask("POST", one + "/close", {}, tag, **names)
    assert own.get(one, **names)["incident"]["state"] == "closed" and not on_map()


def suggestions(own):
    """What the ledger says about a row is taken over as it was seen."""
    known = first_round(own)
    names = {"year": known["fiscal_year"], "form": known["form"]}
    rows = "/rounds/{year}/{form}/rows"
    assert not any(it["suggestion"] for it in own.get(rows, **names)["items"])
    items = own.ask("GET", rows, query={"suggestions": "true"}, **names).json()["items"]
    names["row"] = next(it["row"] for it in items if it["suggestion"])
    row = own.ask("GET", "/rounds/{year}/{form}/rows/{row}", **names)
    said = pick(row.json()["suggestion"], "answer")
    take = "/rounds/{year}/{form}/rows/{row}/suggestion/take"
    taken = own.ask("POST", take, said, row.headers["ETag"], **names).json()
    assert taken["answer"]["answer"] == said["answer"] and taken["evidence_count"], taken


def links(own):
    """A vendor without an account answers two questions through a link, as its page has it."""
    known = first_round(own)
    names = {"year": known["fiscal_year"], "form": known["form"]}
    letter = own.get("/rounds/{year}/{form}/letter", **names)
    day = (datetime.date.today() + datetime.timedelta(days=20)).isoformat()
    body = {"vendor": letter["vendor"], "rows": letter["rows"][-2:], "reply_by": day}
    made = own.ask("POST", "/rounds/{year}/{form}/links", body, **names).json()
    browser = requests.Session()
    page = browser.get(made["address"], timeout=60)
    assert page.ok, page.status_code
    fields = {"name": "業者の担当者"} | dict.fromkeys(re.findall(r'name="(answer-[^"]+)"', page.text), "yes")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    if csrf:
        fields["csrf"] = csrf[1]
    sent = browser.post(made["address"], data=fields, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60)
    assert sent.ok, f"{sent.status_code} {sent.text[:800]}"
    replies = [it for it in own.get("/replies", query={"limit": 100})["items"] if it["outcome"] is None]
    first, second = replies[-2:]
    row = own.ask("GET", "/rounds/{year}/{form}/rows/{row}", row=first["row"], **names)
    own.ask("POST", "/replies/{id}/take", tag=row.headers["ETag"], id=first["id"])
    own.ask("POST", "/replies/{id}/set-aside", id=second["id"])
    own.get("/links/{id}", id=made["id"])
    assert own.get("/links", query={"limit": 100})["items"][-1]["state"] == "used_up"
    own.ask("DELETE", "/links/{id}", id=made["id"])


def workbook(title, sentences):
    """A form as an office has it, with a question at the end that only it has."""
    book = Workbook()
    sheet = book.active
    sheet.title = "チェックリスト"
    sheet["A1"] = title
    for column, words in enumerate(("番号", "チェック項目", "確認結果", "確認日", "目標日", "備考"), start=1):
        sheet.cell(3, column, words)
    for row, (number, sentence) in enumerate([*sentences, ("9-9", "生成ＡＩを業務に使うときの手引きを職員に配っている。")], start=4):
        sheet.cell(row, 1, number)
        sheet.cell(row, 2, sentence)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def official(own):
    known = first_round(own)
    names = {"year": known["fiscal_year"], "variant": known["form"]}
    form = own.get("/editions/{year}/{variant}", **names)
    sentences = [(it["number"], it["question"]) for it in form["rows"] if it["number"]]
    query = {"name": "様式.xlsx", "fiscal_year": names["year"], "variant": names["variant"]}
    loaded = own.ask("POST", "/official-forms", raw=workbook(form["title"], sentences), query=query).json()
    own.get("/official-forms")
    strange = str(loaded["lines"][-1]["position"])
    tag = own.ask("GET", "/official-forms/{year}/{variant}", **names).headers["ETag"]
    own.ask("PATCH", "/official-forms/{year}/{variant}", {"rows": {strange: "own"}, "confirm": True}, tag, **names)
    at = {"year": known["fiscal_year"], "form": known["form"]}
    row = own.get("/rounds/{year}/{form}/own-rows", **at)["items"][0]["row"]
    own.rewrite("/rounds/{year}/{form}/own-rows/{row}", lambda _: {"answer": "yes", "note": "表から"}, row=row, **at)
    own.get("/rounds/{year}/{form}/filled", **at)
    assert own.ask("GET", "/rounds/{year}/{form}/filled/file", **at).content.startswith(b"PK")
    tag = own.ask("GET", "/official-forms/{year}/{variant}", **names).headers["ETag"]
    own.ask("DELETE", "/official-forms/{year}/{variant}", tag=tag, **names)


def plan(own):
    steps = own.get("/plan")
    # What follows from the house's own state cannot be marked: it is over when the state is.
    step = next(it["step"] for it in steps["week"] + steps["later"] if not it["step"].startswith("house."))
    own.rewrite("/plan/steps/{step}", lambda _: {"state": "not_for_us", "note": "表から"}, step=step)


def packs(own):
    year = first_round(own)["fiscal_year"]
    ask = {"fiscal_year": year, "language": "ja", "form": "workbook"}
    made = own.ask("POST", "/packs", ask).json()["id"]
    until = time.monotonic() + 60
    while own.get("/packs/{id}", id=made)["state"] in ("waiting", "running") and time.monotonic() < until:
        time.sleep(0.2)
    assert own.ask("GET", "/packs/{id}/file", id=made).content.startswith(b"PK")
    other = own.ask("POST", "/packs", ask | {"form": "pdf", "language": "zh"}).json()["id"]
    own.ask("POST", "/packs/{id}/cancel", id=other)
    own.get("/packs")
    own.get("/emergency-binders")
    own.ask("POST", "/emergency-binders", {"language": "ja"})
    for _ in range(120):
        made = own.get("/emergency-binders")["items"][0]
        if made["made_at"]:
            break
        time.sleep(1)
    assert own.ask("GET", "/emergency-binders/{language}/file", language="ja").content.startswith(b"%PDF"), made
    sealed = own.ask("POST", "/emergency-binders/copy", {"language": "ja", "words": "桜の木の下で待つ犬と猫たち"})
    assert "data-sealed" in sealed.text


def overview(own):
    for path in ("/progress", "/log", "/log/proof"):
        own.get(path)


def operations(own):
    own.get("/operations")
    for path in ("/operations/backup", "/operations/proof", "/operations/key"):
        own.ask("POST", path)


def webhooks(own):
    # Nobody listens there.
    body = {"url": "http://127.0.0.1:9/", "events": ["ledger.changed"]}
    made = own.ask("POST", "/webhooks", body).json()["webhook"]["id"]
    own.get("/webhooks")
    own.rewrite("/webhooks/{id}", lambda _: body | {"events": ["ledger.changed", "pack.made"]}, id=made)
    for what in ("stop", "resume", "secret", "test"):
        own.ask("POST", "/webhooks/{id}/" + what, id=made)
    sent = wait(lambda: own.get("/webhooks/{id}/deliveries", id=made)["items"], lambda it: it["state"] == "failed")
    own.ask("POST", "/webhooks/{id}/deliveries/{delivery}/again", id=made, delivery=sent["id"])
    other = own.ask("POST", "/webhooks", body).json()["webhook"]["id"]
    tag = own.ask("GET", "/webhooks/{id}", id=other).headers["ETag"]
    own.ask("DELETE", "/webhooks/{id}", tag=tag, id=other)
    # What is told of this waits for a long time.
    own.ask("POST", "/vendors", {"name": "知らせる業者"})


def wait(read, fits):
    """The first thing of a list that is as it should be, once there is one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = [it for it in read() if fits(it)]
        if found:
            return found[0]
        time.sleep(0.2)
    raise AssertionError("it did not come about")


def places(own, database):
    """A place that waits for its browser and a stopped PIN are put there: the one takes a browser, the other ten wrong PINs
    with the waits between them."""
    token = own.get("/token")
    house, person = (uuid.UUID(token[name]).bytes for name in ("organisation", "person"))
    place, now = uuid.uuid4(), datetime.datetime.now(datetime.timezone.utc)
    at, until = (moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in (now, now + datetime.timedelta(minutes=15)))
    store = sqlite3.connect(database, timeout=60)
    store.execute(
        "INSERT INTO shared_place (organisation_id, id, name, code_hash, code_expires_at, user_agent, created_by, created_at)"
        " VALUES (?, ?, '病棟', x'00', ?, '', ?, ?)",
        (house, place.bytes, until, person, at),
    )
    store.execute(
        "INSERT INTO pin (organisation_id, person_id, hash, created_at, failures, locked_at) VALUES (?, ?, x'00', ?, 10, ?)",
        (house, person, at, at),
    )
    store.commit()
    store.close()
    own.get("/places")
    own.rewrite("/places/lock", lambda it: {"minutes": it["minutes"] + 1})
    own.get("/places/pins")
    own.ask("POST", "/places/pins/{person}/lift", person=token["person"])
    own.ask("DELETE", "/places/{id}", id=place)


def jobs(own):
    def address(job):
        return {"organisation": job["organisation"], "job": job["id"]}

    failed = wait(lambda: own.get("/operations/jobs")["failed"], lambda it: it["can_retry"])
    own.ask("POST", "/operations/jobs/{organisation}/{job}/retry", **address(failed))
    waits = wait(lambda: own.get("/operations/jobs")["open"], lambda it: it["state"] == "waiting" and it["tries"])
    own.ask("POST", "/operations/jobs/{organisation}/{job}/cancel", **address(waits))
