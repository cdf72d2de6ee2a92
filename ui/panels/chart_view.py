"""A chart with the sentence that says what it shows, and what can be done with it: copy, save as a picture, save its numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from qmdesk.analysis.drawing import Chart
from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations.figures import chart_files
from ui import theme
from ui.desk import Desk
from ui.widgets.button import IconButton
from ui.widgets.chart_canvas import ChartCanvas
from ui.widgets.plain_label import PlainLabel


class ChartView(QWidget):
    """The chart, under it its sentence and its buttons."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.canvas = ChartCanvas(desk.jobs.pictures)
        self.canvas.on_menu = self._show_menu
        self.sentence = PlainLabel("", wrap=True, selectable=True)
        self.copy_button = IconButton("copy", _("Copy as a picture (Ctrl+C)"), self.copy)
        self.save_button = IconButton("image", _("Save the picture as PNG or SVG (Ctrl+S)"), self.save)
        self.numbers_button = IconButton("workbook", _("Save the numbers as a workbook (Ctrl+E)"), self.save_numbers)
        foot = QHBoxLayout()
        foot.setSpacing(theme.em(0.3))
        foot.addWidget(self.sentence, 1)
        for button in (self.copy_button, self.save_button, self.numbers_button):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.4))
        rows.addWidget(self.canvas, 1)
        rows.addLayout(foot)
        for keys, do in ((QKeySequence(QKeySequence.StandardKey.Copy), self.copy), (QKeySequence(QKeySequence.StandardKey.Save), self.save), (QKeySequence("Ctrl+E"), self.save_numbers)):
            QShortcut(keys, self.canvas, do, context=Qt.ShortcutContext.WidgetShortcut)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(22), theme.em(18))

    def show_chart(self, chart: Chart, on_open: Callable[[int], object]) -> None:
        """Show another chart; ``on_open`` is told which of its marks was opened."""
        self.canvas.show_chart(chart, on_open)
        self.sentence.setText(chart.about.sentence)

    @property
    def chart(self) -> Chart:
        """What is shown."""
        assert self.canvas.chart is not None
        return self.canvas.chart

    def menu(self) -> QMenu:
        """What can be done with the chart."""
        menu = QMenu(self)
        menu.addAction(theme.icon("copy"), _("Copy as a picture")).triggered.connect(lambda _on: self.copy())
        menu.addAction(theme.icon("image"), _("Save as PNG…")).triggered.connect(lambda _on: self.save("png"))
        menu.addAction(theme.icon("image"), _("Save as SVG…")).triggered.connect(lambda _on: self.save("svg"))
        menu.addAction(theme.icon("workbook"), _("Save the numbers…")).triggered.connect(lambda _on: self.save_numbers())
        return menu

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def copy(self) -> None:
        """Put the chart on the clipboard, in paper's colours: it goes into documents."""
        QGuiApplication.clipboard().setImage(QImage.fromData(chart_files.picture(self.chart, "png")))

    def save(self, kind: str = "png") -> None:
        """Save the chart as a picture the user names."""
        filters = [(_("Picture"), "*.png"), (_("Drawing"), "*.svg")]
        path = self.desk.ask.choose_file_to_save(_("Save the chart"), f"{_file_name(self.chart)}.{kind}", filters if kind == "png" else filters[::-1], parent=self)
        if path is not None:
            self._write(path, lambda: chart_files.save_picture(self.chart, path), _("The chart was saved as {file}.").format(file=path.name))

    def save_numbers(self) -> None:
        """Save the numbers behind the chart."""
        filters = [(_("Workbook"), "*.xlsx"), (_("Text table"), "*.csv")]
        path = self.desk.ask.choose_file_to_save(_("Save the numbers"), f"{_file_name(self.chart)}.xlsx", filters, parent=self)
        if path is not None:
            rows = len(self.chart.table().rows)
            said = n_("{n} row was saved as {file}.", "{n} rows were saved as {file}.", rows, file=path.name)
            self._write(path, lambda: chart_files.save_numbers(self.chart, path), said)

    def _write(self, path: Path, write: Callable[[], object], said: str) -> None:
        try:
            write()
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
        else:
            self.desk.on_saved(said, path)


def _file_name(chart: Chart) -> str:
    """The heading of a chart as a file can be called."""
    kept = "".join(letter if letter.isalnum() or letter in " -–×" else " " for letter in chart.about.title)
    return " ".join(kept.split()) or "chart"
