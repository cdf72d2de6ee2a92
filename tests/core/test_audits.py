"""Audits without a window: what is asked, what it comes to, what a finished one refuses, and what is said to wrong input."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.errors import Conflict, Known, Problems
from qmdesk.operations import audit_reading, audits
from qmdesk.records import answers as judging
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.audit import (
    Audit,
    AuditAnswer,
    AuditState,
    Finding,
    Grade,
    Question,
    QuestionType,
    Verdict,
)
from qmdesk.records.audit_result import Lacking, Standing, result, standing
from qmdesk.records.improvement import ActionKind, ActionSource
from qmdesk.records.party import Person
from qmdesk.records.process import Process
from qmdesk.schema.query import Order, Query
from qmdesk.schema.record import replace
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop
from tests.shop_audits import PACKING, photo

__all__ = ["clock", "shop"]


def asked(shop: Shop, audit: Audit) -> list[int]:
    """The places of the questions that are asked now."""
    return [one.position for one in shop.result(audit).asked]


def answered(shop: Shop, audit: Audit, *values: str) -> None:
    """Answer questions in their order, as they come."""
    for value in values:
        one = shop.result(audit).open[0]
        shop.answers_question(audit, one.position, value)


# -- beginning


def test_an_audit_has_a_number_and_the_questions_as_they_were_asked(shop: Shop, clock: Clock) -> None:
    checklist = shop.checklist(criteria="Packing procedure 3", pass_mark=Decimal(80))
    anna = shop.add(Person(name="Anna Wróbel"))
    audit = shop.begins_audit(checklist, place="Storeroom", auditor=anna)
    assert (audit.number, audit.state, audit.criteria, audit.pass_mark, audit.version) == ("A/2026/0001", AuditState.RUNNING, "Packing procedure 3", Decimal(80), 1)
    assert audit.started_at == clock()
    questions = shop.register.records(Query(Question).by(Order("id")))
    shop.changes(Question, questions[0].id, wording="Something else?", weight=9, options="")
    shop.removes(Question, questions[5].id)
    kept = audit_reading.answers_of(shop.register, audit)
    assert [one.wording for one in kept] == [question["wording"] for question in PACKING]
    assert (kept[0].weight, kept[1].shown_by, kept[1].shown_for) == (1, 1, "no")
    assert shop.begins_audit(checklist).number == "A/2026/0002"


def test_what_the_plan_says_goes_into_its_audit(shop: Shop) -> None:
    checklist = shop.checklist()
    plan = shop.plans(checklist, place="Returns desk", objective="Are returns fast?", first_on=day("2026-03-01"))
    audit = shop.begins_audit(checklist, plan=plan.id, planned_for=day("2026-03-01"), place="")
    assert (audit.place, audit.objective, audit.planned_for) == ("Returns desk", "Are returns fast?", day("2026-03-01"))
    assert shop.begins_audit(checklist, plan=plan.id, planned_for=day("2027-03-01"), place="Shop floor").place == "Shop floor"


def test_a_checklist_that_cannot_be_run_says_why(shop: Shop) -> None:
    with pytest.raises(Known, match="“Empty” has no questions yet"):
        shop.begins_audit(shop.checklist("Empty", ()))
    with pytest.raises(Known, match="“Old” is not in use"):
        shop.begins_audit(shop.checklist("Old", (), active=False))
    circle = shop.checklist("Circle", ({"wording": "One?", "type": QuestionType.YES_NO}, {"wording": "Two?", "type": QuestionType.YES_NO, "after": 1, "shown_for": "yes"}))
    first, second = shop.register.records(Query(Question).by(Order("id")))
    shop.changes(Question, first.id, shown_by=second.id, shown_for="yes")
    with pytest.raises(Known, match="question 1 is asked only after an answer that waits for it"):
        shop.begins_audit(circle)
    assert shop.register.count(Query(Audit)) == 0


def test_a_copy_asks_the_same_and_knows_no_answers(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist(), place="Storeroom")
    shop.answers_question(audit, 1, "no", "Boxes everywhere", [("a.jpg", photo())])
    copied = shop.do(audits.COPY, audits.copy, audit.id)
    assert (copied.number, copied.place, copied.checklist) == ("A/2026/0002", "Storeroom", audit.checklist)
    assert [one.wording for one in audit_reading.answers_of(shop.register, copied)] == [question["wording"] for question in PACKING]
    assert {(one.value, one.note) for one in audit_reading.answers_of(shop.register, copied)} == {("", "")}
    assert asked(shop, copied) == [1, 3, 4, 5, 6]


# -- answering


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (QuestionType.VERDICT, "Minor nonconformity", "minor"),
        (QuestionType.VERDICT, "Niezgodność mała", "minor"),
        (QuestionType.YES_NO, "tak", "yes"),
        (QuestionType.YES_NO, "N", "no"),
        (QuestionType.YES_NO, "Does not apply", "not_applicable"),
        (QuestionType.SCALE, " 4 ", "4"),
        (QuestionType.NUMBER, "12,50", "12.5"),
        (QuestionType.NUMBER, "-3", "-3"),
        (QuestionType.CHOICE, "TAPE", "tape"),
        (QuestionType.DAY, "22.11.2026", "2026-11-22"),
        (QuestionType.TEXT, "two\r\nlines ", "two\nlines"),
        (QuestionType.PHOTO, "not_checked", "not_checked"),
    ],
)
def test_an_answer_is_understood_as_a_person_types_it(shop: Shop, kind: QuestionType, typed: str, kept: str) -> None:
    audit = shop.begins_audit(shop.checklist(questions=({"wording": "So?", "type": kind, "options": "tape\n!string"},)))
    assert shop.answers_question(audit, 1, typed).value == kept


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (QuestionType.VERDICT, "fine", "“fine” is no verdict; answer one of: conform, "),
        (QuestionType.YES_NO, "perhaps", "“perhaps” is neither yes nor no."),
        (QuestionType.SCALE, "7", "“7” is not on the scale"),
        (QuestionType.SCALE, "-1", "“-1” is not on the scale"),
        (QuestionType.SCALE, "2.5", "“2.5” is not on the scale"),
        (QuestionType.NUMBER, "much", "“much” is no number."),
        (QuestionType.NUMBER, "NaN", "no number"),
        (QuestionType.NUMBER, "1e999999", "no number|too large|not understood"),
        (QuestionType.CHOICE, "rope", "“rope” is not among the answers to choose from: tape; string."),
        (QuestionType.DAY, "30.02.2026", "is no day"),
        (QuestionType.PHOTO, "yes", "answered by a photo"),
        (QuestionType.SIGNATURE, "Anna", "answered by a signature"),
    ],
)
def test_an_answer_its_question_cannot_have_is_refused_and_nothing_is_lost(shop: Shop, kind: QuestionType, typed: str, sentence: str) -> None:
    audit = shop.begins_audit(shop.checklist(questions=({"wording": "So?", "type": kind, "options": "tape\n!string"},)))
    with pytest.raises(Problems, match=sentence) as refused:
        shop.answers_question(audit, 1, typed, "a note that is not kept either")
    assert [problem.field for problem in refused.value.problems] == ["value"]
    assert (shop.question(audit, 1).value, shop.question(audit, 1).note) == ("", "")


def test_an_answer_is_a_step_of_its_own_and_can_be_taken_back(shop: Shop, clock: Clock) -> None:
    audit = shop.begins_audit(shop.checklist())
    before = len(shop.register.steps())
    one = shop.answers_question(audit, 1, "no", "Boxes")
    assert one.answered_at == clock()
    assert shop.register.steps(1)[0][0].subject == "A/2026/0001, question 1"
    assert len(shop.register.steps()) == before + 3  # done, undone and redone by the verb
    assert asked(shop, audit) == [1, 2, 3, 4, 5, 6]
    one = shop.answers_question(audit, 1, "")
    assert (one.value, one.note, one.answered_at) == ("", "Boxes", None)
    assert asked(shop, audit) == [1, 3, 4, 5, 6]


def test_a_photo_is_made_small_and_what_is_none_is_refused_by_its_name(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist())
    one = shop.answers_question(audit, 1, "no", photos=[("C:\\desk.webp", photo(size=(3000, 1500), form="WEBP"))])
    (kept,) = audit_reading.photos_of(shop.register, audit)[one.id]
    assert kept.name == "desk.jpg"
    assert kept.size == len(shop.register.content(kept.content)) < 60_000
    for name, content in {"none.jpg": b"no picture", "half.png": photo(form="PNG")[:60], "nothing.jpg": b"", "letter.pdf": b"%PDF-1.4"}.items():
        with pytest.raises(Known, match=name):
            shop.answers_question(audit, 3, "1", "A note", [(name, content)])
    assert shop.question(audit, 3).value == ""
    shop.do(audits.REMOVE_PHOTO, audits.remove_photo, kept.id)
    assert audit_reading.photos_of(shop.register, audit) == {}


def test_a_signature_is_a_picture_and_a_name(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist(questions=({"wording": "Signed", "type": QuestionType.SIGNATURE}, {"wording": "Well?"})))
    with pytest.raises(Problems, match="name of who signs"):
        shop.do(audits.ANSWER, audits.sign, shop.question(audit, 1).id, photo(form="PNG"), " ")
    with pytest.raises(Known, match="Question 2 is not answered by a signature"):
        shop.do(audits.ANSWER, audits.sign, shop.question(audit, 2).id, photo(form="PNG"), "Anna")
    signed = shop.do(audits.ANSWER, audits.sign, shop.question(audit, 1).id, photo(form="PNG"), "Anna Wróbel")
    assert shop.register.content(signed.value)[:4] == b"\x89PNG"
    assert (signed.note, judging.told(signed)) == ("Anna Wróbel", "signed")


# -- what is asked


def test_a_question_that_waits_is_asked_and_hidden_with_the_answer_it_waits_for(shop: Shop) -> None:
    chain = (
        {"wording": "Is there a freezer?", "type": QuestionType.YES_NO, "options": "!never", "weight": 0},
        {"wording": "How cold?", "type": QuestionType.NUMBER, "most": Decimal(-18), "unit": "°C", "after": 1, "shown_for": "tak; yes"},
        {"wording": "Why so warm?", "type": QuestionType.CHOICE, "options": "door\nbroken", "after": 2, "shown_for": "-12"},
        {"wording": "Who was told?", "after": 3, "shown_for": "DOOR;broken"},
    )
    audit = shop.begins_audit(shop.checklist(questions=chain))
    assert asked(shop, audit) == [1]
    with pytest.raises(Known, match="Question 4 is not asked: it waits for another answer to question 3"):
        shop.answers_question(audit, 4, "conform")
    answered(shop, audit, "yes", "-12,0", "broken", "major")
    assert asked(shop, audit) == [1, 2, 3, 4]
    assert [one.position for one in shop.result(audit).failed] == [2, 4]
    shop.answers_question(audit, 2, "-20")
    assert asked(shop, audit) == [1, 2], "what waited for a hidden question is hidden too, though it was answered"
    assert shop.result(audit).points.share == 100
    shop.answers_question(audit, 1, "no")
    assert asked(shop, audit) == [1]
    assert shop.result(audit).points.share is None
    shop.answers_question(audit, 1, "yes")
    shop.answers_question(audit, 2, "-12")
    assert [one.value for one in shop.result(audit).asked] == ["yes", "-12", "broken", "major"], "old answers come back with their questions"


# -- what it comes to


def test_the_score_by_section_and_in_all(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist())
    answered(shop, audit, "yes", "4", "conform", "26", "string")
    found = shop.result(audit)
    assert [(one.name, one.points.reached, one.points.reachable, one.points.share, one.failed) for one in found.sections] == [
        ("Desk", Decimal("2.6"), 3, Decimal("86.67"), 0),
        ("Parcels", Decimal(3), 5, Decimal("60.00"), 2),
    ]
    assert (found.points.reached, found.points.reachable, found.points.share) == (Decimal("5.6"), 8, Decimal("70.00"))
    assert found.passed(None)
    assert found.passed(Decimal("70.00"))
    assert not found.passed(Decimal("70.01"))


def test_what_does_not_apply_and_what_was_not_checked_leave_the_score(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist())
    answered(shop, audit, "yes", "not_applicable", "not_checked", "20", "tape")
    found = shop.result(audit)
    assert (found.points.reached, found.points.reachable) == (3, 3)
    assert [one.position for one in found.not_checked] == [4]
    assert found.passed(Decimal(100))


def test_one_failed_critical_question_is_enough_not_to_pass(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist(pass_mark=Decimal(10)))
    answered(shop, audit, "yes", "5", "minor", "20", "tape")
    found = shop.result(audit)
    assert found.points.share is not None
    assert found.points.share > 10
    assert [one.position for one in found.critical] == [4]
    assert not found.passed(audit.pass_mark)


@pytest.mark.parametrize(
    ("one", "fails", "points"),
    [
        ({"type": QuestionType.VERDICT, "value": "conform"}, False, 2),
        ({"type": QuestionType.VERDICT, "value": "observation"}, False, 2),
        ({"type": QuestionType.VERDICT, "value": "opportunity"}, False, 2),
        ({"type": QuestionType.VERDICT, "value": "minor"}, True, 0),
        ({"type": QuestionType.VERDICT, "value": "major"}, True, 0),
        ({"type": QuestionType.VERDICT, "value": "not_checked"}, False, None),
        ({"type": QuestionType.VERDICT, "value": ""}, False, None),
        ({"type": QuestionType.YES_NO, "value": "no"}, True, 0),
        ({"type": QuestionType.YES_NO, "value": "no", "options": "!yes"}, False, 2),
        ({"type": QuestionType.YES_NO, "value": "yes", "options": "!yes\nno"}, True, 0),
        ({"type": QuestionType.SCALE, "value": "2"}, True, Decimal("0.8")),
        ({"type": QuestionType.SCALE, "value": "3"}, False, Decimal("1.2")),
        ({"type": QuestionType.SCALE, "value": "0"}, True, 0),
        ({"type": QuestionType.NUMBER, "value": "8", "most": Decimal(8)}, False, 2),
        ({"type": QuestionType.NUMBER, "value": "8.01", "most": Decimal(8)}, True, 0),
        ({"type": QuestionType.NUMBER, "value": "1.9", "least": Decimal(2)}, True, 0),
        ({"type": QuestionType.NUMBER, "value": "9"}, False, None),
        ({"type": QuestionType.CHOICE, "value": "glue", "options": "tape\nglue"}, False, None),
        ({"type": QuestionType.CHOICE, "value": "glue", "options": "tape\n! glue"}, True, 0),
        ({"type": QuestionType.TEXT, "value": "no"}, False, None),
        ({"type": QuestionType.DAY, "value": "2026-11-22"}, False, None),
    ],
)
def test_how_one_answer_is_judged(one: dict[str, Any], fails: bool, points: Decimal | None) -> None:
    answer = AuditAnswer(audit=1, wording="So?", weight=2, **one)
    assert not list(answer.check())
    assert judging.failed(answer) is fails
    assert judging.points(answer) == points


VALUES = {
    QuestionType.VERDICT: [verdict.value for verdict in Verdict],
    QuestionType.YES_NO: ["yes", "no", "not_applicable"],
    QuestionType.SCALE: [*"012345", "not_checked"],
    QuestionType.NUMBER: ["1", "5", "9.5"],
    QuestionType.TEXT: ["anything"],
}


@st.composite
def runs(draw: st.DrawFn) -> list[AuditAnswer]:
    """A run with answers of many kinds, some questions waiting for an earlier one."""
    run = []
    for place in range(1, draw(st.integers(1, 9)) + 1):
        kind = draw(st.sampled_from(list(VALUES)))
        after = draw(st.sampled_from([None, *range(1, place)]))
        run.append(
            AuditAnswer(
                audit=1, id=place, position=place, wording="So?", type=kind, section=draw(st.sampled_from(["", "A", "B"])), weight=draw(st.integers(0, 4)),
                critical=draw(st.booleans()), least=Decimal(2), value=draw(st.sampled_from(["", *VALUES[kind]])), shown_by=after, shown_for="yes;5;minor;not_checked",
            )
        )  # fmt: skip
    return run


@given(runs())
def test_the_sections_add_up_and_no_score_leaves_its_bounds(run: list[AuditAnswer]) -> None:
    found = result(run)
    assert sum(one.points.reached for one in found.sections) == found.points.reached
    assert sum(one.points.reachable for one in found.sections) == found.points.reachable
    assert sum(one.asked for one in found.sections) == len(found.asked)
    assert 0 <= found.points.reached <= found.points.reachable
    assert found.points.share is None or 0 <= found.points.share <= 100
    assert found.answered + len(found.open) == len(found.asked)
    assert all(one in found.asked for one in found.failed)


@given(runs(), st.integers(0, 8))
def test_a_question_that_does_not_apply_takes_its_weight_along(run: list[AuditAnswer], at: int) -> None:
    one = run[at % len(run)]
    waited_for = {other.shown_by for other in run}
    if one.position in waited_for:
        return
    without = result([replace(other, value="not_applicable") if other is one else other for other in run])
    with_it = result(run)
    counted = one in with_it.asked and judging.points(one) is not None
    assert with_it.points.reachable - without.points.reachable == (one.weight if counted else 0)


# -- finishing


def test_an_audit_is_finished_when_every_evidence_is_there(shop: Shop, clock: Clock) -> None:
    audit = shop.begins_audit(shop.checklist(), place="Storeroom")
    answered(shop, audit, "no", "string", "1", "major", "20", "tape")
    with pytest.raises(Problems) as refused:
        shop.finishes_audit(audit)
    assert [(problem.field, problem.sentence) for problem in refused.value.problems] == [
        ("1", "Question 1, “Is the packing desk clear?”: a failure needs a note that says what was seen."),
        ("3", "Question 3, “How tidy is it?”: a failure needs a note that says what was seen."),
        ("4", "Question 4, “Is a list of contents in each parcel?”: a failure needs a note that says what was seen."),
        ("4", "Question 4, “Is a list of contents in each parcel?”: a failure needs a photo."),
    ]
    shop.answers_question(audit, 1, note="Boxes and tape all over it")
    shop.answers_question(audit, 3, note="Nothing has its place")
    shop.answers_question(audit, 4, note="3 of 10 parcels had none", photos=[("parcel.jpg", photo())])
    clock.set("2026-12-10 11:30")
    finished = shop.finishes_audit(audit, conclusion="To be done again.")
    assert (finished.state, finished.finished_at, finished.score, finished.passed, finished.conclusion) == (
        AuditState.FINISHED, clock(), Decimal("30.00"), False, "To be done again.",
    )  # fmt: skip


def test_an_open_question_and_a_missing_photo_keep_an_audit_from_being_finished(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist(questions=({"wording": "The front", "type": QuestionType.PHOTO}, {"wording": "Well?"})))
    assert [(one.answer.position, one.what) for one in shop.result(audit).missing] == [(1, Lacking.ASKED_PHOTO), (2, Lacking.ANSWER)]
    shop.answers_question(audit, 1, photos=[("front.png", photo(form="PNG"))])
    assert [one.sentence("pl") for one in shop.result(audit).missing] == ["Pytanie 2, „Well?”: brak odpowiedzi."]
    assert shop.do(audits.LEAVE_REST, audits.leave_rest, audit.id) == 1
    assert shop.finishes_audit(audit).score is None


def test_leaving_the_rest_unchecked_reaches_the_questions_it_opens(shop: Shop) -> None:
    opening = ({"wording": "One?"}, {"wording": "Two?", "after": 1, "shown_for": "not_checked"})
    audit = shop.begins_audit(shop.checklist(questions=opening))
    assert shop.do(audits.LEAVE_REST, audits.leave_rest, audit.id) == 2
    assert [one.value for one in shop.result(audit).not_checked] == ["not_checked"] * 2


def finished(shop: Shop, checklist: int, place: str = "Storeroom", *values: str) -> Audit:
    """A run finished with these answers, each failure with its note and photo."""
    audit = shop.begins_audit(checklist, place=place)
    for value in values or ("yes", "4", "conform", "20", "tape"):
        one = shop.result(audit).open[0]
        shop.answers_question(audit, one.position, value, "Seen so", [("seen.jpg", photo())])
    return shop.finishes_audit(audit)


def test_a_finished_audit_stays_as_it_is(shop: Shop) -> None:
    audit = finished(shop, shop.checklist())
    with pytest.raises(Known, match=r"Audit A/2026/0001 is finished already\."):
        shop.finishes_audit(audit)
    for change in (
        lambda: shop.answers_question(audit, 1, "no"),
        lambda: shop.answers_question(audit, 1, note="Other words"),
        lambda: shop.answers_question(audit, 1, photos=[("late.jpg", photo())]),
        lambda: shop.changes(AuditAnswer, shop.question(audit, 1).id, value="no"),
        lambda: shop.changes(Audit, audit.id, place="Elsewhere"),
        lambda: shop.changes(Audit, audit.id, state=AuditState.RUNNING),
        lambda: shop.do(audits.EDIT, audits.edit, audit.id, {"team": "Jan"}),
    ):
        with pytest.raises(Known, match="Open it again, with a reason"):
            change()
    with pytest.raises(Known, match="over already"):
        shop.abandons_audit(audit, "late")
    with pytest.raises(Known, match="can't be taken away"):
        shop.removes(Audit, audit.id)
    assert shop.do(audits.EDIT, audits.edit, audit.id, {"conclusion": "Good.", "distribution": "The owner"}).conclusion == "Good."


def test_undo_keeps_to_the_same_rules(shop: Shop, clock: Clock) -> None:
    checklist = shop.checklist()
    audit = shop.begins_audit(checklist)
    shop.register.do(audits.ANSWER, audits.answer, shop.question(audit, 1).id, "yes")
    answering = shop.register.steps(1)[0][0].id
    answered(shop, audit, "4", "conform", "20", "tape")
    clock.set("2026-12-10 12:00")
    shop.register.do(audits.FINISH, audits.finish, audit.id)
    finishing = shop.register.steps(1)[0][0].id
    with pytest.raises(Known, match="Open it again"):
        shop.register.undo(answering)
    shop.register.undo(finishing)
    assert shop.get(Audit, audit.id).state is AuditState.RUNNING
    clock.set("2026-12-10 13:00")
    shop.register.do(audits.ANSWER, audits.answer, shop.question(audit, 3).id, "5")
    redo = next(step.id for step, _stands in shop.register.steps() if step.undoes == finishing)
    with pytest.raises(Conflict, match="answered otherwise since; finish it anew"):
        shop.register.undo(redo)
    shop.finishes_audit(audit)


def test_an_audit_is_opened_again_with_a_reason_and_finished_anew(shop: Shop) -> None:
    audit = finished(shop, shop.checklist(), "Storeroom", "yes", "4", "minor", "20", "tape")
    (finding,) = shop.findings(audit)
    with pytest.raises(Problems, match="Say why the audit is opened again"):
        shop.reopens_audit(audit, " ")
    opened = shop.reopens_audit(audit, "A parcel was overlooked")
    assert (opened.state, opened.score, opened.finished_at, opened.reopened_because) == (AuditState.RUNNING, None, None, "A parcel was overlooked")
    with pytest.raises(Known, match="need not be opened again"):
        shop.reopens_audit(audit, "once more")
    shop.answers_question(audit, 5, "30", "Too heavy")
    again = shop.finishes_audit(audit)
    assert again.score == Decimal("45.00")
    assert [one.id == finding.id for one in shop.findings(audit)] == [True, False], "what was found before stays, and is not found twice"


def test_an_audit_is_abandoned_with_a_reason(shop: Shop) -> None:
    audit = shop.begins_audit(shop.checklist())
    shop.answers_question(audit, 1, "yes")
    with pytest.raises(Problems, match="Say why the audit is abandoned"):
        shop.abandons_audit(audit, "")
    assert shop.abandons_audit(audit, "The storeroom was locked").abandoned_because == "The storeroom was locked"
    with pytest.raises(Known, match="was abandoned"):
        shop.answers_question(audit, 3, "5")
    assert shop.reopens_audit(audit, "It is open now").abandoned_because == ""
    assert shop.question(audit, 1).value == "yes"


# -- findings


def test_each_failure_becomes_a_finding_and_can_be_changed(shop: Shop) -> None:
    owner = shop.add(Person(name="Jan Kos"))
    process = shop.add(Process(name="Dispatch", owner=owner))
    questions = (*PACKING, {"wording": "Is tape at hand?"}, {"wording": "Is there a spare scale?"}, {"wording": "Is the lamp on?"})
    audit = shop.begins_audit(shop.checklist(questions=questions), process=process)
    for place, value, note in ((1, "yes", ""), (3, "2", "Labels lie about"), (4, "minor", "3 of 10 had none"), (5, "26", "Parcel 7"), (6, "tape", ""), (7, "observation", "The roll was nearly empty"), (8, "opportunity", ""), (9, "major", "Dark")):
        shop.answers_question(audit, place, value, note, [("parcel.jpg", photo())] if place == 4 else ())
    shop.finishes_audit(audit)
    found = {shop.get(AuditAnswer, one.answer).position: one for one in shop.findings(audit)}
    assert {place: one.grade for place, one in found.items()} == {3: Grade.MINOR, 4: Grade.MAJOR, 5: Grade.MINOR, 7: Grade.OBSERVATION, 8: Grade.OPPORTUNITY, 9: Grade.MAJOR}
    assert found[4].requirement == "Is a list of contents in each parcel? (ISO 9001 8.5.4)"
    assert found[4].evidence == "3 of 10 had none\nZdjęcia: parcel.jpg."
    assert found[5].evidence == "Parcel 7\nZmierzono: 26\u00a0kg; wymagane: najwyżej 25\u00a0kg."
    assert found[3].statement == "Niespełnione: How tidy is it?"
    assert found[7].statement == "The roll was nearly empty"
    assert {one.owner for one in found.values()} == {owner}
    changed_one = shop.do(audits.CHANGE_FINDING, audits.change_finding, found[8].id, {"decision": "Not now: too dear"})
    assert changed_one.decision == "Not now: too dear"
    good = shop.do(audits.ADD_FINDING, audits.add_finding, Finding(audit=audit.id, grade=Grade.GOOD_PRACTICE, statement="Colours by courier"))
    assert [one.grade for one in shop.findings(audit)][-1] is Grade.GOOD_PRACTICE
    shop.do(audits.REMOVE_FINDING, audits.remove_finding, good.id)
    assert good.id not in {one.id for one in shop.findings(audit)}


def test_a_finding_becomes_an_action_once(shop: Shop) -> None:
    questions = ({"wording": "Is tape at hand?", "clause": "ISO 9001 8.5.4"}, {"wording": "Is the lamp on?"}, {"wording": "Is there a spare scale?"})
    audit = shop.begins_audit(shop.checklist(questions=questions))
    for place, value, note in ((1, "minor", "None since Monday"), (2, "observation", "It flickers"), (3, "opportunity", "")):
        shop.answers_question(audit, place, value, note)
    audit = shop.finishes_audit(audit)
    anna = shop.add(Person(name="Anna Wróbel"))
    for one in shop.findings(audit):
        shop.do(audits.CHANGE_FINDING, audits.change_finding, one.id, {"owner": anna, "due_on": day("2026-12-04")})
    minor, flicker, better = shop.findings(audit)
    assert [audit_reading.needs_action(one, None) for one in (minor, flicker, better)] == [True, False, False], "of a nonconformity something must follow"

    action = shop.makes_action(minor)
    assert (action.source, action.finding, action.kind) == (ActionSource.FINDING, minor.id, ActionKind.CORRECTIVE)
    assert (action.name, action.requirement) == ("Niespełnione: Is tape at hand?", "Is tape at hand? (ISO 9001 8.5.4)")
    assert "None since Monday" in action.description
    assert (action.owner, action.due_on) == (anna, day("2026-12-04"))
    assert [shop.makes_action(one).kind for one in (flicker, better)] == [ActionKind.PREVENTIVE, ActionKind.IMPROVEMENT]
    with pytest.raises(Known, match=f"Action {action.number} has come of this finding already"):
        shop.makes_action(minor)
    assert audit_reading.actions_of(shop.register, [minor]) == {minor.id: action}
    assert not audit_reading.needs_action(minor, action)
    with pytest.raises(Conflict):
        shop.do(audits.REMOVE_FINDING, audits.remove_finding, minor.id)

    dropped = shop.acts(action, ActionStep.DROP, dropped_because="The desk is given up")
    assert audit_reading.needs_action(minor, dropped), "what was dropped mends nothing"
    assert shop.makes_action(minor).number != action.number
    decided = shop.do(audits.CHANGE_FINDING, audits.change_finding, minor.id, {"decision": "The desk is given up"})
    assert not audit_reading.needs_action(decided, dropped)


def test_the_run_before_is_of_the_same_checklist_and_place(shop: Shop, clock: Clock) -> None:
    packing, other = shop.checklist(), shop.checklist("Other")
    runs = []
    for checklist, place in ((packing, "Storeroom"), (packing, "Shop"), (other, "Storeroom"), (packing, "Storeroom"), (packing, "Storeroom")):
        clock.set(f"{clock().date() + timedelta(days=1)}")
        runs.append(finished(shop, checklist, place))
    clock.set("2026-12-24")
    running = shop.begins_audit(packing, place="Storeroom")
    before = [audit_reading.previous(shop.register, one) for one in (*runs, running)]
    assert [one and one.number for one in before] == [None, None, None, "A/2026/0001", "A/2026/0004", "A/2026/0005"]


def test_the_overview_tells_how_each_question_stands() -> None:
    verdict = AuditAnswer(audit=1, wording="So?")
    cases = (
        ("", "", False, Standing.OPEN), ("conform", "", False, Standing.MET), ("observation", "", False, Standing.REMARKED), ("minor", "", False, Standing.MISSING),
        ("minor", "seen", False, Standing.FAILED), ("not_applicable", "", False, Standing.LEFT_OUT), ("not_checked", "", False, Standing.NOT_CHECKED),
    )  # fmt: skip
    for value, note, has_photo, stands in cases:
        assert standing(replace(verdict, value=value, note=note), photo=has_photo) is stands
    pictured = AuditAnswer(audit=1, wording="The front", type=QuestionType.PHOTO)
    assert (standing(pictured, photo=False), standing(pictured, photo=True)) == (Standing.OPEN, Standing.RECORDED)
