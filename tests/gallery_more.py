"""Pictures for the gallery beyond the pages of the demo shop: an empty register, one that is only read, popovers, crash, photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from qmdesk import places
from qmdesk.operations import cases
from qmdesk.operations.registers import new_register, open_register
from qmdesk.records.case import Case, CaseItem, CaseState
from qmdesk.records.paper import Attachment, DocumentKind
from qmdesk.register import Register
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from ui import crash
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.decide import Decide
from ui.dialogs.new_case import NewCase
from ui.dialogs.sent_elsewhere import SentElsewhere
from ui.dialogs.split import Split
from ui.dialogs.welcome import Welcome
from ui.forms.dialog import RecordDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow, Opener
from ui.pages.cases import CasesPage
from ui.pages.catalogue import CataloguePage
from ui.preferences import Preferences
from ui.tables.filters import Filter

Picture = tuple[str, QWidget]


def photos() -> list[tuple[str, bytes]]:
    """Three photos of the demo shop, as a customer sends them."""
    folder = places.resources() / "demo" / "photos"
    return [(f"IMG_20261120_1042{at}.jpg", path.read_bytes()) for at, path in enumerate(sorted(folder.glob("*.jpg"))[:3], 11)]


def window_on(register: Register, program: Opener) -> MainWindow:
    asker = ScriptedAsker()
    return MainWindow(Desk(register, asker, Jobs(asker, synchronous=True), Preferences(recent=(register.path,))), program)


def empty_register(folder: Path, lang: str, program: Opener) -> Iterator[Picture]:
    """What a new user sees on each page before anything was written down."""
    path = folder / f"new-{lang}.qmd"
    register = open_register(path, program="gallery") if path.exists() else new_register(path, program="gallery", lang=lang, shop_name="Nitka")
    window = window_on(register, program)
    for name in window.page_names()[:-1]:
        window.go(name)
        yield f"empty-{name}", window
    catalogue = window.go("catalogue")
    assert isinstance(catalogue, CataloguePage)
    catalogue.tabs.setCurrentWidget(catalogue.suppliers)
    yield "empty-suppliers", window
    window.leave()
    window.close()
    register.close()


def only_read(path: Path, program: Opener, case_id: int) -> Iterator[Picture]:
    """A register that somebody else holds."""
    register = open_register(path, program="gallery", read_only=True)
    window = window_on(register, program)
    yield "read-only-today", window
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    page.open(Case, case_id)
    yield "read-only-case", window
    for name in ("customers", "orders", "catalogue", "accountant", "settings"):
        window.go(name)
        yield f"read-only-{name}", window
    window.leave()
    window.close()
    register.close()


def case_with_photos(window: MainWindow, register: Register) -> Iterator[Picture]:
    """The files of a case, with photos; they are added to the demo shop when there are none."""
    case = register.records(Query(Case, (Condition("state", types.IS, (CaseState.NEW,)),)), 1)[0]
    if not register.count(Query(Attachment, (Condition("case", types.IS, (case.id,)),))):
        register.do(cases.ATTACH, cases.add_files, case.id, photos())
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    page.open(Case, case.id)
    page.panel.tabs.setCurrentWidget(page.panel.files)
    yield "case-photos", window
    page.panel.tabs.setCurrentIndex(0)
    page.panel.facts.form.editors["description"].text.appendPlainText("+")
    yield "case-not-saved", window
    page.panel.facts.discard()


def popovers(window: MainWindow) -> Iterator[Picture]:
    """The small windows below buttons, each alone, and a list with filters."""
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    window.show()
    QApplication.processEvents()
    listing = page.listing
    listing.filter_by(
        Filter(Condition("state", types.ONE_OF, (CaseState.NEW, CaseState.NEEDS_INFO))), Filter(Condition("description", types.CONTAINS, ("a",)))
    )
    yield "cases-filtered", window
    for name, small in (
        ("filter-new", listing.edit_filter(None)),
        ("filter-state", listing.edit_filter(0)),
        ("columns", listing._choose_columns()),
        ("views", listing.views_menu()),
    ):
        yield f"popover-{name}", small
        small.close()
    listing.clear()


def dialogs(desk: Desk, folder: Path, deciding: Case) -> list[tuple[str, Callable[[], QDialog]]]:
    """The dialogs that need something said before they are worth looking at."""
    register = desk.register
    shops = tuple(folder / name for name in ("Porcelanowa Wiewiórka.qmd", "Sklep na rogu.qmd", "Zgubiony.qmd"))
    for path in shops[:2]:
        path.touch()

    def with_photos() -> NewCase:
        dialog = NewCase(desk, {"order": deciding.order, "description": deciding.description})
        dialog.photos.add(photos())
        return dialog

    def wrong() -> NewCase:
        dialog = NewCase(desk, {})
        dialog.form.editors["noticed_on"].set_value(None)
        dialog.save()
        return dialog

    def undecided() -> Decide:
        dialog = Decide(desk, deciding)
        dialog.save()
        return dialog

    def crashed() -> QDialog:
        try:
            raise RuntimeError("gallery")
        except RuntimeError as error:
            return crash.CrashDialog(crash.report(error), desk.ask)

    several = register.records(Query(CaseItem, (Condition("quantity", types.AT_LEAST, (2,)),)), 1)
    item = (several or register.records(Query(CaseItem), 1))[0]
    return [
        ("welcome-recent", lambda: Welcome(Preferences(recent=shops), desk.ask)),
        ("new-case-photos", with_photos),
        ("new-case-problems", wrong),
        ("decide-problems", undecided),
        ("sent-elsewhere", lambda: SentElsewhere(desk, deciding.id, DocumentKind.ANSWER_ACCEPTED, None)),
        ("split", lambda: Split(item)),
        ("item", lambda: RecordDialog(desk, CaseItem, item, fields=CaseItem.spec.asked("case", "currency"))),
        ("crash", crashed),
    ]
