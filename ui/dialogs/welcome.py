"""The first thing a new user sees: make a register, open one, look at a demo shop, or go on with a recent one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk import i18n, places
from qmdesk.i18n import _
from qmdesk.operations.registers import SUFFIX
from ui import theme
from ui.ask import Asker
from ui.preferences import Preferences
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import fit_within


def _filters() -> list[tuple[str, str]]:
    return [(_("QMDesk registers"), f"*{SUFFIX}")]


class Welcome(Dialog):
    """Offers what can be opened; the callables are set by the program and say whether it worked."""

    def __init__(self, preferred: Preferences, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on_new: Callable[[Path, str], bool] = lambda _path, _name: False
        self.on_open: Callable[[Path], bool] = lambda _path: False
        self.on_demo: Callable[[], bool] = lambda: False
        self.on_language: Callable[[str], None] = lambda _lang: None
        self.again = False
        """Whether the welcome will be shown again, in another language."""
        self._ask = asker
        self.setWindowTitle("QMDesk")
        rows = QVBoxLayout(self)
        margin = theme.em(2)
        rows.setContentsMargins(margin, margin, margin, margin)
        rows.setSpacing(theme.em(0.8))
        rows.addLayout(self._headline())
        rows.addWidget(PlainLabel(_("Complaints, returns and guarantee claims of your shop, in one file on this computer."), "muted", wrap=True))
        rows.addSpacing(theme.em(0.5))
        rows.addWidget(self._new_card())
        rows.addLayout(self._others())
        self.recent = self._recent(preferred)
        if self.recent.count():
            rows.addSpacing(theme.em(0.5))
            rows.addWidget(PlainLabel(_("Recent registers"), "strong"))
            rows.addWidget(self.recent)
        fit_within(self, theme.em(46))
        self.name.setFocus()

    def _headline(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(PlainLabel(_("Welcome to QMDesk"), "title"))
        line.addStretch()
        for lang, word in i18n.LANGUAGES.items():
            button = Button(word, part="link", on_click=lambda _checked=False, lang=lang: self._speak(lang))
            button.setEnabled(lang != i18n.language())
            button.setAutoDefault(False)
            line.addWidget(button)
        return line

    def _new_card(self) -> QFrame:
        card = QFrame()
        theme.mark(card, "card")
        rows = QVBoxLayout(card)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(PlainLabel(_("Start a new register"), "heading"))
        rows.addWidget(PlainLabel(_("It is one file. You choose where it lies; copies of it are kept beside it."), "muted", wrap=True))
        line = QHBoxLayout()
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Name of your shop"))
        self.name.setAccessibleName(_("Name of your shop"))
        self.name.setMaxLength(200)
        line.addWidget(self.name, 1)
        self.make = Button(_("Choose its place…"), "add", "primary", self._new)
        self.make.setDefault(True)
        line.addWidget(self.make)
        rows.addLayout(line)
        return card

    def _others(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.open_button = Button(_("Open a register…"), "open", on_click=self._open)
        self.demo_button = Button(_("Look at a demo shop"), "shop", on_click=lambda: self._finish(self.on_demo()))
        for button in (self.open_button, self.demo_button):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch()
        return line

    def _recent(self, preferred: Preferences) -> QListWidget:
        listed = QListWidget(self)
        listed.setAccessibleName(_("Recent registers"))
        for path in preferred.recent:
            item = QListWidgetItem(theme.icon("database", "muted"), f"{path.stem}\n{path.parent}")
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            if not path.exists():
                item.setText(_("{name} (not found)\n{folder}").format(name=path.stem, folder=path.parent))
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            listed.addItem(item)
        listed.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        listed.setIconSize(QSize(theme.em(1.6), theme.em(1.6)))
        listed.setSpacing(theme.em(0.2))
        listed.ensurePolished()  # or its rows would be measured without the style sheet
        high = sum(listed.sizeHintForRow(row) + theme.em(0.4) for row in range(listed.count()))
        listed.setFixedHeight(min(theme.em(16), high + theme.em(0.8)))
        listed.itemActivated.connect(lambda item: self._finish(self.on_open(Path(item.data(Qt.ItemDataRole.UserRole)))))
        return listed

    def _speak(self, lang: str) -> None:
        self.again = True
        self.on_language(lang)
        self.reject()

    def _new(self) -> None:
        name = self.name.text().strip()
        suggested = places.documents() / ((name or _("My shop")) + SUFFIX)
        path = self._ask.choose_file_to_save(_("Where shall the new register lie?"), suggested, _filters(), parent=self)
        if path is not None:
            self._finish(self.on_new(path, name or path.stem))

    def _open(self) -> None:
        path = self._ask.choose_file_to_open(_("Open a register"), _filters(), parent=self)
        if path is not None:
            self._finish(self.on_open(path))

    def _finish(self, worked: bool) -> None:
        if worked:
            self.accept()
