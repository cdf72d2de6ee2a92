"""The dialog for one record: new or changed, saved as one step, with what is wrong said where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.operations import keeping
from qmdesk.schema import types
from qmdesk.schema.record import Field, Record, empty
from ui import theme
from ui.desk import Desk
from ui.forms.form import Notice, RecordForm, Sections
from ui.forms.lookup import AddNew
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog

Save = Callable[[Desk, RecordForm, Record], int]
"""Saves what the form holds (checked) in one step; answers the record's id. Raises Known, Problems."""


def save_record(desk: Desk, form: RecordForm, draft: Record) -> int:
    """Save as one step that adds the record, or changes what is changed of it."""
    if form.record is None:
        return desk.do(keeping.NEW, keeping.add, draft, form.contents())
    return desk.do(keeping.CHANGE, keeping.change, type(form.record), form.record.id, form.changes(), form.contents()).id


def shortcuts_to_save(owner: QWidget, save: Callable[[], object]) -> None:
    """Ctrl+S and Ctrl+Enter save, wherever in ``owner`` the keyboard is."""
    for keys in (QKeySequence(QKeySequence.StandardKey.Save), QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")):
        shortcut = QShortcut(keys, owner)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: save())


class RecordDialog(Dialog):
    """Asks for a new record (with ``preset`` values) or for changes of ``record``; ``saved_id`` says which it was.

    ``form`` may be narrowed or watched before the dialog is run. Closing with changes unsaved asks first.
    """

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        record: Record | None = None,
        preset: Mapping[str, Any] | None = None,
        *,
        fields: Sequence[str] | None = None,
        sections: Sections | None = None,
        save: Save = save_record,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self.saved_id = desk, 0
        self._save = save
        word = _(kind.spec.label)
        title = _("{record}: {title}").format(record=word, title=record.title) if record else _("New record: {record}").format(record=word)
        self.setWindowTitle(title)
        self.notice = Notice()
        self.form = RecordForm(desk, kind, fields=fields, sections=sections, add_new=adding(desk), notice=self.notice)
        if record is not None:
            self.form.load(record)
        else:
            self.form.begin(**(preset or {}))
        inner = QWidget()
        theme.mark(inner, "page")
        edge = QVBoxLayout(inner)
        edge.setContentsMargins(*[theme.em(1.4)] * 4)
        edge.addWidget(self.form)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inner)
        line = QFrame()
        theme.mark(line, "line")
        line.setFixedHeight(1)
        buttons = QDialogButtonBox()
        self.save_button = Button(_("Save"), "save", "primary")
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.save_button.setToolTip(_("Save (Ctrl+S or Ctrl+Enter)"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.em(1.4), theme.em(0.75), theme.em(1.4), theme.em())
        foot.setSpacing(theme.em(0.75))
        foot.addWidget(self.notice)
        foot.addWidget(buttons)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._area, 1)
        rows.addWidget(line)
        rows.addLayout(foot)
        shortcuts_to_save(self, self.accept)
        self._without_stray_default()
        self.form.focus_first()

    def _without_stray_default(self) -> None:
        """Enter saves: buttons inside the form must not become the default when they get the keyboard."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.save_button)
        self.save_button.setDefault(True)

    def sizeHint(self) -> QSize:
        """As large as the form wants, within the screen."""
        screen = self.screen().availableGeometry().size()
        page = self._area.widget()
        wide = min(screen.width() - theme.em(4), page.minimumSizeHint().width() + theme.letters(36))
        high = page.heightForWidth(wide) if page.hasHeightForWidth() else page.sizeHint().height()
        return QSize(wide, min(round(screen.height() * 0.86), high + theme.em(6)))

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous() and not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.resize(self.sizeHint())  # Qt's own choice is two thirds of the screen at most
        super().showEvent(event)

    def accept(self) -> None:
        """Save and close; what can't be saved is said, and everything typed stays."""
        draft = self.form.check()
        if draft is None:
            return
        with self.form.telling():
            self.saved_id = self._save(self.desk, self.form, draft)
            super().accept()

    def reject(self) -> None:
        question = _("What you typed has not been saved. Close without saving it?")
        if not self.form.dirty or self.desk.ask.confirm(
            question, _("Close without saving"), _("Go on editing"), danger=True, parent=self
        ):
            super().reject()


def adding(desk: Desk) -> AddNew:
    """What a lookup calls to add a record that is missing: the dialog for it, begun with what was typed."""

    def add(kind: type[Record], typed: str, parent: QWidget) -> int | None:
        dialog = RecordDialog(desk, kind, preset=begun_with(kind, typed), parent=parent.window())
        return dialog.saved_id if dialog.exec() == QDialog.DialogCode.Accepted else None

    return add


def begun_with(kind: type[Record], typed: str) -> dict[str, Any]:
    """The field of a new record that a typed text seems to be: an address, a number with a meaning, else its title."""
    if not typed:
        return {}
    wanted = kind.spec.title
    if _first_that_takes(kind, types.Text, typed):
        wanted = next(
            (field for family in (types.Email, types.Ean, types.Nip, types.Phone) if (field := _first_that_takes(kind, family, typed))), wanted
        )
    if wanted.automatic:
        return {}
    return {wanted.name: wanted.type.parse(typed)}


def _first_that_takes(kind: type[Record], family: type[types.Text], typed: str) -> Field | None:
    for field in kind.spec.fields.values():
        if isinstance(field.type, family) and not empty(read := field.type.parse(typed)) and not field.type.problem(read, field.label):
            return field
    return None
