"""Questions: written on the command line, said in both languages, answered by the rows that fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qmdesk.errors import Known
from qmdesk.records.case import Case, CaseState, Demand
from qmdesk.records.catalog import RECORDS
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, Product
from qmdesk.register import Register
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, condition, parse_condition, parse_order, split_condition
from qmdesk.schema.query import Order as By
from tests.shop import NOON, Shop, open_shop, shop

__all__ = ["shop"]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Five cases, to be asked about."""
    with open_shop(tmp_path_factory.mktemp("query") / "shop.qmd") as opened:
        buyer = opened.add_customer("Łucja Żak")
        for n, amount in enumerate(("10", "20.50", "30", None, "99.99")):
            opened.complains(
                f"Łyżka {n}", customer=buyer if n < 2 else None, claimed=amount and Decimal(amount), safety=n == 4,
                demand=[Demand.REPAIR, Demand.REFUND, None, Demand.REPAIR, Demand.OTHER][n], received_at=NOON - timedelta(days=n),
            )  # fmt: skip
        yield opened.register


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("claimed = 20.50", [1]), ("claimed > 20,50", [2, 4]), ("claimed >= 20.5", [1, 2, 4]), ("claimed < 10.01", [0]), ("claimed between 10 30", [0, 1, 2]),
        ("claimed empty", [3]), ("claimed filled", [0, 1, 2, 4]), ("demand = repair", [0, 3]), ("demand != repair", [1, 2, 4]), ("demand in repair, Refund", [0, 3]),
        ("demand in refund,other", [1, 4]), ("demand empty", [2]), ("safety = yes", [4]), ("safety = nie", [0, 1, 2, 3]), ("customer = 1", [0, 1]),
        ("customer empty", [2, 3, 4]), ("description contains łyŻKA 3", [3]), ("description contains %", []), ("received_at = 2026-11-19", [1]),
        ("received_at >= 19.11.2026", [0, 1]), ("received_at < 2026-11-17", [4]), ("received_at between 2026-11-17 2026-11-18", [2, 3]),
        ("received_at > 9999-12-31", []), ("received_at >= 0001-01-01", [0, 1, 2, 3, 4]), ("state in new", [0, 1, 2, 3, 4]), ("closed_on filled", []),
    ],
)  # fmt: skip
def test_conditions_as_written_find_what_fits(full: Register, written: str, found: list[int]) -> None:
    asked = parse_condition(Case, written)
    if written == "demand in repair, Refund":
        found = [0, 1, 3]  # "refund" is found by its value, whatever the case of its letters
    cases = full.records(Query(Case, (asked,)))
    assert sorted(int(case.description.split()[1]) for case in cases) == found
    assert full.count(Query(Case, (asked,))) == len(found)


@pytest.mark.parametrize(
    "written",
    [
        "", "claimed", "claimed =", "claimed = x", "claimed like 5", "colour = red", "colour=red", "state", "= new", "demand empty x", "description contains \udcff", "demand = perhaps", "received_at = someday", "received_at between 2026-01-01",
        "claimed = 1e30", "customer = 99999999999999999999999", "customer = x", "safety = maybe", "safety > 1", "claimed between 1 2 3", "demand in", "demand in ,",
        "received_at = 31.02.2026",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_why(written: str) -> None:
    with pytest.raises(Known) as refused:
        parse_condition(Case, written)
    assert refused.value.sentence


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("state=new", "state = new"), ("  claimed>=5 ", "claimed >= 5"), ("state IN new,closed", "state in new, closed"),
        ("claimed between 10,50 20,50", "claimed between 10.50 20.50"), ("received_at between 2026-01-01, 2026-01-31", "received_at between 2026-01-01,2026-01-31"),
    ],
)  # fmt: skip
def test_conditions_may_be_written_as_people_write_them(written: str, same: str) -> None:
    assert parse_condition(Case, written) == parse_condition(Case, same)


def test_two_moments_stand_apart_by_a_comma() -> None:
    asked = parse_condition(Case, "received_at between 2026-01-01 08:00, 2026-01-01 16:00")
    assert asked.values[1] - asked.values[0] == timedelta(hours=8)


def test_signs_in_a_value_are_part_of_it() -> None:
    assert split_condition("note contains a = b") == ("note", "contains", "a = b")
    assert split_condition("description=a\nb  c") == ("description", "=", "a\nb  c")


fields = st.sampled_from([(kind, name) for kind in RECORDS for name in kind.spec.fields])
values = st.text(max_size=20) | st.from_regex(r"\A[0-9.:T ,-]{1,30}\Z") | st.integers().map(str) | st.just("x" * 60_000)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(fields, st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "between", "contains", "in", "empty", "filled"]), values)
@example((Case, "received_at"), "between", "0001-01-01 9999-12-31")
@example((Case, "description"), "contains", "[" * 3000)
@example((Order, "total"), "=", "-1e20")
def test_any_question_is_answered_or_refused_in_a_sentence(full: Register, asked: tuple[type, str], operator: str, value: str) -> None:
    kind, name = asked
    try:
        query = Query(kind, (parse_condition(kind, f"{name} {operator} {value}"),))
    except Known:
        return
    assert full.count(query) == len(full.ids(query))
    assert query.sentence("pl")
    assert query.sentence("en")


def test_questions_in_words() -> None:
    query = Query(
        Case,
        (
            Condition("received_at", types.BETWEEN, (date(2026, 11, 1), date(2026, 11, 30))),
            Condition("state", types.ONE_OF, (CaseState.NEW, CaseState.DECIDED)),
            Condition("customer", types.IS, (7,)),
            Condition("note", types.EMPTY),
        ),
        " sole ",
    )
    said = query.sentence("en", title=lambda kind, id_: f"{kind.spec.label} {id_}")
    assert said == (
        "Received at is from 1 Nov 2026 to 30 Nov 2026; State is one of: New, Decided; Customer is Customer 7; Internal note is empty; search: “sole”"
    )
    assert Query(Case).sentence("en") == "all of them"


def test_braces_and_quotes_in_values_are_only_text() -> None:
    asked = Condition("note", types.CONTAINS, ('{field} "x" {0}',))
    assert '{field} "x" {0}' in asked.sentence(Case, "en")


def test_conditions_by_operator() -> None:
    assert condition(Product, "price", ">", (Decimal(5),)).operator is types.ABOVE
    with pytest.raises(Known, match="can't be asked"):
        condition(Product, "price", "contains", ("5",))
    with pytest.raises(Known, match="no field"):
        condition(Product, "colour", "=", ("red",))


def test_orders_as_written() -> None:
    assert parse_order(Case, "-received_at") == By("received_at", True)
    assert parse_order(Case, "id") == By("id")
    with pytest.raises(Known, match="no field"):
        parse_order(Case, "-colour")


def test_pages_from_both_ends_make_the_whole_list(shop: Shop) -> None:
    shop.add(*(Customer(name=f"{chr(65 + n % 5)} {n}") for n in range(23)))
    for query in (Query(Customer), Query(Customer).by(By("name")), Query(Customer).by(By("name", True)), Query(Customer).by(By("city"), By("name", True))):
        whole = shop.register.ids(query)
        assert len(whole) == 23
        pages = [shop.register.ids(query, 5, start) for start in range(0, 25, 5)]
        assert [id_ for page in pages for id_ in page] == whole
        assert shop.register.ids(query, 5, 3, backwards=True) == whole[-8:-3]
        assert shop.register.ids(query, 5, 0, backwards=True) == whole[-5:]
    assert shop.register.ids(Query(Customer)) == sorted(shop.register.ids(Query(Customer)), reverse=True)


def test_plain_questions_count_without_looking(shop: Shop) -> None:
    assert Query(Case).plain
    assert not replace(Query(Case), search="x").plain
    assert shop.register.count(Query(Customer)) == 0
    shop.add_customer()
    assert shop.register.count(Query(Customer)) == shop.register.count(Query(Customer), at_most=5) == 1


def test_many_values_are_matched_at_once(shop: Shop) -> None:
    ids = [shop.add_product(sku=f"S{n}") for n in range(3)]
    assert shop.register.by_value(Product, "sku", ["S0", "S2", "S9"]) == {"S0": ids[0], "S2": ids[2]}
    assert shop.register.by_value(Product, "sku", []) == {}
    assert shop.register.titles(Product, [ids[0], 99]) == {ids[0]: "Buty trekkingowe 42"}
    assert shop.register.title(Product, 99) == ""


def test_a_unique_value_is_found_by_its_index(shop: Shop) -> None:
    """Its index holds filled values only: a statement that does not say so would look at every row there is."""
    wanted = shop.add_product(sku="S1")
    asked: list[str] = []
    connection = shop.register._file.reader()
    connection.set_trace_callback(asked.append)
    try:
        assert shop.register.by_value(Product, "sku", ["S1"]) == {"S1": wanted}
        for operator, values in ((types.IS, ("S1",)), (types.ONE_OF, ("S1", "S2"))):
            assert shop.register.ids(Query(Product, (Condition("sku", operator, values),))) == [wanted]
    finally:
        connection.set_trace_callback(None)
    for statement in asked:
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))
        assert "product_sku" in plan, statement
    assert shop.register.ids(Query(Product, (Condition("sku", types.IS, ("",)),))) == []


def test_rows_bring_the_titles_of_what_they_refer_to(shop: Shop) -> None:
    buyer = shop.add_customer()
    order = shop.add_order(customer=buyer)
    case = shop.complains(order=order)
    ((found, titles),) = shop.register.rows(Case, [case.id, 99])
    assert found == shop.case(case)
    assert (titles["customer"], titles["order"], titles["cause"], titles["channel"]) == ("Łucja Żak", "1001", "", "E-mail")
