"""The shop's checklists: found by typing, the chosen one shown as it is asked, with all that can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problems
from qmdesk.i18n import _, n_, show_number
from qmdesk.operations import audit_papers, checklist_files, checklists
from qmdesk.operations.checklist_files import Incoming
from qmdesk.records.audit import Audit, Checklist, Question
from qmdesk.records.checklist import Draft
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.dialogs.checklist_editor import edit_checklist
from ui.dialogs.checklist_library import ChecklistLibrary
from ui.dialogs.paper import PaperDialog
from ui.forms.checklist_chooser import ChecklistChooser, own_offers
from ui.forms.checklist_preview import ChecklistPreview
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

READABLE = "*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.qmcheck"


class Checklists(Page):
    """The lists on the left, the chosen one on the right. ``on_start`` begins an audit by a list; without it there is no button for it."""

    shows = (Checklist, Question, Audit)

    def __init__(self, desk: Desk, on_start: Callable[[int], object] | None = None) -> None:
        super().__init__(desk)
        self._start = on_start
        self.chooser = ChecklistChooser(parent=self)
        self.chooser.current_changed.connect(lambda _id: self._show())
        self.chooser.opened.connect(lambda _id: self.edit())
        self.name = PlainLabel("", "title", wrap=True, selectable=True)
        self.state = Pill()
        self.facts = PlainLabel("", "muted", wrap=True, selectable=True)
        self.preview = ChecklistPreview()
        self._shown = Draft(Checklist(name=""))
        self.empty = EmptyState("checklist", "")
        self.empty.chosen.connect(self.choose_from_library)
        self.empty.other_chosen.connect(self.new)
        self.stack = QStackedWidget()
        self._lay_out()

    # -- what it is made of

    def _lay_out(self) -> None:
        self.new_button = Button(_("New…"), "add", on_click=self.new)
        self.library_button = Button(_("From the library…"), "catalogue", on_click=self.choose_from_library)
        self.import_button = Button(_("Import…"), "import", on_click=self.import_file)
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, theme.em(0.9), theme.em(0.8), theme.em(0.8))
        rows.setSpacing(theme.em(0.6))
        head = FlowLayout(gap=theme.em(0.4))
        for button in (self.library_button, self.new_button, self.import_button):
            button.setEnabled(not self.desk.register.read_only)
            head.addWidget(button)
        rows.addLayout(head)
        rows.addWidget(self.chooser, 1)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self._card())
        split.setChildrenCollapsible(False)
        split.setSizes([theme.em(36), theme.em(56)])
        for part in (self.empty, split):
            self.stack.addWidget(part)
        self._split = split
        whole = QVBoxLayout(self)
        edge = theme.em(1)
        whole.setContentsMargins(edge, 0, edge, 0)
        whole.addWidget(self.stack)

    def _card(self) -> QWidget:
        card = QWidget()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(theme.em(0.9), theme.em(0.9), 0, theme.em(0.5))
        rows.setSpacing(theme.em(0.5))
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.state)
        rows.addLayout(head)
        rows.addWidget(self.facts)
        self.start_button = Button(_("Start an audit"), "play", "primary", self.start)
        self.start_button.setVisible(self._start is not None)
        self.edit_button = Button(_("Edit…"), "edit", on_click=self.edit)
        self.copy_button = Button(_("Copy"), "copy", on_click=self.copy)
        self.export_button = Button(_("Export…"), "export", on_click=self.export)
        self.form_button = Button(_("Blank form…"), "print", on_click=self.show_form)
        self.form_button.setToolTip(_("The questions on paper, to be filled in by hand"))
        self.retire_button = Button("", "hide", on_click=self.retire)
        self.remove_button = Button(_("Remove"), "remove", on_click=self.remove)
        line = FlowLayout(gap=theme.em(0.4))
        for button in (self.start_button, self.edit_button, self.copy_button, self.export_button, self.form_button, self.retire_button, self.remove_button):
            button.setEnabled(False)  # until a list is chosen
            line.addWidget(button)
        rows.addLayout(line)
        rows.addWidget(self.preview, 1)
        return card

    # -- what it shows

    def refresh(self) -> None:
        offers = own_offers(self.desk.register)
        self.chooser.offer(offers)
        writable = not self.desk.register.read_only
        self.empty.say(
            _("No checklists yet."),
            _("Take one from the library and change it as your shop needs it, or write your own.") if writable else "",
            _("Choose from the library…") if writable else "",
            _("New checklist…") if writable else "",
        )
        self.stack.setCurrentWidget(self._split if offers else self.empty)

    @property
    def current(self) -> int:
        """The id of the list that is shown, 0 for none."""
        chosen = self.chooser.chosen
        return chosen if isinstance(chosen, int) else 0

    def open(self, id_: int) -> None:
        """Show a list."""
        if self._stale:
            self._refresh_now()
        self.chooser.choose(id_)

    def _show(self) -> None:
        id_ = self.current
        found = self.desk.register.find(Checklist, id_) if id_ else None
        for button in (self.export_button, self.form_button):
            button.setEnabled(found is not None)
        for button in (self.start_button, self.edit_button, self.copy_button, self.retire_button, self.remove_button):
            button.setEnabled(found is not None and not self.desk.register.read_only)
        if found is None:
            return
        draft = checklists.draft(self.desk.register, id_)
        self.name.setText(found.name)
        self.state.show_state(*((_("in use"), "good", "good") if found.active else (_("not in use"), "neutral", "hide")))
        self.facts.setText("\n".join(self._facts(found, len(draft.questions))))
        self.retire_button.setText(_("Take out of use") if found.active else _("Take into use"))
        self.retire_button.setIcon(theme.icon("hide" if found.active else "show"))
        self.form_button.setEnabled(bool(draft.questions))
        self.start_button.setEnabled(self.start_button.isEnabled() and found.active and bool(draft.questions))
        self.remove_button.setEnabled(self.remove_button.isEnabled() and not checklists.audits_of(self.desk.register, id_))
        if draft != self._shown:  # else the reader stays where they are
            self._shown = draft
            self.preview.show_draft(draft, self.desk.register.content)

    def _facts(self, found: Checklist, asked: int) -> list[str]:
        told = [n_("{n} question", "{n} questions", asked), _("version {n}").format(n=found.version)]
        if found.pass_mark is not None:
            told.append(_("passed from {share} %").format(share=show_number(found.pass_mark.normalize())))
        audits = checklists.audits_of(self.desk.register, found.id)
        told.append(n_("asked in {n} audit", "asked in {n} audits", audits) if audits else _("not asked yet"))
        return [part for part in (found.purpose, found.criteria, " · ".join(told)) if part]

    # -- what is done

    def start(self) -> None:
        """Begin an audit by the list that is shown."""
        if self._start is not None and self.current:
            self._start(self.current)

    def new(self) -> None:
        """Write a new list."""
        self._go_to(edit_checklist(self.desk, 0, self.window()))

    def edit(self) -> None:
        """Change the list that is shown."""
        if self.current:
            edit_checklist(self.desk, self.current, self.window())

    def choose_from_library(self) -> None:
        """Take lists out of the library."""
        dialog = ChecklistLibrary(self.desk, self.window())
        if ran(dialog):
            self._go_to(dialog.taken)

    def copy(self) -> None:
        """A second list with the same questions, under another name."""
        if not self.current:
            return
        offered = checklists.free_name(self.desk.register, self.name.text())
        name = self.desk.ask.ask_text(_("Copy a checklist"), _("Name of the copy"), offered, parent=self)
        if name:
            self._go_to(self.desk.attempt(checklists.COPY, checklists.copy, self.current, name) or 0)

    def retire(self) -> None:
        """Offer the list for audits no more, or again."""
        found = self.desk.register.get(Checklist, self.current)
        self.desk.attempt(checklists.RETIRE if found.active else checklists.REVIVE, checklists.set_active, found.id, not found.active)

    def remove(self) -> None:
        """Take the list away."""
        if self.current:
            self.desk.attempt(checklists.REMOVE, checklists.remove, self.current)

    def _go_to(self, id_: int) -> None:
        if id_:
            self.open(id_)

    # -- files

    def show_form(self) -> None:
        """Look at the list as a form to fill in by hand, to print or save it."""
        found = self.desk.register.get(Checklist, self.current)
        ran(PaperDialog(self.desk, found.name, audit_papers.form_name(found), partial(audit_papers.blank_form, self.desk.register, found.id), str(found.language.value), self))

    def export(self) -> None:
        """Write the list to a workbook, or with its photos to a file of ours, as the name says."""
        id_, name = self.current, self.name.text()
        filters = ((_("Workbook"), "*.xlsx"), (_("Checklist with its photos"), "*.qmcheck"))
        safe = "".join(" " if letter in '\\/:*?"<>|' else letter for letter in name).strip() or _("Checklist")
        path = self.desk.ask.choose_file_to_save(_("Export the checklist"), f"{safe}.xlsx", filters, parent=self)
        if path is None or not id_:
            return
        register = self.desk.register

        def done(_result: None) -> None:
            self.desk.ask.tell(_("The checklist was saved as {file}.").format(file=path.name), parent=self)

        self.desk.jobs.run(_("Exporting the checklist"), lambda _progress: checklist_files.export(register, id_, path), done, parent=self)

    def import_file(self) -> None:
        """Take in a list from a file the user names."""
        filters = ((_("Checklists and workbooks"), READABLE),)
        path = self.desk.ask.choose_file_to_open(_("Import a checklist"), filters, parent=self)
        if path is not None:
            self.take_in(path)

    def take_in(self, path: Path) -> None:
        """Read a file and keep its list; what is wrong in it is said, and nothing of it is kept."""
        self.desk.jobs.run(_("Reading the checklist"), lambda progress: checklist_files.read(path, progress), self._keep, self._refuse, self)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, Problems):
            self.desk.ask.warn("\n".join(problem.sentence for problem in error.problems), parent=self)
        elif isinstance(error, Known):
            self.desk.ask.warn(error.sentence, parent=self)

    def _keep(self, incoming: Incoming) -> None:
        known = checklist_files.called(self.desk.register, incoming.name)
        question = _("There is a checklist “{name}” already. Shall it ask the questions of the file from now on, or are they another list?").format(name=incoming.name)
        try:
            if known and self.desk.ask.confirm(question, _("Replace its questions"), _("Add another list"), parent=self):
                id_ = self.desk.do(checklists.IMPORT, checklist_files.replace_with, known, incoming)
            else:
                id_ = self.desk.do(checklists.IMPORT, checklist_files.add, incoming)
        except Known as error:
            self._refuse(error)
            return
        self._go_to(id_)
        if incoming.left_out:
            self.desk.ask.tell(_("These columns mean nothing in a checklist and were left out: {listed}").format(listed=", ".join(incoming.left_out)), parent=self)
