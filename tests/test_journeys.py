"""The journeys of a shop, played from beginning to end as its owner plays them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

from qmdesk.errors import Known
from qmdesk.operations import cases
from qmdesk.operations.finding import by_number
from qmdesk.records.case import (
    OPEN_STATES,
    UNANSWERED_STATES,
    Case,
    CaseState,
    Decision,
    Direction,
    Outcome,
    RefundMethod,
    Step,
)
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from tests.shop import NOON, Shop, shop

__all__ = ["shop"]

UNANSWERED = Condition("state", types.ONE_OF, UNANSWERED_STATES)
OPEN = Condition("state", types.ONE_OF, OPEN_STATES)


def test_a_complaint_from_the_order_to_the_answer(shop: Shop) -> None:
    """An order comes in, its customer complains about a line, gets a confirmation, a decision and the letter."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer("Łucja Żak", phone="600 100 200", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    boots, scarf = shop.add_product(ean="5901234123457"), shop.add_product(sku="SZAL", name="Szal wełniany")
    order = shop.add_order("1001", buyer, [boots, scarf], quantity=2)

    # the owner types what the customer says on the telephone, and it is found
    assert shop.finds("+48 600100200", Customer) == shop.finds("zak", Customer) == [buyer]
    assert shop.finds("buty", Order) == [order]
    assert by_number(shop.register, "1001") == (Order, order)
    line = shop.lines(order)[0]
    item = cases.item_from_line(line, quantity=2)
    draft = Case(received_at=NOON, order=order, description="Odkleiła się podeszwa w obu parach", channel=shop.channel("Phone"))
    assert cases.resembling(shop.register, draft, [item]) == []
    case = shop.do(cases.TAKE_IN, cases.take_in, draft, [item])
    assert (case.number, case.customer, case.state) == ("R/2026/0001", buyer, CaseState.NEW)
    assert [found.case.id for found in cases.resembling(shop.register, draft, [item])] == [case.id]

    # it is confirmed, talked about, looked at
    confirmation = shop.confirms(case)
    shop.says(case, "Wysłałam zdjęcie", Direction.INCOMING)
    shop.attaches(case, ("opis.txt", b"Podeszwa odstaje"))
    shop.steps(case, Step.ASSESS)
    shop.splits(shop.items(case)[0], 1, Outcome.REPAIRED)

    # it is decided and answered; the letter is kept with its proof
    shop.decides(case, Decision.ACCEPTED, refund=Decimal("299.90"), refund_method=RefundMethod.TRANSFER)
    assert shop.finds("podeszwa", Case, UNANSWERED) == [case.id]
    answer = shop.answers(case)
    shop.reopens()
    for document, kind in ((confirmation, DocumentKind.RECEIPT_CONFIRMATION), (answer, DocumentKind.ANSWER_ACCEPTED)):
        kept = shop.get(IssuedDocument, document.id)
        pdf = shop.register.content(kept.content)
        assert kept == document
        assert kept.kind is kind
        assert pdf.startswith(b"%PDF")
        assert hashlib.sha256(pdf).hexdigest() == kept.content
    assert [said.direction for said in shop.conversation(case)].count(Direction.OUTGOING) == 2

    # nothing waits any more; the case is closed and still found by everything it ever said
    assert shop.register.count(Query(Case, (UNANSWERED,))) == 0
    closed = shop.steps(case, Step.CLOSE)
    assert closed.closed_on is not None
    assert shop.register.ids(Query(Case, (OPEN,))) == []
    for words in ("R/2026/0001", "1001", "600 100 200", "zak podeszwa", "wyslalam", "opis", answer.number, "BUT-42"):
        assert shop.finds(words) == [case.id], words
    ((row, titles),) = shop.register.rows(Case, shop.register.ids(Query(Case).by(By("received_at", True))))
    assert (row.number, titles["customer"], titles["order"]) == ("R/2026/0001", "Łucja Żak", "1001")
    told = [step.label for step, _entry in shop.register.history(closed)]
    assert told[0] == cases.TAKE_IN
    assert "Issue a letter" in told


def test_a_month_of_work_with_second_thoughts(shop: Shop) -> None:
    """Wrong clicks, a second card of one customer, a rejected claim, a withdrawn one; everything stays in order."""
    shop.fills_in_letterhead()
    one, other = shop.add_customer("Jan Kot", email="jan@example.com"), shop.add_customer("J. Kot", phone="501 502 503")
    order = shop.add_order("77", other, [shop.add_product()])
    first = shop.complains(order=order)
    second = shop.complains("Nie ten rozmiar", customer=one, received_at=NOON + timedelta(hours=1))
    shop.merges(one, other)
    assert {case.customer for case in shop.register.records(Query(Case))} == {one}

    shop.decides(first, Decision.ACCEPTED)
    shop.register.undo()  # the wrong case
    assert shop.case(first).decision is None
    shop.decides(second, Decision.REJECTED)
    letter = shop.answers(second)
    assert letter.kind is DocumentKind.ANSWER_REJECTED
    shop.steps(first, Step.WITHDRAW)
    shop.steps(first, Step.REOPEN)
    shop.decides(first, Decision.PARTIAL)
    shop.answers(first, "en")
    with pytest.raises(Known, match="unsent"):
        shop.register.undo()
    assert [case.state for case in shop.register.records(Query(Case))] == [CaseState.ANSWERED] * 2
    assert [document.number for document in shop.register.records(Query(IssuedDocument).by(By("number")))] == ["D/2026/0001", "D/2026/0002"]
