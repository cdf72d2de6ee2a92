"""The popover in which figures are narrowed to one product, supplier, channel, courier, cause or kind of buyer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QWidget

from qmdesk.i18n import _
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.scope import By, Key
from qmdesk.schema.folding import fold
from ui import theme
from ui.tables.popover import Popover
from ui.widgets.search_field import SearchField

OFFERED = (By.PRODUCT, By.CATEGORY, By.SUPPLIER, By.CHANNEL, By.COURIER, By.CAUSE, By.BUYER_TYPE)
LISTED = 200
"""More groups than this are searched for."""
NEAR = 10
"""So many before and after the one the keyboard is on are in sight."""


def groups(facts: Facts, by: By) -> Iterator[tuple[Key, str]]:
    """The groups there are, by name: key and name."""
    words = facts.words
    codes = list(words.titles.get(by, ())) or list(range(1, len(words.texts.get(by, ())))) or list(range(len(words.choices.get(by, ()))))
    yield from sorted(((words.key(by, code), words.name(by, code)) for code in codes), key=lambda one: one[1].casefold())


class GroupChooser(Popover):
    """What to narrow by, then which; ``take`` is told of both, ``look`` of those in sight, first of the one that Enter would take."""

    def __init__(
        self, facts: Facts, take: Callable[[By, Key], object], look: Callable[[By, Sequence[Key]], object], parent: QWidget, by: By | None = None
    ) -> None:
        super().__init__(_("Show only"), parent)
        self._facts, self._take, self._look = facts, take, look
        self.by = QComboBox()
        self.by.setAccessibleName(_("Show only"))
        for one in OFFERED:
            self.by.addItem(_(one.label))  # as its data Qt would make a plain text of it
        self.search = SearchField(_("Search"))
        self.search.searched.connect(lambda _words: self._fill())
        self.search.installEventFilter(self)
        self.listed = QListWidget()
        self.listed.setAccessibleName(_("Groups"))
        self.listed.setFixedSize(theme.letters(44), theme.em(18))
        self.listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.listed.itemActivated.connect(lambda _item: self._choose())
        self.listed.itemClicked.connect(lambda _item: self._choose())
        self.listed.currentRowChanged.connect(self._tell)
        for part in (self.by, self.search, self.listed):
            self.rows.addWidget(part)
        self.by.setCurrentIndex(OFFERED.index(by) if by in OFFERED else 0)
        self.by.currentIndexChanged.connect(lambda _at: self._begin())
        self._begin()
        self.setFocusProxy(self.search)

    @property
    def chosen_by(self) -> By:
        """What is narrowed by."""
        return OFFERED[self.by.currentIndex()]

    def _begin(self) -> None:
        self._groups = list(groups(self._facts, self.chosen_by))
        self.search.clear()
        self._fill()

    def _fill(self) -> None:
        wanted = fold(self.search.text())
        self.listed.clear()
        for key, name in [one for one in self._groups if wanted in fold(one[1])][:LISTED]:
            item = QListWidgetItem(name, self.listed)
            item.setData(Qt.ItemDataRole.UserRole, key)
        self.listed.setCurrentRow(0)

    def _tell(self, row: int) -> None:
        rows = (row, *range(row + 1, min(row + NEAR, self.listed.count())), *range(max(0, row - NEAR), row))
        if row >= 0:
            self._look(self.chosen_by, [self.listed.item(one).data(Qt.ItemDataRole.UserRole) for one in rows])

    def _choose(self) -> None:
        item = self.listed.currentItem()
        if item is not None:
            by, key = self.chosen_by, item.data(Qt.ItemDataRole.UserRole)
            self.close()
            self._take(by, key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down lead through the list while one types, Enter takes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.listed.setCurrentRow(max(0, min(self.listed.count() - 1, self.listed.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.search.flush()
                self._choose()
                return True
        return super().eventFilter(watched, event)
