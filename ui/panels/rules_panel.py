"""The rules of the shop's country: what each gives, how sure it is, where it was read, and switches where the law is in doubt."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, n_, show_day, show_long_day
from qmdesk.law import rules
from qmdesk.law.calendar import days_off
from qmdesk.law.packs import Kind, Pack, Rule, Shift
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.deadline import RuleSwitch
from qmdesk.records.party import BuyerType
from qmdesk.records.shop import Shop
from qmdesk.register import clock
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.deadlines_part import CONFIDENCE
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

SWITCHED = ("enabled", "valid_from", "why")
_KIND = {
    Kind.DEADLINE: N_("Deadline in law"),
    Kind.INTERNAL_TARGET: N_("The shop's own target"),
    Kind.PERIOD: N_("Period of liability"),
    Kind.EXTENSION: N_("Period of liability"),
    Kind.IMMEDIATELY: N_("At once"),
    Kind.NONE: N_("Duty without a number of days"),
}


class RulesPanel(Page):
    """Every rule as a card, the days off of two years behind them."""

    shows = (RuleSwitch, Shop)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._switches: dict[str, Button] = {}
        """The buttons by the rules they switch."""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.9), 0, 0)
        rows.setSpacing(theme.em(0.6))
        self.head = PlainLabel("", "strong", wrap=True)
        self.about = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.head)
        rows.addWidget(self.about)
        self.cards = QWidget()
        theme.mark(self.cards, "page")
        self.column = QVBoxLayout(self.cards)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.setContentsMargins(0, 0, theme.em(0.6), theme.em(0.6))
        self.column.setSpacing(theme.em(0.6))
        scroll = QScrollArea()
        theme.mark(scroll, "reading")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.cards)
        scroll.setAccessibleName(_("Rules"))
        rows.addWidget(scroll, 1)

    def refresh(self) -> None:
        had_keyboard = next((rule for rule, button in self._switches.items() if button is self.window().focusWidget()), None)
        self._switches.clear()
        while item := self.column.takeAt(0):
            if widget := item.widget():
                widget.hide()  # it goes with the next event; until then it would be seen below the new ones
                widget.deleteLater()
        register = self.desk.register
        book, plain = deadlines.rulebook(register), rules.load(the_shop(register).country.upper())
        switched = {one.rule: one for one in register.records(Query(RuleSwitch))}
        self.head.setText(_("Rules of {country} as of {day}, version {version}").format(country=book.name.to(), day=show_day(book.as_of), version=book.version))
        about = _("Written down as far as the texts named with each rule were read; not legal advice, and not reviewed by a lawyer. Another country is chosen under Shop.")
        self.about.setText(" ".join(part for part in (about, book.note.to()) if part))
        for rule in book.rules:
            self.column.addWidget(self._card(rule, plain, switched.get(rule.id)))
        for year in (clock().year, clock().year + 1):
            self.column.addWidget(_days_off(book.country, year))
        if had_keyboard in self._switches:
            self._switches[had_keyboard].setFocus()

    def _card(self, rule: Rule, plain: Pack, switched: RuleSwitch | None) -> QFrame:
        card = QFrame()
        theme.mark(card, "card")
        rows = QVBoxLayout(card)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, theme.em(0.7), edge, theme.em(0.7))
        rows.setSpacing(theme.em(0.3))
        rows.addWidget(PlainLabel(rule.title.to(), "heading", wrap=True))
        head = FlowLayout(gap=theme.em(0.5))
        head.addWidget(Pill(_(_KIND[rule.kind]), "neutral"))
        if not rule.enabled:
            head.addWidget(Pill(_("Switched off"), "warn", "close"))
        elif switched is not None:
            head.addWidget(Pill(_("Switched on"), "good", "done"))
        if rule.switchable and not self.desk.register.read_only:
            button = Button(_("Switch off…") if rule.enabled else _("Switch on…"), "edit", "link", lambda: self.switch(rule.id))
            button.setAccessibleName(_("Switch: {rule}").format(rule=rule.title.to()))
            self._switches[rule.id] = button
            head.addWidget(button)
            head.push(button)
        rows.addLayout(head)
        for words, part in (
            (_gives(rule), ""),
            (_for_whom(rule), "muted"),
            (_("{rule}: {basis}. {validity}").format(rule=rule.id, basis=rule.basis.to(), validity=_validity(rule)), "muted"),
            (_("Doubtful: {doubt}").format(doubt=rule.doubt.to()) if rule.doubt else "", "small"),
            (_told_switch(switched), "strong"),
            (_source(rule), "small"),
        ):
            if words:
                rows.addWidget(PlainLabel(words, part, wrap=True, selectable=True))
        return card

    def switch(self, rule_id: str) -> None:
        """Ask whether a rule in doubt is to be used, since when, and who says so."""
        found = self.desk.register.by_value(RuleSwitch, "rule", [rule_id]).get(rule_id)
        old = self.desk.register.get(RuleSwitch, found) if found else None
        rule = deadlines.rule_of(deadlines.rulebook(self.desk.register), rule_id)
        preset = {"rule": rule_id, "enabled": bool(rule and not rule.enabled)}
        dialog = RecordDialog(self.desk, RuleSwitch, old, preset=preset, fields=SWITCHED, save=_save, parent=self)
        if rule is not None:
            dialog.setWindowTitle(rule.title.to())
        ran(dialog)


def _save(desk: Desk, form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, RuleSwitch)
    desk.do(deadlines.SWITCH, deadlines.switch, draft.rule, draft.enabled, draft.valid_from, draft.why)
    return form.record.id if form.record else desk.register.by_value(RuleSwitch, "rule", [draft.rule])[draft.rule]


def _gives(rule: Rule) -> str:
    """How many days or months a rule gives, from which event."""
    if rule.kind is Kind.NONE or not rule.trigger:
        return ""
    event = " / ".join(rules.event_name(name).to() for name in rule.trigger)
    if rule.kind is Kind.IMMEDIATELY:
        return _("At once after: {event}.").format(event=event)
    length = n_("{n} month", "{n} months", rule.amount) if rule.unit == "months" else n_("{n} day", "{n} days", rule.amount)
    if rule.shift is Shift.NONE:
        return _("{length} from: {event}. The last day stays where it falls.").format(length=length, event=event)
    return _("{length} from: {event}. A last day on a day off or a Saturday moves to the next working day.").format(length=length, event=event)


def _for_whom(rule: Rule) -> str:
    buyers = {str(word.value): word for word in BuyerType}
    listed = ", ".join(_(buyers[name].label) for name in rule.applies)
    softly = ", ".join(_(buyers[name].label) for name in rule.soft_applies)
    if softly:
        return _("For: {buyers}; not certain for: {others}.").format(buyers=listed, others=softly)
    return _("For: {buyers}.").format(buyers=listed) if listed else ""


def _validity(rule: Rule) -> str:
    if rule.valid_from is None and rule.valid_to is None:
        return _("In force as far as is known.") if rule.enabled else _("Not in force as far as is known.")
    if rule.valid_to is None:
        return _("In force since {day}.").format(day=show_day(rule.valid_from or date.min))
    return _("In force from {day} to {last}.").format(day=show_day(rule.valid_from or date.min), last=show_day(rule.valid_to))


def _told_switch(switched: RuleSwitch | None) -> str:
    if switched is None:
        return ""
    if switched.enabled and switched.valid_from:
        return _("Your shop uses it for contracts since {day}: {why}").format(day=show_day(switched.valid_from), why=switched.why)
    return (_("Your shop uses it: {why}") if switched.enabled else _("Your shop does not use it: {why}")).format(why=switched.why)


def _source(rule: Rule) -> str:
    """How sure it is and where it was read."""
    texts = "; ".join(f"{source.title} {source.address}".strip() for source in rule.sources)
    return " ".join(part for part in (_(CONFIDENCE.get(rule.confidence, "")), texts) if part)


def _days_off(country: str, year: int) -> QFrame:
    card = QFrame()
    theme.mark(card, "card")
    rows = QVBoxLayout(card)
    edge = theme.em(0.9)
    rows.setContentsMargins(edge, theme.em(0.7), edge, theme.em(0.7))
    rows.addWidget(PlainLabel(_("Days off in {year}, besides Sundays").format(year=year), "heading"))
    listed = [_("{day}: {name}").format(day=show_long_day(day), name=name.to()) for day, name in sorted(days_off(country, year).items())]
    rows.addWidget(PlainLabel("\n".join(listed) or _("The days off of this country are not known; every last day must be checked by hand."), selectable=True, wrap=True))
    return card
