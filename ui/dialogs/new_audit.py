"""A new audit in few moves: which checklist, where, who; what else is known of it stands below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _, n_
from qmdesk.operations import audits
from qmdesk.operations.checklists import questions_in
from qmdesk.records.audit import Audit, Checklist, PlannedAudit
from qmdesk.register import clock
from qmdesk.schema.query import Order, Query
from qmdesk.schema.record import empty
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.checklist_library import ChecklistLibrary
from ui.forms.checklist_chooser import ChecklistChooser, own_offers
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import Notice, RecordForm
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

FIRST = ("place", "auditor", "auditee", "team", "independent")
SCOPE = ("process", "supplier", "batch", "objective", "scope", "distribution")


class NewAudit(Dialog):
    """Accepted when the audit was begun; ``audit_id`` says which it is. ``preset`` holds what is known: a checklist, a plan, a place."""

    def __init__(self, desk: Desk, preset: Mapping[str, Any] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.audit_id = desk, 0
        self._preset = dict(preset or {})
        wanted = self._preset.pop("checklist", None)
        self.setWindowTitle(_("New audit"))
        self.lists = ChecklistChooser()
        self.lists.current_changed.connect(lambda _id: self._chosen())
        self.lists.opened.connect(lambda _id: self._to_place())  # Enter leads on instead of beginning at once
        self.about = PlainLabel("", "muted", wrap=True)
        self.notice = Notice()
        sections = [("", FIRST), (_("Scope"), SCOPE)]
        self.form = RecordForm(desk, Audit, sections=sections, add_new=adding(desk), notice=self.notice)
        self._lay_out()
        self._begin(wanted)
        shortcuts_to_save(self, self.begin)
        (self.lists if not wanted else self.form.editors["place"].input).setFocus()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.7))
        rows.addWidget(PlainLabel(_("New audit"), "title"))
        columns = QHBoxLayout()
        columns.setSpacing(theme.em(1.4))
        left = QVBoxLayout()
        left.addWidget(PlainLabel(_("Checklist"), "muted"))
        self.library_button = Button(_("From the library…"), "catalogue", on_click=self.choose_from_library)
        left.addWidget(self.lists, 1)
        left.addWidget(self.about)
        left.addWidget(self.library_button, 0, Qt.AlignmentFlag.AlignLeft)
        columns.addLayout(left, 2)
        inner = QWidget()
        theme.mark(inner, "page")
        around = QVBoxLayout(inner)
        around.setContentsMargins(0, 0, theme.em(0.8), 0)
        around.addWidget(self.form)
        around.addStretch()
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        columns.addWidget(area, 3)
        rows.addLayout(columns, 1)
        rows.addWidget(self.notice)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.begin_button = Button(_("Begin"), "play", "primary", self.begin)
        self.begin_button.setToolTip(_("Begin (Ctrl+Enter)"))
        line.addWidget(self.begin_button)
        rows.addLayout(line)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.begin_button)
        self.begin_button.setDefault(True)
        resize_within(self, theme.em(72), theme.em(44))

    def _begin(self, wanted: int | None) -> None:
        """Begin with what is known, and with who audited last."""
        last = self.desk.register.records(Query(Audit).by(Order("started_at", True)), 1)
        auditor = self._preset.get("auditor") or (last[0].auditor if last else None)
        known = {name: self._preset[name] for name in (*FIRST, *SCOPE) if name in self._preset}
        self.form.begin(checklist=0, started_at=clock(), **{**known, "auditor": auditor})
        if isinstance(line := self.form.editors["place"].input, QLineEdit):
            places = {one.place for kind in (Audit, PlannedAudit) for one in self.desk.register.records(Query(kind)) if one.place}
            completer = QCompleter(sorted(places), line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            listed = QListView()
            theme.dress(listed)
            completer.setPopup(listed)
            line.setCompleter(completer)
        self._offer(wanted)

    def _offer(self, wanted: int | None = None) -> None:
        """Offer the lists in use, this one first."""
        self.lists.offer(own_offers(self.desk.register, in_use=True))
        if wanted:
            self.lists.choose(wanted)
        some = self.checklist is not None
        self.begin_button.setEnabled(some)
        if not some:
            self.about.setText(_("There is no checklist yet. Take one from the library, or write your own on the tab Checklists."))

    def choose_from_library(self) -> None:
        """Take lists out of the library, to ask one of them at once."""
        dialog = ChecklistLibrary(self.desk, self)
        if ran(dialog):
            self._offer(dialog.taken)

    @property
    def checklist(self) -> Checklist | None:
        """The checklist that is chosen."""
        chosen = self.lists.chosen
        return self.desk.register.find(Checklist, chosen) if isinstance(chosen, int) else None

    def _to_place(self) -> None:
        self.form.editors["place"].input.setFocus()

    def _chosen(self) -> None:
        found = self.checklist
        self.begin_button.setEnabled(found is not None)
        if found is None:
            return
        count = n_("{n} question", "{n} questions", questions_in(self.desk.register, found.id))
        self.about.setText("\n".join(part for part in (count, found.purpose) if part))

    def begin(self) -> None:
        """Begin the audit; what can't be is said beside the fields."""
        found = self.checklist
        if found is None or not self.begin_button.isEnabled():
            return
        told = {name: editor.value() for name, editor in self.form.editors.items()}
        values = {**{name: value for name, value in self._preset.items() if name not in told}, **{name: value for name, value in told.items() if not empty(value)}}
        with self.form.telling():
            self.audit_id = self.desk.do(audits.START, audits.start, found.id, values).id
            self.accept()
