"""The overview: a tile for each indicator, with its target, the line of its months and how it stands to the period before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QScrollArea, QWidget

from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure, interval
from qmdesk.analysis.time_charts import Spark
from qmdesk.i18n import _, n_, show_number
from qmdesk.operations.figures.chart_series import Looked, at_a_glance
from qmdesk.operations.figures.turns import Turn, met, turn
from qmdesk.records.measures import Indicator
from ui import theme
from ui.theme import Role
from ui.widgets.tile import Face, Tile


def face(looked: Looked, indicator: Indicator) -> Face:
    """What the tile of an indicator says."""
    told = looked.told
    now, before, months = at_a_glance(looked.facts, indicator, looked.scope)
    wanted = told.target(indicator)
    target = float(wanted.target) if wanted is not None and wanted.target is not None else None
    turned = turn(indicator, now, before, told.currency)
    icon = "" if target is None or now.value is None else "good" if met(indicator, now.value, target) else "warn"
    value = _("not known") if now.value is None else figure(now.value, now.unit, told.currency)
    return Face(_(indicator.label), value, tuple(_lines(now, target, told.currency)), turned.words, _role(turned), Spark(months, target, now.unit is not Unit.POINTS), icon)


def _lines(now: Measured, target: float | None, currency: str) -> list[str]:
    """What a figure rests on: why it can't be told, else its interval; how many; the target."""
    said = []
    if now.value is None or not now.judged:
        said.append(now.why)
    elif now.most is not None:
        sentence = n_("nine of ten within {most}, {n} still open", "nine of ten within {most}, {n} still open", now.still_open, most=figure(now.most, now.unit))
        said.append(sentence)
    elif words := interval(now, currency):
        said.append(_("95 %: {interval}").format(interval=words))
    if now.working is not None:
        said.append(_("within the shop's hours {value}").format(value=figure(now.working, now.unit)))
    if now.value is None:
        return said
    if target is None:
        said.append(_("n = {n}, no target yet").format(n=show_number(now.n)))
    else:
        said.append(_("n = {n}, target {target}").format(n=show_number(now.n), target=figure(target, now.unit, currency)))
    return [line for line in said if line]


def _role(turned: Turn) -> Role:
    if turned.better is None or not turned.sure:
        return "neutral"
    return "good" if turned.better else "bad"


class FigureTiles(QScrollArea):
    """``on_open`` is told which indicator was opened, ``on_target`` whose target is to be set."""

    def __init__(self) -> None:
        super().__init__()
        self.on_open: Callable[[Indicator], object] = lambda _indicator: None
        self.on_target: Callable[[Indicator], object] = lambda _indicator: None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget()
        theme.mark(self._inner, "page")
        self.tiles: dict[Indicator, Tile] = {}
        for indicator in Indicator:
            tile = Tile(self._inner)
            tile.clicked.connect(lambda _on=False, one=indicator: self.on_open(one))
            tile.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            tile.customContextMenuRequested.connect(lambda at, one=indicator: self._show_menu(one, at))
            self.tiles[indicator] = tile
        self.columns = 1
        self.setWidget(self._inner)
        self.setFocusProxy(self.tiles[Indicator.COMPLAINT_RATE])

    def show_looked(self, looked: Looked) -> None:
        """Show the figures of a scope."""
        for indicator, tile in self.tiles.items():
            tile.show_face(face(looked, indicator))

    def menu(self, indicator: Indicator) -> QMenu:
        """What can be done with a tile."""
        menu = QMenu(self)
        menu.addAction(theme.icon("analysis"), _("Show its chart")).triggered.connect(lambda _on: self.on_open(indicator))
        menu.addAction(theme.icon("target"), _("Target and alert bound…")).triggered.connect(lambda _on: self.on_target(indicator))
        return menu

    def _show_menu(self, indicator: Indicator, at: QPoint) -> None:
        menu = self.menu(indicator)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.tiles[indicator].mapToGlobal(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as there is room for; Qt's layouts would keep the width and height of the columns before."""
        super().resizeEvent(event)
        gap, room = theme.em(0.6), event.size().width()
        self.columns = max(1, (room + gap) // (theme.em(17) + gap))
        wide, high = (room + gap) // self.columns - gap, next(iter(self.tiles.values())).sizeHint().height()
        for place, tile in enumerate(self.tiles.values()):
            down, across = divmod(place, self.columns)
            tile.setGeometry(across * (wide + gap), down * (high + gap), wide, high)
        self._inner.setMinimumHeight(-(-len(self.tiles) // self.columns) * (high + gap))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(20), theme.em(14))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows lead from tile to tile, Enter opens one, T asks for its target."""
        order = list(self.tiles.values())
        here = next((place for place, tile in enumerate(order) if tile.hasFocus()), None)
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: self.columns, Qt.Key.Key_Up: -self.columns}
        if here is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif (key := Qt.Key(event.key())) in steps:
            if 0 <= here + steps[key] < len(order):
                order[here + steps[key]].setFocus(Qt.FocusReason.TabFocusReason)
                self.ensureWidgetVisible(order[here + steps[key]])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            order[here].click()
        elif key == Qt.Key.Key_T:
            self.on_target(list(self.tiles)[here])
        else:
            super().keyPressEvent(event)
