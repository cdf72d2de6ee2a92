"""One case for every document D1-D13, with the facts a real one has: what the golden letters are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image

from qmdesk.documents.compose import Letter, compose
from qmdesk.operations import letters
from qmdesk.records.assessment import Answered, CheckAnswer, SupplierClaim
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseItem,
    CaseKind,
    Decision,
    Demand,
    LegalBasis,
    Outcome,
    ReductionMethod,
    RefundMethod,
    SaleDocument,
)
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Person, Supplier
from qmdesk.records.product import OrderLine
from qmdesk.records.returns import Condition, ReturnDetails
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import replace
from tests.shop import Shop, day

RECEIVED = datetime(2026, 11, 20, 8, 15, 42).astimezone()
WRITTEN = day("2026-11-24")


@dataclass(frozen=True)
class Cases:
    """A furnished shop and its cases by name."""

    shop: Shop
    cases: Mapping[str, int]
    claim: SupplierClaim

    def letter(self, kind: DocumentKind, lang: str, *, draft: bool = False, **changes: Any) -> Letter:
        """The letter of a kind about the case made for it; ``changes`` are to the case."""
        case = replace(self.shop.get(Case, self.cases[CASE_OF[kind]]), deemed_accepted_on=None, **changes)
        return compose(
            self.shop.register, case, kind, lang, number="D/2026/0031", on=WRITTEN, draft=draft,
            words="Metka z kodem partii / the label with the batch code." if kind is DocumentKind.REQUEST else "", claim=self.claim if kind is DocumentKind.SUPPLIER_CLAIM else None,
            money=letters.reckoned(self.shop.register, case),
        )  # fmt: skip


CASE_OF = {
    DocumentKind.RECEIPT_CONFIRMATION: "new",
    DocumentKind.ANSWER_ACCEPTED: "reduced",
    DocumentKind.ANSWER_REJECTED: "rejected",
    DocumentKind.ADR_STATEMENT: "rejected",
    DocumentKind.WITHDRAWAL_CONFIRMATION: "return",
    DocumentKind.PROTOCOL: "return",
    DocumentKind.REFUND_NOTE: "return",
    DocumentKind.WITHDRAWAL_FORM: "return",
    DocumentKind.WITHDRAWAL_INFORMATION: "return",
    DocumentKind.REQUEST: "new",
    DocumentKind.REMEDY_ORDER: "repaired",
    DocumentKind.SOLE_TRADER_STATEMENT: "trader",
    DocumentKind.SUPPLIER_CLAIM: "new",
}


def furnish(shop: Shop) -> Cases:
    """A shop with everything the thirteen documents need."""
    shop.fills_in_letterhead()
    shop.changes(ShopRecord, THE_SHOP, website="karmnik.example", cash_register_number="EAZ 2501234567", adr_entity="Wojewódzki Inspektorat Inspekcji Handlowej w Łodzi, www.wiih.example")
    person = shop.add(Person(name="Anna Wróbel", role="Obsługa klienta"))
    supplier = shop.add(Supplier(name="Hurtownia Obuwia „Krok” sp. z o.o.", contact="Dział reklamacji", street="ul. Fabryczna 12", postcode="95-100", city="Zgierz", email="reklamacje@krok.example"))
    buyer = shop.add_customer("Michalina Dąbrowska-Żółkiewska", street="ul. Źródlana 7 m. 12", postcode="31-112", city="Kraków", email="m.dabrowska@poczta.example", phone="600 100 200")
    trader = shop.add_customer(
        "Piotr Ślusarczyk", buyer_type=BuyerType.SOLE_TRADER, company="Piotr Ślusarczyk Usługi Hydrauliczne", nip="5260250274", street="ul. Polna 3", postcode="00-625", city="Warszawa"
    )
    boots, book = shop.add_product(supplier=supplier), shop.add_product(sku="KSIAZKA-7", name="Atlas ptaków Polski")
    order = shop.add_order("KZ-88213", buyer, [boots, book], quantity=3, shipping=Decimal("19.99"))
    _atlas_at_five(shop, order)
    base: dict[str, Any] = {
        "received_at": RECEIVED, "order": order, "delivered_on": day("2026-11-05"), "sold_on": day("2026-11-02"), "contract_on": day("2026-11-02"),
        "sale_document": SaleDocument.RECEIPT, "sale_document_number": "000412", "responsible": person, "noticed_on": day("2026-11-16"),
        "description": "Po tygodniu noszenia odkleiła się podeszwa lewego buta,\na szew na cholewce puszcza.",
    }  # fmt: skip
    decided = {"decided_by": person, "decided_on": WRITTEN}
    made = {
        "new": _case(shop, **{**base, "noticed_on": None}, demand=Demand.REPAIR, legal_basis=LegalBasis.NON_CONFORMITY),
        "reduced": _case(
            shop, **base, **decided, demand=Demand.REDUCTION, second_tier_on=day("2026-11-20"), legal_basis=LegalBasis.NON_CONFORMITY, decision=Decision.ACCEPTED,
            remedy="Obniżymy cenę obu par; towaru nie trzeba odsyłać.", remedy_kind=Demand.REDUCTION, value_loss=Decimal(30), reduction_method=ReductionMethod.PROPORTIONAL,
            refund=Decimal("179.94"), refund_method=RefundMethod.SAME,
        ),
        "rejected": _case(
            shop, **base, **decided, demand=Demand.REPLACEMENT, legal_basis=LegalBasis.NON_CONFORMITY, decision=Decision.REJECTED, adr=AdrStatement.CONSENT,
            decision_reasons="Podeszwa jest przecięta ostrym narzędziem na całej długości.\n\nTakie uszkodzenie nie mogło istnieć w chwili dostarczenia, bo but był po nim noszony.",
            goods_received_on=day("2026-11-23"), goods_condition="buty w pudełku, ślady noszenia",
        ),
        "return": _case(
            shop, **{**base, "noticed_on": None, "description": ""}, kind=CaseKind.RETURN, channel=shop.add(Channel(name="Przycisk „Odstąp od umowy”", durable=True, own_form=True)), goods_received_on=day("2026-11-23"),
            refunded_on=WRITTEN, refund_method=RefundMethod.SAME,
        ),
        "repaired": _case(
            shop, **base, **decided, demand=Demand.REPAIR, legal_basis=LegalBasis.NON_CONFORMITY, decision=Decision.ACCEPTED, remedy="Przyklejono nową podeszwę i zszyto cholewkę; nić i podeszwa nowe.",
            remedy_kind=Demand.REPAIR, goods_received_on=day("2026-11-21"), goods_condition="para w pudełku, czysta", remedy_started_on=day("2026-11-22"), remedy_done_on=WRITTEN,
        ),
        "trader": _case(shop, **{**base, "order": None}, customer=trader, buyer_type=BuyerType.SOLE_TRADER, ceidg_checked_on=WRITTEN, buyer_reasons="PKD 43.22.Z, instalacje; buty kupione na szlak."),
    }  # fmt: skip
    _reduce(shop, made["reduced"])
    _return(shop, made["return"])
    for question, answer in (("durability", Answered.YES), ("arose_later", Answered.YES)):
        shop.add(CheckAnswer(case=made["rejected"], question=question, answer=answer))
    shop.attaches(shop.get(Case, made["rejected"]), ("przecięta podeszwa.png", _photo()))
    item = shop.items(shop.get(Case, made["new"]))[0]
    shop.changes(CaseItem, item.id, defect="odklejona podeszwa", serial="SN-2026-0042")
    claim = shop.add(
        SupplierClaim(
            case=made["new"], number="S/2026/0001", supplier=supplier, noticed_on=day("2026-11-20"), demand=Demand.REPLACEMENT, amount=Decimal("540.00"), reply_by=day("2026-12-04"),
            basis="W trzech parach z partii 2026/09 podeszwa odkleja się po tygodniu noszenia.",
        )
    )  # fmt: skip
    return Cases(shop, made, shop.get(SupplierClaim, claim))


def _atlas_at_five(shop: Shop, order: int) -> None:
    atlas = shop.lines(order)[1]
    shop.changes(OrderLine, atlas.id, unit_price=Decimal("49.99"), vat_rate="5")


def _case(shop: Shop, **values: Any) -> int:
    return shop.complains(**{"demand": None, **values}).id


def _reduce(shop: Shop, case: int) -> None:
    """Only two pairs of boots are worth less."""
    boots, atlas = shop.items(shop.get(Case, case))
    shop.changes(CaseItem, boots.id, quantity=2, outcome=Outcome.REDUCED)
    shop.removes(CaseItem, atlas.id)


def _return(shop: Shop, case: int) -> None:
    """One pair and one book of three come back, delivered in a dearer way; the box of the boots is gone."""
    for item in shop.items(shop.get(Case, case)):
        shop.changes(CaseItem, item.id, quantity=1)
    told: dict[str, Any] = {
        "statement": "Odstępuję od umowy w części: jedna para butów i jeden atlas.", "statement_sent_on": day("2026-11-19"), "condition": Condition.TRIED,
        "condition_notes": "buty przymierzone, podeszwa lekko zabrudzona", "delivery_paid": Decimal("19.99"), "delivery_cheapest": Decimal("12.99"), "diminished": Decimal("20.00"),
        "diminished_reasons": "Buty noszono na dworze, podeszwa jest starta.",
    }  # fmt: skip
    kept = shop.register.records(parts_of(shop.get(Case, case), ReturnDetails))
    if kept:
        shop.changes(ReturnDetails, kept[0].id, **told)
    else:
        shop.add(ReturnDetails(case=case, **told))


def _photo() -> bytes:
    data = BytesIO()
    Image.new("RGB", (60, 40), (120, 90, 60)).save(data, "PNG")
    return data.getvalue()
