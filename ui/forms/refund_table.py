"""The calculation of a refund as a table: every component with its amount, its legal basis and how it came about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.i18n import _, show_money
from qmdesk.operations.returns import Calculation
from ui import theme
from ui.forms.form import Sign
from ui.widgets.plain_label import PlainLabel


class RefundTable(QWidget):
    """Shows a calculation, or why there is none; ``lines`` is what it says, for whoever reads it aloud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._inner: QWidget | None = None
        self.lines: list[tuple[str, str]] = []
        self.setAccessibleName(_("What goes back"))

    def show_calculation(self, calculation: Calculation) -> None:
        """Show every component, the sum, and what to look at once more."""
        grid = self._begin()
        for part in calculation.parts:
            self._line(grid, part.label(), show_money(part.amount, calculation.currency), _("{how} Basis: {basis}.").format(how=part.sentence(), basis=part.basis()))
        if calculation.total is not None:
            rule = QFrame()
            theme.mark(rule, "line")
            rule.setFixedHeight(1)
            grid.addWidget(rule, grid.rowCount(), 0, 1, 2)
            self._line(grid, _("Goes back in all"), show_money(calculation.total, calculation.currency), "", "strong")
        self._signs(grid, [(sentence, "info") for sentence in [calculation.missing()] if sentence])
        self._signs(grid, [(sentence, "warn") for sentence in calculation.cautions()])

    def show_problems(self, sentences: Sequence[str]) -> None:
        """Say why nothing can be calculated."""
        self._signs(self._begin(), [(sentence, "bad") for sentence in sentences])

    def _begin(self) -> QGridLayout:
        if self._inner is not None:
            self._rows.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
        self._inner, self.lines = QWidget(self), []
        grid = QGridLayout(self._inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(theme.em(0.25))
        grid.setHorizontalSpacing(theme.em(1))
        grid.setColumnStretch(0, 1)
        self._rows.addWidget(self._inner)
        return grid

    def _line(self, grid: QGridLayout, words: str, amount: str, how: str, part: str = "") -> None:
        self.lines.append((words, amount))
        row = grid.rowCount()
        grid.addWidget(PlainLabel(words, part, wrap=True), row, 0)
        money = PlainLabel(amount, part, selectable=True)
        money.setFont(theme.font("numbers"))
        grid.addWidget(money, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        if how:
            below = PlainLabel(how, "small", wrap=True)
            below.setContentsMargins(0, 0, 0, theme.em(0.35))
            grid.addWidget(below, row + 1, 0, 1, 2)

    def _signs(self, grid: QGridLayout, sentences: Sequence[tuple[str, str]]) -> None:
        for sentence, role in sentences:
            self.lines.append((sentence, ""))
            said = QWidget()
            line = QHBoxLayout(said)
            line.setContentsMargins(0, theme.em(0.2), 0, 0)
            line.setSpacing(theme.em(0.4))
            line.addWidget(Sign(role, role), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(PlainLabel(sentence, wrap=True), 1)
            grid.addWidget(said, grid.rowCount(), 0, 1, 2)
