"""One editor for each type of value: how a person is asked for it. ``editor_for`` finds it by the type alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known
from qmdesk.i18n import _, decimal_sign, language, show_number
from qmdesk.operations.attachments import prepare_picture
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.record import Field, empty, not_understood
from ui import theme
from ui.desk import Desk
from ui.forms.dates import DateLine
from ui.forms.lookup import Lookup
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel, harmless_tooltip

WIDE = 80  # letters of a line of text at most: what is longer than that is read with effort
VAT_RATES = ("23", "8", "5", "0", "zw", "np")  # offered in Poland today; any other can be typed
PICTURES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif"  # the last are refused with what to do; hidden, they would seem lost


class Editor(QWidget):
    """Asks for the value of one field. ``input`` is the widget that has the keyboard; its name is the field's label.

    ``default`` is the value a record has when nothing is said, None where there is none.
    """

    changed = Signal()
    """The user changed what stands here; setting a value does not tell."""
    left = Signal()
    """The user has finished here: time to look at ``problem``."""

    input: QWidget
    labelled = False
    """Whether the editor shows the field's label itself."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__()
        self.field, self.desk, self.default = field, desk, default

    def value(self) -> Any:
        """What the field holds; "" or None for nothing and for what can't be read."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def start_value(self) -> Any:
        """What a new record begins with."""
        return self.default

    def state(self) -> Any:
        """What stands here, to compare: differs when the user has changed something, readable or not."""
        return self.value()

    def problem(self) -> str:
        """What is wrong with what stands here, as a sentence; an empty field is no problem of the editor."""
        value = self.value()
        return "" if empty(value) else self.field.type.problem(value, self.field.labelled())

    def set_read_only(self, read_only: bool) -> None:
        """Only show the value."""
        self.input.setEnabled(not read_only)

    def set_wrong(self, wrong: bool) -> None:
        """Give the input the edge of one that must be mended."""
        if bool(self.input.property("wrong")) != wrong:
            theme.tell(self.input, "wrong", wrong)

    def describe(self, help_: str, problem: str) -> None:
        """What a screen reader says after the field's name."""
        parts = [_("required") if self.field.required else "", help_, problem]
        self.input.setAccessibleDescription(" ".join(part for part in parts if part))

    def letters(self) -> int:
        """How many letters wide it is at most; 0 takes all there is."""
        return 0

    def _hold(self, widget: QWidget, *others: QWidget) -> None:
        """Make ``widget`` the input; the others stand beside it."""
        self.input = widget
        widget.setAccessibleName(self.field.labelled())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.em(0.5))
        row.addWidget(widget, 1)
        for other in others:
            row.addWidget(other)
        self.setFocusProxy(widget)


# -- one line ----------------------------------------------------------------------------------------------------


class LineEditor(Editor):
    """A value written in one line; it is put in order when the user leaves, and the stored value stays exact until then."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        self.line = self._line()
        self._kept: tuple[str, Any] = ("", None)  # the text shown and the value it stands for
        self.line.editingFinished.connect(self._leave)
        self.line.textEdited.connect(self.changed)
        self._hold(self.line, *self._beside())

    def _line(self) -> QLineEdit:
        return QLineEdit()

    def _beside(self) -> tuple[QWidget, ...]:
        return ()

    def _read(self, text: str) -> Any:
        """The value in a text that is not empty. Raises ValueError."""
        return self.field.type.parse(text)

    def _write(self, value: Any) -> str:
        """The text for a value that is not empty."""
        return self.field.type.show(value)

    def _nothing(self) -> Any:
        return "" if isinstance(self.field.type, types.Text) else None

    def value(self) -> Any:
        text = self.line.text()
        if text == self._kept[0]:
            return self._kept[1]
        try:
            return self._read(text) if text.strip() else self._nothing()
        except (ValueError, OverflowError):
            return self._nothing()

    def set_value(self, value: Any) -> None:
        text = "" if empty(value) else self._write(value)
        self.line.setText(text)
        self.line.setCursorPosition(0)
        self._kept = (self.line.text(), self._nothing() if empty(value) else value)

    def state(self) -> Any:
        return self.line.text().strip()

    def problem(self) -> str:
        text = self.line.text()
        if text.strip() and text != self._kept[0]:
            try:
                self._read(text)
            except (ValueError, OverflowError):
                return not_understood(self.field, text.strip())
        return super().problem()

    def set_read_only(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)

    def _leave(self) -> None:
        text = self.line.text()
        if text != self._kept[0]:
            value = self.value()
            if not empty(value) and not self.problem():
                self.set_value(value)
            elif not text.strip() and self._nothing() is None and self.default is not None:
                self.set_value(self.default)  # a count is never nothing: it goes back to where it began
                self.changed.emit()
        self.left.emit()


class TextEditor(LineEditor):
    """One line of text."""

    def letters(self) -> int:
        most = self.field.type.most if isinstance(self.field.type, types.Text) else 0
        return most + 5 if most <= 40 else WIDE


class PhoneEditor(LineEditor):
    """A telephone number."""

    def letters(self) -> int:
        return 26


class CodeEditor(LineEditor):
    """A number with a check digit; a scanned code is typed here when the keyboard is here."""

    def letters(self) -> int:
        return 26

    def take_scan(self, code: str) -> bool:
        """Write a scanned code into the field while it is empty; else the code is looked for as everywhere."""
        if self.line.isReadOnly() or self.line.text().strip():
            return False
        self.line.setText(code)
        self.changed.emit()
        self._leave()
        return True


class DayEditor(LineEditor):
    """A day, with the manners of DateLine."""

    timed = False

    def _line(self) -> QLineEdit:
        line = DateLine(timed=self.timed)
        line.changed.connect(self.changed)
        return line

    def _read(self, text: str) -> Any:
        assert isinstance(self.line, DateLine)
        return self.line.read(text)

    def set_read_only(self, read_only: bool) -> None:
        assert isinstance(self.line, DateLine)
        self.line.set_read_only(read_only)

    def letters(self) -> int:
        return 22


class MomentEditor(DayEditor):
    """A day and time; one that must be told begins with now."""

    timed = True

    def start_value(self) -> Any:
        return clock().replace(microsecond=0) if self.field.required else self.default

    def letters(self) -> int:
        return 28


class NumberEditor(LineEditor):
    """A number, at the right of its line, with its unit beside it."""

    def _line(self) -> QLineEdit:
        line = QLineEdit()
        line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.setFont(theme.font("numbers"))
        return line

    def _beside(self) -> tuple[QWidget, ...]:
        self.unit = PlainLabel("", "muted")
        self.unit.hide()
        return (self.unit,)

    def set_unit(self, unit: str) -> None:
        """What is counted: a currency, a percent sign."""
        self.unit.setText(unit)
        self.unit.setVisible(bool(unit))

    def letters(self) -> int:
        return 24


class MoneyEditor(NumberEditor):
    """An amount; ``set_currency`` says of what."""

    def _write(self, value: Any) -> str:
        whole, _point, cents = f"{abs(value):.2f}".partition(".")
        return f"{'-' if value < 0 else ''}{show_number(int(whole))}{decimal_sign()}{cents}"

    def set_currency(self, code: str) -> None:
        """Show the currency's sign after the amount."""
        from babel.numbers import get_currency_symbol  # 40 ms that only money needs

        self.set_unit(get_currency_symbol(code, locale=language()) if code else "")


class DecimalEditor(NumberEditor):
    """A measured value or a bound; digits are not grouped."""

    def _write(self, value: Any) -> str:
        return f"{value.normalize():f}".replace(".", decimal_sign())


class PercentEditor(NumberEditor):
    """A share of a hundred."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        self.set_unit("%")

    def _write(self, value: Any) -> str:
        return self.field.type.show(value).removesuffix("%").strip()


class CountEditor(NumberEditor):
    """A whole number; digits are not grouped, because a lone comma would be read as a decimal sign."""

    def _write(self, value: Any) -> str:
        return str(value)

    def letters(self) -> int:
        return 14


# -- many lines --------------------------------------------------------------------------------------------------


class _GrowingText(QPlainTextEdit):
    """Plain text between 3 and 8 lines high, as high as what is written; Tab moves on."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            QTimer.singleShot(0, self, self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def _fit(self) -> None:
        written = round(self.document().size().height())
        shown = max(3, min(8, written))
        # the edge is constant, although a focused one is thicker: the sheet takes that from its padding
        edge = 2 * theme.em(0.3) + 2 + 2 * round(self.document().documentMargin()) + theme.em(0.25)
        self.setFixedHeight(shown * QFontMetrics(self.font()).lineSpacing() + edge)
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded if written > shown else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != needed:
            self.setVerticalScrollBarPolicy(needed)


class LongTextEditor(Editor):
    """Text of many lines; the field grows while one writes."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        self.text = _GrowingText()
        self._kept: tuple[str, str] = ("", "")
        self._setting = False
        self.text.textChanged.connect(self._written)
        self.text.left.connect(self.left)
        self._hold(self.text)

    def value(self) -> Any:
        text = self.text.toPlainText()
        return self._kept[1] if text == self._kept[0] else self.field.type.parse(text)

    def set_value(self, value: Any) -> None:
        self._setting = True
        self.text.setPlainText(value or "")
        self._setting = False
        self._kept = (self.text.toPlainText(), value or "")

    def state(self) -> Any:
        return self.text.toPlainText().strip()

    def set_read_only(self, read_only: bool) -> None:
        self.text.setReadOnly(read_only)

    def letters(self) -> int:
        return WIDE

    def _written(self) -> None:
        if not self._setting:
            self.changed.emit()


# -- from a list -------------------------------------------------------------------------------------------------


class _Combo(QComboBox):
    """A list that opens on demand; turning the wheel over a form must not change what it says."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        self.view().setAccessibleName(label)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceEditor(Editor):
    """One of a fixed list of words; where nothing may be said, an empty entry stands first and Delete goes to it."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        assert isinstance(field.type, types.Choice)
        self.words: list[types.Labelled | None] = list(field.type.words)
        if default is None and not field.required:
            self.words.insert(0, None)
        self.combo = _Combo(field.labelled())
        for place, word in enumerate(self.words):
            self.combo.addItem(field.type.show(word))
            if word is None:
                self.combo.setItemData(place, _("nothing chosen"), Qt.ItemDataRole.AccessibleTextRole)
        self.combo.setPlaceholderText(_("Choose…"))
        self.combo.setCurrentIndex(-1 if field.required else 0)
        self.combo.activated.connect(self._chosen)
        self.combo.currentTextChanged.connect(lambda words: self.combo.setToolTip(harmless_tooltip(words)))  # it may be cut
        self._hold(self.combo)

    def value(self) -> Any:
        place = self.combo.currentIndex()
        return self.words[place] if place >= 0 else None

    def set_value(self, value: Any) -> None:
        self.combo.setCurrentIndex(self.words.index(value) if value in self.words else -1)

    def set_read_only(self, read_only: bool) -> None:
        """Qt's combo box can only be disabled; what it says is as readable as in the lines beside it."""
        super().set_read_only(read_only)
        if bool(self.combo.property("shown")) != read_only:
            theme.tell(self.combo, "shown", read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and None in self.words and self.combo.isEnabled():
            self.combo.setCurrentIndex(0)
            self._chosen()
        else:
            super().keyPressEvent(event)

    def letters(self) -> int:
        metrics = QFontMetrics(self.combo.font())
        longest = max((metrics.horizontalAdvance(self.combo.itemText(place)) for place in range(self.combo.count())), default=0)
        return 44 if longest + theme.em(3) <= theme.letters(44) else WIDE

    def _chosen(self) -> None:
        self.changed.emit()
        self.left.emit()


class VatRateEditor(Editor):
    """A VAT rate: the usual ones to choose, any other to type."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        self.combo = _Combo(field.labelled())
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.addItems(["", *(field.type.show(rate) for rate in VAT_RATES)])
        self.combo.setCompleter(None)  # type: ignore[arg-type]  # it would turn 5.5 into 5
        self.line = self.combo.lineEdit()
        self.line.setAccessibleName(field.labelled())
        self.line.textEdited.connect(self.changed)
        self.line.editingFinished.connect(self._leave)
        self.combo.activated.connect(self.changed)
        self._hold(self.combo)

    def value(self) -> Any:
        try:
            return self.field.type.parse(self.combo.currentText()) if self.combo.currentText().strip() else ""
        except ValueError:
            return ""

    def set_value(self, value: Any) -> None:
        self.combo.setCurrentText(self.field.type.show(value))

    def state(self) -> Any:
        return self.combo.currentText().strip()

    def problem(self) -> str:
        text = self.combo.currentText().strip()
        return not_understood(self.field, text) if text and not self.value() else super().problem()

    def letters(self) -> int:
        return 14

    def _leave(self) -> None:
        if rate := self.value():
            self.set_value(rate)
        self.left.emit()


class FlagEditor(Editor):
    """Yes or no: a box with the field's label beside it."""

    labelled = True

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        self.box = QCheckBox()
        self.box.clicked.connect(self.changed)
        words = PlainLabel(field.labelled(), wrap=True)  # beside the box, for a box keeps its words in one line
        words.installEventFilter(self)
        self._hold(self.box, words)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.setSpacing(0)  # the box leaves room for words of its own
        row.setStretch(0, 0)
        row.setStretch(1, 1)

    def value(self) -> Any:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the words is one on the box."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self.box.click()
        return super().eventFilter(watched, event)


class RefEditor(Editor):
    """Another record, found by typing; see Lookup."""

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        assert isinstance(field.type, types.Ref)
        self.lookup = Lookup(desk, field.type.target, field.labelled())
        self.lookup.changed.connect(self.changed)
        self.lookup.left.connect(self.left)
        self._hold(self.lookup)
        self.input = self.lookup.line
        self.take_scan = self.lookup.take_scan

    def value(self) -> Any:
        return self.lookup.chosen()

    def set_value(self, value: Any) -> None:
        self.lookup.choose(value)

    def state(self) -> Any:
        return self.lookup.chosen() or self.lookup.text().strip()

    def problem(self) -> str:
        return self.lookup.problem() or super().problem()

    def set_read_only(self, read_only: bool) -> None:
        self.lookup.set_read_only(read_only)

    def letters(self) -> int:
        return WIDE


# -- files -------------------------------------------------------------------------------------------------------


class PictureEditor(Editor):
    """A picture kept in the register, such as the logo: chosen, pasted or dropped, shown, taken away.

    ``content`` holds the bytes of a picture that is new here; who saves the record keeps them in the same transaction.
    ``read`` gives the bytes of a picture that was chosen before: the register's, unless they are not kept yet.
    """

    def __init__(self, field: Field, desk: Desk, default: Any = None) -> None:
        super().__init__(field, desk, default)
        self.read: Callable[[str], bytes] = desk.register.content
        self.content = b""
        self._sha256, self._refused = "", ""
        self._preview = PlainLabel()
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.mark(self._preview, "card")
        self._choose = Button(_("Choose a picture…"), "image", on_click=self._choose_file)
        self._remove = Button(_("Remove the picture"), part="link", on_click=self._take_away)
        self._hint = PlainLabel(_("or drop it here, or paste it with Ctrl+V"), "small", elide=Qt.TextElideMode.ElideRight)
        self._hold(self._choose)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.removeWidget(self._choose)
        column = QVBoxLayout()
        column.setSpacing(theme.em(0.3))
        for part in (self._choose, self._remove):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._hint)  # not aligned: it would be given the height of one line
        column.addStretch(1)
        row.addWidget(self._preview)
        row.addLayout(column, 1)
        self._choose.setAccessibleName(_("{field}: choose a picture").format(field=field.labelled()))
        self.setAcceptDrops(True)
        self._show(b"")

    def value(self) -> Any:
        return self._sha256

    def set_value(self, value: Any) -> None:
        self.content, self._sha256, self._refused = b"", value or "", ""
        self._show(self.read(value) if value else b"")

    def problem(self) -> str:
        return self._refused

    def set_read_only(self, read_only: bool) -> None:
        self.setAcceptDrops(not read_only)
        for part in (self._choose, self._hint):
            part.setVisible(not read_only)
        self._remove.setVisible(not read_only and bool(self._sha256))

    def put(self, content: bytes) -> None:
        """Show this picture as the new one; a sentence stands beside the field when it is none."""
        try:
            prepared, _media = prepare_picture(content)
        except Known as error:
            self._refused = error.sentence
        else:
            self.content, self._sha256, self._refused = prepared, hashlib.sha256(prepared).hexdigest(), ""
            self._show(prepared)
        self.changed.emit()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._take(QGuiApplication.clipboard().mimeData())
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, data: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if files:
            self._open(files[0])
        elif content := picture_of(data):
            self.put(content)

    def _choose_file(self) -> None:
        file = self.desk.ask.choose_file_to_open(_("Choose a picture"), [(_("Pictures"), PICTURES)], parent=self)
        if file:
            self._open(file)

    def _open(self, file: Path) -> None:
        try:
            content = file.read_bytes()
        except OSError:
            self._refused = _("{file} can't be read.").format(file=file.name)
            self.left.emit()
        else:
            self.put(content)

    def _take_away(self) -> None:
        self.content, self._sha256, self._refused = b"", "", ""
        self._show(b"")
        self.changed.emit()
        self.left.emit()

    def _show(self, content: bytes) -> None:
        picture = QPixmap()
        if content:
            picture.loadFromData(content)
        wide, high = theme.em(14), theme.em(6)
        self._preview.setFixedSize(wide, high)
        if picture.isNull():
            self._preview.setPixmap(theme.icon("image", "faint").pixmap(QSize(theme.em(2.5), theme.em(2.5))))
        else:
            room = QSize(wide - theme.em(0.6), high - theme.em(0.6))
            self._preview.setPixmap(
                picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            )
        self._remove.setVisible(bool(self._sha256))


def picture_of(data: QMimeData) -> bytes:
    """The picture on a clipboard or in a drag as PNG; b"" where there is none."""
    image = data.imageData() if data.hasImage() else None
    if not isinstance(image, QImage) or image.isNull():
        return b""
    written = QBuffer()
    written.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(written, "PNG")  # type: ignore[call-overload]  # as bytes, which the stub wants, it crashes
    return bytes(written.data().data())


# -- by type -----------------------------------------------------------------------------------------------------

EDITORS: dict[type[types.Type[Any]], Callable[[Field, Desk, Any], Editor]] = {
    types.Text: TextEditor,
    types.LongText: LongTextEditor,
    types.Phone: PhoneEditor,
    types.Nip: CodeEditor,
    types.Ean: CodeEditor,
    types.VatRate: VatRateEditor,
    types.Day: DayEditor,
    types.Moment: MomentEditor,
    types.Money: MoneyEditor,
    types.Number: DecimalEditor,
    types.Percent: PercentEditor,
    types.Count: CountEditor,
    types.Flag: FlagEditor,
    types.Choice: ChoiceEditor,
    types.Ref: RefEditor,
    types.File: PictureEditor,
}


def editor_for(field: Field, desk: Desk, default: Any = None) -> Editor:
    """The editor of a field by its type; a type without one of its own is asked for as the type it is made from."""
    for known in type(field.type).__mro__:
        if known in EDITORS:
            return EDITORS[known](field, desk, default)
    raise TypeError(f"no editor for {type(field.type).__name__}")
