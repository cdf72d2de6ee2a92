"""Every question of a run in a list, by section, each with a sign that says how it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from qmdesk.i18n import _
from qmdesk.records.audit import AuditAnswer
from qmdesk.records.audit_result import Standing, standing
from ui import theme
from ui.widgets.plain_label import harmless_tooltip

SIGNS: dict[Standing, tuple[str, str]] = {
    Standing.OPEN: ("neutral", "faint"),
    Standing.MISSING: ("warn", "warn"),
    Standing.MET: ("good", "good"),
    Standing.REMARKED: ("info", "info"),
    Standing.FAILED: ("bad", "bad"),
    Standing.RECORDED: ("done", "good"),
    Standing.LEFT_OUT: ("close", "muted"),
    Standing.NOT_CHECKED: ("hide", "muted"),
}
"""Icon and colour of each standing."""


class Overview(QListWidget):
    """A click or the arrows choose a question; letters and digits are answers and go to the run."""

    def __init__(self, choose: Callable[[int], object]) -> None:
        super().__init__()
        self._choose = choose
        self.setAccessibleName(_("All questions"))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._chosen)
        self.currentItemChanged.connect(lambda item, _before: self._chosen(item) if self.hasFocus() else None)

    def show_questions(self, asked: Sequence[AuditAnswer], photographed: Collection[int], current: int) -> None:
        """Show these questions; ``current`` is the id of the one that is asked now."""
        self.ensurePolished()  # or its lines would become higher when it is first shown
        with QSignalBlocker(self):
            at = self.verticalScrollBar().value()
            self.clear()
            section = ""
            for one in asked:
                if one.section != section:
                    section = one.section
                    self._head(section)
                item = self._item(one, standing(one, photo=one.id in photographed))
                if one.id == current:
                    self.setCurrentItem(item)
            self.verticalScrollBar().setValue(at)
        if 0 <= self.currentRow() <= 1:
            self.scrollToTop()  # the heading too
        elif self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

    def _head(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFont(theme.font("strong"))
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setForeground(theme.colour("muted"))
        self.addItem(item)

    def _item(self, one: AuditAnswer, stands: Standing) -> QListWidgetItem:
        icon, role = SIGNS[stands]
        wording = " ".join(one.wording.split())
        item = QListWidgetItem(theme.icon(icon, role), f"{one.position}  {wording}")
        item.setData(Qt.ItemDataRole.UserRole, one.id)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.position}. {wording}: {_(stands.label)}")
        item.setToolTip(harmless_tooltip(f"{wording}\n{_(stands.label)}"))
        self.addItem(item)
        return item

    def standings(self) -> list[str]:
        """What the list says, question by question."""
        items = (self.item(row) for row in range(self.count()))
        return [item.data(Qt.ItemDataRole.AccessibleTextRole) for item in items if item.data(Qt.ItemDataRole.UserRole)]

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and (id_ := item.data(Qt.ItemDataRole.UserRole)):
            self._choose(id_)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()
