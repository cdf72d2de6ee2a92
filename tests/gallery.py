"""Draws every page and dialog of the demo shop to PNG: light and dark, Polish and English, also at 150 % text.

``python -m tests.gallery OUT/ [PART OF A NAME]...`` draws the pictures whose names have all these parts, on a screen of
1366 × 768, and names those that are larger than that.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

_HOME = tempfile.mkdtemp(prefix="qmdesk-gallery-")
_SCREEN = Path(_HOME) / "screen.json"  # dialogs choose their size by the screen: this is a small laptop's
_SCREEN.write_text('{"screens": [{"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "dpr": 1}]}')
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_SCREEN}"
os.environ.setdefault("QMDESK_HOME", _HOME)

from PySide6.QtCore import QLibraryInfo, QLocale, QSize, QTranslator
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from qmdesk import i18n
from qmdesk.i18n import N_
from qmdesk.operations import demo
from qmdesk.operations.registers import new_register
from qmdesk.records.case import Case, CaseState, Decision
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, Product
from qmdesk.register import Register
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from tests import (
    gallery_actions,
    gallery_alerts,
    gallery_analysis,
    gallery_audits,
    gallery_books,
    gallery_checklists,
    gallery_costs,
    gallery_import,
    gallery_improving,
    gallery_more,
    gallery_processes,
    gallery_reports,
    gallery_rest,
    gallery_returns,
    gallery_reviews,
    gallery_satisfaction,
    gallery_today,
)
from ui import theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.about import About, Keys
from ui.dialogs.decide import Decide
from ui.dialogs.document import DocumentDialog
from ui.dialogs.go_to import GoTo
from ui.dialogs.history import History
from ui.dialogs.merge import Merge
from ui.dialogs.new_case import NewCase
from ui.dialogs.welcome import Welcome
from ui.forms.dialog import RecordDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.cases import CasesPage
from ui.pages.settings import SettingsPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
Picture = tuple[str, QWidget]
LOOKS = [("pl", "light", 1.0), ("en", "light", 1.0), ("pl", "dark", 1.0), ("en", "dark", 1.0), ("pl", "light", 1.5), ("en", "dark", 1.5)]


class _Program:
    """What a window wants of the program around it, refusing."""

    def make(self, _path: Path, _name: str) -> bool:
        return False

    def open(self, _path: Path) -> bool:
        return False

    def open_demo(self) -> bool:
        return False

    def dress(self, _preferred: Preferences) -> None:
        pass


def demo_register(folder: Path, lang: str) -> Register:
    """A demo shop in ``lang``."""
    register = new_register(folder / f"demo-{lang}.qmd", program="gallery", lang=lang)
    register.do(N_("Furnish the demo shop"), demo.furnish, lang)
    return register


def _one(register: Register, *where: Condition) -> Case:
    found = register.records(Query(Case, where).by(By("received_at", True)), 1)
    return found[0]


def pictures(register: Register, folder: Path, lang: str) -> Iterator[Picture]:
    """Every page and dialog, one after the other."""
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences(recent=(register.path,)))
    window = MainWindow(desk, _Program())
    window.resize(SIZE)
    deciding = _one(register, Condition("state", types.ONE_OF, (CaseState.ASSESSING, CaseState.NEW)))
    decided = _one(register, Condition("decision", types.ONE_OF, (Decision.REJECTED, Decision.PARTIAL)))
    for name in window.page_names():
        window.go(name)
        yield f"page-{name}", window
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    page.open(Case, decided.id)
    for place in range(page.panel.tabs.count()):
        if page.panel.tabs.isTabVisible(place):
            page.panel.tabs.setCurrentIndex(place)
            yield f"case-tab{place + 1}", window
    page.listing.search.setText("kub" if lang == "pl" else "mug")
    page.listing.search.flush()
    yield "cases-searched", window
    for kind, name in ((Customer, "customer"), (Order, "order"), (Product, "product")):
        window.open_record(kind, register.ids(Query(kind), 1)[0])
        yield f"open-{name}", window
    settings = window.go("settings")
    assert isinstance(settings, SettingsPage)
    for place in range(settings.tabs.count()):
        settings.tabs.setCurrentIndex(place)
        yield f"settings-tab{place + 1}", window
    yield from gallery_more.case_with_photos(window, register)
    yield from gallery_more.popovers(window)
    yield from gallery_today.pictures(window, register)
    yield from gallery_returns.on_the_page(window)
    yield from gallery_rest.cards(window, register)
    yield from gallery_rest.menus(window)
    yield from gallery_rest.states(window, register)
    yield from gallery_rest.calendar()
    yield from gallery_checklists.panel(desk, folder, lang)

    order = register.records(Query(Order, (Condition("customer", types.FILLED),)), 1)[0]
    dialogs: list[tuple[str, Callable[[], QDialog]]] = [
        ("welcome", lambda: Welcome(desk.preferences, asker)),
        ("new-case-empty", lambda: NewCase(desk, {})),
        ("new-case-order", lambda: NewCase(desk, {"order": decided.order or order.id, "description": decided.description})),
        ("decide", lambda: Decide(desk, deciding)),
        ("letter-gaps", lambda: DocumentDialog(desk, deciding.id, DocumentKind.ANSWER_REJECTED)),
        ("letter-receipt", lambda: DocumentDialog(desk, deciding.id)),
        ("letter-answer", lambda: DocumentDialog(desk, decided.id)),
        ("history", lambda: History(desk)),
        ("go-to", lambda: _typed(GoTo(desk), "an")),
        ("customer-dialog", lambda: RecordDialog(desk, Customer, register.get(Customer, 1))),
        ("product-dialog-new", lambda: _refused(RecordDialog(desk, Product))),
        ("merge", lambda: Merge(desk, 1, 2)),
        ("keys", Keys),
        ("about", About),
        *gallery_import.dialogs(desk, folder),
        *gallery_more.dialogs(desk, folder, deciding),
        *gallery_today.dialogs(desk),
        *gallery_returns.dialogs(desk),
        *gallery_rest.dialogs(desk),
        *gallery_checklists.dialogs(desk, lang),
    ]
    for name, make in dialogs:
        dialog = make()
        yield f"dialog-{name}", dialog
        dialog.deleteLater()
    window.leave()
    window.hide()
    yield from gallery_rest.questions()
    yield from gallery_rest.imported(folder, lang, _Program())
    yield from gallery_more.empty_register(folder, lang, _Program())
    yield from gallery_books.accountant(folder, lang, _Program())
    yield from gallery_costs.costs(folder, lang, _Program())
    yield from gallery_audits.pictures(folder, lang, _Program())
    yield from gallery_improving.pictures(folder, lang, _Program())
    yield from gallery_actions.pictures(folder, lang, _Program())
    yield from gallery_reviews.pictures(folder, lang, _Program())
    yield from gallery_processes.pictures(folder, lang, _Program())
    yield from gallery_alerts.pictures(folder, lang, _Program())
    yield from gallery_analysis.pictures(folder, lang, _Program())
    yield from gallery_satisfaction.pictures(folder, lang, _Program())
    yield from gallery_reports.pictures(folder, lang, _Program())
    yield from gallery_more.only_read(register.path, _Program(), decided.id)


def _typed(dialog: GoTo, words: str) -> GoTo:
    dialog.words.setText(words)
    dialog.words.flush()
    return dialog


def _refused(dialog: RecordDialog) -> RecordDialog:
    dialog.accept()  # nothing was typed: the problems stand beside the fields
    return dialog


def speak(app: QApplication, lang: str) -> None:
    """Speak a language, Qt's own buttons too."""
    i18n.use(lang)
    QLocale.setDefault(QLocale("pl_PL" if lang == "pl" else "en_GB"))
    for words in app.findChildren(QTranslator):
        app.removeTranslator(words)
    words = QTranslator(app)
    if words.load(QLocale(lang), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)


def main(arguments: list[str]) -> int:
    """Draw everything; returns 0, or 2 where it was not said where to."""
    if not arguments or arguments[0].startswith("-"):
        print("Usage: python -m tests.gallery OUT/ [PART OF A NAME]...", file=sys.stderr)  # noqa: T201
        return 2
    out = Path(arguments[0])
    parts = arguments[1:]
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    registers: dict[str, Register] = {}
    folder = Path(tempfile.mkdtemp(prefix="qmdesk-gallery-"))
    count, large = 0, []
    for lang, scheme, scale in LOOKS:
        look = f"-{lang}-{scheme}-{round(scale * 100)}"
        if any(part.startswith("-") and part not in look for part in parts):
            continue
        speak(app, lang)
        theme.apply(app, scheme, scale)  # type: ignore[arg-type]
        if lang not in registers:
            registers[lang] = demo_register(folder, lang)
        for name, widget in pictures(registers[lang], folder, lang):
            file = f"{name}{look}.png"
            if not all(part in file for part in parts):
                continue
            widget.show()
            for _round in range(3):
                app.processEvents()
            if widget.width() > SIZE.width() or widget.height() > SIZE.height():
                large.append(f"{file}: {widget.width()} × {widget.height()}")
            widget.grab().save(str(out / file))
            if isinstance(widget, QDialog):
                widget.hide()
            count += 1
    for register in registers.values():
        register.close()
    print(f"{count} pictures in {out}")  # noqa: T201 - a tool for the terminal
    if large:
        print("Larger than the screen:", *large, sep="\n  ")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
