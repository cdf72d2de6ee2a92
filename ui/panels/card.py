"""A record beside its list: its name, its facts as a form, and the lists of what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.operations import keeping
from qmdesk.operations.registers import the_shop
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.panels.facts import Edit, Facts
from ui.tables.model import Column, TableModel
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Tabs

NEWEST_FIRST = Order("id", True)


@dataclass(frozen=True)
class Belongings:
    """A list of what belongs to a record: ``field`` of ``kind`` refers to it."""

    words: str
    kind: type[Record]
    field: str
    columns: tuple[str, ...]
    order: Order = NEWEST_FIRST
    told: tuple[Column, ...] = ()


class Card(QWidget):
    """Shows one record of a kind with what belongs to it, each list on its tab."""

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        belongings: Sequence[Belongings],
        open_record: Callable[[type[Record], int], None],
        *buttons: Button,
        called: str = "{title}",
        edit: tuple[str, Edit] | None = None,
        above: QWidget | None = None,
        but: Sequence[str] = (),
    ) -> None:
        """``called`` says the record's title, where it alone would be a bare number; marked for translation.

        ``edit`` is the step's label and the operation that saves the facts, where that is more than keeping them;
        ``above`` stands over them and scrolls with them; ``but`` names fields that are asked for elsewhere.
        """
        super().__init__()
        self._called = called
        self.desk, self.kind = desk, kind
        self.record: Record | None = None
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        head = QHBoxLayout()
        self.name = PlainLabel("", "title", wrap=True, selectable=True)
        head.addWidget(self.name, 1)
        for button in buttons:
            head.addWidget(button)
        rows.addLayout(head)
        fields = [field.name for field in kind.spec.fields.values() if not field.automatic and field.name not in but]
        label, operation = edit or (keeping.CHANGE, lambda tx, id_, values: keeping.change(tx, kind, id_, values))
        self.facts = Facts(desk, kind, fields, label, operation, above=above)
        self.tabs = Tabs()
        rows.addWidget(self.tabs, 1)
        self.tabs.addTab(self.facts, _(kind.spec.label))
        self._lists: list[tuple[Belongings, TableView]] = []
        for part in belongings:
            view = TableView(TableModel(desk.register, part.kind, part.told, currency=the_shop(desk.register).currency))
            view.arrange(part.columns)
            view.warn = desk.ask.warn
            view.say_empty(_("Nothing here yet."))
            view.on_open = lambda id_, part=part: open_record(part.kind, id_)
            self._lists.append((part, view))
            self.tabs.addTab(view, _(part.words))

    def show_record(self, id_: int | None) -> None:
        """Show a record, or nothing; what was typed and not saved is asked about before."""
        if self.record and id_ != self.record.id and not self.may_leave():
            return
        self.record = self.desk.register.find(self.kind, id_) if id_ else None
        self.refresh()

    def chosen(self, kind: type[Record]) -> int | None:
        """The record its list of this kind is on; one that is there alone needs no choosing."""
        for part, view in self._lists:
            if part.kind is kind:
                return view.current_id or (view.table_model.ids_between(0, 0)[0] if view.table_model.total == 1 else None)
        return None

    def may_leave(self) -> bool:
        """Whether the record may be left now; what was typed and not saved is asked about."""
        return self.record is None or self.facts.may_leave()

    def refresh(self) -> None:
        """Ask the register again."""
        self.record = self.desk.register.find(self.kind, self.record.id) if self.record else None
        if self.record is None:  # taken back, with all that was typed about it
            self.facts.forget()
            return
        self.name.setText(_(self._called).format(title=self.record.title))
        self.facts.show_case(self.record)
        for place, (part, view) in enumerate(self._lists, 1):
            query = Query(part.kind, (Condition(part.field, types.IS, (self.record.id,)),), order=(part.order,))
            view.table_model.forget_all()
            view.ask(query)
            count = self.desk.register.count(query, 1000)
            self.tabs.setTabText(place, _("{words} ({count})").format(words=_(part.words), count=count) if count else _(part.words))
