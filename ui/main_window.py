"""The window: the rail of pages, the menus, undo by name, the bar after each save. It lists pages and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QByteArray, QMimeData, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import N_, _, n_
from qmdesk.operations.finding import by_number
from qmdesk.operations.registers import SUFFIX, the_shop
from qmdesk.records.alert import Report
from qmdesk.records.audit import Audit, Checklist, Finding
from qmdesk.records.case import Case, CaseKind
from qmdesk.records.improvement import Action, Experiment, Idea, Review, Training
from qmdesk.records.party import Customer, Supplier
from qmdesk.records.process import Process, ProcessStep
from qmdesk.records.product import Order, Product
from qmdesk.records.rating import ClaimList
from qmdesk.records.satisfaction import Opinion, Survey, SurveyResponse
from qmdesk.register import Change, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, these
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.daybreak import Daybreak
from ui.desk import Desk, Page
from ui.forms.scanner import Scanner
from ui.opening import open_path
from ui.pages.today import TodayPage
from ui.panels.routine import Routine
from ui.preferences import Preferences
from ui.widgets.plain_label import PlainLabel
from ui.widgets.rail import Rail, page_key
from ui.widgets.toast_bar import ToastBar

if TYPE_CHECKING:  # loaded when first asked for
    from qmdesk.operations.programme import Occurrence
    from ui.dialogs.new_case import Also

PLACES: dict[type[Record], str] = {
    Case: "cases", Customer: "customers", Order: "orders", Product: "catalogue", Supplier: "catalogue", Audit: "audits", Finding: "audits", Checklist: "audits",
    Action: "improvement", Idea: "improvement", Experiment: "improvement", Training: "improvement", Review: "improvement", Process: "processes", ProcessStep: "processes",
    ClaimList: "catalogue", Report: "analysis", Survey: "satisfaction", SurveyResponse: "satisfaction", Opinion: "satisfaction",
}  # fmt: skip
"""The page where a kind of record lives."""

TITLE_BAR = 2.5
"""So many ems of the screen are kept for what the system draws around the window."""
ANSWERS = (".qmform", ".eml", ".txt")
"""The files that can be dropped on the window: answers of forms, and mails that hold one."""

Keyboard = tuple[type[QWidget], int] | None
"""Where the keyboard is on a page: the how manieth widget of which kind; None when it is not on the page."""


def _found_in(page: QWidget, here: QWidget) -> Keyboard:
    """The place of a widget among those of its kind: a page built anew in another language has them in the same order."""
    among = page.findChildren(type(here))
    return (type(here), among.index(here)) if here in among else None


def _answers_in(dropped: QMimeData) -> list[Path]:
    """The files among what is dropped that may hold answers of forms."""
    paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in ANSWERS]


class Opener(Protocol):
    """What the window asks of the program around it."""

    def make(self, path: Path, shop_name: str) -> bool: ...
    def open(self, path: Path) -> bool: ...
    def open_demo(self) -> bool: ...
    def dress(self, preferred: Preferences) -> None: ...


class MainWindow(QMainWindow):
    """The window around one open register."""

    def __init__(self, desk: Desk, program: Opener) -> None:
        super().__init__()
        theme.dress(self)
        self.desk = desk
        self._program = program
        self._left = False
        self._pages: list[tuple[str, str, str, Callable[[], Page]]] = [
            ("today", N_("Today"), "today", self._today),
            ("cases", N_("Complaints and returns"), "complaints", self._cases),
            ("customers", N_("Customers"), "customers", self._customers),
            ("orders", N_("Orders"), "orders", self._orders),
            ("catalogue", N_("Products and suppliers"), "products", self._catalogue),
            ("audits", N_("Audits"), "audits", self._audits),
            ("improvement", N_("Improvement"), "improvement", self._improvement),
            ("processes", N_("Processes"), "process", self._processes),
            ("satisfaction", N_("Opinions and surveys"), "satisfaction", self._satisfaction),
            ("analysis", N_("Analysis"), "analysis", self._analysis),
            ("accountant", N_("Accountant"), "accountant", self._accountant),
            ("settings", N_("Settings"), "settings", self._settings),
        ]
        self._shown: dict[str, Page] = {}
        self.rail = Rail([(_(label), icon) for _name, label, icon, _make in self._pages], self)
        self.rail.currentRowChanged.connect(self._turn_to)
        self.stack = QStackedWidget()
        self.toast = ToastBar(self._lay_out())
        self._make_menus()
        desk.on_saved = self._say_saved
        self.scanner = Scanner(desk.preferences.scanner, self._scanned)
        desk.jobs.setParent(self)
        desk.changed.connect(self._changed)
        self.daybreak = Daybreak(desk, self._turn_day, self._say_what_passed, self._say_reported, self)
        self.setWindowTitle(f"{desk.register.path.stem} – QMDesk")
        self.setAcceptDrops(True)
        self._take_place()
        self.rail.setCurrentRow(0)
        self._begun = False
        self._name_undo()

    # -- what the window is made of

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._begun:  # the page knows only now what it has to show
            self._begun = True
            self._shown[self.page_name()].begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.fit(event.size().width())

    def _lay_out(self) -> QWidget:
        middle = QWidget(self)
        columns = QHBoxLayout(middle)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.rail)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        if self.desk.register.read_only:
            note = PlainLabel(self.desk.register.why_read_only, "warn", wrap=True)
            note.setContentsMargins(theme.em(1), theme.em(0.5), theme.em(1), theme.em(0.5))
            rows.addWidget(note)
        rows.addWidget(self.stack, 1)
        rows.addWidget(self.desk.jobs.strip)
        columns.addLayout(rows, 1)
        self.setCentralWidget(middle)
        return middle

    def _take_place(self) -> None:
        kept = self.desk.preferences.geometry
        if not kept or not self.restoreGeometry(QByteArray.fromHex(kept.encode("ascii"))):
            room = self.screen().availableSize() - QSize(0, theme.em(TITLE_BAR))
            self.resize(QSize(1366, 768).boundedTo(room))

    # -- menus

    def _make_menus(self) -> None:
        bar = self.menuBar()
        register = bar.addMenu(_("&Register"))
        self._act(register, _("New register…"), self._new_register)
        self._act(register, _("Open a register…"), self._open_register, QKeySequence.StandardKey.Open)
        recent = register.addMenu(_("Recent registers"))
        for path in self.desk.preferences.recent:
            self._act(recent, path.stem.replace("&", "&&"), lambda path=path: self._program.open(path))
        self._act(register, _("Demo shop"), self._program.open_demo)
        register.addSeparator()
        self._act(register, _("Import…"), self.import_file, "Ctrl+I", "import")
        self._act(register, _("Answers of forms…"), self.take_in_forms, "Ctrl+Shift+F", "message")
        self._act(register, _("Paste the answer of a form"), self.paste_form, "Ctrl+Shift+V", "note")
        self._act(register, _("Save the complaint form…"), self.save_complaint_form, None, "complaints")
        self._act(register, _("Save deadlines for your calendar…"), self.save_calendar, None, "calendar")
        self._act(register, _("Copy the register to…"), self._back_up, None, "backup")
        self._act(register, _("Check the register"), self.check, None, "good")
        register.addSeparator()
        self._act(register, _("Quit"), self.close, "Ctrl+Q")

        edit = bar.addMenu(_("&Edit"))
        self.undo_action = self._act(edit, _("Undo"), self.undo, "Ctrl+Z", "undo")
        self.redo_action = self._act(edit, _("Redo"), self.redo, "Ctrl+Shift+Z", "redo")
        self.redo_action.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._act(edit, _("History…"), self.show_history, "Ctrl+H", "history")

        do = bar.addMenu(_("&Do"))
        self._act(do, _("New complaint…"), self.new_case, QKeySequence.StandardKey.New, "add")
        self._act(do, _("New return…"), lambda: self.new_case({"kind": CaseKind.RETURN}), "Ctrl+Shift+N", "return")
        self._act(do, _("New idea…"), self.new_idea, "Ctrl+Shift+I", "star")
        self._act(do, _("Quarter-hour quality…"), self.hold_weekly, "Ctrl+Shift+Q", "clock")
        self._act(do, _("Go to…"), self.go_to, "Ctrl+K", "search")

        view = bar.addMenu(_("&View"))
        for place, (name, label, icon, _make) in enumerate(self._pages, 1):
            self._act(view, _(label), lambda name=name: self.go(name), page_key(place), icon)
        view.addSeparator()
        self._act(view, _("On to the list, the open record, the pages"), lambda: self.step_on(1), "F6")
        self._act(view, _("Back to them"), lambda: self.step_on(-1), "Shift+F6")
        view.addSeparator()
        self._act(view, _("Larger text"), lambda: self._scale(1.1), QKeySequence.StandardKey.ZoomIn)
        self._act(view, _("Smaller text"), lambda: self._scale(1 / 1.1), QKeySequence.StandardKey.ZoomOut)
        self._act(view, _("Light or dark"), self._other_theme, "Ctrl+Shift+D", "theme")

        help_ = bar.addMenu(_("&Help"))
        self._act(help_, _("Keys"), self.show_keys, QKeySequence.StandardKey.HelpContents, "help")
        self._act(help_, _("About QMDesk"), self.show_about, None, "info")

    def _act(
        self, menu: QMenu, words: str, do: Callable[[], object], key: QKeySequence.StandardKey | str | None = None, icon: str = ""
    ) -> QAction:
        action = QAction(words, self)
        if icon:
            action.setIcon(theme.icon(icon))
        if key is not None:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: do())
        menu.addAction(action)
        return action

    # -- pages: each is loaded when it is first shown, so that the window is there at once

    def _today(self) -> Page:
        routine = Routine(self.hold_weekly, self.begin_planned, self.show_programme, self.show_trainings, self.show_experiments, self.show_overdue_claims, self.show_bad_opinions)
        return TodayPage(self.desk, self.open_record, self.new_case, self.import_file, self.do_next, self.save_calendar, routine, self.show_these)

    def _cases(self) -> Page:
        from ui.pages.cases import CasesPage  # loaded when first shown

        return CasesPage(self.desk, self.open_record, self.new_case)

    def _customers(self) -> Page:
        from ui.pages.customers import CustomersPage  # loaded when first shown

        return CustomersPage(self.desk, self.open_record)

    def _orders(self) -> Page:
        from ui.pages.orders import OrdersPage  # loaded when first shown

        return OrdersPage(self.desk, self.open_record, self.new_case, self.import_file)

    def _catalogue(self) -> Page:
        from ui.pages.catalogue import CataloguePage  # loaded when first shown

        return CataloguePage(self.desk, self.open_record)

    def _audits(self) -> Page:
        from ui.pages.audits import AuditsPage  # loaded when first shown

        return AuditsPage(self.desk, self.open_record)

    def _improvement(self) -> Page:
        from ui.pages.improvement import ImprovementPage  # loaded when first shown

        return ImprovementPage(self.desk, self.open_record, self.show_watched)

    def _processes(self) -> Page:
        from ui.pages.processes import ProcessesPage  # loaded when first shown

        return ProcessesPage(self.desk, self.open_record, self.show_cases)

    def _analysis(self) -> Page:
        from ui.pages.analysis import AnalysisPage  # loaded when first shown

        return AnalysisPage(self.desk, self.show_these, self.import_file, lambda: self.go("processes"))

    def _satisfaction(self) -> Page:
        from ui.pages.satisfaction import SatisfactionPage  # loaded when first shown

        return SatisfactionPage(self.desk, self.open_record, self.new_case, self.show_these, self.take_in_forms, self.import_file)

    def _accountant(self) -> Page:
        from ui.pages.accountant import AccountantPage  # loaded when first shown

        return AccountantPage(self.desk, self.open_record, self.import_file)

    def _settings(self) -> Page:
        from ui.pages.settings import SettingsPage  # loaded when first shown

        return SettingsPage(self.desk, self._program.dress)

    def page_names(self) -> list[str]:
        return [name for name, *_rest in self._pages]

    def page_name(self) -> str:
        return self._pages[self.rail.currentRow()][0]

    def go(self, name: str) -> Page | None:
        """Show a page; it is made when it is first shown. None when the user stays where something is not saved."""
        self.rail.setCurrentRow(self.page_names().index(name))
        if self.page_name() != name:
            return None
        self._shown[name].begin()
        return self._shown[name]

    def step_on(self, step: int) -> None:
        """Lead the keyboard on to the next of the rail and the page's stops, or back."""
        page, here = self._shown[self.page_name()], self.focusWidget()
        stops = [self.rail, *(stop for stop in (*page.stops(), self.toast.button) if stop.isVisible())]
        at = next((place for place, stop in enumerate(stops) if here is not None and (stop is here or stop.isAncestorOf(here))), 0)
        stops[(at + step) % len(stops)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self) -> tuple[str, Any, Keyboard]:
        """Which page is shown, what on it, and where the keyboard is."""
        page, here = self._shown[self.page_name()], self.focusWidget()
        return self.page_name(), page.place(), _found_in(page, here) if here is not None else None

    def return_to(self, place: tuple[str, Any, Keyboard]) -> None:
        """Show what another window around the same register showed, with the keyboard where it was there."""
        name, shown, keyboard = place
        page = self.go(name)
        if page is None:
            return
        page.return_to(shown)
        kind, at = keyboard or (Rail, 0)
        among = page.findChildren(kind) if keyboard else [self.rail]
        if at < len(among):
            among[at].setFocus()
        self._begun = True

    def may_leave(self) -> bool:
        """Whether what the window shows may go; what is typed and not saved is asked about."""
        page = self.stack.currentWidget()
        return not isinstance(page, Page) or page.may_leave()

    def _turn_to(self, row: int) -> None:
        name, _label, _icon, make = self._pages[row]
        here = self.stack.currentWidget()
        if self._shown.get(name) is not here and not self.may_leave():
            stays = next(known for known, page in self._shown.items() if page is here)
            with QSignalBlocker(self.rail):
                self.rail.setCurrentRow(self.page_names().index(stays))
            return
        if name not in self._shown:
            self._shown[name] = make()
            self.stack.addWidget(self._shown[name])
        self.stack.setCurrentWidget(self._shown[name])

    def open_record(self, kind: type[Record], id_: int) -> None:
        """Show a record on the page where its kind lives."""
        if page := self.go(PLACES[kind]):
            page.open(kind, id_)  # type: ignore[attr-defined]
            page.begin()

    def do_next(self, case_id: int) -> None:
        """Open a case and do its next step."""
        self.open_record(Case, case_id)
        page = self._shown.get("cases")
        if page is not None and page.isVisible():
            page.panel.main_button.click()  # type: ignore[attr-defined]

    def show_cases(self, where: Sequence[Condition]) -> None:
        """Show the cases that fulfil these conditions, as filters that can be taken off."""
        from ui.tables.filters import Filter  # the tables are loaded with the page

        if page := self.go("cases"):
            page.listing.show_only(*(Filter(condition) for condition in where))  # type: ignore[attr-defined]

    def show_these(self, kind: type[Record], ids: Sequence[int], words: str) -> None:
        """Show exactly these records, those behind a figure, as a filter that can be taken off; ``words`` says what they are."""
        from ui.dialogs.these_records import TheseRecords  # loaded when first asked for

        owner = kind.spec.owner
        if owner is not None and isinstance(owner.type, types.Ref) and owner.type.target is Case:  # pieces are seen in their cases
            kind, ids = Case, list(dict.fromkeys(getattr(part, owner.name) for part, _titles in self.desk.register.rows(kind, ids)))
        if kind is Case:
            self.show_cases((these(ids, words),))
            return
        dialog = TheseRecords(self.desk, kind, ids, words, opens=kind in PLACES, parent=self)
        if ran(dialog) and dialog.chosen:
            self.open_record(kind, dialog.chosen)

    def show_watched(self, action: Action) -> None:
        """Show how the indicator goes that watches an action."""
        if page := self.go("analysis"):
            page.show_watched(action)  # type: ignore[attr-defined]

    def show_overdue_claims(self) -> None:
        """Show the list of claims whose reply is overdue longest."""
        if page := self.go("catalogue"):
            page.show_overdue_claims()  # type: ignore[attr-defined]

    def show_bad_opinions(self) -> None:
        """Show the bad opinions nobody has answered."""
        if page := self.go("satisfaction"):
            page.show_bad()  # type: ignore[attr-defined]

    def show_programme(self) -> None:
        """Show what of the programme of audits waits."""
        if page := self.go("audits"):
            page.show_programme()  # type: ignore[attr-defined]

    def begin_planned(self, one: Occurrence) -> None:
        """Begin at once what the programme plans for a day, and ask its questions."""
        if page := self.go("audits"):
            page.begin_planned(one)  # type: ignore[attr-defined]

    def hold_weekly(self) -> None:
        """Hold quarter-hour quality, or go on with it."""
        from ui.dialogs.weekly_review import hold_weekly  # loaded when first asked for

        if not self._refused():
            hold_weekly(self.desk, self.open_record, self)

    def show_trainings(self) -> None:
        """Show which trainings wait, and who is without them."""
        if page := self.go("improvement"):
            page.turn_to(Training).go_to_waiting()  # type: ignore[attr-defined]

    def show_experiments(self) -> None:
        """Show the experiment that can be decided longest."""
        from qmdesk.operations import experiments  # loaded when first asked for

        if (page := self.go("improvement")) and (found := experiments.waiting(self.desk.register, clock().date())):
            page.open(Experiment, found[0].id)  # type: ignore[attr-defined]

    def _turn_day(self) -> None:
        for page in self._shown.values():
            page.turn_day()

    def _say_reported(self, made: Sequence[Report]) -> None:
        said = n_("{n} report of the last month was made: {name}", "{n} reports of the last month were made: {name}", len(made), name=made[0].name)
        self.toast.say(said, (_("Show"), lambda: self.open_record(Report, made[0].id)))

    def _say_what_passed(self, sentence: str) -> None:
        self.toast.say(sentence, (_("Show"), lambda: self.go("today")))

    # -- what the menus do: each dialog is loaded when it is first asked for

    def new_case(
        self,
        preset: dict[str, object] | None = None,
        *,
        newcomer: Customer | None = None,
        notes: Sequence[str] = (),
        also: Also | None = None,
    ) -> None:
        """Begin a case with what is known of it (see NewCase)."""
        from ui.dialogs.new_case import NewCase  # loaded when first asked for

        if self._refused():
            return
        dialog = NewCase(self.desk, preset or {}, self, newcomer=newcomer, notes=notes, also=also)
        dialog.on_open_other = self.open_record
        if ran(dialog) and dialog.case_id:
            self.open_record(Case, dialog.case_id)

    def take_in_forms(self) -> None:
        """Take in files that customers sent back from a form."""
        from ui.panels import form_in  # loaded when first asked for

        form_in.choose_files(self.desk, self.new_case, self.open_record, self)

    def paste_form(self) -> None:
        """Take in the answer of a form that was copied out of a mail."""
        from ui.panels import form_in  # loaded when first asked for

        form_in.paste(self.desk, self.new_case, self.open_record, self)

    def save_complaint_form(self) -> None:
        """Save the page on which customers complain, in the language of the shop's letters."""
        from ui.panels import form_in  # loaded when first asked for

        if not self._refused():
            form_in.save_complaint_form(self.desk, str(the_shop(self.desk.register).language.value), self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _answers_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from ui.panels import form_in  # loaded when first asked for

        event.acceptProposedAction()
        form_in.take_in_files(self.desk, _answers_in(event.mimeData()), self.new_case, self.open_record, self)

    def new_idea(self) -> None:
        from ui.panels.ideas import write_down  # loaded when first asked for

        if not self._refused():
            write_down(self.desk, self)

    def import_file(self, target: str = "") -> None:
        from ui.dialogs.import_wizard import ImportWizard  # loaded when first asked for

        if not self._refused():
            ran(ImportWizard(self.desk, target, self))

    def _refused(self) -> bool:
        """Whether nothing can be written; the user is told why."""
        if self.desk.register.read_only:
            self.desk.ask.warn(self.desk.register.why_read_only, parent=self)
        return self.desk.register.read_only

    def show_history(self) -> None:
        from ui.dialogs.history import History  # loaded when first asked for

        if self.may_leave():  # what is undone there must not be what is being typed about
            ran(History(self.desk, self))

    def go_to(self) -> None:
        from ui.dialogs.go_to import GoTo  # loaded when first asked for

        dialog = GoTo(self.desk, self)
        if ran(dialog) and dialog.chosen:
            self.open_record(*dialog.chosen)

    def check(self) -> None:
        from ui.dialogs.verify import show_verdict  # loaded when first asked for

        show_verdict(self.desk, self)

    def show_keys(self) -> None:
        from ui.dialogs.about import Keys  # loaded when first asked for

        ran(Keys(self))

    def show_about(self) -> None:
        from ui.dialogs.about import About  # loaded when first asked for

        ran(About(self))

    def _scanned(self, text: str) -> None:
        found = by_number(self.desk.register, text)
        places = {Case, Order, Product}
        if QApplication.activeModalWidget() is not None:  # it would open behind the dialog
            QApplication.beep()
            return
        if found is None or found[0] not in places:
            self.toast.say(_("Nothing has the number {number}.").format(number=text[:60]))
            return
        self.open_record(*found)

    def _new_register(self) -> None:
        path = self.desk.ask.choose_file_to_save(_("Where shall the new register lie?"), _("My shop") + SUFFIX, [(_("QMDesk registers"), f"*{SUFFIX}")])
        if path is not None:
            self._program.make(path, path.stem)

    def _open_register(self) -> None:
        path = self.desk.ask.choose_file_to_open(_("Open a register"), [(_("QMDesk registers"), f"*{SUFFIX}")])
        if path is not None:
            self._program.open(path)

    def save_calendar(self) -> None:
        """Write the deadlines to a file that calendar programs open."""
        path = self.desk.ask.choose_file_to_save(_("Save the deadlines for your calendar"), _("Deadlines") + ".ics", [(_("Calendar"), "*.ics")])
        if path is None:
            return
        from qmdesk.operations.due_calendar import save_calendar  # only when asked for

        def done(days: int) -> None:
            sentence = n_("{n} day was saved as {file}. Open it with your calendar.", "{n} days were saved as {file}. Open it with your calendar.", days, file=path.name)
            self.desk.on_saved(sentence, path)

        register = self.desk.register
        self.desk.jobs.run(_("Saving the deadlines"), lambda _progress: save_calendar(register, path), done, parent=self)

    def _back_up(self) -> None:
        name = _("{name} copy").format(name=self.desk.register.path.stem) + SUFFIX
        path = self.desk.ask.choose_file_to_save(_("Where shall the copy go?"), name, [(_("QMDesk registers"), f"*{SUFFIX}")])
        if path is None:
            return
        said = _("The copy {file} is whole.").format(file=path.name)
        register = self.desk.register
        self.desk.jobs.run(_("Copying the register"), lambda _progress: register.backup(path), lambda _done: self.toast.say(said), parent=self)

    def _scale(self, factor: float) -> None:
        now = self.desk.preferences
        self._program.dress(replace(now, text_scale=round(min(2.0, max(0.8, now.text_scale * factor)), 2)))

    def _other_theme(self) -> None:
        self._program.dress(replace(self.desk.preferences, theme="light" if theme.is_dark() else "dark"))

    def undo(self) -> None:
        """Take back the newest step; what is typed is asked about first, and where it was saved that is all."""
        newest = self.desk.register.undoable()
        if newest is not None and newest.sealed:
            self.desk.ask.warn(" ".join((_(newest.sealed), _("What was done before it can be undone from the history (Ctrl+H)."))), parent=self)
        else:
            self._take_back(self.desk.undo)

    def redo(self) -> None:
        """Do again what was undone last, with the same care."""
        self._take_back(self.desk.redo)

    def _take_back(self, work: Callable[[], None]) -> None:
        before = self.desk.register.revision
        if self.may_leave() and self.desk.register.revision == before:  # else the step taken back would be the one just saved
            work()

    # -- news

    def _changed(self, change: Change) -> None:
        self._name_undo()
        newest = self.desk.register.steps(1)
        if not newest:
            return
        step = newest[0][0]
        label = _(step.label)
        said = f"{label}: {step.subject}" if step.subject else label
        redo = self.desk.register.redoable()
        if redo is not None and redo.id == step.id:
            self.toast.say(_("Taken back: {step}").format(step=said), (_("Redo"), self.redo))
        elif step.sealed or step.by_itself:  # undo would take back something else
            self.toast.say(said)
        else:
            self.toast.say(said, (_("Undo"), self.undo))

    def _say_saved(self, sentence: str, path: Path) -> None:
        """Say what was written, and offer to look at it."""
        look = (_("Open"), lambda: open_path(self.desk.ask, path))
        show = (_("Show folder"), lambda: open_path(self.desk.ask, path if path.is_dir() else path.parent))
        self.toast.say(sentence, *([show] if path.is_dir() else [look, show]))

    def _name_undo(self) -> None:
        undo, redo = self.desk.register.undoable(), self.desk.register.redoable()
        writable = not self.desk.register.read_only
        self.undo_action.setText(_("Undo: {step}").format(step=_(undo.label)) if undo else _("Undo"))
        self.redo_action.setText(_("Redo: {step}").format(step=_(redo.label)) if redo else _("Redo"))
        self.undo_action.setEnabled(writable and undo is not None)  # one that is sealed too: asked for, it says why it stays
        self.redo_action.setEnabled(writable and redo is not None)

    # -- leaving

    def leave(self) -> None:
        """Close without a question: the program goes on with another window."""
        self._left = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._left and not (self.may_leave() and self.desk.jobs.may_close()):
            event.ignore()
            return
        self.scanner.stop()
        self.daybreak.stop()
        self.desk.jobs.stop()
        geometry = bytes(self.saveGeometry().toHex().data()).decode("ascii")
        if geometry != self.desk.preferences.geometry:
            self.desk.prefer(replace(self.desk.preferences, geometry=geometry))
        super().closeEvent(event)
