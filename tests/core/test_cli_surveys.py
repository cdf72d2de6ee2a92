"""Surveys and opinions on the command line: exact JSON, and one sentence for what goes wrong."""

from __future__ import annotations

import re
from pathlib import Path

from qmdesk.exchange import form_text
from tests.core.test_cli import blank, register, run  # noqa: F401 - fixtures


def _answered(page: Path, token: str, at: str = "2026-11-22T09:00:00Z", **answers: object) -> str:
    """What a browser would make of these answers on a page."""
    found = re.search(r'<body data-kind="(\w+)" data-form="(\w+)" data-key="(\w+)"', page.read_text("utf-8"))
    assert found is not None
    kind, form, key = found.groups()
    return form_text.packed(key, {"v": 1, "kind": kind, "form": form, "token": token, "at": at, "answers": answers})


def test_a_survey_goes_out_as_a_page_and_comes_back_as_figures(register: Path, tmp_path: Path) -> None:  # noqa: F811
    offered = run("surveys", register, "--library", "--lang", "pl", "--json").json
    assert [(one["key"], one["name"]) for one in offered] == [("after_purchase", "Po zakupie"), ("after_service", "Po reklamacji lub zwrocie"), ("six_pillars", "Sześć filarów doświadczenia klienta")]
    added = run("survey-add", register, "after_purchase", "--lang", "pl", "--json").json
    assert (added["name"], added["state"], added["questions"], added["responses"]) == ("Po zakupie", "draft", 6, 0)
    assert "key" not in added
    page = tmp_path / "ankieta.html"
    told = run("survey-form", register, "Po zakupie", page, "--json").json
    assert (told["survey"], told["questions"]) == (added["id"], 6)
    assert run("survey-form", register, "Po zakupie", page).refusal == f"{page} exists already. Choose another name."
    names = dict.fromkeys(re.findall(r'name="(q\d+)"', page.read_text("utf-8")))
    first, *_between, last = names
    for place in range(3):
        (tmp_path / f"{place}.qmform").write_text(_answered(page, f"{place:032x}", **{first: 10 - place, last: "Więcej ptaków 🐦"}), "utf-8")
    taken = run("form-in", register, *(tmp_path / f"{place}.qmform" for place in range(3)), "--json").json
    assert (len(taken["added"]), taken["known"], taken["broken_seals"], taken["complaints"]) == (3, 0, 0, [])
    assert run("form-in", register, tmp_path / "0.qmform", "--json").json["known"] == 1
    shown = run("survey-results", register, "Po zakupie", "--json").json
    assert (shown["responses"], shown["response_rate"]) == (3, None)
    nps, words = shown["questions"][0], shown["questions"][-1]
    assert {name: nps[name] for name in ("kind", "numerator", "denominator", "n", "too_few")} == {"kind": "nps", "numerator": 2, "denominator": 3, "n": 3, "too_few": True}
    assert words["said"] == ["Więcej ptaków 🐦"] * 3
    assert run("survey-results", register, "Po zakupie", "--to", "2020-01-01", "--json").json["responses"] == 0
    assert "NPS 67 (3 answers): too few to judge" in run("survey-results", register, "Po zakupie").out
    assert run("surveys", register, "--json").json[0]["responses"] == 3


def test_a_table_of_responses_is_tried_and_taken_in(register: Path, tmp_path: Path) -> None:  # noqa: F811
    run("survey-add", register, "after_purchase", "--open")
    table = tmp_path / "answers.csv"
    table.write_text("Timestamp,How likely are you to recommend our shop to a friend?\n2026-11-20 10:00,9\n2026-11-20 10:01,12\n", "utf-8")
    tried = run("survey-import", register, "After a purchase", table, "--dry-run", "--json").json
    assert (tried["added"], [one["row"] for one in tried["rejected"]]) == (1, [3])
    assert run("surveys", register, "--json").json[0]["responses"] == 0
    assert run("survey-import", register, "After a purchase", table, "--json").json == tried
    assert run("survey-import", register, "After a purchase", table, "--json").json["known"] == 1


def test_a_complaint_form_is_told_and_not_kept(register: Path, tmp_path: Path) -> None:  # noqa: F811
    page = tmp_path / "reklamacja.html"
    assert run("complaint-form", register, page, "--lang", "pl").code == 0
    back = tmp_path / "c.qmform"
    back.write_text(_answered(page, "c" * 32, name="Ewa Gil", email="ewa@example.com", description="Pękło."), "utf-8")
    (draft,) = run("form-in", register, back, "--json").json["complaints"]
    assert draft == {"description": "Pękło.", "external_id": f"form:{'c' * 32}", "seal": "whole", "case": None, "new_customer": "Ewa Gil"}
    assert run("count", register, "cases", "--json").json == run("count", register, "customers", "--json").json


def test_opinions_come_in_by_the_import_and_are_listed(register: Path, tmp_path: Path) -> None:  # noqa: F811
    table = tmp_path / "opinie.csv"
    table.write_text("Miejsce,Data opinii,Ocena,Treść opinii,Autor\nCeneo,2026-11-10,1,Bez dachu,Jan\nCeneo,2026-11-11,5,Polecam,Ewa\n", "utf-8")
    assert run("import", register, table, "--as", "opinions", "--json").json["added"] == 2
    assert [one["stars"] for one in run("opinions", register, "--json").json] == [5, 1]
    assert [one["said"] for one in run("opinions", register, "--waiting", "--json").json] == ["Bez dachu"]


def test_what_goes_wrong_is_one_sentence(register: Path, tmp_path: Path) -> None:  # noqa: F811
    assert run("survey-add", register, "nonsense").refusal.startswith("There is no ready survey “nonsense”; there are: ")
    assert run("survey-form", register, "Nothing", tmp_path / "x.html").refusal == "There is no Survey “Nothing”."
    bad = tmp_path / "bad.qmform"
    bad.write_text("Hello", "utf-8")
    assert run("form-in", register, bad).refusal.startswith("There is no answer of a form in it.")
    assert run("form-in", register, tmp_path / "gone.qmform").refusal.startswith("gone.qmform can't be read. Check")
    assert run("surveys", register).out.strip() == "No surveys yet."
