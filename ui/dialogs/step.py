"""A step of a case with the facts it asks for; beside a refund its calculation, with an inspection its photos."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problems
from qmdesk.i18n import _, show_money
from qmdesk.operations import return_terms
from qmdesk.operations.returns import calculate
from qmdesk.operations.steps import take_step
from qmdesk.records.case import Case, CaseKind, RefundMethod
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.steps import WAYS, Step, steps
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.record import replace
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import Notice, RecordForm, show_beside
from ui.forms.photos import PhotoStrip
from ui.forms.refund_table import RefundTable
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


class StepDialog(Dialog):
    """Asks for what a step needs and does it; what can't be done is said beside the fields, and everything typed stays."""

    def __init__(self, desk: Desk, case: Case, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.case, self.step = desk, case, step
        self._terms = return_terms.details(desk.register, case) if case.kind is CaseKind.RETURN else None
        self._proposed: Any = None
        title = _("{step}: {number}").format(step=_(step.label), number=case.number)
        self.setWindowTitle(title)
        self.notice = Notice()
        self.forms = [RecordForm(desk, type(record), sections=[("", names)], add_new=adding(desk), notice=self.notice) for record, names in self._asked()]
        for form, (record, names) in zip(self.forms, self._asked(), strict=True):
            form.load(record)
            form.propose(**self._days(record, names))
            form.changed.connect(self._calculate)
        self.photos = PhotoStrip(desk) if step in (Step.INSPECT, Step.GOODS_RECEIVED) else None
        self.table = RefundTable() if step is Step.APPROVE else None
        self._lay_out(title)
        self._calculate()
        shortcuts_to_save(self, self.save)
        if self.table is not None:
            self.editors["refund"].input.setFocus()
        else:
            self.forms[0].focus_first()

    @property
    def editors(self) -> dict[str, Any]:
        """The editors of all fields by name."""
        return {name: editor for form in self.forms for name, editor in form.editors.items()}

    def problem(self, name: str) -> str:
        """What stands beside a field."""
        return next(form.rows[name].problem for form in self.forms if name in form.rows)

    def _asked(self) -> list[tuple[Case | ReturnDetails, tuple[str, ...]]]:
        way = WAYS[self.step]
        return [(record, names) for record, names in ((self.case, way.asks), (self._terms, way.asks_return)) if record is not None and names]

    def _days(self, record: Case | ReturnDetails, names: tuple[str, ...]) -> dict[str, Any]:
        """The days a step needs are today until somebody says otherwise."""
        fields = record.spec.fields
        needed = [name for name in names if name in WAYS[self.step].needs and isinstance(fields[name].type, types.Day)]
        return {name: clock().date() for name in needed if getattr(record, name) is None}

    def _lay_out(self, title: str) -> None:
        inner = QWidget()
        theme.mark(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
        column.setSpacing(theme.em(1.2))
        for form in self.forms:
            column.addWidget(form)
        if self.photos is not None:
            column.addWidget(PlainLabel(_("Photos and files"), "heading"))
            column.addWidget(self.photos)
        column.addStretch()
        middle = QHBoxLayout()
        middle.setSpacing(theme.em(1.4))
        middle.addWidget(_scrolled(inner), 3)
        if self.table is not None:
            besides = QWidget()
            theme.mark(besides, "page")
            side = QVBoxLayout(besides)
            side.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
            side.addWidget(PlainLabel(_("What goes back"), "heading"))
            side.addWidget(self.table)
            side.addStretch()
            middle.addWidget(_scrolled(besides), 2)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        if said := self._about():
            rows.addWidget(PlainLabel(said, "muted", wrap=True))
        rows.addLayout(middle, 1)
        rows.addWidget(self.notice)
        refusal = steps(self.case)[self.step]
        if refusal:
            rows.addWidget(PlainLabel(refusal, "problem", wrap=True))
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Save"), "save", "primary", self.save)
        self.save_button.setEnabled(not refusal and not self.desk.register.read_only)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.save_button)
        self.save_button.setDefault(True)
        wide = theme.em(84) if self.table is not None else theme.em(52)
        resize_within(self, wide, min(theme.em(58), inner.sizeHint().height() + theme.em(15)) if self.table is None else theme.em(52))

    def _about(self) -> str:
        """What stands above the fields: how much goes back."""
        case = self.case
        if self.step is not Step.REFUND or case.refund is None:
            return ""
        return _("{amount} goes back.").format(amount=show_money(case.refund, case.currency or "PLN"))

    # -- the calculator

    def _calculate(self) -> None:
        if self.table is None:
            return
        drafts = [form.values()[0] or record for form, (record, _names) in zip(self.forms, self._asked(), strict=True)]
        case = next(draft for draft in drafts if isinstance(draft, Case))
        terms = next((draft for draft in drafts if isinstance(draft, ReturnDetails)), None)
        try:
            calculation = calculate(self.desk.register, replace(case, refund=None), terms)
        except Problems as error:
            self.table.show_problems([problem.sentence for problem in error.problems])
            return
        self.table.show_calculation(calculation)
        form, now = self.forms[0], self.forms[0].editors["refund"].value()
        untouched = now is None or now == self._proposed or (self._proposed is None and not self.case.refund_reason)
        if calculation.total is not None and untouched and now != calculation.total:
            method = form.editors["refund_method"].value() or RefundMethod.SAME
            form.propose(refund=calculation.total, refund_method=method)
        self._proposed = calculation.total

    # -- saving

    def save(self) -> None:
        """Do the step; problems stand beside their fields."""
        told = [form.values() for form in self.forms]
        show_beside(self.forms, [problem for _draft, problems in told for problem in problems])
        drafts = [draft for draft, _problems in told]
        if None in drafts or not self.save_button.isEnabled():
            return
        values = {name: getattr(draft, name) for form, draft in zip(self.forms, drafts, strict=True) for name in form.rows}
        files = self.photos.staged() if self.photos is not None else []
        try:
            self.desk.do(self.step.label, take_step, self.case.id, self.step, values, None, files)
        except Problems as error:
            show_beside(self.forms, error.problems)
        except Known as error:
            self.forms[0].say(error.sentence)
        else:
            super().accept()

    def reject(self) -> None:
        question = _("What you typed has not been saved. Close without saving it?")
        typed = any(form.dirty for form in self.forms) or bool(self.photos is not None and self.photos.staged())
        if not typed or self.desk.ask.confirm(question, _("Close without saving"), _("Go on editing"), danger=True, parent=self):
            super().reject()


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area
