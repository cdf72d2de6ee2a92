"""Pictures of what opens for a moment or is seldom seen: menus, questions, lists under fields, the tabs of cards, an import that is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget

from qmdesk.i18n import _
from qmdesk.operations import cases, keeping, steps, supplier_claims
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import accepted_by_silence
from qmdesk.operations.registers import new_register
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.books import InvoiceCorrection
from qmdesk.records.case import Case, CaseItem, CaseKind
from qmdesk.records.deadline import Deadline
from qmdesk.records.imports import ImportProfile
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.steps import Step
from qmdesk.register import Register, clock
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from tests import gallery_import
from ui import theme
from ui.ask import ScriptedAsker, question_box, text_dialog, told_box
from ui.desk import Desk
from ui.dialogs.go_to import GoTo
from ui.dialogs.import_wizard import ImportWizard
from ui.dialogs.new_case import NewCase
from ui.forms.dates import DateLine
from ui.forms.dialog import RecordDialog
from ui.jobs import Job, Jobs, JobStrip
from ui.main_window import MainWindow, Opener
from ui.pages.cases import CasesPage
from ui.pages.settings import SettingsPage
from ui.panels.card import Card
from ui.panels.claims_part import NOT_IN_FORM
from ui.preferences import Preferences

Picture = tuple[str, QWidget]
SIZE = QSize(1366, 768)


def _busiest(register: Register, kind: type[Record], part: type[Record], field: str) -> int:
    """The record of a kind with most of what its card lists, among the newest: an empty tab shows nothing of a table."""
    counts: dict[int, int] = {}
    for one in register.records(Query(part), 400):
        if (owner := getattr(one, field)) is not None:
            counts[owner] = counts.get(owner, 0) + 1
    return max(counts, key=lambda id_: (counts[id_], -id_)) if counts else register.ids(Query(kind), 1)[0]


def cards(window: MainWindow, register: Register) -> Iterator[Picture]:
    """Every tab of the cards beside the lists."""
    for kind, part, field, name in (
        (Customer, Case, "customer", "customer"),
        (Order, Case, "order", "order"),
        (Product, CaseItem, "product", "product"),
        (Supplier, Product, "supplier", "supplier"),
    ):
        window.toast.hide()
        window.open_record(kind, _busiest(register, kind, part, field))
        page = window.stack.currentWidget()
        assert page is not None
        card = next(one for one in page.findChildren(Card) if one.kind is kind)
        for at in range(card.tabs.count()):
            card.tabs.setCurrentIndex(at)
            yield f"card-{name}-{at + 1}", window
        card.tabs.setCurrentIndex(0)


def menus(window: MainWindow) -> Iterator[Picture]:
    """The menus, and the steps of a case."""
    names = ("register", "edit", "do", "view", "help")
    for name, action in zip(names, window.menuBar().actions(), strict=True):
        menu = action.menu()
        assert isinstance(menu, QMenu)
        menu.popup(QPoint())
        yield f"menu-{name}", menu
        menu.hide()
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    for kind in (CaseKind.COMPLAINT, CaseKind.RETURN):
        found = next(case for case in page.desk.register.records(Query(Case), 60) if case.kind is kind and case.closed_on is None)
        page.open(Case, found.id)
        menu = page.panel.steps_menu()
        menu.popup(QPoint())
        yield f"menu-steps-{kind.value}", menu
        menu.hide()


def states(window: MainWindow, register: Register) -> Iterator[Picture]:
    """A list that finds nothing, a case that silence has accepted, and what the bar says after a step and after Undo."""
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    page.listing.search.setText("zzzz")
    page.listing.search.flush()
    yield "cases-nothing-found", window
    page.listing.clear()
    silent = register.records(accepted_by_silence(rulebook(register), clock().date()), 1)
    if silent:
        page.open(Case, silent[0].case)
        page.panel.tabs.setCurrentIndex(0)
        yield "case-accepted-by-silence", window
    window.desk.do(keeping.NEW, keeping.add, Customer(name="Łucja Żak"), {})
    yield "bar-done", window
    window.desk.undo()
    yield "bar-undone", window
    window.toast.hide()


def dialogs(desk: Desk) -> list[tuple[str, Callable[[], QDialog]]]:
    """The forms of what the shop keeps, and what opens under a field."""
    register = desk.register
    case = register.get(Case, register.records(Query(Deadline), 1)[0].case)
    line = register.records(Query(OrderLine), 1)[0]
    claim = supplier_claims.draft(register, case)

    def looked_up() -> NewCase:
        dialog = NewCase(desk, {})
        dialog.show()
        QApplication.processEvents()
        lookup = dialog.form.editors["customer"].lookup  # type: ignore[attr-defined]
        lookup.line.setFocus()
        lookup.line.setText("an")
        lookup.open_list()
        return dialog

    def not_found() -> GoTo:
        dialog = GoTo(desk)
        dialog.words.setText("zzzz")
        dialog.words.flush()
        return dialog

    def form(kind: type[Record], record: Record | None = None, *without: str, **preset: object) -> Callable[[], QDialog]:
        return lambda: RecordDialog(desk, kind, record, preset=preset or None, fields=kind.spec.asked(*without))

    return [
        ("new-case-lookup", looked_up),
        ("go-to-nothing", not_found),
        ("claim", lambda: RecordDialog(desk, SupplierClaim, preset=claim, fields=SupplierClaim.spec.asked(*NOT_IN_FORM))),
        ("supplier", form(Supplier, register.records(Query(Supplier), 1)[0])),
        ("order-new", form(Order)),
        ("order-line", form(OrderLine, line, "order")),
        ("batch-new", form(Batch, None, "product")),
        ("person-new", form(Person)),
        ("channel", form(Channel, register.records(Query(Channel), 4)[-1])),
        ("cause", form(Cause, register.records(Query(Cause), 1)[0])),
        ("correction", form(InvoiceCorrection)),
    ]


def calendar() -> Iterator[Picture]:
    """The month that opens under a day."""
    line = DateLine(timed=False)
    theme.dress(line)
    line.show()
    line.open_calendar()
    yield "calendar", line._popup
    line._popup.hide()
    line.hide()
    line.deleteLater()


def questions() -> Iterator[Picture]:
    """What the program asks and tells in a small window of its own."""
    saved = _("What you typed has not been saved. Close without saving it?")
    boxes: tuple[tuple[str, QDialog], ...] = (
        ("throw-away", question_box(saved, _("Close without saving"), _("Go on editing"), danger=True)[0]),
        ("agree", question_box(_("Change the country?"), _("Change the country"))[0]),
        ("told", told_box(QMessageBox.Icon.Information, _("The register is whole: the file, its references, its history and its kept files fit together."))),
        ("warned", told_box(QMessageBox.Icon.Warning, _("{file} can't be read.").format(file="zamowienia.xlsx"))),
        ("text", text_dialog(_("Storno"), _("Why is entry {number} taken off? A storno with the opposite sign is added; both stay in the register.").format(number="E/2026/0003"))[0]),
    )
    for name, box in boxes:
        yield f"question-{name}", box
        box.deleteLater()
    strip = JobStrip()
    theme.dress(strip)
    job: Job[None] = Job(_("Looking at every row"), lambda _progress: None, lambda _result: None, None, None, True)
    job.progress.done, job.progress.total = 24_000, 60_742
    strip.show_job(job, 7.0)
    strip.resize(strip.sizeHint().expandedTo(QSize(430, 0)))
    yield "progress", strip
    strip.deleteLater()


def imported(folder: Path, lang: str, program: Opener) -> Iterator[Picture]:
    """A register after an import: the files taken in, a mapping that was kept; and the same file once more."""
    register = new_register(folder / f"imported-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Nitka")
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    path = folder / "orders_export.csv"
    path.write_text(gallery_import.ROWS, encoding="utf-8")
    wizard = ImportWizard(desk, "order", window)
    wizard.read_file(path)
    asker.will("ask_text", "Shopify")
    wizard._keep_profile()
    wizard.dry_run()
    wizard.take_in()
    window.toast.hide()
    settings = window.go("settings")
    assert isinstance(settings, SettingsPage)
    for name, at in (("imports", 5), ("profiles", 6)):
        settings.tabs.setCurrentIndex(at)
        yield f"settings-{name}-filled", window
    again = ImportWizard(desk, "order")
    again.read_file(path)
    again.dry_run()
    yield "dialog-import-again", again
    again.deleteLater()
    profile = register.records(Query(ImportProfile), 1)[0]
    dialog = RecordDialog(desk, ImportProfile, profile, fields=("name",))
    yield "dialog-profile", dialog
    dialog.deleteLater()
    case = register.do(cases.TAKE_IN, cases.take_in, Case(description="x", received_at=clock()), []).result
    register.do(Step.WITHDRAW.label, steps.take_step, case.id, Step.WITHDRAW)
    window.go("today")
    yield "today-nothing-waits", window
    window.leave()
    window.hide()
    register.close()
