"""The library of checklists: found by typing, looked at, and taken among one's own."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from qmdesk.i18n import LANGUAGES, _, n_, show_day
from qmdesk.operations import checklist_library, checklists
from qmdesk.operations.registers import the_shop
from ui import theme
from ui.desk import Desk
from ui.forms.checklist_chooser import ChecklistChooser, library_offers
from ui.forms.checklist_preview import ChecklistPreview
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel, label_of
from ui.widgets.within_screen import resize_within


class ChecklistLibrary(Dialog):
    """The lists on the left, the chosen one on the right; ``taken`` is the id of the one that was taken last."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.taken = desk, 0
        self.setWindowTitle(_("Library of checklists"))
        self.language = QComboBox()
        self.language.setAccessibleName(_("Language of the list"))
        for lang, name in LANGUAGES.items():
            self.language.addItem(name, lang)
        self.language.setCurrentIndex(max(0, self.language.findData(str(the_shop(desk.register).language.value))))
        self.language.currentIndexChanged.connect(lambda _at: self._translate())
        self.chooser = ChecklistChooser(_("Find in the library"), self)
        self.chooser.current_changed.connect(self._show)
        self.chooser.opened.connect(lambda _key: self.take())
        self.name = PlainLabel("", "title", wrap=True)
        self.facts = PlainLabel("", "muted", wrap=True, selectable=True)
        self.as_of = PlainLabel("", "small", wrap=True)
        self.preview = ChecklistPreview()
        self.said = PlainLabel("", "muted", wrap=True)
        self.take_button = Button(_("Take it among my checklists"), "add", "primary", self.take)
        self._lay_out()
        self._offer()
        resize_within(self, theme.em(88), theme.em(52))
        self.chooser.setFocus()

    def _lay_out(self) -> None:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, theme.em(0.6), 0)
        line = QHBoxLayout()
        line.addWidget(label_of(self.language, _("Language of the list")))
        line.addWidget(self.language)
        line.addStretch(1)
        rows.addLayout(line)
        rows.addWidget(self.chooser, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(theme.em(0.6), 0, 0, 0)
        for part in (self.name, self.facts, self.as_of):
            column.addWidget(part)
        column.addWidget(self.preview, 1)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setChildrenCollapsible(False)
        split.setSizes([theme.em(32), theme.em(56)])
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        close = Button(_("Close"), on_click=self._close)
        close.setAutoDefault(False)
        self.take_button.setAutoDefault(False)
        foot.addWidget(close)
        foot.addWidget(self.take_button)
        whole = QVBoxLayout(self)
        edge = theme.em(1)
        whole.setContentsMargins(edge, edge, edge, edge)
        whole.addWidget(split, 1)
        whole.addLayout(foot)

    @property
    def lang(self) -> str:
        """The language the lists are shown in and taken."""
        return str(self.language.currentData())

    def _own(self) -> dict[str, int]:
        """Key -> id of the library's lists in this language that are among one's own."""
        found = self.desk.register.records(checklists.checklists_query())
        return {one.key: one.id for one in found if one.key and str(one.language.value) == self.lang}

    def _translate(self) -> None:
        """Show the lists in the other language, the chosen one still chosen."""
        key = self.chooser.chosen
        self._offer()
        if key is not None:
            self.chooser.choose(key)

    def _offer(self) -> None:
        self.chooser.offer(library_offers(self.lang, self._own()))

    def _show(self, key: str | None) -> None:
        self.take_button.setEnabled(key is not None and key not in self._own() and not self.desk.register.read_only)
        if key is None:
            return
        draft = checklist_library.draft(key, self.lang)
        entry = next(one for one in checklist_library.entries(self.lang) if one.key == key)
        self.name.setText(draft.checklist.name)
        asked = n_("{n} question", "{n} questions", len(draft.questions))
        self.facts.setText("\n".join(part for part in (entry.purpose, entry.criteria, asked) if part))
        self.as_of.setText(_("Law and standards as of {day}. Check what has changed since, and change your copy as your shop needs it.").format(day=show_day(entry.as_of)))
        self.preview.show_draft(draft, self.desk.register.content)
        self.preview.verticalScrollBar().setValue(0)

    def take(self) -> None:
        """Keep the chosen list among one's own, and stay for the next one."""
        key = self.chooser.chosen
        if not isinstance(key, str) or not self.take_button.isEnabled():
            return
        id_ = self.desk.attempt(checklists.FROM_LIBRARY, checklists.add_from_library, key, self.lang)
        if id_ is not None:
            self.taken = id_
            self.said.setText(_("“{name}” is among your checklists now.").format(name=self.name.text()))
            self._offer()

    def _close(self) -> None:
        self.done(QDialog.DialogCode.Accepted if self.taken else QDialog.DialogCode.Rejected)

    def reject(self) -> None:
        self._close()
