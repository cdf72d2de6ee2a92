"""The page of processes and the suppliers' side with an invented shop, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import (
    cases,
    claim_list_papers,
    claim_lists,
    process_library,
    processes,
    ratings,
    sampling,
    supplier_claims,
)
from qmdesk.operations.registers import new_register
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.case import Case, CaseItem, Demand
from qmdesk.records.party import Person, Supplier
from qmdesk.records.process import Process, ProcessStep
from qmdesk.records.product import Batch, Product
from qmdesk.records.rating import ClaimList, SupplierRating
from qmdesk.register import Register, clock
from qmdesk.schema.query import Query
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.claim_reply import ClaimReply
from ui.dialogs.paper import PaperDialog
from ui.dialogs.sampling import Sampling
from ui.forms.dialog import RecordDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.catalogue import CataloguePage
from ui.pages.processes import STEP_FIELDS, ProcessesPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
WEAK = {"pl": "Kubki jadą w za dużych kartonach.\nNikt nie mówi, który karton do czego.", "en": "Mugs travel in boxes that are too large.\nNobody says which box is for what."}
STRONG = {"pl": "Etykiety drukują się same.", "en": "Labels print themselves."}


def furnished(folder: Path, lang: str) -> tuple[Register, int, int]:
    """A register with the ready maps and cases at their steps: the map of orders and its worst step."""
    register = new_register(folder / f"processes-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Karmnik")
    anna = register.do("x", lambda tx: tx.add(Person(name="Anna Wróbel"))).result
    ids = [register.do(processes.READY, process_library.take, ready.key, lang).result for ready in process_library.offered(lang)]
    flow = processes.flow_of(register, ids[0])
    pack, carry, pick = flow.steps[6], flow.steps[8], flow.steps[4]
    register.do(processes.CHANGE_STEP, processes.change_step, pack.id, {"weaknesses": WEAK[lang], "strengths": STRONG[lang], "owner": anna})
    for step, count in ((pack, 7), (carry, 3), (pick, 1)):
        for at in range(count):
            draft = Case(received_at=clock() - timedelta(days=3 + 5 * at), description=WEAK[lang].partition("\n")[0], process_step=step.id)
            register.do(cases.TAKE_IN, cases.take_in, draft, ())
    return register, ids[0], pack.id


def supplied(folder: Path, lang: str) -> tuple[Register, int, int]:
    """A register with a rated supplier and a week's claims: the supplier, the list that is out."""
    register = new_register(folder / f"suppliers-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Karmnik")
    today = clock().date()
    names = ("Hurt-But Poznań", "Ceramika Bolesławiec", "Szybka Paczka")
    ids = [register.do("x", lambda tx, name=name: tx.add(Supplier(name=name, contact="Jan Kos", phone="600 100 200"))).result for name in names]
    product = register.do("x", lambda tx: tx.add(Product(sku="KUB-1", name="Kubek w kropki", supplier=ids[0], vat_rate="23"))).result
    batch = register.do("x", lambda tx: tx.add(Batch(product=product, code="L-0412", quantity=200, supplier=ids[0]))).result
    sample = sampling.draw(200, sampling.share("2.5", "AQL"), sampling.share("10", "R"), "7")
    register.do(sampling.INSPECT, sampling.inspect, batch, sample)
    for supplier, days, points in ((ids[0], 190, (3, 4, 2, 3, 5)), (ids[0], 95, (4, 4, 3, 3, 5)), (ids[0], 3, (5, 4, 3, 4, 5)), (ids[1], 30, (2, 2, 3, 1, 4)), (ids[2], 20, (3, 4, 3, 3, 3))):
        given = dict(zip(("lead_time", "accuracy", "returns", "service", "price_clarity"), points, strict=True))
        register.do(ratings.RATE, ratings.rate, SupplierRating(supplier=supplier, on=today - timedelta(days=days), **given))
    listed = 0
    for at in range(7):
        draft = Case(received_at=clock() - timedelta(days=30 - at), description=WEAK[lang].partition("\n")[0])
        case = register.do(cases.TAKE_IN, cases.take_in, draft, (CaseItem(case=1, product=product, batch=batch, name="Kubek w kropki", sku="KUB-1", quantity=1),)).result
        claim = SupplierClaim(case=case.id, supplier=ids[1] if at == 6 else ids[0], amount=Decimal("49.90") * (at + 1), demand=Demand.REFUND, basis=draft.description)
        register.do(supplier_claims.CLAIM, supplier_claims.claim, claim)
        if at == 3:
            listed = register.do(claim_lists.GATHER, claim_lists.gather, ids[0]).result.id
            register.do(claim_lists.SEND, claim_list_papers.send, listed, today - timedelta(days=20), today - timedelta(days=6))
            first, second = claim_lists.claims_of(register, listed)[:2]
            answers = {first.id: (ClaimOutcome.ACCEPTED, Decimal("49.90")), second.id: (ClaimOutcome.PARTLY, Decimal("30.00"))}
            register.do(claim_lists.REPLY, claim_lists.note_reply, listed, today - timedelta(days=10), STRONG[lang], answers)
    return register, ids[0], listed


def of_suppliers(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The suppliers with their rating, the claims of the week, the sample of a batch."""
    register, supplier, listed = supplied(folder, lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    yield "suppliers-today", window
    page = window.go("catalogue")
    assert isinstance(page, CataloguePage)
    page.open(Supplier, supplier)
    page.suppliers.card.tabs.setCurrentWidget(page.suppliers.card.rating)
    yield "suppliers-rating", window
    page.open(ClaimList, listed)
    yield "suppliers-claims", window
    yield "suppliers-reply", ClaimReply(desk, listed, window)
    batch = register.ids(Query(Batch))[0]
    yield "suppliers-sample-kept", Sampling(desk, batch, window)
    fresh = Sampling(desk, batch, window)
    fresh.begin_anew()
    fresh.lot.setValue(60)
    yield "suppliers-sample", fresh
    page.open(Product, register.ids(Query(Product))[0])
    page.products.card.tabs.setCurrentIndex(1)
    yield "suppliers-batches", window
    yield "suppliers-letter", PaperDialog(desk, "L", "x.pdf", partial(claim_list_papers.letter, register, listed), lang, window)
    window.leave()
    window.hide()
    register.close()


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The page empty and full, its tabs, a step's dialog; then the suppliers."""
    yield from of_suppliers(folder, lang, program)
    empty = new_register(folder / f"no-processes-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    for register, name in ((empty, "processes-empty"), (None, "processes")):
        register, process, step = (register, 0, 0) if register else furnished(folder, lang)
        asker = ScriptedAsker()
        desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
        window = MainWindow(desk, program)
        window.resize(SIZE)
        page = window.go("processes")
        assert isinstance(page, ProcessesPage)
        if process:
            page.open(ProcessStep, step)
        yield name, window
        if process:
            page.tabs.setCurrentIndex(1)
            page.drawing.begin_arrow()
            yield "processes-arrows", window
            page.tabs.setCurrentIndex(2)
            page.drawing.insert()
            yield "processes-insert", window
            page.open(Process, process + 1)
            page.tabs.setCurrentIndex(0)
            yield "processes-return", window
            yield "processes-step", RecordDialog(desk, ProcessStep, register.get(ProcessStep, step), fields=STEP_FIELDS, parent=window)
        window.leave()
        window.hide()
        register.close()
