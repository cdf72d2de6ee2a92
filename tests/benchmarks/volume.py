"""Big registers for the benchmarks: invented cases by the hundred thousand, made once and kept in a folder the caller names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice, product
from pathlib import Path

from qmdesk.operations import deadlines
from qmdesk.operations.registers import new_register
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, Decision, Demand, Message
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import BuyerType, Customer, Person, Supplier
from qmdesk.records.product import Order as Order_
from qmdesk.records.product import OrderLine, Product
from qmdesk.register import Register, Transaction
from qmdesk.schema.query import Order, Query
from qmdesk.store import file, migrations

CHUNK = 50_000  # cases a step
FIRST = datetime(2017, 1, 2, 8, tzinfo=UTC)
LAST = datetime(2026, 11, 1, 18, tzinfo=UTC)  # fixed, so that a kept register stays the same

_PREFIXES = ("", "nad", "po", "roz", "prze", "wy", "za", "od", "do", "u", "przy")
_STEMS = (
    "pęk", "tłucz", "rys", "łam", "gię", "prucz", "kle", "cieka", "wilż", "blak", "such", "mącz", "ślizg", "ściera", "kruszy", "szczerb",
    "chlup", "krusz", "żółk", "plam", "drap", "świec", "parz", "mięk", "skrzyp", "dźwięcz", "lepi", "zgrzyt", "trzask", "pień", "warz", "mył",
)  # fmt: skip
_ENDINGS = ("nięty", "nięta", "nięte", "niony", "niona", "ność", "ności", "nie", "nia", "ło", "ły", "ący", "ąca", "ące", "anie", "ania", "liwy", "liwa")
_FIRST_NAMES = ("Agnieszka", "Łucja", "Żaneta", "Małgorzata", "Zofia", "Błażej", "Grzegorz", "Łukasz", "Michał", "Wojciech", "Anna", "Jan", "Ewa", "Piotr")
_FAMILY_STEMS = ("Brzoz", "Lip", "Wierzb", "Jawor", "Klon", "Świerk", "Źródl", "Łąk", "Górn", "Dębow", "Sosn", "Kalin", "Malin", "Żuraw", "Sokol", "Czapl")
_FAMILY_ENDINGS = ("owska", "owski", "ińska", "iński", "ecka", "ecki", "icz", "ak", "uk", "czyk", "arz", "ana", "any")
_CITIES = ("Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Żywiec", "Świdnica", "Białystok", "Rzeszów", "Toruń")

# the shop has answered nearly everything: what is open is what a person can still look at
_STATES = {
    CaseState.CLOSED: 940,
    CaseState.WITHDRAWN: 30,
    CaseState.ANSWERED: 10,
    CaseState.NEW: 6,
    CaseState.ASSESSING: 6,
    CaseState.NEEDS_INFO: 3,
    CaseState.AWAITING_GOODS: 3,
    CaseState.DECIDED: 2,
}
_KINDS = {CaseKind.COMPLAINT: 70, CaseKind.RETURN: 24, CaseKind.GUARANTEE: 6}
_SERIES = {CaseKind.COMPLAINT: "R", CaseKind.RETURN: "Z", CaseKind.GUARANTEE: "G"}
_DECISIONS = {Decision.ACCEPTED: 75, Decision.OTHER_REMEDY: 5, Decision.PARTIAL: 8, Decision.REJECTED: 12}

_CUSTOMER = ("name", "buyer_type", "company", "email", "phone", "street", "postcode", "city", "country")
_CASE = (
    "number", "kind", "received_at", "channel", "customer", "buyer_type", "description", "demand", "claimed", "currency", "cause",
    "contract_type", "sold_on", "state", "responsible", "safety", "decision", "decision_reasons", "decided_on", "closed_on",
)  # fmt: skip


def cases(folder: Path, n: int) -> Path:
    """The path of a register with ``n`` cases and a fifth as many customers; made when the folder does not hold it yet."""
    path = folder / f"cases-{n}-{migrations.VERSION}.qmd"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / f"making-{n}.qmd"
    making.unlink(missing_ok=True)  # left by a run that was stopped
    register = new_register(making, program="benchmark", lang="pl", shop_name="Volume")
    _hurry(register._file)
    fill(register, n)
    register._file.close()  # without the backup that closing a register makes: a second gigabyte nobody wants
    making.rename(path)
    return path


def shop(folder: Path, n: int, lines: int) -> Path:
    """The path of a register with ``n`` cases, each with an item and a message, and ``lines`` order lines; made when the folder does not hold it yet."""
    path = folder / f"shop-{n}-{lines}-{migrations.VERSION}.qmd"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / f"making-shop-{n}-{lines}.qmd"
    making.unlink(missing_ok=True)
    register = new_register(making, program="benchmark", lang="pl", shop_name="Volume")
    _hurry(register._file)
    orders = fill_sales(register, lines)
    fill(register, n, orders)
    first = register.ids(Query(Case).by(Order("id")), 1)[0]
    for start in range(0, n, CHUNK):
        register.do("Items", _add_items, first, first + start, min(CHUNK, n - start), (LAST - FIRST) / n)
    register._file.close()
    making.rename(path)
    return path


def fill_sales(register: Register, lines: int) -> range:
    """Add products and ``lines`` order lines, two and a half an order; returns the ids of the orders."""
    dice = random.Random(lines)
    register.do("Products", _add_products)
    orders = max(1, lines * 2 // 5)
    every = (LAST - FIRST) / orders
    first = 0
    for start in range(0, orders, CHUNK):
        ids = register.do("Orders", _add_orders, dice, start, min(CHUNK, orders - start), every).result
        first = first or ids.start
    for start in range(0, lines, CHUNK):
        register.do("Order lines", _add_lines, dice, first, start, min(CHUNK, lines - start), orders)
    return range(first, first + orders)


PRODUCTS, SUPPLIERS = 2000, 25
_COURIERS = ("InPost", "DPD", "Poczta Polska", "")


def _add_products(tx: Transaction) -> None:
    suppliers = tx.add_many(Supplier, ("name",), [(f"Dostawca {at}",) for at in range(SUPPLIERS)])
    rows = [(f"SKU-{at}", f"Kubek numer {at}", f"Kategoria {at % 12}", suppliers[at % SUPPLIERS], 2000 + at) for at in range(PRODUCTS)]
    tx.add_many(Product, ("sku", "name", "category", "supplier", "cost"), rows)


def _add_orders(tx: Transaction, dice: random.Random, start: int, many: int, every: timedelta) -> range:
    rows = []
    for at in range(start, start + many):
        moment = FIRST + every * at
        rows.append((f"Z{at}", moment.strftime("%Y-%m-%dT%H:%M:%SZ"), 1 + at % 8, _COURIERS[at % 4], "PLN"))
    return tx.add_many(Order_, ("number", "ordered_at", "channel", "courier", "currency"), rows)


def _add_lines(tx: Transaction, dice: random.Random, first: int, start: int, many: int, orders: int) -> None:
    rows = []
    for at in range(start, start + many):
        product = 1 + min(PRODUCTS - 1, int(dice.expovariate(1 / 300)))
        rows.append((first + at * 2 // 5 % orders, 1 + at % 3, product, f"Kubek numer {product}", 1 + at % 7 // 5, 3000 + product, "PLN"))
    tx.add_many(OrderLine, ("order", "line", "product", "name", "quantity", "unit_price", "currency"), rows)


def _add_items(tx: Transaction, begin: int, first: int, many: int, every: timedelta) -> None:
    names = ("case", "product", "name", "quantity", "unit_price", "currency")
    tx.add_many(CaseItem, names, [(id_, 1 + id_ * 7919 % PRODUCTS, "Kubek", 1, 4000, "PLN") for id_ in range(first, first + many)])
    rows = [(id_, (FIRST + every * (id_ - begin) + timedelta(hours=id_ % 72)).strftime("%Y-%m-%dT%H:%M:%SZ"), "outgoing", "Dzień dobry") for id_ in range(first, first + many)]
    tx.add_many(Message, ("case", "at", "direction", "text"), rows)


def fill(register: Register, n: int, orders: Sequence[int] = ()) -> None:
    """Add ``n`` cases and their customers to a register, a step for every CHUNK of them; of some of ``orders``, where given."""
    dice = random.Random(n)
    people = register.do("Staff", _staff).result
    customers = max(1, n // 5)
    for start in range(0, customers, CHUNK):
        register.do("Customers", _add_customers, dice, start, min(CHUNK, customers - start))
    every = (LAST - FIRST) / max(1, n)
    for start in range(0, n, CHUNK):
        register.do("Cases", _add_cases, dice, start, min(CHUNK, n - start), every, customers, people, orders)
    deadlines.catch_up(register)


def vocabulary() -> list[str]:
    """Some six thousand different words that look Polish, the ones at the front meant to be the frequent ones."""
    words = list(dict.fromkeys("".join(parts) for parts in product(_PREFIXES, _STEMS, _ENDINGS)))
    random.Random(1).shuffle(words)
    return words


def _hurry(opened: file.RegisterFile) -> None:
    """Settings of this connection alone: a file that can be made again need not outlive a power cut, and indexes stay in memory."""
    for setting in ("synchronous=OFF", "secure_delete=OFF", "cache_size=-600000"):
        opened.writer.execute(f"PRAGMA {setting}").fetchall()


def _staff(tx: Transaction) -> list[int]:
    return [tx.add(Person(name=name)) for name in ("Hanna Zimorodek", "Piotr Szczygieł", "Ola Kos", "Marek Dudek")]


def _add_customers(tx: Transaction, dice: random.Random, start: int, many: int) -> None:
    tx.about(f"{start + 1}-{start + many}")
    rows = []
    for at in range(start, start + many):
        first, family = dice.choice(_FIRST_NAMES), dice.choice(_FAMILY_STEMS) + dice.choice(_FAMILY_ENDINGS)
        phone = f"6{at // 1_000_000:02}{at // 1000 % 1000:03}{at % 1000:03}" if at % 3 else f"+48 6{at // 1_000_000:02} {at // 1000 % 1000:03} {at % 1000:03}"
        kind = BuyerType.BUSINESS if at % 20 == 7 else BuyerType.CONSUMER
        company = f"{family} sp. z o.o." if kind is BuyerType.BUSINESS else ""
        street = f"ul. {dice.choice(_FAMILY_STEMS)}owa {at % 97 + 1}"
        rows.append((f"{first} {family}", kind.value, company, f"k{at}@example.com", phone, street, "00-000", dice.choice(_CITIES), ""))
    tx.add_many(Customer, _CUSTOMER, rows)


def _texts(dice: random.Random, words: Sequence[str], weights: Sequence[float], many: int) -> Iterator[str]:
    """Descriptions of 6 to 14 words; a few words are in every tenth text, most in one of some hundred."""
    lengths = dice.choices(range(6, 15), k=many)
    stream = iter(dice.choices(words, cum_weights=weights, k=sum(lengths)))
    for length in lengths:
        said = " ".join(islice(stream, length))
        yield f"{said[0].upper()}{said[1:]}."


def _add_cases(tx: Transaction, dice: random.Random, start: int, many: int, every: timedelta, customers: int, people: list[int], orders: Sequence[int] = ()) -> None:
    tx.about(f"{start + 1}-{start + many}")
    channels, causes = tx.ids(Query(Channel)), tx.ids(Query(Cause))
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
    kinds = dice.choices(list(_KINDS), list(_KINDS.values()), k=many)
    states = dice.choices(list(_STATES), list(_STATES.values()), k=many)
    states[: len(_STATES)] = _STATES  # every state occurs in a small register too
    decisions = dice.choices(list(_DECISIONS), list(_DECISIONS.values()), k=many)
    moments = [FIRST + every * at for at in range(start, start + many)]
    numbers = _numbers(tx, [(_SERIES[kind], moment.year) for kind, moment in zip(kinds, moments, strict=True)])
    demands = [demand.value for demand in Demand]
    # customers come and go with the years: who complains now mostly bought first not long ago
    spread = customers // 20 + 1
    buyers = [min(customers, max(1, at // 5 + 1 + int(spread * (dice.random() - 0.5)))) for at in range(start, start + many)]
    rows = []
    told = zip(numbers, kinds, moments, states, decisions, _texts(dice, words, weights, many), strict=True)
    for at, (number, kind, moment, state, decision, text) in enumerate(told, start):
        decided = state in (CaseState.CLOSED, CaseState.ANSWERED, CaseState.DECIDED)
        ended = state in (CaseState.CLOSED, CaseState.WITHDRAWN)
        day = moment.date()
        rows.append(
            (
                number,
                kind.value,
                moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                channels[at % len(channels)],
                buyers[at - start],
                "consumer",
                text,
                demands[at % len(demands)],
                int(1000 + 40_000 * dice.random()),
                "PLN",
                causes[at * 7 % len(causes)],
                "distance",
                (day - timedelta(days=at % 40 + 2)).isoformat(),
                state.value,
                people[at % len(people)],
                0,
                decision.value if decided else None,
                "Uznajemy wadę." if decided else "",
                (day + timedelta(days=at % 13)).isoformat() if decided else None,
                (day + timedelta(days=at % 13 + 4)).isoformat() if ended else None,
                orders[at * len(orders) // (start + many + 1) % len(orders)] if orders else None,
            )
        )
    tx.add_many(Case, (*_CASE, "order"), rows)


def _numbers(tx: Transaction, wanted: Sequence[tuple[str, int]]) -> list[str]:
    """A number of its series and year for every case, ascending."""
    given = {key: iter(tx.numbers(*key, wanted.count(key))) for key in dict.fromkeys(wanted)}
    return [next(given[key]) for key in wanted]
