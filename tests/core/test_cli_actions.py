"""Actions on the command line: begun, led step by step, judged, printed; one sentence for what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

from qmdesk.operations import whys
from qmdesk.operations.registers import open_register
from qmdesk.records.improvement import Action, Branch
from qmdesk.records.lists import Cause
from qmdesk.schema.query import Query
from tests.clock import standing
from tests.core.test_cli import blank, register, run  # noqa: F401 - fixtures


def test_an_action_is_led_from_its_beginning_to_its_verdict(register: Path, tmp_path: Path) -> None:  # noqa: F811
    with standing("2026-09-07"):
        assert run("add", register, "person", "-", stdin='{"name": "Jan Kos"}').code == 0
        assert run("add", register, "person", "-", stdin='{"name": "Anna Wróbel"}').code == 0
        begun = run("action-add", register, "Parcels come back", "--set", "owner=Jan Kos", "--json").json
        assert begun == {"id": 1, "number": "N/2026/0001", "state": "open"}
        number = begun["number"]
        listed = {one["step"]: one for one in run("steps", register, number, "--json").json}
        assert listed["contain"] == {"step": "contain", "allowed": True, "why_not": "", "asks": ["containment", "contained_on"], "needs": ["containment", "contained_on"]}
        assert listed["plan"]["why_not"] == "First find the cause: what is planned must be against it."
        assert run("do", register, number, "analyse", "--set", "cause_text=No scale").refusal == "First write what was done at once, so that it does no more harm."
        assert run("do", register, number, "contain", "--set", "containment=All weighed again", "--json").json == {"number": number, "state": "open"}
        assert run("do", register, number, "analyse", "--set", "cause_text=No scale").out.strip() == f"{number}: Cause known"
        (tmp_path / "plan.json").write_text(json.dumps({"plan": "A scale", "due_on": "2026-09-18", "criterion": "No parcel in 60 days"}), "utf-8")
        assert run("do", register, number, "plan", "--json", tmp_path / "plan.json").json["state"] == "planned"
        assert run("add", register, "task", "-", stdin=json.dumps({"action": 1, "what": "Buy a scale"})).code == 0
        assert run("do", register, number, "carry-out").refusal == "1 task is not done yet."
        assert run("set", register, "task", "Buy a scale", "done_on=2026-09-07").code == 0
        assert run("do", register, number, "carry-out").code == 0
    with standing("2026-11-06"):
        nobody = run("do", register, number, "effective", "--set", "verdict_reasons=None came back", "--json")
        assert nobody.code == 1
        assert json.loads(nobody.out)["problems"] == [{"field": "verified_by", "problem": "Say who checked it: a verdict has a name."}]
        doer = run("do", register, number, "effective", "--set", "verified_by=Jan Kos", "--set", "verdict_reasons=All well")
        assert "somebody else: Anna Wróbel" in doer.err
        judged = run("do", register, number, "ineffective", "--set", "verified_by=Anna Wróbel", "--set", "verdict_reasons=4 came back", "--json").json
        assert judged == {"number": number, "state": "ineffective", "opened_again": "N/2026/0002"}
        assert run("action-report", register, number, tmp_path / "8d.pdf", "--json").json == {"file": str(tmp_path / "8d.pdf")}
        assert run("action-report", register, number, tmp_path / "capa.pdf", "--form", "capa", "--lang", "en").code == 0
        assert run("action-report", register, number, tmp_path / "8d.pdf").refusal.endswith("exists already. Choose another name.")
    assert (tmp_path / "8d.pdf").read_bytes().startswith(b"%PDF")


def test_an_action_comes_from_a_case(register: Path) -> None:  # noqa: F811
    case = json.loads(run("add", register, "case", "-", stdin=json.dumps({"received_at": "2026-11-20T12:00:00Z", "description": "The sole came off."})).out)["number"]
    begun = run("action-add", register, "--case", case, "--kind", "correction", "--json").json
    with open_register(register, program="tests") as opened:
        action = opened.get(Action, begun["id"])
    assert (action.name, action.kind.value, action.source.value, action.waiting_days) == ("The sole came off.", "correction", "case", 0)


def test_what_goes_wrong_is_one_sentence_and_nothing_is_begun(register: Path) -> None:  # noqa: F811
    assert "What it is about is missing" in run("action-add", register).err
    assert run("action-add", register, "A", "--case", "R/2026/0999").refusal == "Nothing in this register has the number R/2026/0999."
    assert run("action-add", register, "A", "--finding", "7").refusal == "Finding no. 7 is not in this register."
    assert run("action-add", register, "A", "--finding", "7", "--idea", "1").code in (1, 2)
    assert run("action-add", register, "A", "--set", "state=closed").refusal == "State is filled in by the program; leave it out."
    assert run("action-add", register, "A", "--set", "nonsense=1").code == 1
    told = run("action-add", register, "A", "--json", "-", stdin='{"verified_by": 1, "due_on": "soon"}')
    assert [one["field"] for one in json.loads(told.out)["problems"]] == ["verified_by", "due_on"]
    with open_register(register, program="tests") as opened:
        assert opened.count(Query(Action)) == 0
    number = run("action-add", register, "A", "--json").json["number"]
    assert run("do", register, number, "decide").refusal.startswith("“decide” is not a step of an action; its steps are: contain, ")
    assert run("do", register, number, "drop").code == 1
    assert run("do", register, number, "drop", "--set", "dropped_because=Not sold any more").code == 0
    assert run("set", register, "action", number, "team=Jan").refusal.startswith(f"Action {number} was dropped.")
    assert run("do", register, number, "reopen").out.strip() == f"{number}: Dropped; it goes on in {number[:-1]}2"


def test_causes_found_go_into_lists_and_exports(register: Path, tmp_path: Path) -> None:  # noqa: F811
    run("action-add", register, "Parcels come back")
    with open_register(register, program="tests") as opened:
        cause = min(opened.ids(Query(Cause)))
        why = opened.do(whys.ADD, whys.add, 1, "Nobody weighs", branch=Branch.MEASUREMENT).result
        opened.do(whys.CHANGE, whys.change, why.id, {"root": True, "cause": cause})
        name = opened.title(Cause, cause)
    (listed,) = run("list", register, "found_cause", "--json").json
    assert (listed["because"], listed["branch"], listed["root"]) == ("Nobody weighs", "measurement", True)
    out = tmp_path / "causes.csv"
    assert run("export", register, out, "--of", "found_cause").code == 0
    assert name in out.read_text("utf-8-sig")
    assert run("export", register, tmp_path / "actions.xlsx", "--of", "action").code == 0
