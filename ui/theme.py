"""The look: colours by role for light and dark, fonts, sizes from font metrics, icons in the theme's colours."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPixmap,
    QRawFont,
)
from PySide6.QtWidgets import QApplication, QWidget

from qmdesk import places
from qmdesk.values import dataclass

Scheme = Literal["light", "dark", "system"]
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")

Role = Literal["good", "warn", "bad", "info", "neutral", "accent"]
"""What a colour means: of a pill, of a state, of a deadline."""


@dataclass(frozen=True, eq=False, repr=False)
class Tokens:
    """The colours of one scheme by role, as "#rrggbb"; their meanings stand beside the values in resources/theme."""

    background: str
    sunken: str
    surface: str
    raised: str
    alternate: str
    hover: str
    text: str
    muted: str
    faint: str
    border: str
    border_strong: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_text: str
    accent_soft: str
    selection: str
    selection_idle: str
    selection_text: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_hover: str
    bad_text: str
    bad_soft: str
    info: str
    info_soft: str
    neutral: str
    neutral_soft: str
    toast: str
    toast_text: str
    toast_action: str
    scroll: str
    scroll_hover: str
    series: list[str]  # of charts, in the order of use


@cache
def read_tokens(name: Literal["light", "dark"]) -> Tokens:
    """The colours of one scheme from resources/theme; a missing or unknown role is a TypeError."""
    with (places.resources() / "theme" / f"{name}.toml").open("rb") as file:
        return Tokens(**tomllib.load(file))


class _Now:
    """The one piece of state of this module: how the program looks now."""

    chosen: Scheme = "system"
    shown: Literal["light", "dark"] = "light"
    base: QFont | None = None  # the system's font, before any scaling
    born_dark = False  # the system's own palette was dark, where the scheme is unknown
    scale = 1.0
    sheet = ""


def apply(app: QApplication, scheme: Scheme = "system", scale: float = 1.0) -> None:
    """Give the program its look; "system" follows the system's light and dark. ``scale`` multiplies the text's size."""
    if _Now.base is None:
        _Now.base = app.font()
        _Now.born_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow(app))
    _Now.chosen, _Now.scale = scheme, scale
    if scheme == "system":
        app.styleHints().unsetColorScheme()
    else:  # window frames and the system's own dialogs follow too
        app.styleHints().setColorScheme(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
    _dress(app)


def _follow(app: QApplication) -> None:
    if _Now.chosen == "system":
        _dress(app)


def _dress(app: QApplication) -> None:
    assert _Now.base is not None
    _Now.shown = _Now.chosen if _Now.chosen != "system" else _system(app)
    app.setFont(_scaled(_Now.base, _Now.scale))
    app.setPalette(_palette(tokens()))
    _Now.sheet = _sheet(tokens())
    for window in app.topLevelWidgets():
        if window.styleSheet():
            dress(window)


def dress(window: QWidget) -> None:
    """Give the style sheet to a window before anything is put into it; what has a parent takes it from there.

    One sheet for the whole program would be less to think of. But with one, Qt goes through a part with all it holds each
    time it is put into a larger one, also while none of it is in a window: a page took up to twice as long.
    """
    if window.parentWidget() is None and window.styleSheet() != _Now.sheet:  # Qt would read it again, for every widget
        window.setStyleSheet(_Now.sheet)


def _system(app: QApplication) -> Literal["light", "dark"]:
    scheme = app.styleHints().colorScheme()
    if scheme == Qt.ColorScheme.Unknown:
        return "dark" if _Now.born_dark else "light"
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


# -- colours ---------------------------------------------------------------------------------------------------


def tokens() -> Tokens:
    """The colours in use now. Painted things ask when they paint; charts redraw on QEvent.ApplicationPaletteChange."""
    return read_tokens(_Now.shown)


def is_dark() -> bool:
    """Whether the dark scheme is shown."""
    return _Now.shown == "dark"


def colour(role: str) -> QColor:
    """The colour of a role of ``Tokens``, now."""
    return QColor(getattr(tokens(), role))


def pill(role: Role) -> tuple[QColor, QColor]:
    """The colours of a pill with this meaning: the word's and the ground's."""
    return colour(role), colour(f"{role}_soft")


def _palette(now: Tokens) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for what, value in (
        (role.Window, now.background), (role.WindowText, now.text),
        (role.Base, now.surface), (role.AlternateBase, now.alternate), (role.Text, now.text),
        (role.Button, now.raised), (role.ButtonText, now.text), (role.BrightText, now.bad),
        (role.ToolTipBase, now.toast), (role.ToolTipText, now.toast_text),
        (role.PlaceholderText, now.muted), (role.Link, now.accent), (role.LinkVisited, now.accent),
        (role.Highlight, now.selection), (role.HighlightedText, now.selection_text), (role.Accent, now.accent),
        (role.Light, now.raised), (role.Midlight, now.hover), (role.Mid, now.border),
        (role.Dark, now.border_strong), (role.Shadow, now.sunken),
    ):  # fmt: skip
        palette.setColor(group.All, what, QColor(value))
    palette.setColor(group.Inactive, role.Highlight, QColor(now.selection_idle))
    for what in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.PlaceholderText):
        palette.setColor(group.Disabled, what, QColor(now.faint))
    palette.setColor(group.Disabled, role.Highlight, QColor(now.selection_idle))
    palette.setColor(group.Disabled, role.Base, QColor(now.background))
    return palette


def _sheet(now: Tokens) -> str:
    """The one style sheet: resources/theme/sheet.qss with the colours and sizes of now filled in."""
    text = (places.resources() / "theme" / "sheet.qss").read_text(encoding="utf-8")
    sizes = {f"em{round(n * 100):03}": f"{em(n)}px" for n in (0.15, 0.25, 0.3, 0.35, 0.45, 0.5, 0.6, 0.65, 0.75, 0.8, 1, 1.2, 1.4, 1.6, 2, 3)}
    fonts = {f"font_{name}": f"{font(name).pointSizeF():.2f}pt" for name in ("title", "heading", "small")}
    pictures = {"pictures": (places.resources() / "icons" / _Now.shown).as_posix()}
    colours = {name: value for name, value in vars(now).items() if isinstance(value, str)}
    return Template(text).substitute(colours | sizes | fonts | pictures)


# -- sizes and fonts -------------------------------------------------------------------------------------------


def _scaled(base: QFont, factor: float) -> QFont:
    sized = QFont(base)
    points = base.pointSizeF()
    sized.setPointSizeF((points if points > 0 else QFontInfo(base).pointSizeF()) * factor)
    return sized


def em(n: float = 1.0) -> int:
    """``n`` times the height of the letters of running text, in pixels: every size that must grow with the text."""
    return max(1, round(n * _pixels(QApplication.font())))


@lru_cache(4)
def _pixels(font: QFont) -> int:
    return QFontInfo(font).pixelSize()  # Qt looks the font up each time: 0.1 ms, and em is asked for hundreds of times


def letters(n: int) -> int:
    """The width of about ``n`` letters of running text, in pixels: widths of columns and inputs."""
    return round(n * QFontMetrics(QApplication.font()).averageCharWidth())


FontName = Literal["body", "title", "heading", "small", "strong", "numbers"]


def font(name: FontName = "body") -> QFont:
    """The font of a kind of text, from the font and scale of now; "numbers" has digits of one width."""
    body = QApplication.font()
    if name == "title":
        made = _scaled(body, 1.5)
        made.setWeight(QFont.Weight.DemiBold)
    elif name == "heading":
        made = _scaled(body, 1.15)
        made.setWeight(QFont.Weight.DemiBold)
    elif name == "small":
        made = _scaled(body, 0.9)
    elif name == "strong":
        made = QFont(body)
        made.setWeight(QFont.Weight.DemiBold)
    else:
        made = QFont(body)
    if name == "numbers":
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def mark(widget: QWidget, part: str) -> QWidget:
    """Say which part of the style sheet a widget plays (property "part": primary, danger, rail, card, title...)."""
    tell(widget, "part", part)
    return widget


def tell(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet asks about ([wrong="true"]), and have it read anew where it was read already."""
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


# -- icons -----------------------------------------------------------------------------------------------------
# The glyphs are those of QtAwesome's Phosphor font. Its own code takes 0.4 s at start (it loads 13 fonts and a Qt
# abstraction), this takes 10 ms: only the one font is read, and each icon asks for its colour when it is painted.


@dataclass(frozen=True)
class _Glyphs:
    font: QRawFont
    codes: dict[str, str]  # Phosphor's name -> hexadecimal code point
    words: dict[str, str]  # our word -> Phosphor's name

    def path(self, name: str) -> QPainterPath:
        """The outline of a picture, 100 units high, its top left at the origin; an unknown name is a KeyError."""
        word, fill, _rest = name.partition("-fill")
        code = self.codes[self.words.get(word, word) + fill]
        glyph = self.font.glyphIndexesForString(chr(int(code, 16)))[0]
        return self.font.pathForGlyph(glyph).translated(QPointF(0, self.font.ascent()))


@cache
def _glyphs() -> _Glyphs:
    spec = importlib.util.find_spec("qtawesome")  # where it lies, without running it
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "fonts"
    font_file, names_file = next(folder.glob("phosphor-[0-9]*.ttf")), next(folder.glob("phosphor-charmap-*.json"))
    raw = QRawFont(str(font_file), 100.0, QFont.HintingPreference.PreferNoHinting)
    with (places.resources() / "theme" / "icons.toml").open("rb") as file:
        return _Glyphs(raw, json.loads(names_file.read_text(encoding="utf-8")), tomllib.load(file))


@cache
def _outline(name: str) -> QPainterPath:
    return _glyphs().path(name)


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, ink: QColor) -> None:
    """Draw a picture in the middle of ``rect``, as large as fits."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QRectF(rect).center()
    painter.translate(middle.x() - side / 2, middle.y() - side / 2)
    painter.scale(side / 100, side / 100)
    painter.fillPath(_outline(name), ink)
    painter.restore()


class _Engine(QIconEngine):
    """Draws a glyph in the colour of a role, asked for at each painting, so that icons follow light and dark."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "faint" if mode == QIcon.Mode.Disabled else self._role
        chosen = self._role == "text" and (mode == QIcon.Mode.Selected or state == QIcon.State.On)
        square = QRect(rect)
        if rect.width() > rect.height():  # a box wider than high leaves a gap before the word: widgets.button
            square.setWidth(rect.height())
        paint_icon(painter, square, self._name, colour("accent" if chosen else role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPointF(0, 0).toPoint(), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> _Engine:
        return _Engine(self._name, self._role)


def icon(name: str, role: str = "text") -> QIcon:
    """The icon of one of our words (resources/theme/icons.toml; "-fill" for its filled twin) in the colour of a role."""
    _outline(name)  # an unknown name is a bug here, not an empty button later
    return QIcon(_Engine(name, role))
