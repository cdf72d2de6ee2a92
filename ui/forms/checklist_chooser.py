"""Choosing a checklist among many: typed words narrow the list, headings say what each looks at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from qmdesk.i18n import _, n_
from qmdesk.operations import checklist_library, checklists
from qmdesk.records.audit import ChecklistKind
from qmdesk.register import Reading
from qmdesk.schema.folding import fold
from qmdesk.schema.types import Choice
from qmdesk.values import dataclass
from ui import theme
from ui.forms.checklist_rows import FAINT, HEADING, ID, SECOND, Rows
from ui.widgets.plain_label import PlainLabel
from ui.widgets.search_field import SearchField


@dataclass(frozen=True)
class Offer:
    """A checklist that can be chosen: the id of one's own, or the key of one in the library."""

    id: int | str
    kind: ChecklistKind
    name: str
    second: str
    words: str = ""
    faint: bool = False


def own_offers(reading: Reading, *, in_use: bool = False) -> list[Offer]:
    """The lists of a register; with ``in_use`` only those that are offered for audits."""
    found = []
    for one in reading.records(checklists.checklists_query()):
        if in_use and not one.active:
            continue
        asked = n_("{n} question", "{n} questions", checklists.questions_in(reading, one.id))
        told = [asked, _("version {n}").format(n=one.version), _(one.language.label)]
        if not one.active:
            told.append(_("not in use"))
        found.append(Offer(one.id, one.kind, one.name, " · ".join(told), one.purpose, faint=not one.active))
    return found


def library_offers(lang: str, taken: Collection[str]) -> list[Offer]:
    """The lists of the library in a language; those with their key in ``taken`` are among one's own already."""
    return [
        Offer(one.key, one.kind, one.name, _("among your checklists already") if one.key in taken else one.purpose, f"{one.purpose} {one.criteria}", faint=one.key in taken)
        for one in checklist_library.entries(lang)
    ]


class ChecklistChooser(QWidget):
    """A search line over a list in groups. The first that fits is current, so that a few letters and Enter choose."""

    current_changed = Signal(object)
    """The id of the list that is current now, None for none."""
    opened = Signal(object)
    """The id of a list that was double-clicked, or on which Enter was pressed."""

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: Sequence[Offer] = ()
        self.search = SearchField(hint or _("Find a checklist"), find_in=parent)
        self.search.searched.connect(lambda _words: self._fill())
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Checklists"))
        self.list.setItemDelegate(Rows(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMouseTracking(True)
        self.list.currentItemChanged.connect(lambda _now, _before: self.current_changed.emit(self.chosen))
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(ID)))
        self.nothing = PlainLabel("", "muted", wrap=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        for part in (self.search, self.nothing):
            rows.addWidget(part)
        rows.addWidget(self.list, 1)
        self.setFocusProxy(self.search)

    @property
    def chosen(self) -> int | str | None:
        """The id of the current list."""
        item = self.list.currentItem()
        return item.data(ID) if item is not None else None

    def offer(self, offers: Sequence[Offer]) -> None:
        """Offer these lists; what was current stays current where it is still there."""
        self._offers = offers
        self._fill()

    def choose(self, id_: int | str) -> None:
        """Make a list current; what was typed is cleared when it hides it."""
        if not self._go_to(id_) and self.search.text():
            self.search.clear()
            self._go_to(id_)

    def _go_to(self, id_: int | str | None) -> bool:
        for at in range(self.list.count()):
            if id_ is not None and self.list.item(at).data(ID) == id_:
                self.list.setCurrentRow(at)
                return True
        return False

    def _fill(self) -> None:
        words = fold(self.search.text()).split()
        fitting = [one for one in self._offers if all(word in fold(f"{one.name} {_(one.kind.label)} {one.second} {one.words}") for word in words)]
        order = list(ChecklistKind)
        fitting.sort(key=lambda one: (order.index(one.kind), fold(one.name)))
        before = self.chosen
        self.list.blockSignals(True)
        self.list.clear()
        kind = None
        for one in fitting:
            if one.kind is not kind:
                kind = one.kind
                self._add(Choice(ChecklistKind).show(kind), None)
            self._add(one.name, one)
        if not self._go_to(before) and fitting:
            self.list.setCurrentRow(1)
        self.list.blockSignals(False)
        self.nothing.setText("" if fitting or not self._offers else _("No checklist has all of these words. Type fewer letters."))
        self.nothing.setVisible(bool(self.nothing.text()))
        self.current_changed.emit(self.chosen)

    def _add(self, words: str, one: Offer | None) -> None:
        item = QListWidgetItem(words)
        if one is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setData(HEADING, True)
        else:
            item.setData(ID, one.id)
            item.setData(SECOND, one.second)
            item.setData(FAINT, one.faint)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.name}, {one.second}")
        self.list.addItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down move in the list while one types; Enter takes what is current."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.search.flush()
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.search.flush()
                if self.chosen is not None:
                    self.opened.emit(self.chosen)
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        row = self.list.currentRow() + by
        while 0 <= row < self.list.count():
            if self.list.item(row).data(ID) is not None:
                self.list.setCurrentRow(row)
                return
            row += by
