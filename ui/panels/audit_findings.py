"""The findings of an audit: those proposed from its answers and those the auditor adds, the chosen one whole, and what follows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, n_, show_day
from qmdesk.operations import audit_reading, audits
from qmdesk.operations.audit_reading import needs_action
from qmdesk.records.audit import AnswerPhoto, Finding
from qmdesk.records.improvement import Action, ActionState
from qmdesk.records.party import Person
from qmdesk.records.process import ProcessStep
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.audit_parts import AuditPart
from ui.panels.pictures import Pictures
from ui.tables import paint
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.reference_picture import show_large

Open = Callable[[type[Record], int], None]


class FoundPart(AuditPart):
    """A list of the findings, the chosen one below it with its evidence, and the button that makes it an action."""

    def __init__(self, desk: Desk, open_record: Open) -> None:
        super().__init__(desk)
        self._open = open_record
        self._actions: dict[int, Action] = {}
        self._photos: dict[int, list[AnswerPhoto]] = {}
        line = FlowLayout(gap=theme.em(0.5))
        add = Button(_("Add a finding…"), "add", on_click=self._add)
        add.setEnabled(not desk.register.read_only)
        self.waiting = PlainLabel("", "muted")
        line.addWidget(add)
        line.addWidget(self.waiting)
        self.rows.addLayout(line)
        self.table = TableView(TableModel(desk.register, Finding, (told("follows", N_("What follows"), self._follows, 13, whole=True),)))
        self.table.warn = desk.ask.warn
        self.table.arrange(("grade", "statement", "follows"))
        self.table.say_empty(_("No findings. When the audit is finished, each answer that failed is proposed as one."))
        self.table.on_open = lambda _id: self._change()
        self.table.on_current = self._explain
        self.rows.addWidget(self.table, 2)
        self.rows.addWidget(self._make_card(), 3)
        for keys, do in (("A", self.act), ("Delete", self._remove)):
            QShortcut(QKeySequence(keys), self.table, do, context=Qt.ShortcutContext.WidgetShortcut)

    def _make_card(self) -> QWidget:
        self.card = QFrame()
        theme.mark(self.card, "card")
        inner = QVBoxLayout(self.card)
        edge = theme.em(0.9)
        inner.setContentsMargins(edge, theme.em(0.6), edge, theme.em(0.6))
        inner.setSpacing(theme.em(0.5))
        self.grade = Pill()
        self.statement = PlainLabel("", "strong", wrap=True, selectable=True)
        self.requirement = PlainLabel("", "", wrap=True, selectable=True)
        self.evidence = PlainLabel("", "", wrap=True, selectable=True)
        self.answerable = PlainLabel("", "muted", wrap=True)
        self.decision = PlainLabel("", "", wrap=True, selectable=True)
        self.pictures = Pictures()
        self.pictures.on_open = self._show_large
        line = FlowLayout(gap=theme.em(0.5))
        self.action_button = Button("", "improvement", "primary", self.act)
        self.change_button = Button(_("Change…"), "edit", on_click=self._change)
        self.remove_button = Button(_("Remove"), "remove", on_click=self._remove)
        for button in (self.action_button, self.change_button, self.remove_button):
            button.setEnabled(False)  # until a finding is chosen
            line.addWidget(button)
        for part in (self.grade, self.statement):
            inner.addWidget(part)
        inner.addLayout(line)  # before the rest, which may be longer than the window is high
        for part in (self.requirement, self.evidence, self.answerable, self.decision, self.pictures):
            inner.addWidget(part)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.card)
        self.area = area
        return area

    # -- what it shows

    def refresh(self) -> None:
        assert self.audit is not None
        register = self.desk.register
        found = audit_reading.findings_of(register, self.audit)
        self._actions = audit_reading.actions_of(register, found)
        self._photos = audit_reading.photos_of(register, self.audit)
        waiting = sum(needs_action(one, self._actions.get(one.id)) for one in found)
        self.waiting.setText(n_("{n} nonconformity still needs an action, or a word why none is needed.", "{n} nonconformities still need an action, or a word why none is needed.", waiting) if waiting else "")
        self.table.table_model.forget_all()
        self.table.ask(parts_of(self.audit, Finding))
        if self.table.current_id is None and found:
            self.table.go_to(found[0].id)
        self._explain(self.table.current_id)

    def _follows(self, one: Finding, _titles: Titles) -> Cell:
        action = self._actions.get(one.id)
        if needs_action(one, action):
            return Cell(_("No action yet"), "warn", "waiting")
        if action is not None:
            return Cell(action.number, paint.state(action.state)[0] or "accent", "improvement", _("{number}: {state}").format(number=action.number, state=_(action.state.label)))
        return Cell(_("Decided"), "neutral", "done", one.decision) if one.decision.strip() else Cell("")

    def _explain(self, id_: int | None) -> None:
        one = self.desk.register.find(Finding, id_) if id_ else None
        self.area.setVisible(one is not None)
        if one is None:
            return
        register = self.desk.register
        role, icon = paint.state(one.grade)
        self.grade.show_state(_(one.grade.label), role or "neutral", icon)
        self.statement.setText(one.statement)
        self.requirement.setText(_("Requirement: {text}").format(text=one.requirement) if one.requirement else "")
        self.evidence.setText(_("Evidence: {text}").format(text=one.evidence) if one.evidence else "")
        known = (
            _("answers for it: {name}").format(name=register.title(Person, one.owner)) if one.owner else "",
            _("until {day}").format(day=show_day(one.due_on)) if one.due_on else "",
            _("process step: {name}").format(name=register.title(ProcessStep, one.process_step)) if one.process_step else "",
        )
        self.answerable.setText(" · ".join(part for part in known if part))
        self.decision.setText(_("Decided: {text}").format(text=one.decision) if one.decision else "")
        for part in (self.requirement, self.evidence, self.answerable, self.decision):
            part.setVisible(bool(part.text()))
        self.pictures.show_files([(photo.id, photo.name, self._content(photo.content)) for photo in self._photos.get(one.answer or 0, ())])
        action = self._under_way(one)
        self.action_button.setText(_("Open action {number} (A)").format(number=action.number) if action else _("Make it an action (A)"))
        self.action_button.setEnabled(action is not None or not register.read_only)
        for button in (self.change_button, self.remove_button):
            button.setEnabled(not register.read_only)

    def _under_way(self, one: Finding) -> Action | None:
        action = self._actions.get(one.id)
        return action if action is not None and action.state is not ActionState.DROPPED else None

    def _content(self, sha256: str) -> bytes:
        try:
            return self.desk.register.content(sha256)
        except Known:
            return b""

    def _show_large(self, photo_id: int) -> None:
        show_large(self._content(self.desk.register.get(AnswerPhoto, photo_id).content), self.window())

    # -- what it does

    def act(self) -> None:
        """Begin an action about the chosen finding, and go there; or to the one that has come of it."""
        if not (finding := self._chosen()) or not self.action_button.isEnabled():
            return
        action = self._under_way(finding) or self.desk.attempt(audits.MAKE_ACTION, audits.make_action, finding.id)
        if action is not None:
            self._open(Action, action.id)

    def _dialog(self, finding: Finding | None) -> RecordDialog:
        assert self.audit is not None
        fields = Finding.spec.asked("audit")
        return RecordDialog(self.desk, Finding, finding, preset={"audit": self.audit.id}, fields=fields, save=_save_finding, parent=self)

    def _add(self) -> None:
        dialog = self._dialog(None)
        if ran(dialog) and dialog.saved_id:
            self.table.go_to(dialog.saved_id)

    def _chosen(self) -> Finding | None:
        if self.table.current_id is None:
            self.desk.ask.tell(_("Choose a finding in the table first."), parent=self)
            return None
        return self.desk.register.get(Finding, self.table.current_id)

    def _change(self) -> None:
        if not self.desk.register.read_only and (finding := self._chosen()):
            ran(self._dialog(finding))

    def _remove(self) -> None:
        if not self.desk.register.read_only and (finding := self._chosen()):
            self.desk.attempt(audits.REMOVE_FINDING, audits.remove_finding, finding.id)


def _save_finding(desk: Desk, form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, Finding)
    if form.record is None:
        return desk.do(audits.ADD_FINDING, audits.add_finding, draft).id
    return desk.do(audits.CHANGE_FINDING, audits.change_finding, form.record.id, form.changes()).id
