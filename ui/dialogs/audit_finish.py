"""The end of an audit: what is still missing, question by question, what it comes to, and the conclusion."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations import audits
from qmdesk.operations.audit_reading import result_of
from qmdesk.records.audit import Audit
from qmdesk.records.audit_result import Result
from qmdesk.schema import types
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.findings import Finding, Findings
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


def verdict_words(result: Result, audit: Audit) -> tuple[str, str]:
    """What an audit comes to, in a sentence, and its role: good, bad, neutral."""
    share = types.Percent().show(result.points.share)
    if result.critical:
        return _("Not passed: a critical question failed. Score {score}.").format(score=share or "–"), "bad"
    if result.points.share is None:
        return _("Nothing was asked that counts, so there is no score."), "neutral"
    if audit.pass_mark is None:
        return _("Passed: no critical question failed. Score {score}.").format(score=share), "good"
    mark = types.Percent().show(audit.pass_mark)
    if result.passed(audit.pass_mark):
        return _("Passed with {score}; at least {mark} was needed.").format(score=share, mark=mark), "good"
    return _("Not passed: {score}, and at least {mark} is needed.").format(score=share, mark=mark), "bad"


class FinishAudit(Dialog):
    """Accepted when the audit is finished; ``question`` is the place of a question the user wants to go to instead."""

    def __init__(self, desk: Desk, audit: Audit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.audit, self.question = desk, audit, 0
        title = _("Finish audit {number}").format(number=audit.number)
        self.setWindowTitle(title)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.7))
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        self.verdict = PlainLabel("", "strong", wrap=True)
        self.left = PlainLabel("", "muted", wrap=True)
        self.said = PlainLabel("", "problem", wrap=True)
        self.missing = Findings(_("What is missing"))
        self.missing.itemClicked.connect(lambda _item: self.missing.act())
        self.leave_button = Button("", "hide", on_click=self._leave_rest)
        rows.addWidget(self.verdict)
        rows.addWidget(self.left)
        rows.addWidget(self.said)
        rows.addWidget(self.missing, 1)
        rows.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.conclusion_label = PlainLabel(_("Conclusion for the report (it can be written later too)"), "muted")
        self.conclusion = QPlainTextEdit(audit.conclusion)
        self.conclusion.setAccessibleName(_("Conclusion"))
        self.conclusion.setTabChangesFocus(True)
        rows.addWidget(self.conclusion_label)
        rows.addWidget(self.conclusion, 1)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Back to the questions"), on_click=self.reject))
        self.finish_button = Button(_("Finish the audit"), "done", "primary", self.finish)
        line.addWidget(self.finish_button)
        rows.addLayout(line)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        shortcuts_to_save(self, self.finish)
        resize_within(self, theme.em(52), theme.em(40))
        self.refresh()
        (self.missing if self.missing.count() else self.conclusion).setFocus()

    def refresh(self) -> None:
        """Ask the register what is missing now."""
        found = result_of(self.desk.register, self.audit)
        self.verdict.setText(verdict_words(found, self.audit)[0] if not found.missing else "")
        self.verdict.setVisible(not found.missing)
        count = len(found.not_checked)
        self.left.setText(n_("{n} question was not checked; the report says so.", "{n} questions were not checked; the report says so.", count) if count else "")
        self.left.setVisible(bool(count))
        self.said.setText(_("This is still missing; a click leads there:") if found.missing else "")
        self.said.setVisible(bool(found.missing))
        self.missing.say([Finding(one.sentence(), "warn", "warn", self._leader(one.answer.position)) for one in found.missing])
        self.missing.setVisible(bool(found.missing))
        self.leave_button.setText(n_("Mark {n} open question as not checked", "Mark {n} open questions as not checked", len(found.open)))
        self.leave_button.setVisible(bool(found.open))
        for part in (self.conclusion, self.conclusion_label):
            part.setVisible(not found.missing)
        self.finish_button.setEnabled(not found.missing)

    def _leader(self, place: int) -> Callable[[], None]:
        def go() -> None:
            self.question = place
            self.reject()

        return go

    def _leave_rest(self) -> None:
        self.desk.attempt(audits.LEAVE_REST, audits.leave_rest, self.audit.id)
        self.refresh()
        if not self.missing.count():
            self.conclusion.setFocus()

    def finish(self) -> None:
        """Finish the audit."""
        if not self.finish_button.isEnabled():
            return
        try:
            self.desk.do(audits.FINISH, audits.finish, self.audit.id, self.conclusion.toPlainText())
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
            self.refresh()
        else:
            self.accept()
