"""Search as one types: Polish letters, beginnings, digits however grouped, what a case says; and an index that never lies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qmdesk.errors import Known
from qmdesk.records.case import Case, CaseItem, CaseState, Message
from qmdesk.records.catalog import RECORDS
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.records.steps import Step
from qmdesk.register import Register, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import replace, stored
from qmdesk.store import driver, search
from tests.shop import NOON, Shop, open_shop, shop

__all__ = ["shop"]


def entries(register: Register) -> dict[str, set[tuple[str, int]]]:
    """What each index holds: word and record. The tables that show it may only be made in a connection's own memory."""
    found = {}
    connection = driver.connect(register.path, read_only=False, busy_ms=1000)
    connection.execute("PRAGMA trusted_schema=ON")
    for kind in RECORDS:
        if kind.spec.own_searched:
            name = search.table(kind)
            connection.execute(f"CREATE VIRTUAL TABLE temp.\"seen_{name}\" USING fts5vocab(main, '{name}', 'instance')")
            found[kind.spec.table] = {(row[0], row[1]) for row in connection.execute(f'SELECT term, doc FROM temp."seen_{name}"')}
    connection.close()
    return found


def rebuilt(register: Register) -> dict[str, set[tuple[str, int]]]:
    """What the indexes would hold if they were made anew."""

    def anew(tx: Transaction) -> dict[str, set[tuple[str, int]]]:
        writer = tx._writer
        stale = search.Stale(writer, RECORDS)
        found = {}
        for kind in RECORDS:
            if kind.spec.own_searched:
                ids = [row[0] for row in writer.execute(f'SELECT "id" FROM "{kind.spec.table}"')]
                writer.execute("DROP TABLE IF EXISTS temp.anew")
                writer.execute("CREATE VIRTUAL TABLE temp.anew USING fts5(words, tokenize='unicode61 remove_diacritics 2')")
                for id_, texts in stale._words(kind, ids).items():
                    writer.execute("INSERT INTO temp.anew(rowid, words) VALUES (?, ?)", [id_, search.words(texts)])
                writer.execute("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(temp, 'anew', 'instance')")
                found[kind.spec.table] = {(row[0], row[1]) for row in writer.execute("SELECT term, doc FROM temp.seen")}
                writer.execute("DROP TABLE temp.seen")
                writer.execute("DROP TABLE temp.anew")
        return found

    return register.try_out(anew)


# -- words


def hit(texts: list[str], asked: str) -> bool:
    """Whether a record with these texts is found, by an index of the register's own kind."""
    memory = driver._sqlite.connect(":memory:")
    memory.execute(search.statement(Customer))
    memory.execute("INSERT INTO search_customer(rowid, words) VALUES (1, ?)", [search.words(texts)])
    found = memory.execute("SELECT count(*) FROM search_customer WHERE search_customer MATCH ?", [search.match(asked)]).fetchone()[0]
    memory.close()
    return found == 1


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("Żółć Łódź", "zolc"), ("Żółć Łódź", "lodz"), ("zolc lodz", "Żółć"), ("zolc lodz", "ŁÓDŹ"), ("Wróbel", "wrob"), ("Wróbel", "WRÓBEL"),
        ("Straße", "strasse"), ("Strasse", "Straße"), ("Bjørn Ångström", "bjorn angstrom"), ("Ǿre", "ore"), ("z\u0307olw", "żolw"), ("İstanbul", "istanbul"),
        ("Anna-Maria O'Neil", "o'neil maria"), ("lucja.zak@example.com", "lucja.zak@exa"), ("lucja.zak@example.com", "example"),
    ],
)  # fmt: skip
def test_letters_fold_both_ways_and_beginnings_are_enough(kept: str, asked: str) -> None:
    assert hit([kept], asked)
    assert not hit([kept], f"{asked}x")


@pytest.mark.parametrize("kept", ["600 100 200", "600-100-200", "600100200", "+48 600 100 200", "+48600100200", "0048 600.100.200", "+48 (600) 100 200", "tel. 600 100 200"])
@pytest.mark.parametrize("asked", ["600100200", "600 100 200", "+48600100200", "+48 600 100 200", "600-100-200", "6001", "600 1", "60010020"])
def test_numbers_are_found_however_they_are_grouped(kept: str, asked: str) -> None:
    assert hit(["Jan Kot", "5260250274", kept, "1001"], f"kot {asked}")


def test_a_telephone_number_between_other_numbers_is_found(shop: Shop) -> None:
    customer = shop.add_customer(name="Jan Kot", nip="5260250274", phone="600 100 200", external_id="1001")
    assert shop.finds("600100200", Customer) == [customer]
    assert shop.finds("+48 600 100 200", Customer) == [customer]
    assert shop.finds("1001", Customer) == [customer]
    assert shop.finds("100200100", Customer) == []


def test_everything_a_case_says_finds_it(shop: Shop) -> None:
    buyer = shop.add_customer(name="Łucja Żak", phone="600 100 200", email="lucja@example.com", nip="5260250274")
    order = shop.add_order(number="ZAM-77", customer=buyer, products=[shop.add_product()], tracking_number="6200001234")
    case = shop.complains("Odkleiła się podeszwa", order=order, external_id="RMA9", note="dzwonić po 15")
    shop.says(case, "Proszę o szybką naprawę")
    shop.attaches(case, ("paragon.pdf", b"%PDF-"))
    shop.complains("Something else")
    for asked in (
        case.number, "zak", "600100200", "lucja@example", "526025", "zam-77", "6200001234", "bUT-42", "trekk", "podeszwa", "rma9", "dzwonic", "szybka", "paragon",
        "zak podeszwa naprawe",
    ):  # fmt: skip
        assert case.id in shop.finds(asked), asked
    for asked in ("sandaly", "600100201", "zak sandaly", "odeszwa"):
        assert shop.finds(asked) == [], asked


def test_a_case_follows_its_customer_and_order(shop: Shop) -> None:
    buyer = shop.add_customer(name="Łucja Żak")
    order = shop.add_order(number="1001", customer=buyer)
    case = shop.complains(order=order)
    shop.changes(Customer, buyer, name="Łucja Nowak")
    assert shop.finds("nowak") == [case.id]
    assert shop.finds("nowak", Order) == [order]
    assert shop.finds("zak") == []
    shop.register.undo()
    assert shop.finds("zak") == [case.id]
    assert shop.finds("nowak") == []
    shop.changes(Order, order, number="2002")
    assert shop.finds("2002") == [case.id]
    assert shop.finds("1001") == []


def test_what_was_taken_away_is_not_found(shop: Shop) -> None:
    case = shop.complains("boots")
    said = shop.says(case, "quickly please")
    shop.edits(case, description="scarf")
    shop.removes(Message, said)
    assert shop.finds("boots") == shop.finds("quickly") == []
    assert shop.finds("scarf") == [case.id]
    shop.changes(Case, case.id, customer=shop.add_customer())
    shop.changes(Case, case.id, customer=None)
    assert shop.finds("zak") == []


def test_a_part_that_moves_takes_its_words_along(shop: Shop) -> None:
    one, other = shop.complains("one"), shop.complains("other")
    said = shop.says(one, "quickly please")
    shop.changes(Message, said, case=other.id)
    assert shop.finds("quickly") == [other.id]
    shop.register.undo()
    assert shop.finds("quickly") == [one.id]


def test_hits_come_newest_first_and_keep_to_the_conditions(shop: Shop) -> None:
    made = [shop.complains("boots") for _n in range(4)]
    shop.complains("scarf")
    shop.steps(made[1], Step.ASK)
    assert shop.finds("boots") == [case.id for case in reversed(made)]
    new = Condition("state", types.IS, (CaseState.NEW,))
    assert shop.finds("boots", Case, new) == [made[3].id, made[2].id, made[0].id]
    query = Query(Case, (new,), "boots", (By("received_at"),))
    assert shop.register.count(query) == 3
    assert shop.register.count(query, at_most=2) == 2
    assert shop.register.ids(query, 1, 1) == [made[2].id]
    assert shop.register.ids(query, 2, 0, backwards=True) == [made[2].id, made[0].id]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register with one case, to be asked anything."""
    with open_shop(tmp_path_factory.mktemp("search") / "shop.qmd") as opened:
        opened.complains("Boots OR scarf NEAR 5 \"quoted\"")
        yield opened.register


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(st.sampled_from('"*()-^:{}+ aAżN0OR\'\\\n\x00'), max_size=60))
@example('"')
@example("*")
@example("OR")
@example("NEAR(")
@example("boots OR")
@example("a AND NOT b")
@example("-boots")
@example("words:boots")
@example("^boots")
@example("😀")
@example("👩‍👩‍👧 ok")
@example("\x00")
@example("\ud800")
@example("𞤀")
@example("½ ² ① Ⅷ")
@example("'; DROP TABLE \"case\"; --")
@example("x" * 10_000)
@example("boots " * 2_000)
@example("1 " * 5_000)
@example("".join(f"w{n} " for n in range(2_000)))
@example("(" * 1_000)
@example("%_[")
@example("١٢٣ ٤٥٦")
def test_nothing_typed_is_an_error(full: Register, typed: str) -> None:
    for kind in (Case, Customer):
        query = Query(kind, search=typed)
        assert len(full.ids(query)) == full.count(query)


def test_no_word_at_all_asks_for_everything(full: Register) -> None:
    for nothing in ("", "  ", "***", '"', "—", "😀"):
        assert len(full.ids(Query(Case, search=nothing))) == full.count(Query(Case, search=nothing)) == 1


def test_what_has_no_index_says_so(full: Register) -> None:
    for kind in (Person, CaseItem, Message):
        with pytest.raises(Known, match="can't be searched"):
            full.ids(Query(kind, search="boots"))


def test_a_long_question_is_answered_soon(full: Register) -> None:
    assert len(search.match("w1 " * 3_000 + "boots")) < 1_000


# -- order of names


def test_names_are_ordered_as_a_polish_dictionary_does(shop: Shop) -> None:
    names = ["Adam", "Azor", "Ąwa", "Cacko", "Ćma", "Élan", "Lis", "Łoś", "Nos", "Ów", "zebra", "Zuza", "Źrebak", "Żaba"]
    shuffled = random.Random(1).sample(names, len(names))
    shop.add(*(Supplier(name=name) for name in shuffled))
    found = [item.name for item in shop.register.records(Query(Supplier, order=(By("name"),)))]
    assert found == ["Adam", "Azor", "Ąwa", "Cacko", "Ćma", "Élan", "Lis", "Łoś", "Nos", "Ów", "zebra", "Zuza", "Źrebak", "Żaba"]


# -- the index and the records, whatever happens


@pytest.mark.parametrize("seed", range(4))
def test_the_index_is_what_a_new_one_would_be(tmp_path: Path, seed: int) -> None:
    """Random work, undone and redone in part; then the index is compared with one made from the records."""
    chance = random.Random(seed)
    names = ["Łucja Żak", "Jan Kot 600 100 200", "Żółć", "", "Anna", "Straße 12 34 56 78"]
    with open_shop(tmp_path / "shop.qmd") as opened:
        register = opened.register

        def any_id(tx: Transaction, kind: type) -> int:
            ids = tx.ids(Query(kind))
            return chance.choice(ids) if ids else 0

        def work(tx: Transaction) -> None:
            customer, order, case = any_id(tx, Customer), any_id(tx, Order), any_id(tx, Case)
            name = chance.choice(names)
            match chance.randrange(9):
                case 0:
                    tx.add(Customer(name=name or "x", phone=chance.choice(["", "600 100 200"])))
                case 1:
                    tx.add(Case(received_at=NOON, description=name or "x", customer=customer or None, order=order or None))
                case 2 if case:
                    tx.add(Message(case=case, at=NOON, text=name or "x"))
                case 3 if customer:
                    tx.change(tx.get(Customer, customer), name=name or "y", note=name)
                case 4 if case:
                    tx.change(tx.get(Case, case), customer=customer or None, order=order or None, note=name)
                case 5 if message := any_id(tx, Message):
                    tx.change(tx.get(Message, message), case=case, text=name or "z")
                case 6 if message := any_id(tx, Message):
                    tx.remove(tx.get(Message, message))
                case 7:
                    number = f"N{chance.randrange(10**9)}"
                    order = tx.add(Order(number=number, ordered_at=NOON, customer=customer or None))
                    product = tx.add(Product(name=name or "p"))
                    lines = [OrderLine(order=order, name=name or "l", product=product, line=n) for n in range(3)]
                    fields = list(OrderLine.spec.fields)
                    tx.add_many(OrderLine, fields, [list(stored(line).values()) for line in lines])
                case _ if order:
                    tx.change(tx.get(Order, order), number=f"M{chance.randrange(10**9)}", customer=customer or None)

        for _turn in range(60):
            try:
                match chance.randrange(10):
                    case 0 | 1:
                        register.undo()
                    case 2:
                        register.redo()
                    case _:
                        register.do("Work", work)
            except Known:
                continue
        assert entries(register)["case"]
        assert entries(register) == rebuilt(register)


def test_a_message_later_than_its_case_is_indexed_once(shop: Shop) -> None:
    case = shop.complains("boots")
    for minutes in range(3):
        shop.add(replace(Message(case=case.id, at=NOON, text="boots boots"), at=NOON + timedelta(minutes=minutes)))
    assert shop.finds("boots") == [case.id]
    assert entries(shop.register) == rebuilt(shop.register)
