"""The line for a day or a moment: t is today, + and - step by days, 5 is the fifth, and a small calendar."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPalette, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QToolButton, QVBoxLayout, QWidget

from qmdesk.i18n import _, language, show_day, show_moment
from qmdesk.register import clock
from qmdesk.schema import parsing
from ui import theme

_WITH_TIME = re.compile(r"^(?:(.*?)[\s,T]+)?(\d{1,2}):(\d{2})$")


def read_day(text: str) -> date:
    """A day as typed. Raises ValueError."""
    return parsing.typed_day(text, clock().date())


def read_moment(text: str) -> datetime:
    """A moment as typed: t is now, a time alone is today's, a day alone is its noon. Raises ValueError."""
    bare = text.strip()
    if bare.lower() == "t":
        return _to_the_minute(clock())
    if found := _WITH_TIME.match(bare):
        day = read_day(found[1]) if found[1] else clock().date()
        return _at(day, time(int(found[2]), int(found[3])))
    return parsing.parse_moment(bare) if ":" in bare else parsing.moment_on(read_day(bare))


def _at(day: date, hour: time) -> datetime:
    return parsing.local_to_utc(datetime.combine(day, hour))


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


class _Calendar(QFrame):
    """A month to pick a day from; it closes when one is picked."""

    picked = Signal(date)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        theme.mark(self, "card")
        self.month = QCalendarWidget()
        self.month.setAccessibleName(_("Calendar"))
        self.month.setLocale(QLocale(language()))
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        weekend, head = QTextCharFormat(), QTextCharFormat()
        weekend.setForeground(theme.colour("muted"))  # Qt's own red says nothing here
        head.setForeground(theme.colour("muted"))
        head.setBackground(theme.colour("surface"))
        for week_day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.month.setWeekdayTextFormat(week_day, weekend)
        self.month.setHeaderTextFormat(head)
        today = QTextCharFormat()
        today.setFontWeight(QFont.Weight.Bold)
        today.setForeground(theme.colour("accent"))
        self.month.setDateTextFormat(_qdate(clock().date()), today)
        for name, icon in (("qt_calendar_prevmonth", "left"), ("qt_calendar_nextmonth", "right")):
            if isinstance(arrow := self.month.findChild(QToolButton, name), QToolButton):
                arrow.setIcon(theme.icon(icon))  # Qt's own are black on any ground
        if isinstance(bar := self.month.findChild(QWidget, "qt_calendar_navigationbar"), QWidget):
            bar.setBackgroundRole(QPalette.ColorRole.Window)
        self.month.setMinimumSize(theme.em(34), theme.em(19))  # "niedz." stands whole
        self.month.clicked.connect(self._pick)
        self.month.activated.connect(self._pick)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*[theme.em(0.35)] * 4)
        rows.addWidget(self.month)
        self.setFocusProxy(self.month)

    def _pick(self, chosen: QDate) -> None:
        self.close()
        self.picked.emit(date(chosen.year(), chosen.month(), chosen.day()))


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


class DateLine(QLineEdit):
    """Reads and shows a day, or with ``timed`` a moment. ``changed`` tells that the user wrote or picked something."""

    changed = Signal()

    def __init__(self, *, timed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read: Callable[[str], date | datetime] = read_moment if timed else read_day
        self._timed = timed
        self._popup: _Calendar | None = None
        self._button = self.addAction(theme.icon("calendar", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._button.setText(_("Choose from the calendar"))
        self._button.setToolTip(_("Choose from the calendar (Alt+Down)"))
        self._button.triggered.connect(self.open_calendar)
        self.textEdited.connect(self.changed)

    def show_value(self, value: date | None) -> None:
        """Write the day or moment as the interface's language does."""
        if value is None:
            self.clear()
        elif isinstance(value, datetime):
            self.setText(show_moment(value))
        else:
            self.setText(show_day(value))

    def set_read_only(self, read_only: bool) -> None:
        """Only show."""
        self.setReadOnly(read_only)
        self._button.setVisible(not read_only)

    def open_calendar(self) -> None:
        """Show the month of the day in the line, else this month, to pick from."""
        if self.isReadOnly():
            return
        self.setFocus()
        self._popup = _Calendar(self)
        self._popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._popup.month.setSelectedDate(_qdate(self._day() or clock().date()))
        self._popup.picked.connect(self._put_day)
        self._popup.adjustSize()
        corner = self.mapToGlobal(QPoint(0, self.height() + 2))
        screen = self.screen().availableGeometry()
        if corner.y() + self._popup.height() > screen.bottom():
            corner = self.mapToGlobal(QPoint(0, -self._popup.height() - 2))
        corner.setX(min(corner.x(), screen.right() - self._popup.width()))
        self._popup.move(corner)
        self._popup.show()
        self._popup.month.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.isReadOnly() and self._manners(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _manners(self, event: QKeyEvent) -> bool:
        """Use a key that steps or jumps; False leaves it to the line."""
        whole = not self.text() or self.selectedText() == self.text()
        word, key = event.text().lower(), event.key()
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if held:
            if key == Qt.Key.Key_Down and held == Qt.KeyboardModifier.AltModifier:
                self.open_calendar()
                return True
            return False
        if word == "t" and whole:
            self._put(_to_the_minute(clock()) if self._timed else clock().date())
            return True
        step = {"+": 1, "=": 1, "-": -1}.get(word, 0) if whole and self.text() else 0
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(key), step)
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(key), 0)
        day = self._day() if step or months else None
        if day is None:
            return False
        self._put_day(day + timedelta(days=step) if step else _months_later(day, months))
        return True

    def _value(self) -> date | datetime | None:
        try:
            return self.read(self.text()) if self.text().strip() else None
        except ValueError:
            return None

    def _day(self) -> date | None:
        value = self._value()
        return value.astimezone().date() if isinstance(value, datetime) else value

    def _put_day(self, day: date) -> None:
        """Write another day, at the same time of day; a moment not told yet is at noon, or now where it is today."""
        if not self._timed:
            self._put(day)
            return
        before = self._value()
        if isinstance(before, datetime):
            self._put(_at(day, before.astimezone().time()))
        else:
            self._put(_to_the_minute(clock()) if day == clock().date() else parsing.moment_on(day))

    def _put(self, value: date) -> None:
        self.show_value(value)
        self.selectAll()  # so that + and - go on
        self.changed.emit()
