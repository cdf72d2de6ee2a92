"""The list of one kind of record as pages show it: search, filters as chips, kept views, columns, count, table, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QLocale, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.exchange.writer import export
from qmdesk.i18n import N_, _, language
from qmdesk.operations.registers import the_shop
from qmdesk.records.shop import Shop
from qmdesk.register import Change, Reading, clock
from qmdesk.schema.query import Condition, Order, Query, These, parse_order
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk, Page
from ui.jobs import Progress
from ui.tables.column_chooser import ColumnChooser
from ui.tables.filter_editor import FilterEditor
from ui.tables.filters import Filter, View, conditions, read_view
from ui.tables.model import Column, TableModel
from ui.tables.view import TableView
from ui.widgets.button import IconButton
from ui.widgets.chips import Chips
from ui.widgets.empty_state import EmptyState
from ui.widgets.plain_label import PlainLabel
from ui.widgets.search_field import SearchField

KEEP_AFTER_MS = 800
"""A change of columns is written to the preferences once the user pauses."""
LONGEST_CHIP = 48
"""Letters of a chip: a list beside an open record is narrow, and a click on the chip shows the rest."""


@dataclass(frozen=True)
class Empty:
    """What a list says while the register holds nothing for it; ``do`` is what its button does."""

    sentence: str = N_("Nothing here yet.")
    advice: str = ""
    action: str = ""
    do: Callable[[], object] | None = None
    icon: str = "empty"


class Listing(Page):
    """A list in a page. It refreshes itself; what happens in it is told to ``on_open``, ``on_current`` and ``on_menu``.

    ``columns`` are the keys shown unless the user chose others, ``order`` is as in "-received_at", ``told`` adds computed
    columns, ``where`` conditions the user can't take off, ``presets`` views by their name that need no saving; ``name``
    is under what the user's own choices are kept.
    """

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        *,
        columns: Sequence[str] | None = None,
        order: str | None = None,
        told: Sequence[Column] = (),
        where: Sequence[Condition] = (),
        presets: Sequence[tuple[str, View]] = (),
        empty: Empty | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self.kind = kind
        self.shows = tuple(dict.fromkeys((kind, Shop, *kind.spec.refs.values())))
        self.filters: tuple[Filter, ...] = ()
        self.where = tuple(where)
        self.on_open: Callable[[int], object] = lambda _id: None
        self.on_current: Callable[[int | None], object] = lambda _id: None
        self.on_menu: Callable[[QMenu, list[int]], object] = lambda _menu, _ids: None
        self._name = name or kind.spec.table
        self._presets = tuple(presets)
        self._empty = empty or Empty()
        self._usual_order = parse_order(kind, order or "-id")
        usual = [field.name for field in kind.spec.fields.values() if field.listed] or [kind.spec.title.name]
        self._usual_columns = tuple(columns or (*usual, *(column.key for column in told)))

        self.model = TableModel(desk.register, kind, told, parent=self)
        self.table = TableView(self.model)
        self.search = SearchField()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.come)  # from the rail and the open record too
        self.chips = Chips()
        self.count = PlainLabel(part="small")
        self.views_button = IconButton("views", _("Views"), self._show_views)
        self.columns_button = IconButton("columns", _("Columns"), lambda: self._choose_columns())
        self.export_button = IconButton("export", _("Export the list"), self.export)
        self.empty_state = EmptyState(self._empty.icon, "")
        self._keep = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._lay_out()
        self._connect()
        kept = self.settings
        self._order = self._order_of(kept.order) or self._usual_order
        self.table.arrange(self._known(kept.columns) or self._usual_columns, kept.widths)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.em(0.25))
        line.addWidget(self.search, 1)
        for button in (self.views_button, self.columns_button, self.export_button):
            line.addWidget(button)
        below = QHBoxLayout()
        below.setSpacing(theme.em(0.75))
        below.addWidget(self.chips, 1)
        below.addWidget(self.count)
        place = QWidget()
        self._stack = QStackedLayout(place)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty_state)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.6))
        rows.addLayout(line)
        rows.addLayout(below)
        rows.addWidget(place, 1)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _words: self._ask())
        self.search.returnPressed.connect(self._go_to_table)
        self.search.installEventFilter(self)
        self.chips.added.connect(lambda: self.edit_filter(None))
        self.chips.clicked.connect(self.edit_filter)
        self.chips.removed.connect(self.remove_filter)
        self.empty_state.chosen.connect(self._act_on_empty)
        self._keep.timeout.connect(self._keep_layout)
        table = self.table
        table.on_open = lambda id_: self.on_open(id_)
        table.on_current = lambda id_: self.on_current(id_)
        table.on_menu = lambda menu, ids: self.on_menu(menu, ids)
        table.on_order = self.order_by
        table.on_layout = self._keep.start
        table.on_type = self._type
        table.on_columns = self._choose_columns
        table.warn = self.desk.ask.warn
        for model_news in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            model_news.connect(self._show_count)

    def stops(self) -> Sequence[QWidget]:
        return self.table, self.empty_state.button

    # -- what is asked

    @property
    def query(self) -> Query:
        """What the list shows: for an export, a chart, a count."""
        asked = (*self.where, *conditions(self.filters, clock().date()))
        return Query(self.kind, asked, self.search.text().strip(), (self._order,))

    def narrow(self, where: Sequence[Condition]) -> None:
        """Show other records than before, whatever the user filters: the orders of another customer."""
        self.where = tuple(where)
        self._ask()

    def filter_by(self, *filters: Filter) -> None:
        """Show these filters instead of those of now."""
        self.filters = filters
        self._ask()

    def show_only(self, *filters: Filter) -> None:
        """Show what these filters let through, whatever was searched for before, and stand on the first of it."""
        self.filters = filters
        self._put_words("")
        self._ask()
        if self.table.table_model.total:
            self.table.stand_on(0)

    def order_by(self, order: Order) -> None:
        """Order the list, now and next time."""
        self._order = order
        self._ask()
        self._keep.start()

    def remove_filter(self, place: int) -> None:
        """Take a filter off."""
        self.filter_by(*self.filters[:place], *self.filters[place + 1 :])

    def clear(self) -> None:
        """Take all filters off, and the search."""
        self.filters = ()
        self._put_words("")
        self._ask()

    def _put_words(self, words: str) -> None:
        """Search for these words without waiting for the typing to pause."""
        self.search.setText(words)
        self.search.flush()

    def edit_filter(self, place: int | None) -> FilterEditor:
        """Open the popover for a filter, or for a new one."""
        if place is not None and isinstance(self.filters[place].condition, These):
            place = None  # records chosen elsewhere can be narrowed further, but not described otherwise
        start = None if place is None else self.filters[place]

        def take(made: Filter) -> None:
            after = len(self.filters) if place is None else place
            self.filter_by(*self.filters[:after], made, *self.filters[after + 1 :])

        editor = FilterEditor(self.desk, self.kind, clock().date(), take, self, start)
        editor.open_below(self.chips.add_button if place is None else self.chips.chip_buttons(place)[0])
        return editor

    def _ask(self) -> None:
        """Ask the register, if the list is seen; else when it is shown."""
        self._show_chips()
        if not self.isVisible():
            self._asked_anew = self._stale = True
        elif self._asked_anew or self.query != self.model.query:
            self._asked_anew = False
            self.table.ask(self.query)
            self._show_count()

    _asked_anew = True

    def _show_chips(self) -> None:
        def title(kind: type[Record], id_: int) -> str:
            return self.desk.register.title(kind, id_)

        sentences = (one.sentence(self.kind, title) for one in self.filters)
        self.chips.show_filters([sentence if len(sentence) <= LONGEST_CHIP else f"{sentence[: LONGEST_CHIP - 1].rstrip()}…" for sentence in sentences])

    # -- news

    def _hear(self, change: Change) -> None:
        if change.touches(Shop):
            self.model.forget_all()
        self.model.forget(change)
        super()._hear(change)

    def refresh(self) -> None:
        self.model.currency = the_shop(self.desk.register).currency
        if self._asked_anew or self.query != self.model.query:  # a period may have moved on at midnight
            self._asked_anew = False
            self.table.ask(self.query)
        else:
            self.table.refresh()
        self._show_chips()
        self._show_count()

    def _show_count(self) -> None:
        number = QLocale(language()).toString(self.model.total)  # show_number would load babel at the start
        if not self.model.exact:
            words = _("more than {count} found")
        else:
            words = _("{count} found") if self._narrowed else _("{count} in all")
        self.count.setText(words.format(count=number))
        empty = not self.model.total
        if empty:
            self._show_empty()
        self._stack.setCurrentWidget(self.empty_state if empty else self.table)
        self.export_button.setEnabled(not empty)

    @property
    def _narrowed(self) -> bool:
        return bool(self.filters or self.search.text().strip())

    def _show_empty(self) -> None:
        if self._narrowed:
            self.empty_state.say(_("Nothing fits."), _("No record has all of this at once; take a filter off, or search for less."), _("Show all"))
        else:
            self.empty_state.say(_(self._empty.sentence), _(self._empty.advice), _(self._empty.action) if self._empty.do else "")
        self.empty_state.button.setEnabled(self._narrowed or not self.desk.register.read_only)

    def _act_on_empty(self) -> None:
        if self._narrowed:
            self.clear()
        elif self._empty.do is not None:
            self._empty.do()

    # -- the record the list is on

    @property
    def current_id(self) -> int | None:
        """The record the list is on."""
        return self.table.current_id

    def go_to(self, id_: int) -> bool:
        """Make a record the current one; what hides it is taken off. False when the list is too long to find it in."""
        if self._stale and self.isVisible():
            self._refresh_now()
        if self.table.go_to(id_):
            QTimer.singleShot(0, self.table, lambda: self.table.scrollTo(self.table.currentIndex()))  # a new page has its size later
            return True
        if not self._narrowed:
            return False
        self.clear()
        return self.table.go_to(id_)

    def _go_to_table(self) -> None:
        """Give the keyboard to the table, on its first row if it was on none."""
        if self.model.total:
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the search line into the table."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self.search.flush()
            self._go_to_table()
            return True
        return False

    def _type(self, letters: str) -> None:
        self.search.setFocus()
        self.search.setText(letters)

    # -- columns, order and views, kept by the name of the list

    @property
    def settings(self) -> Any:
        """What the user chose for this list."""
        return self.desk.preferences.table(self._name)

    def _known(self, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if self.model.place(key) is not None]

    def _order_of(self, written: str) -> Order | None:
        try:
            return parse_order(self.kind, written) if written else None
        except Known:  # a field of a later version
            return None

    def _keep_layout(self) -> None:
        self._keep.stop()
        shown = tuple(column.key for column in self.table.shown)
        columns = () if shown == self._usual_columns else shown
        order = "" if self._order == self._usual_order else _written(self._order)
        self._prefer(columns=columns, widths=self.table.own_widths, order=order)

    def _prefer(self, **chosen: Any) -> None:
        settings = replace(self.settings, **chosen)
        if settings != self.settings:
            self.desk.prefer(self.desk.preferences.with_table(self._name, settings))

    def hideEvent(self, event: QHideEvent) -> None:
        if self._keep.isActive():
            self._keep_layout()
        super().hideEvent(event)

    def _choose_columns(self, at: QPoint | None = None) -> ColumnChooser:
        shown = [column.key for column in self.table.shown]
        chooser = ColumnChooser(self.model.columns, shown, self._usual_columns, self.table.show_columns, self)
        chooser.open_below(at or self.columns_button)
        return chooser

    @property
    def view(self) -> View:
        """What the list shows now, as a view that can be kept."""
        columns = tuple(column.key for column in self.table.shown)
        return View(self.filters, self.search.text().strip(), _written(self._order), columns)

    def show_view(self, view: View) -> None:
        """Show a view; what it leaves open is as usual."""
        self._order = self._order_of(view.order) or self._usual_order
        self.filters = view.filters
        self._put_words(view.search)
        self._ask()
        self.table.show_columns(self._known(view.columns) or self._usual_columns)

    def views_menu(self) -> QMenu:
        """The views there are, and what can be done with them."""
        menu = QMenu(self)
        menu.addAction(theme.icon("menu"), _("All of them")).triggered.connect(lambda: self.show_view(View()))
        for name, preset in self._presets:
            menu.addAction(theme.icon("filter"), _(name)).triggered.connect(lambda _on, view=preset: self.show_view(view))
        kept = self.settings.views
        if kept:
            menu.addSeparator()
        for name in sorted(kept, key=str.casefold):
            shown = name.replace("&", "&&")
            menu.addAction(theme.icon("views"), shown).triggered.connect(lambda _on, name=name: self._open_view(name))
        menu.addSeparator()
        menu.addAction(theme.icon("save"), _("Save this view…")).triggered.connect(lambda: self.save_view())
        if kept:
            removing = menu.addMenu(theme.icon("remove"), _("Remove a view"))
            for name in sorted(kept, key=str.casefold):
                removing.addAction(name.replace("&", "&&")).triggered.connect(lambda _on, name=name: self.remove_view(name))
        return menu

    def _show_views(self) -> None:
        menu = self.views_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.views_button.mapToGlobal(QPoint(0, self.views_button.height())))

    def _open_view(self, name: str) -> None:
        try:
            self.show_view(read_view(self.kind, self.settings.views[name]))
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)

    def save_view(self) -> None:
        """Keep what the list shows under a name the user gives."""
        name = self.desk.ask.ask_text(_("Save this view"), _("Name of the view"), parent=self)
        if not name:
            return
        question = _("There is a view “{name}” already. Replace it?").format(name=name)
        if name in self.settings.views and not self.desk.ask.confirm(question, _("Replace it"), parent=self):
            return
        self._prefer(views={**self.settings.views, name: self.view.saved(self.kind)})

    def remove_view(self, name: str) -> None:
        """Forget a kept view."""
        self._prefer(views={other: view for other, view in self.settings.views.items() if other != name})

    # -- export

    def export(self) -> None:
        """Write the list, as it is filtered and ordered, to a workbook or a csv file the user names."""
        fields = [column.field.name for column in self.table.shown if column.field]
        plural = _(self.kind.spec.plural)
        filters = ((_("Workbook"), "*.xlsx"), (_("Text table"), "*.csv"))
        path = self.desk.ask.choose_file_to_save(_("Export the list"), f"{plural}.xlsx", filters, parent=self)
        if path is None:
            return
        register: Reading = self.desk.register
        query, lang = self.query, language()

        def write(progress: Progress) -> int:
            return export(register, query, path, fields=fields, lang=lang, progress=progress)

        def done(written: int) -> None:
            number = QLocale(language()).toString(written)
            self.desk.on_saved(_("The list was saved as {file}; rows: {count}.").format(file=path.name, count=number), path)

        self.desk.jobs.run(_("Exporting the list"), write, done, parent=self)


def _written(order: Order) -> str:
    return f"-{order.field}" if order.descending else order.field
