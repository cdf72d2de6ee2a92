"""Audits on the command line: a whole run by a script, exact JSON, and one sentence for what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qmdesk.records.audit import Verdict
from tests.core.test_cli import Answer, add, blank, register, run
from tests.shop_audits import photo

__all__ = ["blank", "register"]

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"section": "Desk", "wording": "Is the packing desk clear?", "type": "yes_no"},
    {"section": "Desk", "wording": "What lies on it?", "type": "text", "shown_by": 1, "shown_for": "no"},
    {"section": "Parcels", "wording": "Is a list of contents in each parcel?", "critical": True, "weight": 3, "clause": "ISO 9001 8.5.4", "photo_when_failed": True},
    {"section": "Parcels", "wording": "How cold is the freezer?", "type": "number", "most": "-15", "unit": "°C"},
    {"section": "End", "wording": "The front", "type": "photo"},
    {"section": "End", "wording": "Signed by", "type": "signature"},
)
NUMBER = "A/2026/0001"


@pytest.fixture
def asked(register: Path, tmp_path: Path) -> Path:
    """A register with a checklist of most types of questions and an auditor."""
    file = tmp_path / "packing.qmcheck"
    file.write_text(json.dumps({"qmcheck": 1, "checklist": {"name": "Packing", "language": "en", "pass_mark": 80}, "questions": QUESTIONS}), "utf-8")
    assert run("checklist-import", register, file).code == 0
    add(register, "person", name="Anna Wróbel")
    return register


@pytest.fixture
def begun(asked: Path) -> Path:
    """The same with an audit in progress."""
    assert run("audit-start", asked, "Packing", "--place", "Storeroom", "--auditor", "Anna Wróbel").out == f"{NUMBER}\n"
    return asked


def give(register: Path, question: int, *args: object) -> Answer:
    return run("audit-answer", register, NUMBER, question, *args)


def picture(tmp_path: Path, name: str = "parcel.jpg", content: bytes | None = None) -> Path:
    path = tmp_path / name
    path.write_bytes(photo() if content is None else content)
    return path


def test_a_script_runs_an_audit_from_its_first_question_to_its_report(asked: Path, tmp_path: Path) -> None:
    begun = run("audit-start", asked, "Packing", "--place", "Storeroom", "--auditor", "Anna Wróbel", "--set", "scope=Ten parcels", "--json").json
    assert (begun["number"], begun["checklist"], begun["version"]) == (NUMBER, "Packing", 1)
    assert [one["question"] for one in begun["questions"]] == [1, 2, 3, 4, 5, 6]
    assert begun["questions"][3] == {
        "question": 4, "section": "Parcels", "wording": "How cold is the freezer?", "type": "number", "options": [], "least": None, "most": "-15.00", "unit": "°C",
        "weight": 1, "critical": False, "clause": "", "shown_by": None, "shown_for": "", "note_when_failed": True, "photo_when_failed": False,
    }  # fmt: skip
    (kept,) = run("list", asked, "audit", "--json").json
    assert (kept["place"], kept["scope"], kept["state"]) == ("Storeroom", "Ten parcels", "running")

    told = give(asked, 1, "no", "--note", "Boxes", "--json").json
    assert told == {
        "number": NUMBER, "question": 1, "value": "no", "note": "Boxes", "standing": "failed", "photos": [], "missing": [], "critical": [],
        "answered": 1, "asked": 6, "open": [2, 3, 4, 5, 6],
    }  # fmt: skip
    assert give(asked, 2, "Boxes and tape").out == f"{NUMBER}, question 2: Answer recorded\n"
    assert give(asked, 3, "minor").out.splitlines() == [
        f"{NUMBER}, question 3: Evidence is missing",
        "Question 3, “Is a list of contents in each parcel?”: a failure needs a note that says what was seen.",
        "Question 3, “Is a list of contents in each parcel?”: a failure needs a photo.",
        "A critical question failed: “Is a list of contents in each parcel?”. The audit can't be passed, whatever its score.",
    ]
    assert give(asked, 3, "--note", "2 of 10 had none", "--photo", picture(tmp_path), "--json").json["photos"] == ["parcel.jpg"]
    assert give(asked, 4, "-18", "--json").json["standing"] == "met", "a number below zero is no option"
    assert give(asked, 5, "--photo", picture(tmp_path, "front.jpg"), "--json").json["open"] == [6]
    assert give(asked, 6, "Jan Kos", "--photo", picture(tmp_path, "signed.png", photo(form="PNG")), "--json").json["note"] == "Jan Kos"

    done = run("audit-finish", asked, NUMBER, "--conclusion", "Again in a month.", "--json").json
    assert done == {
        "number": NUMBER, "state": "finished", "score": "20.00", "passed": False,
        "sections": [
            {"section": "Desk", "score": "0.00", "reached": "0", "reachable": 1, "asked": 2, "failed": 1},
            {"section": "Parcels", "score": "25.00", "reached": "1", "reachable": 4, "asked": 2, "failed": 1},
            {"section": "End", "score": None, "reached": "0", "reachable": 0, "asked": 2, "failed": 0},
        ],
        "critical": [3],
        "findings": [
            {"id": 2, "question": 3, "grade": "major", "statement": "Not met: Is a list of contents in each parcel?", "requirement": "Is a list of contents in each parcel? (ISO 9001 8.5.4)", "evidence": "2 of 10 had none\nPhotos: parcel.jpg.", "action": None},
            {"id": 1, "question": 1, "grade": "minor", "statement": "Not met: Is the packing desk clear?", "requirement": "Is the packing desk clear?", "evidence": "Boxes\nAnswer: no.", "action": None},
        ],
        "not_checked": [], "missing": [],
    }  # fmt: skip
    assert run("audit-report", asked, NUMBER, tmp_path / "report.pdf", "--json").json == {"file": str(tmp_path / "report.pdf"), "number": NUMBER, "state": "finished"}
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert run("audit-finish", asked, NUMBER).refusal == f"Audit {NUMBER} is finished already."
    assert give(asked, 1, "yes").refusal == f"Audit {NUMBER} is finished. Open it again, with a reason, to change its answers."
    assert run("audit-finish", asked, NUMBER, "--check", "--json").json == done, "what it came to can be asked again"
    assert [step["label"] for step in run("history", asked, "--json").json][-1:] == ["Finish an audit"]


def test_what_is_missing_is_told_and_the_audit_goes_on(begun: Path) -> None:
    give(begun, 1, "no")
    give(begun, 3, "conform")
    problems = run("audit-finish", begun, NUMBER).problems
    assert list(problems) == ["1", "2", "4", "5", "6"]
    assert problems["1"] == "Question 1, “Is the packing desk clear?”: a failure needs a note that says what was seen."
    refused = run("audit-finish", begun, NUMBER, "--json")
    assert refused.code == 1
    assert len(refused.err.splitlines()) == 1
    told = json.loads(refused.out)
    assert (told["state"], told["score"]) == ("running", "75.00")
    assert [(one["question"], one["what"]) for one in told["missing"]] == [(1, "note"), (2, "answer"), (4, "answer"), (5, "asked_photo"), (6, "answer")]
    assert [(one["id"], one["question"]) for one in told["findings"]] == [(None, 1)], "what would be found so far"
    before = run("history", begun, "--json").json
    assert run("audit-finish", begun, NUMBER, "--check").code == 0
    assert run("history", begun, "--json").json == before, "a look changes nothing"

    left = run("audit-finish", begun, NUMBER, "--leave-rest")
    assert (left.code, "a failure needs a note" in left.err) == (1, True)
    assert run("audit-finish", begun, NUMBER, "--check", "--json").json["not_checked"] == [], "refused whole: nothing was left unchecked either"
    give(begun, 1, "--note", "Boxes")
    lines = run("audit-finish", begun, NUMBER, "--leave-rest").out.splitlines()
    assert lines == [f"{NUMBER}\tNot passed\t75\u00a0%", "Desk\t0\u00a0%", "Parcels\t100\u00a0%", "End\t–", "Minor nonconformity\tNot met: Is the packing desk clear?"]


def test_a_step_is_taken_back_as_any_other(begun: Path) -> None:
    give(begun, 1, "yes")
    assert run("undo", begun).code == 0
    assert give(begun, 1, "--note", "?", "--json").json["value"] == ""
    give(begun, 1, "yes")
    assert give(begun, 1, "", "--json").json["standing"] == "open", "an empty answer takes it back"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((1, "perhaps"), "“perhaps” is neither yes nor no."),
        ((3, "fine"), f"“fine” is no verdict; answer one of: {', '.join(str(one.value) for one in Verdict)}."),
        ((4, "cold"), "“cold” is no number."),
        ((5, "yes"), "This question is answered by a photo; add one to it."),
        ((6, "Jan Kos"), "This question is answered by a signature; draw it."),
    ],
)
def test_an_answer_out_of_its_bounds_is_one_sentence(begun: Path, args: tuple[object, ...], said: str) -> None:
    assert give(begun, *args).problems == {"value": said}
    assert run("audit-finish", begun, NUMBER, "--check", "--json").json["score"] is None


def test_what_goes_wrong_is_one_sentence_and_nothing_is_kept(asked: Path, tmp_path: Path) -> None:
    assert run("audit-start", asked, "Unpacking").refusal == "There is no Checklist “Unpacking”."
    assert run("audit-start", asked, "Packing", "--auditor", "Nobody").refusal == "Auditor: there is no Person “Nobody”."
    assert run("list", asked, "audit", "--json").json == []
    assert run("audit-start", asked, "1", "--auditor", "1").out == f"{NUMBER}\n", "ids do too"
    assert run("audit-answer", asked, "A/2026/0009", 1, "yes").refusal == "There is no Audit “A/2026/0009”."
    assert give(asked, 7, "yes").refusal == f"Audit {NUMBER} has no question 7; they are numbered from 1 to 6."
    assert give(asked, 2, "tape").refusal == "Question 2 is not asked: it waits for another answer to question 1."
    assert give(asked, 1, "no", "--photo", picture(tmp_path, "song.jpg", b"ID3 la la la")).refusal == "song.jpg: This picture can't be opened; it is damaged or of an unknown kind."
    assert give(asked, 1, "no", "--photo", tmp_path / "none.jpg").refusal == f"{tmp_path / 'none.jpg'} can't be read. Check that it is there and that you may read it."
    assert give(asked, 6, "Jan Kos", "--photo", picture(tmp_path), "--photo", picture(tmp_path)).refusal == "A signature is one picture; give one --photo."
    assert "Give an answer, a note or a photo." in give(asked, 1).usage
    assert "--phto" in give(asked, 1, "--phto").usage
    assert run("audit-finish", asked, NUMBER, "--check", "--json").json["critical"] == []
    assert len(run("audit-finish", asked, NUMBER, "--check", "--json").json["missing"]) == 5
    assert run("audit-report", asked, NUMBER, tmp_path / "report.doc").refusal == "report.doc must have another ending: .pdf."
    assert run("audit-report", asked, NUMBER, picture(tmp_path, "there.pdf")).refusal == f"{tmp_path / 'there.pdf'} exists already. Choose another name."
    assert not (tmp_path / "report.doc").exists()


def test_a_checklist_is_written_to_be_filled_in_by_hand(asked: Path, tmp_path: Path) -> None:
    assert run("checklist-export", asked, "Packing", tmp_path / "form.pdf").code == 0
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")
