"""The deadlines of a case: each with its days, what became of it, why it is that day, and how sure the rule is."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, show_day, show_moment
from qmdesk.law import rules
from qmdesk.law.packs import Pack, Rule
from qmdesk.operations import deadlines
from qmdesk.operations.due import days_by_post, reasoning, rule_title
from qmdesk.records.deadline import STANDING, Deadline, DeadlineKind, DeadlineState, Whose
from qmdesk.records.lists import Channel
from qmdesk.register import clock
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.put_off import PutOff
from ui.panels.case_parts import Part
from ui.panels.due_words import by_post, days_cell, why_not_put_off
from ui.tables import paint
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

CONFIDENCE = {
    "V": N_("Read in the text of the law."),
    "S": N_("Known from a secondary source, not read in the law itself."),
    "K": N_("General knowledge, not checked."),
    "I": N_("An inference; the text does not say it."),
}


class DeadlinesPart(Part):
    """A card for each deadline, what is near first, periods of liability last."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.cards = QWidget()
        theme.mark(self.cards, "page")
        self.column = QVBoxLayout(self.cards)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.setContentsMargins(0, 0, theme.em(0.6), 0)
        self.column.setSpacing(theme.em(0.6))
        scroll = QScrollArea()
        theme.mark(scroll, "reading")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.cards)
        scroll.setAccessibleName(_("Deadlines"))
        self.rows.addWidget(scroll, 1)

    def refresh(self) -> None:
        assert self.case is not None
        while item := self.column.takeAt(0):
            if widget := item.widget():
                widget.hide()  # it goes with the next event; until then it would be seen below the new ones
                widget.deleteLater()
        register, today = self.desk.register, clock().date()
        book = deadlines.rulebook(register)
        if self.case.deemed_accepted_on is not None:
            self.column.addWidget(_silence(self.case.deemed_accepted_on))
        found = deadlines.of_case(register, self.case)
        channel = register.find(Channel, self.case.channel) if self.case.channel else None
        for one in found:
            self.column.addWidget(self._card(one, book, today, days_by_post(book, one, channel)))
        if not found:
            self.column.addWidget(PlainLabel(_("The law sets no day for this case. The facts that set one, such as the day of delivery, stand on the first tab."), "muted", wrap=True))
        self.column.addWidget(PlainLabel(_rules_as_of(book), "small", wrap=True))

    def _card(self, one: Deadline, book: Pack, today: date, earlier: int) -> QFrame:
        rule = deadlines.rule_of(book, one.rule)
        card = QFrame()
        theme.mark(card, "card")
        rows = QVBoxLayout(card)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, theme.em(0.7), edge, theme.em(0.7))
        rows.setSpacing(theme.em(0.35))
        rows.addWidget(PlainLabel(rule_title(book, one.rule), "heading", wrap=True))
        head = FlowLayout(gap=theme.em(0.5))
        role, icon = paint.state(one.state)
        if one.state in (DeadlineState.RUNNING, DeadlineState.OVERDUE) and one.kind is not DeadlineKind.PERIOD:
            near = days_cell(one, today, earlier)
            head.addWidget(Pill(near.text, near.role or "neutral", near.icon))
        else:
            head.addWidget(Pill(_(one.state.label), role or "neutral", icon))
        if one.whose is not Whose.SHOP and one.kind is not DeadlineKind.PERIOD:
            head.addWidget(Pill(_(one.whose.label), "neutral", "person"))
        if one.id and one.state in STANDING and one.whose is Whose.SHOP and not self.desk.register.read_only:
            put_off = Button(_("Put off…"), "clock", "link", lambda: ran(PutOff(self.desk, one, self)))
            why_not = why_not_put_off(one)
            put_off.setEnabled(not why_not)
            put_off.setToolTip(why_not)
            head.addWidget(put_off)
            head.push(put_off)
        rows.addLayout(head)
        rows.addWidget(PlainLabel(_days(one), "muted", wrap=True, selectable=True))
        for words, part in (
            (reasoning(one), ""),
            (_consequence(rule, one), ""),
            (by_post(one, earlier), "strong"),
            (_snoozed(one), "muted"),
            (_doubt(rule), "small"),
            (_source(rule), "small"),
        ):
            if words:
                rows.addWidget(PlainLabel(words, part, wrap=True, selectable=True))
        return card


def _silence(since: date) -> QFrame:
    """What silence has done, loudly."""
    card = QFrame()
    theme.mark(card, "warn")
    rows = QVBoxLayout(card)
    edge = theme.em(0.8)
    rows.setContentsMargins(edge, edge, edge, edge)
    rows.addWidget(PlainLabel(silence_words(since), "problem", wrap=True))
    return card


def silence_words(since: date) -> str:
    """That the complaint counts as accepted, since when and why."""
    return _("Accepted by silence since {day}: the answer did not reach the customer in time, so the complaint counts as accepted as it was demanded.").format(
        day=show_day(since)
    )


def _days(one: Deadline) -> str:
    """The days of a deadline in a line."""
    if one.satisfied_at is not None:
        sentence = _("Counted from {start}, last day {legal}; done {moment}.")
        return sentence.format(start=show_day(one.start), legal=show_day(one.legal), moment=show_moment(one.satisfied_at))
    if one.nominal != one.legal:
        sentence = _("Counted from {start}; by the count until {nominal}, in law until {legal}.")
        return sentence.format(start=show_day(one.start), nominal=show_day(one.nominal), legal=show_day(one.legal))
    return _("Counted from {start}, last day {legal}.").format(start=show_day(one.start), legal=show_day(one.legal))


def _consequence(rule: Rule | None, one: Deadline) -> str:
    if rule is None or one.state not in STANDING:
        return ""
    return rules.consequence(rule, soft=one.soft)


def _snoozed(one: Deadline) -> str:
    if one.snoozed_until is None:
        return ""
    return _("Put off until {day}: {reason}").format(day=show_day(one.snoozed_until), reason=one.snooze_reason)


def _doubt(rule: Rule | None) -> str:
    return _("Doubtful: {doubt}").format(doubt=rule.doubt.to()) if rule is not None and rule.doubt else ""


def _source(rule: Rule | None) -> str:
    """How sure a rule is, and the texts it was read in."""
    if rule is None:
        return ""
    return _("{confidence} Source: {sources}.").format(
        confidence=_(CONFIDENCE.get(rule.confidence, "")), sources="; ".join(source.title for source in rule.sources)
    )


def _rules_as_of(book: Pack) -> str:
    return _("Rules of {country} as of {day}, version {version}; not legal advice.").format(country=book.name.to(), day=show_day(book.as_of), version=book.version)


def nearest(found: list[Deadline]) -> Deadline | None:
    """The deadline the head of a case tells of: the nearest one that waits for the shop."""
    waiting = [one for one in found if one.state in STANDING and one.whose is Whose.SHOP]
    return min(waiting, key=lambda one: (one.state is DeadlineState.HELD, one.kind is DeadlineKind.TARGET, one.legal), default=None)

