"""Tabs whose bar is one stop for the keyboard, and whose pages are made when they are first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget

from qmdesk.i18n import _
from ui import theme

W = TypeVar("W", bound=QWidget)


class Part(Generic[W]):
    """A tab of a panel, as an attribute of its class; the panel's ``tabs`` hold it.

    ``make`` gets the panel and makes the page behind the tab, when it is first shown or asked for: a panel of ten tabs
    is there at once. ``words`` are marked for translation.
    """

    def __init__(self, words: str, make: Callable[[Any], W], icon: str = "") -> None:
        self.words, self.make, self.icon = words, make, icon
        self.name = ""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, panel: None, owner: type) -> Part[W]: ...

    @overload
    def __get__(self, panel: QWidget, owner: type) -> W: ...

    def __get__(self, panel: Any, owner: type) -> Part[W] | W:
        return self if panel is None else panel.tabs.page(self.name)


class Tabs(QTabWidget):
    """Pages behind tabs, without a frame around them; those of ``panel`` are the parts its class names, in their order."""

    def __init__(self, panel: QWidget | None = None) -> None:
        super().__init__()
        self.setDocumentMode(True)
        one_stop(self.tabBar())
        self._panel = panel
        self._parts: dict[str, Part[Any]] = {}
        self._pages: dict[str, QWidget] = {}  # by the names of the parts; before it is made, what stands in a page's place
        if panel is not None:
            self.currentChanged.connect(self._make_current)
            for part in vars(type(panel)).values():
                if isinstance(part, Part):
                    self._hold_place(part)

    def showEvent(self, event: QShowEvent) -> None:
        self._make_current(self.currentIndex())  # of those that nobody asked for the first page
        super().showEvent(event)

    def _hold_place(self, part: Part[Any]) -> None:
        self._parts[part.name] = part
        self._pages[part.name] = QWidget()
        with QSignalBlocker(self):  # the first one would be made at once, before its panel is whole
            at = self.addTab(self._pages[part.name], _(part.words))
        if part.icon:
            self.setTabIcon(at, theme.icon(part.icon))

    def made(self, name: str) -> bool:
        """Whether the page of a part is there already."""
        return name not in self._parts

    def pages(self) -> dict[str, Any]:
        """The pages that are there already, by the names of their parts."""
        return {name: page for name, page in self._pages.items() if name not in self._parts}

    def currentWidget(self) -> QWidget:
        self._make_current(self.currentIndex())
        return super().currentWidget()

    def place(self, name: str) -> int:
        """At which place the tab of a part stands; its page is not made for that."""
        return self.indexOf(self._pages[name])

    def page(self, name: str) -> Any:
        """The page of a part."""
        if name in self._parts:
            self._make(self._parts.pop(name))
        return self._pages[name]

    def _make(self, part: Part[Any]) -> None:
        holder, page = self._pages[part.name], part.make(self._panel)
        self._pages[part.name] = page
        at = self.indexOf(holder)
        current, visible = self.currentIndex() == at, self.isTabVisible(at)
        with QSignalBlocker(self):
            self.insertTab(at, page, self.tabIcon(at), self.tabText(at))
            self.setTabToolTip(at, self.tabToolTip(at + 1))
            if current:
                self.setCurrentIndex(at)
            self.removeTab(at + 1)
            self.setTabVisible(at, visible)
        holder.deleteLater()

    def _make_current(self, at: int) -> None:
        if name := next((name for name in self._parts if self.place(name) == at), ""):
            self.page(name)


def one_stop(bar: QTabBar) -> None:
    """Let Tab pass over the arrows of a bar of tabs: the arrow keys lead to every tab."""
    for arrow in bar.findChildren(QToolButton):
        arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
