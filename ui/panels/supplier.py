"""A supplier beside the list: how well they do by points and by facts, with the history, beside what they deliver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, n_, show_money, show_number
from qmdesk.operations import ratings
from qmdesk.operations.ratings import Measured
from qmdesk.operations.registers import the_shop
from qmdesk.records.party import Supplier
from qmdesk.records.rating import CRITERIA, MOST_POINTS, WEIGHTS, SupplierRating
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.card import Belongings, Card
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.score_bars import Bar, ScoreBars

ICONS = {"good": "good", "warn": "warn", "bad": "bad", "neutral": ""}


def role_of(points: Decimal | None) -> Role:
    """The colour of points."""
    return ratings.worth(points)  # type: ignore[return-value]


class RatingPart(QWidget):
    """The newest rating criterion by criterion beside the one before, what was measured, and all ratings."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.supplier: Supplier | None = None
        inner = QWidget()
        theme.mark(inner, "page")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, theme.em(0.6), theme.em(0.4), theme.em(0.6))
        rows.setSpacing(theme.em(0.5))
        line = FlowLayout(gap=theme.em(0.5))
        self.pill = Pill()
        self.trend = Pill()
        self.rate_button = Button(_("Rate…"), "star", "primary", self.rate)
        self.change_button = Button(_("Change…"), "edit", on_click=self.change)
        self.remove_button = Button(_("Remove"), "remove", on_click=self.remove)
        for part in (self.pill, self.trend, self.rate_button, self.change_button, self.remove_button):
            line.addWidget(part)
        for button in (self.rate_button, self.change_button, self.remove_button):
            button.setEnabled(not desk.register.read_only)
        line.push(self.rate_button)
        rows.addLayout(line)
        self.bars = ScoreBars()
        rows.addWidget(self.bars)
        self.said = PlainLabel("", "small", wrap=True)
        rows.addWidget(self.said)
        rows.addWidget(PlainLabel(_("Measured in the last 12 months"), "strong"))
        self.facts = PlainLabel("", wrap=True, selectable=True)
        rows.addWidget(self.facts)
        rows.addWidget(PlainLabel(_("All ratings"), "strong"))
        columns = (told("quarter", N_("Quarter"), self._quarter, 14), told("score", N_("Points"), self._score, 10))
        self.table = TableView(TableModel(desk.register, SupplierRating, columns))
        self.table.arrange(("quarter", "score", "by", "note"))
        self.table.setMinimumHeight(theme.em(9))
        self.table.on_open = lambda _id: self.change()
        self.table.warn = desk.ask.warn
        self.table.say_empty(_("Not rated yet."))
        rows.addWidget(self.table, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    # -- what it shows

    def show_supplier(self, supplier: Supplier) -> None:
        """Show how well a supplier does."""
        self.supplier = supplier
        register, own = self.desk.register, the_shop(self.desk.register)
        found = ratings.history(register, supplier.id)
        points = ratings.score(found[0], own) if found else None
        self.pill.show_state(ratings.out_of_five(points) if points is not None else _("Not rated yet."), role_of(points), ICONS[ratings.worth(points)])
        change = ratings.trend(found, own)
        self.trend.setVisible(bool(change))
        if change:
            words = _("{points} since the last time").format(points=f"{'+' if change > 0 else '−'}{types.Number().show(abs(change))}")
            self.trend.show_state(words, "good" if change > 0 else "bad", "rising" if change > 0 else "falling")
        self.bars.setVisible(bool(found))
        before = found[1] if len(found) > 1 else None
        self.bars.show_bars([bar for name in CRITERIA if found and (bar := _bar(name, found[0], before, getattr(own, WEIGHTS[name])))])
        self.said.setText(_("The mark on a bar is the rating before. How much each criterion counts is set in Settings.") if before else _("How much each criterion counts is set in Settings.") if found else "")
        self.said.setVisible(bool(found))
        self._measure(supplier.id)
        self.table.table_model.forget_all()
        self.table.ask(Query(SupplierRating, (Condition("supplier", types.IS, (supplier.id,)),)).by(Order("on", True)))
        for button in (self.rate_button, self.change_button, self.remove_button):
            button.setEnabled(not register.read_only and (button is self.rate_button or bool(found)))

    def _measure(self, supplier_id: int) -> None:
        """Count in the background: a supplier may have sold many thousand lines."""
        register, today = self.desk.register, clock().date()

        def done(found: Measured) -> None:
            if self.supplier is not None and self.supplier.id == supplier_id:
                self.facts.setText("\n".join(measured_words(found, the_shop(register).currency)))

        self.desk.jobs.run(_("Counting"), lambda _progress: ratings.measured(register, supplier_id, today), done, parent=self)

    def _quarter(self, rating: SupplierRating, _titles: Titles) -> Cell:
        return Cell(ratings.quarter(rating.on), whole=types.Day().show(rating.on))

    def _score(self, rating: SupplierRating, _titles: Titles) -> Cell:
        points = ratings.score(rating, the_shop(self.desk.register))
        return Cell(ratings.out_of_five(points), role_of(points), ICONS[ratings.worth(points)]) if points is not None else Cell("–")

    # -- what is done

    def _save(self, desk: Desk, form: RecordForm, draft: Record) -> int:
        assert isinstance(draft, SupplierRating)
        if form.record is None:
            return desk.do(ratings.RATE, ratings.rate, draft).id
        return desk.do(ratings.CHANGE, ratings.change, form.record.id, form.changes()).id

    def rate(self) -> None:
        """Ask for today's rating, begun with the points of the last one."""
        if self.supplier is None:
            return
        last = ratings.history(self.desk.register, self.supplier.id)
        known = {name: points for name in CRITERIA if last and (points := getattr(last[0], name)) is not None}
        preset = {"supplier": self.supplier.id, "on": clock().date(), **known}
        ran(RecordDialog(self.desk, SupplierRating, preset=preset, fields=SupplierRating.spec.asked("supplier"), save=self._save, parent=self))

    def _chosen(self) -> int | None:
        if self.table.current_id is not None:
            return self.table.current_id
        found = ratings.history(self.desk.register, self.supplier.id) if self.supplier else []
        return found[0].id if found else None

    def change(self) -> None:
        """Change the chosen rating, the newest where none is chosen."""
        if (id_ := self._chosen()) is not None and not self.desk.register.read_only:
            ran(RecordDialog(self.desk, SupplierRating, self.desk.register.get(SupplierRating, id_), fields=SupplierRating.spec.asked("supplier"), save=self._save, parent=self))

    def remove(self) -> None:
        """Take the chosen rating away."""
        if (id_ := self._chosen()) is not None:
            self.desk.attempt(ratings.REMOVE, ratings.remove, id_)


def _bar(name: str, rating: SupplierRating, before: SupplierRating | None, weight: int) -> Bar | None:
    points = getattr(rating, name)
    if points is None:
        return None
    earlier = getattr(before, name) if before else None
    words = rating.spec.fields[name].labelled()
    said = ratings.out_of_five(Decimal(points)) if weight else _("does not count")
    return Bar(words, Decimal(100 * points) / MOST_POINTS, said, Decimal(100 * earlier) / MOST_POINTS if earlier is not None else None, role_of(Decimal(points)))


def measured_words(found: Measured, currency: str) -> list[str]:
    """What was measured, in sentences; what can't be told says why."""
    said = []
    if found.per_hundred is not None:
        share = _("{complained} pieces complained of, {sold} sold: {share} per 100.")
        said.append(share.format(complained=show_number(found.complained), sold=show_number(found.sold), share=types.Number().show(found.per_hundred)))
    else:
        said.append(n_("{n} piece complained of; no sale of these goods is known, so there is no rate.", "{n} pieces complained of; no sale of these goods is known, so there is no rate.", found.complained))
    claims = found.claims
    if claims.claims:
        told_ = n_("{n} claim sent, {answered} answered, {accepted} accepted.", "{n} claims sent, {answered} answered, {accepted} accepted.", claims.claims, answered=str(claims.answered), accepted=str(claims.accepted))
        said.append(told_)
        if found.acknowledged is not None:
            said.append(_("Accepted of those answered: {share} %.").format(share=types.Number().show(found.acknowledged)))
        said.append(_("Credit granted {expected}, received {received}.").format(expected=show_money(claims.expected, currency), received=show_money(claims.received, currency)))
    if found.days_to_credit is not None:
        said.append(n_("Half of the credits came within {n} day.", "Half of the credits came within {n} days.", int(found.days_to_credit)))
    if found.outstanding:
        said.append(n_("{n} claim waits for the supplier.", "{n} claims wait for the supplier.", found.outstanding))
    return said


class SupplierCard(Card):
    """The card of a supplier, the rating on its second tab."""

    def __init__(self, desk: Desk, belongings: Sequence[Belongings], open_record: Callable[[type[Record], int], None], *buttons: Button) -> None:
        super().__init__(desk, Supplier, belongings, open_record, *buttons)
        self.rating = RatingPart(desk)
        self.tabs.insertTab(len(belongings) + 1, self.rating, _("Rating"))

    def refresh(self) -> None:
        super().refresh()
        if isinstance(self.record, Supplier):
            self.rating.show_supplier(self.record)


def rating_column(desk: Desk) -> Callable[[Supplier, Titles], Cell]:
    """The newest points of a supplier, for a list."""

    def tell(supplier: Supplier, _titles: Titles) -> Cell:
        found = ratings.newest(desk.register, [supplier.id]).get(supplier.id)
        points = ratings.score(found, the_shop(desk.register)) if found else None
        return Cell(ratings.out_of_five(points), role_of(points), ICONS[ratings.worth(points)]) if points is not None else Cell("")

    return tell
