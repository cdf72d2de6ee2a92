"""A picture to compare with, as wide as its place; a click shows it as large as the window."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme


class ReferencePicture(QWidget):
    """Hidden while there is no picture."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QPixmap()
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_picture(self, content: bytes) -> None:
        """Show these bytes of a picture; b"" hides it."""
        self.picture = QPixmap()
        if content:
            self.picture.loadFromData(content)
        self.setVisible(not self.picture.isNull())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self.picture.isNull():
            return 0
        return min(theme.em(26), round(width * self.picture.height() / max(1, self.picture.width())))

    def sizeHint(self) -> QSize:
        wide = theme.em(20)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(8), theme.em(5) if not self.picture.isNull() else 0)

    def open_large(self) -> None:
        """Show it as large as the window; any key or click closes it."""
        Large(self.picture, self.window())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.open_large()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open_large()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint(painter, self.rect(), self.picture)
        if self.hasFocus():
            painter.setPen(theme.colour("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def show_large(content: bytes, window: QWidget) -> None:
    """Show the bytes of a picture as large as a window; nothing for what is none."""
    picture = QPixmap()
    if content and picture.loadFromData(content):
        Large(picture, window)


class Large(QWidget):
    """The picture over the whole window."""

    def __init__(self, picture: QPixmap, window: QWidget) -> None:
        super().__init__(window)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self._before = QGuiApplication.focusObject()
        self.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._leave()

    def _leave(self) -> None:
        if isinstance(self._before, QWidget):
            self._before.setFocus()
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("sunken"))
        edge = theme.em(1)
        _paint(painter, self.rect().adjusted(edge, edge, -edge, -edge), self._picture)


def _paint(painter: QPainter, place: QRect, picture: QPixmap) -> None:
    if picture.isNull():
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    shown = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    where = QRect(0, 0, shown.width(), shown.height())
    where.moveCenter(place.center())
    painter.drawPixmap(where, picture)
