"""Checklists on the command line: exact JSON, and one sentence for what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from tests.core.test_cli import blank, register, run  # noqa: F401 - fixtures


def test_from_the_library_to_a_workbook_and_back(register: Path, tmp_path: Path) -> None:  # noqa: F811
    assert run("checklists", register, "--json").json == []
    offered = run("checklists", register, "--library", "--lang", "pl", "--json").json
    packing = next(one for one in offered if one["key"] == "packing_dispatch")
    assert packing["name"] == "Pakowanie i wysyłka"
    added = run("checklist-add", register, "packing_dispatch", "--lang", "pl", "--json").json
    assert added == {"id": 1, "name": "Pakowanie i wysyłka", "version": 1, "questions": packing["questions"], "left_out": []}

    (listed,) = run("checklists", register, "--json").json
    assert {name: listed[name] for name in ("id", "name", "kind", "language", "version", "active", "key", "pass_mark", "questions", "audits")} == {
        "id": 1, "name": "Pakowanie i wysyłka", "kind": "warehouse", "language": "pl", "version": 1, "active": True, "key": "packing_dispatch", "pass_mark": "85.00",
        "questions": packing["questions"], "audits": 0,
    }  # fmt: skip

    out = tmp_path / "lista.xlsx"
    assert run("checklist-export", register, "Pakowanie i wysyłka", out, "--json").json == {"file": str(out), "questions": packing["questions"]}
    assert run("checklist-export", register, "1", out).refusal == f"{out} exists already. Choose another name."
    assert run("checklist-import", register, out, "--json").json["name"] == "Pakowanie i wysyłka (2)"
    assert run("checklist-import", register, out, "--replace", "--json").json["id"] == 1
    assert run("checklist-export", register, "Pakowanie i wysyłka", tmp_path / "l.qmcheck").code == 0
    assert json.loads((tmp_path / "l.qmcheck").read_text("utf-8"))["qmcheck"] == 1
    assert "Pakowanie i wysyłka (2)" in run("checklists", register).out


def test_what_goes_wrong_is_one_sentence_and_nothing_is_kept(register: Path, tmp_path: Path) -> None:  # noqa: F811
    assert run("checklist-add", register, "nonsense").refusal.startswith("The library has no checklist “nonsense”; it has: ")
    assert run("checklist-export", register, "Nothing", tmp_path / "l.xlsx").refusal == "There is no Checklist “Nothing”."
    assert run("checklist-import", register, tmp_path / "none.xlsx").refusal.startswith("none.xlsx isn't there. Check its name,")
    book = openpyxl.Workbook()
    for row in (["Question", "Type"], ["Is it?", "sometimes"], [None, "yes or no"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "l.xlsx")
    answer = run("checklist-import", register, tmp_path / "l.xlsx")
    assert answer.code == 1
    assert [one["problem"][:30] for one in json.loads(answer.out)["problems"]] == ["Row 2, column “Type”: “sometim", "Row 3, column “Question”: What"]
    assert "Traceback" not in answer.err
    assert run("checklist-import", register, tmp_path / "l.xlsx", "--replace").code == 1
    assert run("checklists", register, "--json").json == []


def test_a_list_to_replace_must_be_there(register: Path, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "l.qmcheck").write_text(json.dumps({"qmcheck": 1, "checklist": {"name": "Opening"}, "questions": [{"wording": "A?", "type": "yes_no"}]}), "utf-8")
    assert run("checklist-import", register, tmp_path / "l.qmcheck", "--replace").refusal == "There is no checklist “Opening” to replace. Leave --replace out to add it."


def test_questions_written_one_by_one_keep_to_the_rules_of_lists(register: Path) -> None:  # noqa: F811
    run("add", register, "checklist", "-", stdin={"name": "Opening", "language": "en"})
    first = run("add", register, "question", "-", stdin={"checklist": "Opening", "wording": "Is it open?", "type": "yes_no"}).json
    second = run("add", register, "question", "-", stdin={"checklist": 1, "wording": "Is it warm?", "type": "yes_no", "shown_by": first["id"], "shown_for": "yes"}).json
    assert [one["position"] for one in run("list", register, "question", "--order", "id", "--json").json] == [1, 2]
    refused = run("add", register, "question", "-", stdin={"checklist": 1, "wording": "Is it wet?", "type": "yes_no", "shown_by": first["id"], "shown_for": "maybe"})
    assert "the answer “maybe”, which question 1 does not have" in refused.err
    assert run("audit-start", register, "Opening").code == 0
    assert run("set", register, "question", second["id"], "weight=3").code == 0
    assert run("set", register, "question", second["id"], "weight=4").code == 0
    assert run("set", register, "checklist", "Opening", "pass_mark=80").code == 0
    (listed,) = run("checklists", register, "--json").json
    assert (listed["version"], listed["questions"], listed["pass_mark"]) == (2, 2, "80.00")
    circle = run("set", register, "question", first["id"], f"shown_by={second['id']}", "shown_for=yes")
    assert circle.code == 1
    assert "wait for one another in a circle" in circle.err
