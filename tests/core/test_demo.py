"""The demo shop: whole, the same every time, alive in every state, nobody's private data, and the bad batch is there to find."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from qmdesk import places
from qmdesk.errors import Cancelled, Known
from qmdesk.law.calendar import is_day_off
from qmdesk.law.withdrawal import RefundState
from qmdesk.operations import deadlines, demo, month, opinions, payments, return_terms, returns
from qmdesk.operations.due import due
from qmdesk.operations.figures import early_warning, survey_results
from qmdesk.operations.figures.facts import gather
from qmdesk.operations.registers import open_register, the_shop
from qmdesk.records.books import (
    InvoiceCorrection,
    MistakeEntry,
    MonthLock,
    Payment,
    PaymentSource,
    PaymentState,
    RefundEntry,
)
from qmdesk.records.case import (
    OPEN_STATES,
    UNANSWERED_STATES,
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    Decision,
    LegalBasis,
    Message,
)
from qmdesk.records.catalog import RECORDS
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.month import Opened
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.party import BuyerType, Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.returns import Informed, ReturnDetails
from qmdesk.records.satisfaction import Opinion, Survey
from qmdesk.register import Register
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parts_of
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import check_all
from tests.benchmarks import volume
from tests.clock import DAY, standing
from tests.furnished import DemoShop

TODAY = date.fromisoformat(DAY)
ANSWERS = (DocumentKind.ANSWER_ACCEPTED, DocumentKind.ANSWER_REJECTED)
LETTERS = {  # the others are forms, or have no occasion in a year of this shop
    DocumentKind.RECEIPT_CONFIRMATION, DocumentKind.ANSWER_ACCEPTED, DocumentKind.ANSWER_REJECTED,
    DocumentKind.WITHDRAWAL_CONFIRMATION, DocumentKind.PROTOCOL, DocumentKind.REFUND_NOTE,
}  # fmt: skip


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory, demo_shop: DemoShop) -> Iterator[dict[str, Register]]:
    """The demo shop in each language: nothing below changes it."""
    folder = tmp_path_factory.mktemp("demo")
    made = {lang: open_register(demo_shop(folder / f"{lang}.qmd", lang), program="test") for lang in ("pl", "en")}
    yield made
    for register in made.values():
        register._file.close()  # no backup of what is thrown away


@pytest.fixture(params=["pl", "en"])
def shop(request: pytest.FixtureRequest, shops: dict[str, Register]) -> Register:
    return shops[request.param]


def every(register: Register, kind: type) -> list:
    return register.records(Query(kind).by(By("id")))


def contents(register: Register) -> dict[str, list]:
    return {kind.spec.table: every(register, kind) for kind in RECORDS}


def local(moment) -> date:
    return moment.astimezone().date()


def test_the_register_is_whole(shop: Register) -> None:
    assert shop.verify() == []


def test_every_record_would_be_accepted_as_typed(shop: Register) -> None:
    for kind in RECORDS:
        for item in every(shop, kind):
            assert check_all(item) == [], item


def test_the_same_day_gives_the_same_shop(shops: dict[str, Register], tmp_path: Path) -> None:
    with demo.new_demo(tmp_path / "again.qmd", program="test", lang="pl") as again:
        assert contents(again) == contents(shops["pl"])


def test_it_has_the_size_of_a_small_shop(shop: Register) -> None:
    counts = {kind: shop.count(Query(kind)) for kind in RECORDS}
    assert counts[Person] == 4
    assert counts[Supplier] >= 8
    assert counts[Product] >= 60
    assert counts[Batch] >= 15
    assert counts[Customer] == 150
    assert counts[Order] == 900
    assert 1450 <= counts[OrderLine] <= 1750
    assert counts[Case] == 120
    assert counts[Attachment] >= 12
    assert counts[IssuedDocument] >= 20


def test_every_kind_state_decision_and_buyer_occurs(shop: Register) -> None:
    cases = every(shop, Case)
    assert {case.kind for case in cases} == set(CaseKind)
    assert {case.state for case in cases} == set(CaseState)
    assert {case.decision for case in cases} == {*Decision, None}
    assert {customer.buyer_type for customer in every(shop, Customer)} == set(BuyerType)
    assert any(case.safety for case in cases)
    assert {document.kind for document in every(shop, IssuedDocument)} == LETTERS


def test_cases_come_in_the_order_of_time_and_are_numbered_so(shop: Register) -> None:
    cases = every(shop, Case)
    moments = [case.received_at for case in cases]
    assert moments == sorted(moments)
    for kind in CaseKind:
        numbers = [case.number for case in cases if case.kind is kind]
        assert numbers == sorted(numbers, key=lambda number: (number[2:6], number))
        assert len(set(numbers)) == len(numbers)
    for case in cases:
        assert case.number[2:6] == str(local(case.received_at).year)
    assert moments == [moment for moment in moments if TODAY - timedelta(days=366) < local(moment) <= TODAY]


def test_today_is_alive(shop: Register) -> None:
    cases = every(shop, Case)
    unanswered = [case for case in cases if case.state in UNANSWERED_STATES]
    assert len([case for case in unanswered if local(case.received_at) >= TODAY - timedelta(days=3)]) >= 4
    assert 3 <= len([case for case in unanswered if local(case.received_at) < TODAY - timedelta(days=14)]) <= 8
    quick = [case for case in cases if case.closed_on and (case.closed_on - local(case.received_at)).days <= 3]
    assert quick


def test_what_was_answered_was_answered_in_time_and_with_a_decision(shop: Register) -> None:
    for case in every(shop, Case):
        accepted = case.kind is CaseKind.RETURN and case.decision is not Decision.REJECTED
        if case.state in (CaseState.ANSWERED, CaseState.CLOSED) and not accepted:
            assert case.decision
            assert case.decided_on
            assert 0 <= (case.decided_on - local(case.received_at)).days <= 14
            assert case.decision_reasons
            assert case.remedy or case.decision is Decision.REJECTED
            assert any(letter.kind in ANSWERS and letter.sent_at for letter in shop.records(parts_of(case, IssuedDocument)))
        if case.decision in (Decision.REJECTED, Decision.PARTIAL):
            assert case.adr
        assert bool(case.closed_on) is (case.state not in OPEN_STATES)


def test_returns_went_the_way_of_returns(shop: Register) -> None:
    cases = [case for case in every(shop, Case) if case.kind is CaseKind.RETURN]
    terms = {one.case: one for one in every(shop, ReturnDetails)}
    assert set(terms) == {case.id for case in cases}
    for case in cases:
        assert return_terms.problems(shop, case, terms[case.id]) == []
        refused = case.decision is Decision.REJECTED
        assert case.decision in (None, Decision.REJECTED), "what is accepted is refunded, nothing is decided"
        if case.refund is not None:
            assert case.refund == returns.calculate(shop, case).total
        if case.state is CaseState.CLOSED and not refused:
            assert case.refunded_on
            assert terms[case.id].condition
        confirmed = any(letter.kind is DocumentKind.WITHDRAWAL_CONFIRMATION for letter in shop.records(parts_of(case, IssuedDocument)))
        waiting = case.state in (CaseState.NEW, CaseState.WITHDRAWN)
        assert confirmed is (case.legal_basis is LegalBasis.WITHDRAWAL and not waiting)
    standing = Counter(return_terms.right(shop, case).standing for case in cases)
    assert standing[return_terms.Standing.EXCLUDED] == 1
    assert standing[return_terms.Standing.PROMISED] >= 1
    assert sum(one.informed is Informed.LATER for one in terms.values()) >= 2
    assert sum(bool(one.diminished) for one in terms.values()) == 1
    held = [case for case in cases if (due := return_terms.refund_due(shop, case)) and due.state(TODAY) is RefundState.WITHHELD]
    assert CaseState.AWAITING_GOODS in [case.state for case in held]


def test_every_case_fits_its_order(shop: Register) -> None:
    lines = {line.id: line for line in every(shop, OrderLine)}
    for case in every(shop, Case):
        order = shop.get(Order, case.order)
        assert order.customer == case.customer
        assert order.delivered_on
        assert order.delivered_on < local(case.received_at)
        items = shop.records(parts_of(case, CaseItem))
        assert items
        for item in items:
            line = lines[item.order_line]
            assert line.order == order.id
            assert line.product == item.product
        taken = Counter()
        for item in items:
            taken[item.order_line] += item.quantity
        assert all(pieces <= lines[line].quantity for line, pieces in taken.items())


def test_conversations_are_short_ordered_and_not_all_alike(shop: Register) -> None:
    cases = every(shop, Case)
    for case in cases:
        messages = shop.records(parts_of(case, Message))
        assert 1 <= len(messages) <= 6
        moments = [message.at for message in messages]
        assert moments == sorted(moments)
        assert moments[0] == case.received_at
        assert all("{" not in message.text for message in messages)
    descriptions = [case.description for case in cases]
    assert len(set(descriptions)) == len(descriptions)


def test_letters_are_kept_with_their_proof(shop: Register) -> None:
    documents = every(shop, IssuedDocument)
    for document in documents:
        assert shop.content(document.content).startswith(b"%PDF-" if document.facts else b"From: ")  # or a mail of the shop's own
        assert document.sent_at
        assert not document.delivered_at or document.delivered_at >= document.sent_at
    issued = [document.issued_at for document in documents]
    assert issued == sorted(issued)
    numbers = [document.number for document in documents]
    assert len(set(numbers)) == len(numbers)


def test_the_letters_of_the_english_shop_to_customers_abroad_are_english(shops: dict[str, Register]) -> None:
    assert {document.language.value for document in every(shops["en"], IssuedDocument)} == {"en"}
    assert {document.language.value for document in every(shops["pl"], IssuedDocument)} == {"pl"}


def test_photos_are_small_pictures_of_their_case(shop: Register) -> None:
    for attachment in every(shop, Attachment):
        if attachment.media_type == "message/rfc822":
            continue
        content = shop.content(attachment.content)
        assert content.startswith(b"\xff\xd8")
        assert len(content) == attachment.size < 40_000


def test_one_batch_of_mugs_stands_out(shop: Register) -> None:
    bad = next(batch for batch in every(shop, Batch) if batch.code == "P-0927")
    items = [item for item in every(shop, CaseItem) if item.batch]
    by_batch = Counter(item.batch for item in items)
    assert by_batch.most_common(1)[0][0] == bad.id
    assert by_batch[bad.id] >= 3 * max(count for batch, count in by_batch.items() if batch != bad.id)
    sold = [line for line in every(shop, OrderLine) if line.product == bad.product]
    in_its_time = [line for line in sold if local(shop.get(Order, line.order).ordered_at) >= bad.received_on]
    assert len(in_its_time) > by_batch[bad.id]  # not everybody complains
    assert bad.note == ""  # nothing gives it away


def test_nothing_in_it_belongs_to_anybody(shop: Register) -> None:
    everything = contents(shop)
    people = [*everything["customer"], *everything["supplier"], *everything["person"], the_shop(shop)]
    for person in people:
        assert not person.email or person.email.endswith("@example.com")
        phone = getattr(person, "phone", "")
        assert not phone or re.fullmatch(r"\+48 (600 000 \d{3}|12 000 00 \d\d)", phone)
        nip = getattr(person, "nip", "")
        assert not nip or nip.startswith("000")  # there is no such tax office
    for product in everything["product"]:
        assert product.ean.startswith("20")  # the range a shop uses for itself
    businesses = [customer for customer in everything["customer"] if customer.buyer_type is BuyerType.BUSINESS]
    assert businesses
    assert all(customer.nip for customer in businesses)
    texts = " ".join(str(value) for records in everything.values() for record in records for value in vars(record).values())
    assert set(re.findall(r"[\w.]+@([\w.]+\w)", texts)) == {"example.com"}


def test_a_customer_and_a_complaint_are_found_by_searching(shops: dict[str, Register]) -> None:
    register = shops["pl"]
    assert len(register.ids(Query(Case, search="ucho kubek"))) >= 10
    somebody = every(register, Customer)[0]
    assert somebody.id in register.ids(Query(Customer, search=somebody.name.lower()))
    bad = Condition("state", types.IS, (CaseState.WITHDRAWN,))
    assert register.count(Query(Case, (bad,))) == 5


def test_the_demo_shop_cannot_be_taken_back(shop: Register) -> None:
    with pytest.raises(Known, match="delete the file instead"):
        shop.undo()


@pytest.mark.parametrize("day", ["2026-10-25", "2026-12-31 23:59", "2028-02-29"])
def test_it_can_be_made_on_any_day(day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qmdesk.documents.render.to_pdf", lambda content: b"%PDF-")  # drawn letters are shown above
    with standing(day) as clock, demo.new_demo(tmp_path / "demo.qmd", program="test", lang="en") as register:
        now = clock()
        assert register.verify() == []
        cases = every(register, Case)
        assert len(cases) == 120
        assert now - timedelta(days=2) < max(case.received_at for case in cases) <= now
        assert max(message.at for message in every(register, Message)) <= now
        assert deadlines.catch_up(register).change is None, "nothing has passed unnoticed"
        waiting = [case for case in cases if case.state in UNANSWERED_STATES]
        assert all(case in waiting for case in cases if case.deemed_accepted_on), "only what was left lying is accepted by silence"
        nearest = [one for one in due(register) if one.deadline.state is DeadlineState.RUNNING]
        assert len({one.legal for one in (two.deadline for two in nearest)}) >= 5, "not everything is due on one day"
        assert all(not is_day_off("PL", local(letter.sent_at)) or local(letter.sent_at) == now.date() for letter in every(register, IssuedDocument))
        assert 3 <= len(every(register, MonthLock)) <= 12
        assert any(month.collect(register, name).gaps for name in (month.current(), month.next_to(month.current(), -1)))


def test_what_is_mended_can_be_mended_whatever_the_dice_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """On some days a rejected complaint was to be repaired, and there was no demo."""
    monkeypatch.setattr(tomllib, "loads", cache(tomllib.loads))  # the words and the plan, two hundred times
    for seed in range(200):
        shop = demo._Demo(None, "pl", TODAY + timedelta(days=seed))  # type: ignore[arg-type]
        shop.dice.seed(seed)
        stories = [story for (_ago, state), story in shop._pairs() if state in demo._REMEDIES]
        assert len(stories) == 2
        assert {demo._granted(facts) for _key, facts in stories} <= {"repair", "replacement"}


def test_making_it_can_be_cancelled(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def enough(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        demo.new_demo(tmp_path / "demo.qmd", program="test", lang="pl", progress=enough)
    assert told[0][1] > 400
    assert list(tmp_path.glob("*.qmd")) == []


def test_its_months_are_handed_over_but_for_the_last(shop: Register) -> None:
    now = f"{TODAY:%Y-%m}"
    unlocked = {month.next_to(now, -1), now}
    locks = every(shop, MonthLock)
    assert {lock.month for lock in locks} == {entry.month for entry in (*every(shop, RefundEntry), *every(shop, MistakeEntry))} - unlocked
    for lock in locks:
        told = month.collect(shop, lock.month)
        assert (told.gaps, told.digest, lock.reopened_at) == ((), lock.digest, None)
        assert lock.locked_at.astimezone().date().isoformat()[:7] == month.next_to(lock.month, 1)
    left = {gap.what for name in unlocked for gap in month.collect(shop, name).gaps}
    assert {Opened.UNSIGNED, Opened.NO_RIGHT_RECEIPT} <= left
    assert Opened.NO_ENTRY not in left
    refunded = [case for case in every(shop, Case) if case.refunded_on]
    booked = {entry.case for entry in every(shop, RefundEntry)} | {one.case for one in every(shop, InvoiceCorrection)}
    assert {case.id for case in refunded} == booked


def test_its_bank_statement_leaves_something_to_match(shop: Register) -> None:
    of_bank = [payment for payment in every(shop, Payment) if payment.source is PaymentSource.BANK]
    matched = [payment for payment in of_bank if payment.state is PaymentState.MATCHED]
    assert matched
    assert all(-payment.amount == shop.get(Case, payment.case).refund for payment in matched)
    assert len(payments.suggest(shop)) == 2
    assert len(payments.without_case(shop)) == 3


def test_both_languages_say_the_same_things() -> None:
    folder = places.resources() / "demo"
    polish, english, plan = (tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in ("pl", "en", "plan"))
    assert polish.keys() == english.keys()
    for table in polish:
        assert polish[table].keys() == english[table].keys(), table
    stories = {key: {**group["default"], **facts} for group in plan["stories"].values() for key, facts in group.items() if key != "default"}
    assert stories.keys() == polish["stories"].keys()
    for key, facts in stories.items():
        refused = "decision" in facts
        assert len(polish["stories"][key]) == len(english["stories"][key]) == (3 if refused else 2), key
        assert not facts.get("photo") or (folder / "photos" / facts["photo"]).is_file()
    assert plan["products"].keys() == polish["products"].keys()


def test_a_register_of_volume_is_whole_and_made_once(tmp_path: Path) -> None:
    path = volume.cases(tmp_path / "cache", 400)
    made = path.stat().st_mtime_ns
    with open_register(path, program="test", read_only=True) as register:
        assert register.verify() == []
        cases = every(register, Case)
        assert len(cases) == 400
        assert {case.state for case in cases} == set(volume._STATES)
        assert not any(check_all(item) for kind in RECORDS for item in every(register, kind))
        assert [case.received_at for case in cases] == sorted(case.received_at for case in cases)
        assert register.count(Query(Customer)) == 80
    assert volume.cases(tmp_path / "cache", 400) == path
    assert path.stat().st_mtime_ns == made
    assert len(set(volume.vocabulary())) >= 5000


def test_customers_say_what_they_think(shop: Register) -> None:
    purchase, service = sorted(every(shop, Survey), key=lambda one: one.id)
    told = survey_results.results(shop, purchase.id)
    assert len(told.responses) == 58
    nps = told.questions[0].score
    assert nps is not None
    assert nps.value is not None
    assert 10 < nps.value < 80
    assert told.rate is not None
    assert len(told.questions[0].months) >= 5, "there is a trend to see"
    assert len(survey_results.results(shop, service.id).responses) >= 15
    said = every(shop, Opinion)
    assert len(said) == 30
    assert all(one.written_on <= TODAY for one in said)
    waiting = shop.records(opinions.bad_unanswered())
    assert len(waiting) == 2
    assert sum(one.case is not None for one in said) >= 4
    assert sum(one.won_back_on is not None for one in said) == 1


def test_the_bad_batch_is_found_and_nothing_else(shop: Register) -> None:
    """What the demo hides: the handles of one delivery of mugs come off; its other buyers are known."""
    facts = gather(shop)
    (found,) = early_warning.told_of(early_warning.suspects(shop, facts, TODAY))
    assert found.batch_code == "P-0927"
    assert 10 < found.complaints == len(found.cases) < found.sold
    assert found.expected < 1
    assert {item.batch for id_ in found.cases for item in shop.records(Query(CaseItem, (Condition("case", types.IS, (id_,)),)))} == {found.batch}
