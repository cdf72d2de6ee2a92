"""The tabs of an audit: what it came to, its questions with their answers, its facts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, show_day
from qmdesk.operations import audit_reading, audits
from qmdesk.operations.closed_audits import FILLED_LATER
from qmdesk.records import answers as judging
from qmdesk.records.audit import LEFT_OUT, AnswerPhoto, Audit, AuditAnswer, AuditState, QuestionType
from qmdesk.records.audit_result import Points, Result, Standing, standing
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui import theme
from ui.desk import Desk
from ui.dialogs.audit_finish import verdict_words
from ui.dialogs.audit_overview import SIGNS
from ui.panels.facts import Facts
from ui.panels.pictures import Pictures
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.theme import Role
from ui.widgets.plain_label import PlainLabel
from ui.widgets.reference_picture import ReferencePicture, show_large
from ui.widgets.score_bars import Bar, ScoreBars

FACTS = (
    "place", "auditor", "team", "auditee", "independent", "process", "supplier", "batch", "objective", "scope", "criteria", "conclusion", "distribution",
)  # fmt: skip


class AuditPart(QWidget):
    """One tab: it shows what belongs to one audit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.audit: Audit | None = None
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, theme.em(0.6), 0, theme.em(0.6))

    def show_audit(self, audit: Audit) -> None:
        """Show what belongs to this audit."""
        self.audit = audit
        self.refresh()

    def refresh(self) -> None:
        raise NotImplementedError


class Outcome(AuditPart):
    """The score by section beside the run before, and in words what failed and what was left out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        inner = QWidget()
        theme.mark(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.em(0.6), 0)
        column.setSpacing(theme.em(0.7))
        self.verdict = PlainLabel("", "strong", wrap=True)
        self.before = PlainLabel("", "muted", wrap=True)
        self.bars = ScoreBars()
        self.critical = PlainLabel("", "problem", wrap=True)
        self.open = PlainLabel("", "", wrap=True)
        self.left = PlainLabel("", "", wrap=True)
        self.conclusion = PlainLabel("", "", wrap=True, selectable=True)
        self.why = PlainLabel("", "muted", wrap=True)
        for part in (self.why, self.verdict, self.critical, self.bars, self.before, self.open, self.left, self.conclusion):
            column.addWidget(part)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        self.rows.addWidget(area, 1)

    def refresh(self) -> None:
        assert self.audit is not None
        register, audit = self.desk.register, self.audit
        found = audit_reading.result_of(register, audit)
        before = audit_reading.previous(register, audit)
        earlier = audit_reading.result_of(register, before) if before else None
        words, role = verdict_words(found, audit)
        running = audit.state is AuditState.RUNNING
        if running:
            words = _("So far. {verdict}").format(verdict=words) if found.points.reachable else _("Nothing that counts for the score has been answered yet.")
        self.verdict.setText("" if audit.state is AuditState.ABANDONED else words)
        self.bars.show_bars(bars_of(found, earlier, role))
        said = _("The mark on a bar is the run before: {number}, {day}, {score}.")
        self.before.setText(said.format(number=before.number, day=show_day(before.started_at.astimezone().date()), score=types.Percent().show(before.score) or "–") if before else "")
        self.critical.setText(_listed(N_("Critical, and failed:"), found.critical))
        self.open.setText(_listed(N_("Not answered yet:"), found.open) if running else "")
        self.left.setText(_listed(N_("Not checked:"), found.not_checked))
        self.conclusion.setText(audit.conclusion)
        self.why.setText(_why(audit))
        for part in (self.verdict, self.before, self.critical, self.open, self.left, self.conclusion, self.why):
            part.setVisible(bool(part.text()))


def _listed(words: str, answers: tuple[AuditAnswer, ...]) -> str:
    lines = [f"{one.position}. {' '.join(one.wording.split())}" for one in answers]
    return "\n".join([_(words), *lines]) if lines else ""


def _why(audit: Audit) -> str:
    if audit.state is AuditState.ABANDONED:
        return _("Abandoned: {reason}").format(reason=audit.abandoned_because)
    return _("Opened again: {reason}").format(reason=audit.reopened_because) if audit.reopened_because else ""


def bars_of(found: Result, before: Result | None, role: str) -> list[Bar]:
    """A bar for each section, and one for the whole."""
    known = {section.name: section.points for section in before.sections} if before else {}
    whole: Role = "bad" if role == "bad" else "good"
    bars = [_bar(section.name or _("Without a section"), section.points, known.get(section.name), "warn" if section.failed else "accent") for section in found.sections if section.points.reachable]
    return [_bar(_("In all"), found.points, before.points if before else None, whole, strong=True), *bars]


def _bar(words: str, points: Points, before: Points | None, role: Role, *, strong: bool = False) -> Bar:
    return Bar(words, points.share, _share(points), before.share if before else None, role, strong)


def _share(points: Points) -> str:
    if points.share is None:
        return "–"
    numbers = types.Number()
    said = _("{share} ({reached} of {reachable})")
    return said.format(share=types.Percent().show(points.share), reached=numbers.show(points.reached), reachable=points.reachable)


class Questions(AuditPart):
    """What was asked and answered; below the list the chosen question whole, with its note and photos."""

    def __init__(self, desk: Desk, run: Callable[[int], object]) -> None:
        super().__init__(desk)
        self._photos: dict[int, list[AnswerPhoto]] = {}
        columns = (told("place", N_("No."), lambda one, _titles: Cell(str(one.position)), 3, whole=True), told("given", N_("Answer"), self._given, 16, whole=True))
        self.table = TableView(TableModel(desk.register, AuditAnswer, columns))
        self.table.warn = desk.ask.warn
        self.table.arrange(("place", "wording", "given"))
        self.table.on_open = lambda id_: run(id_)
        self.table.on_current = self._explain
        self.rows.addWidget(self.table, 1)
        self.card = QFrame()
        theme.mark(self.card, "card")
        below = QVBoxLayout(self.card)
        edge = theme.em(0.9)
        below.setContentsMargins(edge, theme.em(0.6), edge, theme.em(0.6))
        below.setSpacing(theme.em(0.3))
        self.wording = PlainLabel("", "strong", wrap=True)
        self.answer = PlainLabel("", "", wrap=True)
        self.note = PlainLabel("", "", wrap=True, selectable=True)
        self.pictures = Pictures()
        self.pictures.on_open = self._show_large
        self.signature = ReferencePicture(_("Signature"))
        for part in (self.wording, self.answer, self.note, self.pictures, self.signature):
            below.addWidget(part)
        self.rows.addWidget(self.card)

    def _given(self, one: AuditAnswer, _titles: Titles) -> Cell:
        stands = standing(one, photo=one.id in self._photos)
        said = judging.told(one) if one.value else _(stands.label)
        return Cell(said, ROLES.get(stands, "neutral"), SIGNS[stands][0])

    def refresh(self) -> None:
        assert self.audit is not None
        self._photos = audit_reading.photos_of(self.desk.register, self.audit)
        asked = tuple(one.position for one in audit_reading.result_of(self.desk.register, self.audit, self._photos).asked)
        self.table.table_model.forget_all()
        self.table.ask(Query(AuditAnswer, (Condition("audit", types.IS, (self.audit.id,)), Condition("position", types.ONE_OF, asked))).by(Order("position")))
        self._explain(self.table.current_id)

    def _explain(self, id_: int | None) -> None:
        one = self.desk.register.find(AuditAnswer, id_) if id_ else None
        self.card.setVisible(one is not None)
        if one is None:
            return
        self.wording.setText(f"{one.position}. {one.wording}")
        said = judging.told(one)
        stands = _(standing(one, photo=one.id in self._photos).label)
        self.answer.setText(_("{answer} – {standing}").format(answer=said, standing=stands) if said else stands)
        self.note.setText(one.note)
        self.note.setVisible(bool(one.note))
        self.pictures.show_files([(photo.id, photo.name, self._content(photo.content)) for photo in self._photos.get(one.id, ())])
        signed = one.type is QuestionType.SIGNATURE and bool(one.value) and one.value not in LEFT_OUT
        self.signature.show_picture(self._content(one.value) if signed else b"")

    def _content(self, sha256: str) -> bytes:
        try:
            return self.desk.register.content(sha256)
        except Known:
            return b""

    def _show_large(self, photo_id: int) -> None:
        show_large(self._content(self.desk.register.get(AnswerPhoto, photo_id).content), self.window())


ROLES: dict[Standing, Role] = {
    Standing.MET: "good", Standing.RECORDED: "good", Standing.FAILED: "bad", Standing.MISSING: "warn", Standing.REMARKED: "info",
}  # fmt: skip


class AuditFacts(Facts):
    """What is known of an audit besides its answers; of one that is over only the conclusion can be written."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Audit, FACTS, audits.EDIT, audits.edit)

    def show_audit(self, audit: Audit) -> None:
        """Show the facts of this audit."""
        self.show_case(audit)
        over = audit.state is not AuditState.RUNNING
        for name, editor in self.form.editors.items():
            editor.set_read_only(self.desk.register.read_only or (over and name not in FILLED_LATER))


