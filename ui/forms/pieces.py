"""Which pieces of an order a case is about: its lines to tick, and how many of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSpinBox, QVBoxLayout, QWidget

from qmdesk.i18n import _, show_money
from qmdesk.operations import cases
from qmdesk.records.case import CaseItem
from qmdesk.records.product import OrderLine
from ui import theme
from ui.widgets.plain_label import PlainLabel, harmless_tooltip

_LINE, _MANY = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Offer:
    """A line that can be chosen: ``most`` pieces of it at most (0: it only stands there), ``order`` where it is another one."""

    line: OrderLine
    most: int
    order: str = ""
    why_not: str = ""


class _Lines(QListWidget):
    """Space ticks a line, a digit or + and - say how many."""

    typed = Signal(int, bool)
    """A number, and whether it is added to what is there."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text()
        if key.isdecimal() and key != "0":
            self.typed.emit(int(key), False)
        elif key in ("+", "-"):
            self.typed.emit(1 if key == "+" else -1, True)
        else:
            super().keyPressEvent(event)


class Pieces(QWidget):
    """The lines of one or more orders; ``items`` are the pieces that were ticked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: dict[int, Offer] = {}
        self.list = _Lines()
        self.list.setAccessibleName(_("Which pieces?"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.typed.connect(self._typed)
        self.list.currentRowChanged.connect(lambda _row: self._show_spin())
        self.list.itemChanged.connect(lambda _item: self.changed.emit())
        self.many = QSpinBox()
        self.many.setAccessibleName(_("How many pieces of the chosen line"))
        self.many.lineEdit().setTextMargins(theme.em(0.4), 0, 0, 0)
        self.many.valueChanged.connect(lambda many: self._set(self.list.currentItem(), many))
        self._beside = QWidget()
        line = QHBoxLayout(self._beside)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(PlainLabel(_("Pieces"), "muted"))
        line.addWidget(self.many)
        self._of = PlainLabel("", "muted")
        line.addWidget(self._of)
        line.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.4))
        rows.addWidget(self.list)
        rows.addWidget(self._beside)
        self.offer(())

    def offer(self, offers: Sequence[Offer]) -> None:
        """Offer these lines, what stays ticked as it was; the only one of the order asked for is meant."""
        kept = {line.id: many for line, many in self._ticked()}
        self.list.blockSignals(True)
        self.list.clear()
        self._offers = {offer.line.id: offer for offer in offers}
        own = [offer for offer in offers if not offer.order]
        for offer in offers:
            item = QListWidgetItem()
            item.setData(_LINE, offer.line)
            item.setData(_MANY, min(kept.get(offer.line.id, offer.most), offer.most))
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags if offer.most else Qt.ItemFlag.ItemIsSelectable)
            meant = offer.line.id in kept or (len(own) == 1 and offer is own[0] and not kept)
            item.setCheckState(Qt.CheckState.Checked if meant and offer.most else Qt.CheckState.Unchecked)
            self.list.addItem(item)
            self._name(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)  # where Space ticks
        rows = [self.list.sizeHintForRow(at) for at in range(min(5, len(offers)))]
        self.list.setFixedHeight(sum(rows) + theme.em(0.6))
        self.setVisible(bool(offers))
        self._show_spin()
        self.changed.emit()

    def items(self) -> list[CaseItem]:
        """The ticked pieces as items of a case."""
        return [cases.item_from_line(line, many) for line, many in self._ticked()]

    def tick(self, product: int) -> None:
        """Tick the lines of a product."""
        for item in self._items():
            if item.data(_LINE).product == product and self._offers[item.data(_LINE).id].most:
                item.setCheckState(Qt.CheckState.Checked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _ticked(self) -> list[tuple[OrderLine, int]]:
        return [(item.data(_LINE), item.data(_MANY)) for item in self._items() if item.checkState() is Qt.CheckState.Checked]

    def _name(self, item: QListWidgetItem) -> None:
        line, offer = item.data(_LINE), self._offers[item.data(_LINE).id]
        words = _("{quantity} × {name}").format(quantity=item.data(_MANY) or line.quantity, name=line.name)
        if offer.most and item.data(_MANY) < line.quantity:
            words = _("{quantity} of {all} × {name}").format(quantity=item.data(_MANY), all=line.quantity, name=line.name)
        price = show_money(line.unit_price, line.currency or "PLN") if line.unit_price is not None else ""
        order = _("order {number}").format(number=offer.order) if offer.order else ""
        facts = " · ".join(part for part in (offer.why_not, price, line.sku, order) if part)
        item.setText(f"{words}\n{facts}" if facts else words)
        item.setToolTip(harmless_tooltip(item.text()))

    def _typed(self, number: int, added: bool) -> None:
        item = self.list.currentItem()
        if item is not None and self._offers[item.data(_LINE).id].most:
            self._set(item, item.data(_MANY) + number if added else number)
            self._show_spin()

    def _set(self, item: QListWidgetItem | None, many: int) -> None:
        """Say how many pieces of a line are meant: then some of it are."""
        if item is None:
            return
        most = self._offers[item.data(_LINE).id].most
        if not most:
            return
        self.list.blockSignals(True)
        item.setData(_MANY, max(1, min(many, most)))
        item.setCheckState(Qt.CheckState.Checked)
        self._name(item)
        self.list.blockSignals(False)
        self.changed.emit()

    def _show_spin(self) -> None:
        item = self.list.currentItem()
        most = self._offers[item.data(_LINE).id].most if item is not None else 0
        self._beside.setVisible(most > 1)
        if item is not None and most:
            self.many.blockSignals(True)
            self.many.setRange(1, most)
            self.many.setValue(item.data(_MANY))
            self.many.blockSignals(False)
            self._of.setText(_("of {many}").format(many=most))
