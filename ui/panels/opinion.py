"""The card of an opinion: stars and words, our answer written from a template, its case, and whether the customer came back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _, n_, show_day
from qmdesk.operations import opinions
from qmdesk.records.case import Case
from qmdesk.records.satisfaction import MOST_STARS, Opinion
from qmdesk.register import clock
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.panels.card import Card
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

STAR, NO_STAR = "★", "☆"
LINES = 5  # of the answer


def stars_words(stars: int | None) -> str:
    """The stars as they are drawn everywhere; words where there are none."""
    return _("without stars") if stars is None else STAR * stars + NO_STAR * (MOST_STARS - stars)


def stars_role(stars: int | None) -> Role:
    """The colour of so many stars."""
    if stars is None:
        return "neutral"
    return "bad" if stars <= opinions.BAD else "good" if stars >= opinions.GOOD else "warn"


class OpinionCard(Card):
    """One opinion. ``new_case(preset, also=)`` begins the dialog of a case (see NewCase)."""

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], None], new_case: Callable[..., object]) -> None:
        self.said = PlainLabel("", wrap=True, selectable=True)
        self.waited = PlainLabel("", "muted", wrap=True)
        self.answer = QPlainTextEdit()
        self.answer.setTabChangesFocus(True)
        self.answer.setAccessibleName(_("Our answer"))
        self.answer.setFixedHeight(self.answer.fontMetrics().lineSpacing() * LINES + theme.em(1.2))
        self.template_button = Button(_("Propose an answer (P)"), "note", on_click=self.propose)
        self.copy_button = Button(_("Copy the answer"), "copy", on_click=self.copy)
        self.keep_button = Button(_("It was answered (A)"), "done", "primary", self.keep_answer)
        super().__init__(desk, Opinion, (), open_record, edit=(opinions.CHANGE, opinions.change), above=self._answering(), but=("answer",))
        self._open, self._new_case = open_record, new_case
        self._shown = 0
        self.stars, self.whose = Pill(), PlainLabel("", "muted")
        self.won = Pill()
        self.case_button = Button(_("Make it a complaint… (C)"), "complaints", on_click=self.make_case)
        self.case_link = Button("", "complaints", "link", self.open_case)
        self.back_button = Button(_("The customer came back… (W)"), "star", on_click=self.win_back)
        self.proposal = PlainLabel("", "good", wrap=True)
        self.remove_button = Button(_("Remove it"), "remove", on_click=self.remove)
        self.keys = (("P", self.template_button.click), ("A", self.keep_button.click), ("C", self.case_button.click), ("W", self.back_button.click))
        head, buttons = FlowLayout(gap=theme.em(0.6)), FlowLayout(gap=theme.em(0.5))
        for part in (self.stars, self.whose, self.won, self.case_link):
            head.addWidget(part)
        for button in (self.case_button, self.back_button, self.remove_button):
            buttons.addWidget(button)
        between = QVBoxLayout()
        between.setSpacing(theme.em(0.6))
        between.addLayout(head)
        between.addLayout(buttons)
        between.addWidget(self.proposal)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.insertLayout(1, between)

    def _answering(self) -> QWidget:
        part = QWidget()
        rows = QVBoxLayout(part)
        rows.setContentsMargins(0, 0, 0, theme.em(0.8))
        rows.setSpacing(theme.em(0.5))
        line = FlowLayout(gap=theme.em(0.5))
        for button in (self.template_button, self.copy_button, self.keep_button):
            line.addWidget(button)
        label = PlainLabel(_("Our answer"), "heading")
        for one in (self.said, label, self.answer):
            rows.addWidget(one)
        rows.addLayout(line)
        rows.addWidget(self.waited)
        return part

    def refresh(self) -> None:
        super().refresh()
        one = self.record
        if not isinstance(one, Opinion):
            self._shown = 0
            return
        register = self.desk.register
        self.name.setText(_("{place}, {day}").format(place=one.place, day=show_day(one.written_on)))
        self.stars.show_state(stars_words(one.stars), stars_role(one.stars))
        self.whose.setText(one.author)
        self.said.setText(one.said or _("(without words)"))
        if self._shown != one.id or not self.answer.document().isModified():
            self.answer.setPlainText(one.answer)
            self.answer.document().setModified(False)
        self._shown = one.id
        self.waited.setText(self._waited(one))
        self.won.setVisible(one.won_back_on is not None)
        if one.won_back_on is not None:
            self.won.show_state(_("Won back {day}").format(day=show_day(one.won_back_on)), "good", "star")
        self.case_link.setVisible(one.case is not None)
        if one.case is not None:
            self.case_link.setText(_("Case {number}").format(number=register.title(Case, one.case)))
        again = opinions.bought_again(register, one)
        self.proposal.setVisible(again is not None)
        self.proposal.setText(_("The customer bought again on {day}, after the case was closed: won back?").format(day=show_day(again)) if again else "")
        bad = one.stars is not None and one.stars <= opinions.BAD
        self.case_button.setVisible(one.case is None)
        self.back_button.setVisible(bad and one.won_back_on is None)
        for button in (self.template_button, self.keep_button, self.case_button, self.back_button, self.remove_button):
            button.setEnabled(not register.read_only)
        self.answer.setReadOnly(register.read_only)

    @staticmethod
    def _waited(one: Opinion) -> str:
        if one.answered_on is not None:
            return n_("Answered after {n} day.", "Answered after {n} days.", (one.answered_on - one.written_on).days)
        return n_("It has waited for {n} day.", "It has waited for {n} days.", max(0, (clock().date() - one.written_on).days))

    # -- what is done with it

    def may_leave(self) -> bool:
        """What was typed as an answer is asked about too."""
        one = self.record
        if isinstance(one, Opinion) and self.answer.document().isModified() and self.answer.toPlainText().strip() != one.answer:
            if not self.desk.ask.confirm(_("The answer is not kept yet. Throw it away?"), _("Throw away"), _("Go on writing"), danger=True, parent=self):
                return False
            self.answer.document().setModified(False)
        return super().may_leave()

    def propose(self) -> None:
        """Write the shop's usual answer into the box, to be changed before it is used."""
        if isinstance(self.record, Opinion):
            self.answer.setPlainText(opinions.answer_template(self.desk.register, self.record))
            self.answer.document().setModified(True)
            self.answer.setFocus()

    def copy(self) -> None:
        """Put the answer on the clipboard, to paste it where the opinion stands."""
        QGuiApplication.clipboard().setText(self.answer.toPlainText())

    def keep_answer(self) -> None:
        """Note that it was answered so today."""
        if self.record is None:
            return
        text = self.answer.toPlainText()
        self.answer.document().setModified(False)
        if self.desk.attempt(opinions.ANSWER, opinions.answer, self.record.id, text) is None:
            self.answer.setPlainText(text)
            self.answer.document().setModified(True)

    def make_case(self) -> None:
        """Begin a complaint with what the opinion says, and link the two."""
        one = self.record
        if not isinstance(one, Opinion) or not self.may_leave():
            return
        try:
            preset = opinions.case_preset(self.desk.register, one)
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
            return
        self._new_case(preset, also=lambda tx, case_id: opinions.to_case(tx, one.id, case_id))

    def open_case(self) -> None:
        """Show its case."""
        if isinstance(self.record, Opinion) and self.record.case is not None:
            self._open(Case, self.record.case)

    def win_back(self) -> None:
        """Note that the customer came back: when they bought again, else today."""
        one = self.record
        if isinstance(one, Opinion) and self.may_leave():
            day = opinions.bought_again(self.desk.register, one) or clock().date()
            self.desk.attempt(opinions.WON_BACK, opinions.won_back, one.id, day)

    def remove(self) -> None:
        """Take it away; the history can bring it back."""
        if self.record is not None and self.may_leave():
            self.desk.attempt(opinions.REMOVE, opinions.remove, self.record.id)
