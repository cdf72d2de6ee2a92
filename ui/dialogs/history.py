"""Everything that was done, newest first, in words; a step can be taken back from here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _, show_moment
from qmdesk.operations.history import sentences
from qmdesk.register import Change, Step
from ui import theme
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.story import Story
from ui.widgets.within_screen import resize_within

PAGE = 200
MOST_CHANGES = 200


class History(Dialog):
    """The steps on the left, what the chosen one changed on the right."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(_("History"))
        self.steps = QListWidget()
        self.steps.setAccessibleName(_("Steps"))
        self.steps.currentItemChanged.connect(lambda *_items: self._tell())
        self.steps.setWordWrap(True)
        self.steps.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.changes = Story()
        self.changes.setAccessibleName(_("What the step changed"))
        split = QSplitter()
        split.addWidget(self.steps)
        split.addWidget(self.changes)
        split.setSizes([theme.em(30), theme.em(34)])
        split.setChildrenCollapsible(False)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(_("History"), "title"))
        rows.addWidget(PlainLabel(_("Every step is kept, also what was undone. A step can be undone as long as nothing it touched has changed since."), "muted", wrap=True))
        rows.addWidget(split, 1)
        self.undo = Button(_("Undo this step"), "undo", on_click=self._undo)
        self.more = Button(_("Show older steps"), "down", on_click=self._older)
        for button in (self.undo, self.more):
            button.setAutoDefault(False)  # Enter in the list must not undo
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        line = QHBoxLayout()
        line.addWidget(self.undo)
        line.addWidget(self.more)
        line.addStretch()
        line.addWidget(buttons)
        rows.addLayout(line)
        resize_within(self, theme.em(76), theme.em(46))
        desk.changed.connect(self._heard)
        self._refresh()

    def _heard(self, _change: Change) -> None:
        self._refresh()

    def _refresh(self) -> None:
        self.steps.clear()
        self._older()
        self.steps.setCurrentRow(0)

    def _older(self) -> None:
        last = self.steps.item(self.steps.count() - 1)
        before = last.data(Qt.ItemDataRole.UserRole)[0].id if last else None
        page = self.desk.register.steps(PAGE, before)
        for step, stands in page:
            item = QListWidgetItem(self._heading(step, stands))
            item.setData(Qt.ItemDataRole.UserRole, (step, stands))
            item.setIcon(theme.icon("undo" if step.undoes else "lock" if step.sealed else "done", "muted" if stands else "faint"))
            if not stands:
                font = theme.font()
                font.setStrikeOut(True)
                item.setFont(font)
            self.steps.addItem(item)
        self.more.setEnabled(len(page) == PAGE)

    def _heading(self, step: Step, stands: bool) -> str:
        what = f"{_(step.label)}: {step.subject}" if step.subject else _(step.label)
        if step.undoes is not None:
            what = _("{step} (undo or redo of step {number})").format(step=what, number=step.undoes)
        who = _("Step {number} · {moment} · {who}").format(number=step.id, moment=show_moment(step.at), who=step.who)
        return f"{what}\n{who}" if stands else _("{step}, undone").format(step=what) + f"\n{who}"

    def _chosen(self) -> tuple[Step, bool] | None:
        item = self.steps.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _tell(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            self.changes.clear()
            return
        step, stands = chosen
        self.undo.setEnabled(stands and not step.sealed and not self.desk.register.read_only)
        self.changes.clear()
        if step.sealed:
            self.changes.tell([_(step.sealed)])
        entries = self.desk.register.entries(step.id)
        for entry in entries[:MOST_CHANGES]:
            self.changes.tell(sentences(self.desk.register, entry))
        if len(entries) > MOST_CHANGES:
            self.changes.tell([_("… and {n} more changes").format(n=len(entries) - MOST_CHANGES)])
        self.changes.moveCursor(QTextCursor.MoveOperation.Start)

    def _undo(self) -> None:
        if chosen := self._chosen():
            self.desk.undo(chosen[0].id)
