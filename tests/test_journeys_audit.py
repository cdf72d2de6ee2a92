"""The officer's journey: a list is picked, forty questions are answered, the program is killed on the way, the report printed.

Run as a program (``python -m tests.test_journeys_audit REGISTER NUMBER HOW MANY``) it is the one that is killed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from qmdesk.errors import Known
from qmdesk.operations import audit_papers, audit_reading, audits, checklist_library, checklists
from qmdesk.operations.registers import open_register
from qmdesk.records.audit import (
    Audit,
    AuditAnswer,
    AuditState,
    Checklist,
    Finding,
    Grade,
    Question,
    QuestionType,
)
from qmdesk.records.checklist import Draft
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.register import Register
from qmdesk.schema.query import Query
from qmdesk.schema.record import replace
from tests.shop import Shop, shop
from tests.shop_audits import photo
from tests.ui.front import Dialogs, Front, come, dialogs, front, look, press, write
from ui import theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.audit_finish import FinishAudit
from ui.dialogs.audit_inputs import VERDICTS
from ui.dialogs.audit_run import AuditRun
from ui.dialogs.new_audit import NewAudit
from ui.dialogs.paper import PaperDialog
from ui.jobs import Jobs

__all__ = ["dialogs", "front", "look", "shop"]

ROOT = Path(__file__).resolve().parents[1]
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
FROM = ("packing_dispatch", "incoming_goods", "returns_desk")
FIRST_SITTING = 20


def a_long_list(register: Register) -> int:
    """A list of more than forty real questions of every type: three of the library in one."""
    whole = Draft(Checklist(name="Whole storeroom", language=checklist_library.draft(FROM[0], "en").checklist.language, pass_mark=Decimal(80)))
    for key in FROM:
        whole = whole.inserted([_named(question, key) for question in checklist_library.draft(key, "en").questions])
    return int(register.do(checklists.NEW, checklists.keep, whole).result)


def _named(question: Question, key: str) -> Question:
    """The same question in a section that says which list it comes from."""
    return replace(question, section=f"{key.replace('_', ' ')}: {question.section}")


def good(one: AuditAnswer) -> str:
    """An answer that does not fail, as a person types it."""
    if one.type is QuestionType.CHOICE:
        return next(line for line in one.offered if line not in one.failing)
    if one.type is QuestionType.YES_NO:
        return next(word for word in ("yes", "no") if word not in one.failing)
    number = one.least if one.least is not None else one.most if one.most is not None else Decimal(1)
    return {QuestionType.VERDICT: "conform", QuestionType.SCALE: "4", QuestionType.NUMBER: f"{number:f}", QuestionType.TEXT: "Seen", QuestionType.DAY: "2026-11-20"}.get(one.type, "")


def bad(one: AuditAnswer) -> str:
    """An answer that fails: of a critical question in these lists a number, yes or no, or a verdict."""
    if one.type is QuestionType.VERDICT:
        return "major"
    if one.type is QuestionType.YES_NO:
        return one.failing[0]
    return f"{one.least - 1:f}" if one.least is not None else f"{one.most + 1:f}"  # type: ignore[operator]


def answered(register: Register, audit: Audit) -> int:
    return audit_reading.result_of(register, register.get(Audit, audit.id)).answered


def killed_on_the_way(path: Path, number: str, how: str) -> None:
    """Let another process answer questions of an audit, and kill it while the audit is open in it."""
    with subprocess.Popen([sys.executable, "-m", __name__, str(path), number, how], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stdout is not None
        told = running.stdout.readline()
        assert told == "answered\n", told
        running.kill()
        assert running.wait() != 0


def begun(shop: Shop) -> Audit:
    audit = shop.begins_audit(a_long_list(shop.register), place="Storeroom", auditor=shop.person("Anna Wróbel"))
    assert len(audit_reading.result_of(shop.register, audit).asked) >= 40
    return audit


# ------------------------------------------------------------------------------------------ without a window


def test_an_audit_survives_a_killed_program_and_ends_in_its_report_and_an_action(tmp_path: Path) -> None:
    first = Shop(tmp_path / "shop.qmd")
    audit = begun(first)
    first.register.close()
    killed_on_the_way(tmp_path / "shop.qmd", audit.number, "headless")

    with open_register(tmp_path / "shop.qmd", program="test") as register:
        assert not register.read_only, "the lock of the killed program holds nobody up"
        assert register.verify() == []
        assert answered(register, audit) == FIRST_SITTING, "each answer was kept at once"
        _to_the_end(register, audit)
        done = register.get(Audit, audit.id)
        assert (done.state, done.passed) == (AuditState.FINISHED, False)
        (finding,) = audit_reading.findings_of(register, done)
        assert finding.grade is Grade.MAJOR
        audit_papers.write(audit_papers.report(register, audit.id), tmp_path / "report.pdf")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
        action = register.do(audits.MAKE_ACTION, audits.make_action, finding.id).result
        assert (action.source, action.finding) == (ActionSource.FINDING, finding.id)
        with pytest.raises(Known, match=f"Audit {audit.number} is finished already"):
            register.do(audits.FINISH, audits.finish, audit.id)
        assert register.verify() == []


def _to_the_end(register: Register, audit: Audit) -> None:
    """Answer what is open: everything well but one critical question."""
    failing = next(one for one in audit_reading.result_of(register, audit).open if one.critical and one.type is not QuestionType.CHOICE)
    while open_ := audit_reading.result_of(register, audit).open:
        answer_one(register, open_[0], fails=open_[0].id == failing.id)
    register.do(audits.FINISH, audits.finish, audit.id, "To be done again in a month.")


def answer_one(register: Register, one: AuditAnswer, *, fails: bool = False) -> None:
    if one.type is QuestionType.SIGNATURE:
        register.do(audits.ANSWER, audits.sign, one.id, photo(form="PNG"), "Jan Kos")
    elif one.type is QuestionType.PHOTO:
        register.do(audits.PHOTO, audits.add_photos, one.id, [("front.jpg", photo())])
    elif fails:
        register.do(audits.ANSWER, audits.answer, one.id, bad(one), "3 of 10 parcels", [("parcel.jpg", photo())])
    else:
        register.do(audits.ANSWER, audits.answer, one.id, good(one))


# --------------------------------------------------------------------------------------------- by keys alone


def key_in(run: AuditRun, *, fails: bool = False) -> None:
    """Answer the question on the screen and go on, with the keyboard alone."""
    one = run.current
    value = bad(one) if fails else good(one)
    if one.type is QuestionType.SIGNATURE:
        write("Jan Kos")
        press(Key.Key_Tab, Key.Key_Tab, Key.Key_Space)  # sign by the typed name
        run.go_to(one.id)
        press(Key.Key_Right)
    elif one.type is QuestionType.PHOTO:
        _copy_a_picture()
        press(Key.Key_V, held=CTRL)
        press(Key.Key_Right)
    elif one.type in (QuestionType.TEXT, QuestionType.NUMBER, QuestionType.DAY):
        write("20.11.2026" if one.type is QuestionType.DAY else value)
        press(Key.Key_Return, held=CTRL if one.type is QuestionType.TEXT else Qt.KeyboardModifier.NoModifier)
    else:
        press(_key_of(one, value))
    if fails:
        assert run.note_has_keyboard, "a failure asks for its note at once"
        write("3 of 10 parcels")
        press(Key.Key_Escape)
        _copy_a_picture()
        press(Key.Key_V, held=CTRL)
        press(Key.Key_Right)


def _key_of(one: AuditAnswer, value: str) -> Qt.Key:
    if one.type is QuestionType.VERDICT:
        return Key(Key.Key_1 + [str(verdict.value) for verdict in VERDICTS].index(value))
    if one.type is QuestionType.YES_NO:
        return Key.Key_Y if value == "yes" else Key.Key_N
    if one.type is QuestionType.SCALE:
        return Key(Key.Key_0 + int(value))
    return Key(Key.Key_1 + one.offered.index(value))


def _copy_a_picture() -> None:
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(QColor("brown"))
    QGuiApplication.clipboard().setImage(picture)


def test_forty_questions_by_keys_alone_with_the_program_killed_in_the_middle(tmp_path: Path, dialogs: Dialogs) -> None:
    path = tmp_path / "shop.qmd"
    made = Shop(path)
    list_id = a_long_list(made.register)
    made.person("Anna Wróbel")
    one_sitting = Front(made, dialogs)
    page = one_sitting.page("audits")

    def begin(dialog: NewAudit) -> None:
        write("whole")
        dialog.lists.search.flush()
        press(Key.Key_Return)
        write("Storeroom")
        press(Key.Key_Return, held=CTRL)

    dialogs.will(begin, lambda run: press(Key.Key_Escape))
    page.new_button.click()
    (audit,) = made.register.records(Query(Audit))
    assert (audit.checklist, audit.place) == (list_id, "Storeroom")
    one_sitting.leave()
    made.register.close()
    killed_on_the_way(path, audit.number, "keys")

    made.register = open_register(path, program="test")
    try:
        assert not made.register.read_only, "the lock of the killed program holds nobody up"
        _second_sitting(Front(made, dialogs), audit, tmp_path / "report.pdf")
        assert made.register.verify() == []
    finally:
        made.register.close()


def _second_sitting(front: Front, audit: Audit, paper: Path) -> None:
    register, page = front.shop.register, front.page("audits")
    page.open(Audit, audit.id)

    def go_on(run: AuditRun) -> None:
        assert answered(register, audit) == FIRST_SITTING
        first = run.current.id
        assert run.outcome.open[0].id == first, "it goes on where it stopped"
        failing = next(one.id for one in run.outcome.open if one.critical and one.type is not QuestionType.CHOICE)
        for _place in range(60):
            if not run.outcome.open:
                break
            if run.current.id == failing:
                key_in(run, fails=True)
                assert "can't be passed" in run.critical_words.text(), "a critical failure is said at once"
            else:
                key_in(run)
        assert len(run.outcome.asked) >= 40
        assert not run.outcome.missing
        press(Key.Key_F10)
        assert run.done_with

    def finish(dialog: FinishAudit) -> None:
        assert dialog.verdict.text().startswith("Not passed: a critical question failed.")
        write("To be done again in a month.")
        press(Key.Key_Return, held=CTRL)

    front.dialogs.will(go_on, finish)
    page.panel.main_button.click()
    done = register.get(Audit, audit.id)
    assert (done.state, done.passed, done.conclusion) == (AuditState.FINISHED, False, "To be done again in a month.")

    def keep_report(dialog: PaperDialog) -> None:
        front.asker.will("choose_file_to_save", paper)
        dialog.save_button.click()

    front.dialogs.will(keep_report)
    page.panel.report_button.click()
    assert paper.read_bytes().startswith(b"%PDF-")

    found = page.panel.found
    page.panel.tabs.setCurrentWidget(found)
    found.table.setFocus()
    press(Key.Key_A)
    (action,) = register.records(Query(Action))
    assert action.finding == register.records(Query(Finding))[0].id
    front.leave()


# ---------------------------------------------------------------------------------- the process that is killed


def main(path: str, number: str, how: str) -> None:
    """Answer the first questions of an audit, say so, and wait to be killed."""
    register = open_register(Path(path), program="test")
    (audit,) = (one for one in register.records(Query(Audit)) if one.number == number)
    sitting: Callable[[Register, Audit], object] = _by_keys if how == "keys" else _by_operations
    kept = sitting(register, audit)  # what is open stays open
    sys.stdout.write("answered\n")
    sys.stdout.flush()
    sys.stdin.read()
    del kept


def _by_operations(register: Register, audit: Audit) -> None:
    for _place in range(FIRST_SITTING):
        answer_one(register, audit_reading.result_of(register, audit).open[0])


def _by_keys(register: Register, audit: Audit) -> AuditRun:
    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light")  # type: ignore[arg-type]
    asker = ScriptedAsker()
    run = AuditRun(Desk(register, asker, Jobs(asker, synchronous=True)), audit.id)
    run.show()
    come(run)
    for _place in range(FIRST_SITTING):
        key_in(run)
    return run


if __name__ == "__main__":
    main(*sys.argv[1:])
