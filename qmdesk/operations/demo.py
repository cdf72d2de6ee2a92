"""The demo shop: twelve months of an invented gift shop, lived through the program's own operations day by day."""

from __future__ import annotations

import random
import tomllib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from qmdesk import places
from qmdesk.documents.compose import answering, fitting
from qmdesk.i18n import N_
from qmdesk.law.calendar import is_day_off
from qmdesk.operations import cases, deadlines, evidence, letters, return_terms, returns, steps
from qmdesk.operations.demo_books import Books
from qmdesk.operations.demo_officer import Officer
from qmdesk.operations.demo_satisfaction import Listener
from qmdesk.operations.registers import CHANNELS, new_register, the_shop
from qmdesk.operations.return_terms import Standing
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    ContractType,
    Decision,
    Demand,
    Direction,
    LegalBasis,
    Message,
    Outcome,
    RefundMethod,
    SaleDocument,
)
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.paper import Attachment, DocumentKind
from qmdesk.records.party import BuyerType, Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.returns import Condition, Exclusion, Informed
from qmdesk.records.shop import Language
from qmdesk.records.steps import Step
from qmdesk.register import Register, Transaction, clock
from qmdesk.schema.query import Order as By
from qmdesk.schema.query import Query, parts_of
from qmdesk.schema.record import Record, replace, stored
from qmdesk.schema.types import Labelled

FURNISH = N_("Furnish the demo shop")

YEAR = 365  # days the shop has been going
ANSWER_WITHIN = 12  # days; the law gives 14
LETTERS_SINCE = 21  # days: before, the shop wrote from its own mail and kept the mail; refusals were always letters
BY_POST_WITHIN = 8  # days: the post takes some, and the day it arrives counts
POST_TAKES = (2, 4)  # days
HOME = "PL"  # where the shop is, whatever language it speaks
GROSZ = Decimal("0.01")

L = TypeVar("L", bound=Labelled)
T = TypeVar("T")

_DAY = timedelta(days=1)
_OUTCOMES = {
    "repair": Outcome.REPAIRED,
    "replacement": Outcome.REPLACED,
    "reduction": Outcome.REDUCED,
    "refund": Outcome.REFUNDED,
    "return": Outcome.REFUNDED,
    "value_loss": Outcome.REFUNDED,
    "other": Outcome.REPLACED,
    "": Outcome.REJECTED,
}
_OF_RETURNS = (CaseState.ACKNOWLEDGED, CaseState.GOODS_RECEIVED, CaseState.INSPECTED, CaseState.REFUND_DUE, CaseState.REFUNDED)
_OF_COMPLAINTS = (CaseState.ASSESSING, CaseState.DECIDED, CaseState.ANSWERED, CaseState.REMEDY_RUNNING, CaseState.REMEDY_DONE)
_REMEDIES = (CaseState.REMEDY_RUNNING, CaseState.REMEDY_DONE)
_MENDING = {"repair": Demand.REPAIR, "replacement": Demand.REPLACEMENT}
_LEGAL = {CaseKind.COMPLAINT: LegalBasis.NON_CONFORMITY, CaseKind.GUARANTEE: LegalBasis.GUARANTEE}
# when each beat of a case comes, in parts of the time until its answer
_WHEN = {
    "_acknowledge": (0, 0.1),
    "_ask": (0.1, 0.25),
    "_tell_more": (0.35, 0.6),
    "_send_for": (0.1, 0.25),
    "_arrive": (0.55, 0.8),
    "_look": (0.3, 0.8),
    "_assess": (0.3, 0.8),
    "_inspect": (0.8, 1),
    "_approve": (0.85, 1),
    "_pay": (1, 1),
    "_decide": (0.85, 1),
    "_answer": (1, 1),
}
# how a customer of each kind of sale gets in touch, and how often
_WAYS = {
    "web": {"E-mail": 50, "Website form": 25, "Phone": 12, "Chat": 5, "Social media": 4, "Text message": 3, "Post": 3},
    "allegro": {"Allegro": 90, "E-mail": 10},
    "till": {"In the shop": 65, "Phone": 20, "E-mail": 15},
}
_NEED_SOMEBODY = ("In the shop", "Phone")
_SOLD_THROUGH = {"web": "Website form", "allegro": "Allegro", "till": "In the shop"}


Progress = Callable[[int, int], None]


def new_demo(path: Path, *, program: str, lang: str, progress: Progress | None = None) -> Register:
    """Make a register with the demo shop as it stands today. Raises Known when it can't be made, Cancelled from ``progress``."""
    return new_register(path, (FURNISH, partial(furnish, lang=lang, progress=progress)), program=program, lang=lang)


def furnish(tx: Transaction, lang: str, today: date | None = None, progress: Progress | None = None) -> None:
    """Fill a new register with the demo shop as it stands ``today`` (the clock's day by default), in "pl" or "en".

    The same day gives the same shop. The step is sealed: letters were sent in it.
    """
    who = tx.who
    demo = _Demo(tx, "pl" if lang == "pl" else "en", today)
    demo.set_up()
    sales = demo.sell()
    told = demo.tell(sales)
    demo.keep(sales)
    demo.live(told, progress or (lambda _done, _total: None))
    deadlines.reckon(tx, [one.id for one in told], today)
    Officer(tx, demo.lang, demo.dice, demo.words["officer"], demo.people, demo.causes, demo.today).furnish()
    Listener(tx, demo.lang, demo.words["satisfaction"], demo.today).furnish()
    tx.who = who
    tx.about(the_shop(tx).name)
    tx.seal(N_("The demo shop can't be taken back; delete the file instead."))


@dataclass
class _Line:
    sku: str
    quantity: int
    id: int = 0


@dataclass
class _Sale:
    """An order before it is kept: a case may still choose what was in it."""

    at: datetime
    source: str  # "web", "allegro", "till"
    customer: int | None
    delivered_on: date | None
    lines: list[_Line]
    shipping: Decimal
    number: str = ""
    id: int = 0


@dataclass
class _Told:
    """One case to be: what the customer came with, and how far the shop has got with it."""

    key: str
    facts: dict[str, Any]
    received_at: datetime
    state: CaseState
    sale: _Sale
    line: _Line
    channel: str = ""
    reply: str = ""  # what the customer will say to the question asked
    case: Case | None = None

    @property
    def id(self) -> int:
        assert self.case is not None  # taken in first: its beats are sorted by time
        return self.case.id


@dataclass(frozen=True)
class _Buyer:
    name: str
    first_name: str
    family: str
    woman: bool


@dataclass
class _Demo:
    """The shop while it is being furnished: its words and facts, its dice, and the ids of what is kept already."""

    tx: Transaction
    lang: str
    today_given: date | None
    today: date = field(init=False)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        folder = places.resources() / "demo"
        self.words: dict[str, Any] = tomllib.loads((folder / f"{self.lang}.toml").read_text(encoding="utf-8"))
        self.plan: dict[str, Any] = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
        self.photos = folder / "photos"
        self.now = datetime.combine(self.today_given, time(20)).astimezone() if self.today_given else clock()
        self.today = self.now.date()
        self.dice = random.Random(f"demo shop {self.lang}")
        self.buyers: dict[int, _Buyer] = {}
        self.decks: dict[str, list[Any]] = {}

    # ------------------------------------------------------------------------------- small tools

    def _day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def _moment(self, day: date, first: int, last: int) -> datetime:
        """A moment of a day between two hours, never in the future."""
        minutes = self.dice.randrange(first * 60, last * 60)
        if day == self.today:  # what happened today happened before now
            since = (self.now - datetime.combine(day, time()).astimezone()).total_seconds() / 60
            minutes = min(minutes, int(since * self.dice.uniform(0.7, 0.97)))
        return datetime.combine(day, time(minutes // 60, minutes % 60, self.dice.randrange(60))).astimezone()

    def _weighted(self, weights: dict[str, int]) -> str:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def _draw(self, name: str, texts: Sequence[T]) -> T:
        """The next one of a shuffled pile, so that neighbours don't say the same."""
        deck = self.decks.setdefault(name, [])
        if not deck:
            deck.extend(self.dice.sample(texts, len(texts)))
        drawn: T = deck.pop()
        return drawn

    def _said(self, name: str) -> str:
        text: str = self._draw(name, self.words["talk"][name])
        return text

    def _add(self, kind: type[Record], items: Iterable[Record]) -> range:
        rows = [list(stored(item).values()) for item in items]
        return self.tx.add_many(kind, list(kind.spec.fields), rows)

    # ----------------------------------------------------------------------------------- the shop

    def set_up(self) -> None:
        """The letterhead, the staff, the suppliers, what is sold, its batches, and the customers."""
        tx, words = self.tx, self.words
        shop = {name: value for name, value in words["shop"].items() if name != "country"}
        tx.change(the_shop(tx), language=Language.POLISH if self.lang == "pl" else Language.ENGLISH, **shop)
        self.cheapest = Decimal(self.plan["delivery"]["cheapest"])
        self.people = {
            key: tx.add(Person(name=name, role=role, email=email)) for key, (name, role, email) in words["people"].items()
        }
        self.suppliers = {
            key: tx.add(self._supplier(at, *values)) for at, (key, values) in enumerate(words["suppliers"].items(), 1)
        }
        # the register's channels are in its own language and in the order of CHANNELS
        self.channels = dict(zip((name for name, *_rest in CHANNELS), tx.ids(Query(Channel).by(By("id"))), strict=False))
        self.durable = {name for name, durable, *_rest in CHANNELS if durable}
        self.causes = tx.by_value(Cause, "code", [cause.code for cause in tx.records(Query(Cause))])
        listed = [self._product(at, sku, *values) for at, (sku, values) in enumerate(self.plan["products"].items(), 1)]
        self.products = {
            product.sku: replace(product, id=id_) for id_, product in zip(self._add(Product, listed), listed, strict=True)
        }
        self.batches = {code: tx.add(batch) for code, batch in self._batches()}
        self._customers()
        self.books = Books(
            self.tx,
            self.dice,
            {**words["books"], "allegro": words["orders"]["allegro"]},
            tuple((ago, cause, sku, pieces) for ago, cause, sku, pieces in self.plan["books"]["mistakes"]),
            self.products,
            self.people["sales"],
            self.now,
        )

    def _supplier(self, at: int, name: str, contact: str, city: str) -> Supplier:
        return Supplier(
            name=name,
            nip=_nip(5100 + at * 37),
            contact=contact,
            email=f"supplier{at}@example.com",
            phone=f"+48 600 000 {900 + at}",
            city=city,
            country=self.words["shop"]["country"],
        )

    def _product(self, at: int, sku: str, category: str, supplier: str, price: str, vat: str, _weight: int) -> Product:
        return Product(
            sku=sku,
            name=self.words["products"][sku],
            ean=_ean(f"20000000{at:04}"),
            category=self.words["categories"][category],
            supplier=self.suppliers[supplier],
            price=Decimal(price),
            currency="PLN",
            vat_rate=vat,
        )

    def _batches(self) -> Iterable[tuple[str, Batch]]:
        for code, sku, days_ago, pieces, keeps in self.plan["batches"]["listed"]:
            product, came = self.products[sku], self._day(days_ago)
            best_before = came + timedelta(days=keeps) if keeps else None
            batch = Batch(
                product=product.id, code=code, received_on=came, quantity=pieces, supplier=product.supplier, best_before=best_before
            )
            yield code, batch

    def _customers(self) -> None:
        words, dice = self.words["customers"], self.dice
        names: dict[str, _Buyer] = {}
        while len(names) < self.plan["counts"]["customers"]:
            woman = dice.random() < 0.62
            first, family = dice.choice(words["women" if woman else "men"]), dice.choice(words["families"])[0 if woman else 1]
            names.setdefault(f"{first} {family}", _Buyer(f"{first} {family}", first, family, woman))
        buyers = list(names.values())
        businesses = iter(words["businesses"])
        customers = [self._customer(at, buyer, businesses) for at, buyer in enumerate(buyers)]
        ids = self._add(Customer, customers)
        self.buyers = dict(zip(ids, buyers, strict=True))
        self.firms = {id_ for id_, customer in zip(ids, customers, strict=True) if customer.buyer_type is BuyerType.BUSINESS}
        # some come back often, most once or twice
        self.faithful = [min(7.0, dice.paretovariate(1.4)) for _id in ids]

    def _customer(self, at: int, buyer: _Buyer, businesses: Iterable[str]) -> Customer:
        words, dice = self.words["customers"], self.dice
        kind, company, nip = BuyerType.CONSUMER, "", ""
        if at % 15 == 7:
            kind, company, nip = BuyerType.BUSINESS, next(iter(businesses)), _nip(8200 + at * 13)
        elif at % 14 == 3:
            company = dice.choice(words["sole_traders"]).format(name=buyer.first_name, family=buyer.family)
            kind, nip = BuyerType.SOLE_TRADER, _nip(8200 + at * 13)
        city, postcode, country = dice.choice(words["business_cities" if kind is BuyerType.BUSINESS else "cities"])
        address = f"{_ascii(buyer.first_name)}.{_ascii(buyer.family)}"
        return Customer(
            name=buyer.name,
            buyer_type=kind,
            company=company,
            nip=nip,
            email=f"{address}@example.com" if dice.random() < 0.93 else "",
            phone=f"+48 600 000 {at + 101}" if dice.random() < 0.8 else "",
            login=f"{address.replace('.', '_')}{dice.randrange(10, 99)}" if dice.random() < 0.3 else "",
            street=dice.choice(words["streets"]).format(n=dice.randrange(1, 90), flat=dice.randrange(1, 40)),
            postcode=postcode,
            city=city,
            country=country,
            note=words["vip_note"] if at == 11 else "",
        )

    # ---------------------------------------------------------------------------------- the sales

    def sell(self) -> list[_Sale]:
        """A year of orders in the order of time, not kept yet."""
        dice, season = self.dice, self.plan["season"]
        days = [self._day(ago) for ago in range(YEAR, -1, -1)]
        weights = [season["months"][day.month - 1] * season["weekdays"][day.weekday()] for day in days]
        wanted = dice.choices(days, weights, k=self.plan["counts"]["orders"])
        return sorted((self._sale(day) for day in wanted), key=lambda sale: sale.at)

    def _sale(self, day: date) -> _Sale:
        dice = self.dice
        source = self._weighted({"web": 55, "allegro": 30, "till": 15})
        if source == "till" and is_day_off(HOME, day):
            source = "web"
        unknown = source == "till" and dice.random() < 0.5
        customer = None if unknown else dice.choices(list(self.buyers), self.faithful)[0]
        skus = list(self.plan["products"])
        popular = [values[4] for values in self.plan["products"].values()]
        lines: dict[str, _Line] = {}
        for _at in range(dice.choices((1, 2, 3, 4), (48, 31, 15, 6))[0]):
            sku = dice.choices(skus, popular)[0]
            lines.setdefault(sku, _Line(sku, dice.choices((1, 2, 3, 4, 6), (74, 15, 2, 6, 3))[0]))
        at = self._moment(day, 10, 18) if source == "till" else self._moment(day, 7, 23)
        delivered = day if source == "till" else day + timedelta(days=dice.choices((1, 2, 3, 4, 6), (30, 38, 20, 9, 3))[0])
        while source != "till" and is_day_off(HOME, delivered):
            delivered += _DAY
        worth = sum((self._price(line.sku) * line.quantity for line in lines.values()), Decimal())
        free = source == "till" or worth >= 200
        shipping = Decimal() if free else Decimal(dice.choice(("9.99", "12.99", "14.99")))
        return _Sale(at, source, customer, delivered if delivered <= self.today else None, list(lines.values()), shipping)

    def _price(self, sku: str) -> Decimal:
        return self.products[sku].price or Decimal()

    def keep(self, sales: Sequence[_Sale]) -> None:
        """Write the orders and their lines."""
        web, till = 20_400, 310
        for sale in sales:
            web, till = web + (sale.source == "web"), till + (sale.source == "till")
            allegro = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
            sale.number = {"web": str(web), "till": f"KS/{sale.at.year}/{till:05}", "allegro": allegro}[sale.source]
        for sale, id_ in zip(sales, self._add(Order, [self._order(sale) for sale in sales]), strict=True):
            sale.id = id_
        lines = [(sale, at, line) for sale in sales for at, line in enumerate(sale.lines, 1)]
        for (_sale, _at, line), id_ in zip(lines, self._add(OrderLine, [self._line(*each) for each in lines]), strict=True):
            line.id = id_

    def _order(self, sale: _Sale) -> Order:
        words, dice = self.words["orders"], self.dice
        total = sum((self._price(line.sku) * line.quantity for line in sale.lines), sale.shipping)
        at_till = sale.source == "till"
        return Order(
            number=sale.number,
            source=words[sale.source],
            ordered_at=sale.at,
            customer=sale.customer,
            channel=self.channels[_SOLD_THROUGH[sale.source]],
            status=words["delivered" if sale.delivered_on else "on_the_way"],
            total=total,
            shipping=sale.shipping,
            currency="PLN",
            payment_method=dice.choice(words["paid_till" if at_till else "paid"]),
            delivered_on=sale.delivered_on,
            courier=words["pick_up"] if at_till else dice.choice(words["couriers"]),
            tracking_number="" if at_till else f"000{dice.randrange(10**11, 10**12)}",
        )

    def _line(self, sale: _Sale, at: int, line: _Line) -> OrderLine:
        product = self.products[line.sku]
        return OrderLine(
            id=line.id,
            order=sale.id,
            line=at,
            product=product.id,
            sku=product.sku,
            name=product.name,
            quantity=line.quantity,
            unit_price=product.price,
            currency="PLN",
            vat_rate=product.vat_rate,
        )

    # ----------------------------------------------------------------------------- what went wrong

    def tell(self, sales: Sequence[_Sale]) -> list[_Told]:
        """Which customer came with what and when, each about a sale that fits it."""
        told: list[_Told] = []
        used: set[int] = set()
        for (days_ago, state), (key, facts) in self._pairs():
            received = self._moment(self._day(days_ago), 7, 21 if days_ago > 4 else 13)
            sale, line = self._sale_for(sales, used, facts, received.date())
            used.add(id(sale))
            channel = self._weighted(_WAYS[sale.source])
            if channel in _NEED_SOMEBODY and is_day_off(HOME, received.date()):
                channel = "E-mail"
            told.append(_Told(key, facts, received, state, sale, line, channel))
        return sorted(told, key=lambda each: each.received_at)

    def _pairs(self) -> list[tuple[tuple[int, CaseState], tuple[str, dict[str, Any]]]]:
        """When and how far (days ago, state) with what (key, facts): the bad batch while it sold, the rest anywhere."""
        groups = {
            name: [(key, {**group["default"], **facts}) for key, facts in group.items() if key != "default"]
            for name, group in self.plan["stories"].items()
        }
        plan, dice = self.plan["cases"], self.dice
        slots = [(ago, _word(CaseState, state)) for ago, state in (*plan["recent"], *plan["late"])]
        fresh = len(slots)
        slots += [(ago, CaseState.WITHDRAWN) for ago in plan["withdrawn"]]
        slots += [(ago, CaseState.ANSWERED) for ago in plan["still_answered"]]
        older = list(range(16, YEAR - 35))
        weights = [self.plan["season"]["months"][self._day(ago).month - 1] for ago in older]
        wanted = sum(map(len, groups.values())) - len(slots)
        slots += [(ago, CaseState.CLOSED) for ago in dice.choices(older, weights, k=wanted)]

        handles, claims, back = groups.pop("handle"), groups.pop("guarantee"), groups.pop("return")
        arrived, sold_out = self._sold_days(self.plan["batches"]["bad"])
        longest = handles[0][1]["lag"][1]
        about_goods = [at for at, (_ago, state) in enumerate(slots) if state not in _OF_RETURNS]
        while_sold = [at for at in about_goods if sold_out - longest + 8 <= slots[at][0] <= arrived - longest // 2]
        mended = [at for at in about_goods if slots[at][1] in _REMEDIES]
        newest = [at for at in while_sold if at < fresh and slots[at][0] < plan["late"][0][0] and at not in mended]
        chosen = dice.sample(newest, 4) + dice.sample([at for at in while_sold if at >= fresh], len(handles) - 4)
        pairs = list(zip(chosen, handles, strict=True))
        left = [at for at in range(len(slots)) if at not in set(chosen)]
        returned = self._slots_of_returns(left, slots, back)
        pairs += returned
        left = [at for at in left if at not in {at for at, _story in returned}]
        # a guarantee claim needs a sale of long ago
        chosen = dice.sample([at for at in left if slots[at][0] < YEAR - 120 and at not in mended], len(claims))
        pairs += zip(chosen, claims, strict=True)
        rest = [each for group in groups.values() for each in group]
        dice.shuffle(rest)
        mendable = [story for story in rest if _granted(story[1]) in _MENDING][: len(mended)]
        pairs += zip(mended, mendable, strict=True)
        left = [at for at in left if at not in {*chosen, *mended}]
        pairs += zip(left, [story for story in rest if story not in mendable], strict=True)
        return [(slots[at], story) for at, story in pairs]

    def _slots_of_returns(
        self, left: Sequence[int], slots: Sequence[tuple[int, CaseState]], stories: Sequence[tuple[str, dict[str, Any]]]
    ) -> list[tuple[int, tuple[str, dict[str, Any]]]]:
        """Where each return goes: every state only a return has, the waiting ones, and whatever else they may be in."""
        dice = self.dice
        special = [story for story in stories if story[1].keys() & {"state", "decision", "source", "informed"}]
        plain = dice.sample([story for story in stories if story not in special], len(stories) - len(special))
        free = {at for at in left if slots[at][1] not in _OF_COMPLAINTS}
        found: list[tuple[int, tuple[str, dict[str, Any]]]] = []

        def settle(at: int, story: tuple[str, dict[str, Any]]) -> None:
            free.remove(at)
            found.append((at, story))

        for story in special:
            state = _word(CaseState, story[1].get("state", "closed"))
            oldest = max if "state" in story[1] else dice.choice
            settle(oldest(sorted(at for at in free if slots[at][1] is state)), story)  # the plan's late ones come last
        only = sorted(at for at in free if slots[at][1] in _OF_RETURNS)
        for at in (*only, *dice.sample(sorted(free - set(only)), len(plain) - len(only))):
            settle(at, plain.pop())
        return found

    def _sold_days(self, code: str) -> tuple[int, int]:
        """Days ago a batch came and days ago the next one of its product did."""
        listed = self.plan["batches"]["listed"]
        sku, came = next((sku, ago) for other, sku, ago, _pieces, _keeps in listed if other == code)
        return came, max((ago for _code, other, ago, _pieces, _keeps in listed if other == sku and ago < came), default=0)

    def _sale_for(self, sales: Sequence[_Sale], used: set[int], facts: dict[str, Any], received: date) -> tuple[_Sale, _Line]:
        """A delivered sale the story can be about; if nobody bought the thing then, somebody did after all."""
        shortest, longest = max(1, int(facts["lag"][0])), max(2, int(facts["lag"][1]))
        sku, quantity = facts["sku"], facts.get("quantity", 1)
        arrived, sold_out = self._sold_days(self.plan["batches"]["bad"])
        bad = self.plan["stories"]["handle"]["default"]["sku"] == sku

        def fits(sale: _Sale) -> bool:
            if id(sale) in used or facts.get("source", sale.source) != sale.source or (facts["kind"] == "return" and sale.customer in self.firms):
                return False
            return not bad or self._day(arrived) <= sale.at.date() < self._day(sold_out)

        ago = [(sale, (received - sale.delivered_on).days) for sale in sales if sale.customer is not None and sale.delivered_on is not None]
        # in a quiet week nobody may have bought anything: then it was a little sooner or longer ago
        fitting_sales = next(
            found
            for stretch in (1, 2, 4, 16)
            if (found := [sale for sale, days in ago if max(1, shortest // stretch) <= days <= longest * stretch and fits(sale)])
        )
        sold = [(sale, line) for sale in fitting_sales for line in sale.lines if line.sku == sku and line.quantity >= quantity]
        if sold:
            return self.dice.choice(sold)
        sale = self.dice.choice(fitting_sales)
        line = next((line for line in sale.lines if line.sku == sku), sale.lines[0])
        line.sku, line.quantity = sku, max(quantity, line.quantity)
        return sale, line

    # ---------------------------------------------------------------------------- a year of cases

    def live(self, told: Sequence[_Told], progress: Progress) -> None:
        """Let everything happen in the order of time, so that numbers, ids and letters follow one another."""
        happenings = [
            (at, number, beat)
            for number, each in enumerate(told)
            for at, beat in self._beats(each)
        ]
        happenings += [(at, len(told), beat) for at, beat in self.books.beats()]
        happenings.sort(key=lambda each: each[:2])  # stable: the beats of a case stay in their order
        for done, (_at, _number, beat) in enumerate(happenings):
            progress(done, len(happenings))
            beat()

    def _beats(self, told: _Told) -> list[tuple[datetime, Callable[[], None]]]:
        """What happens in a case and when, up to the state it is in today."""
        age = max(0, (self.today - told.received_at.date()).days - 1)  # today nobody has done anything yet
        state, kind = told.state, _word(CaseKind, told.facts["kind"])
        before: list[Callable[..., None]] = []
        if kind is CaseKind.RETURN:
            before += self._way_of_return(told)
        elif state not in (CaseState.NEW, CaseState.WITHDRAWN):
            before.append(self._acknowledge)
        if kind is CaseKind.RETURN:
            pass
        elif state is CaseState.NEEDS_INFO:
            before.append(self._ask)
        elif state is CaseState.AWAITING_GOODS:
            before.append(self._send_for)
        elif state not in (CaseState.NEW, CaseState.WITHDRAWN):
            before += self._middle()
            before += [] if state is CaseState.ASSESSING else [self._decide]
        if kind is not CaseKind.RETURN and state in (CaseState.ANSWERED, CaseState.REMEDY_RUNNING, CaseState.REMEDY_DONE, CaseState.CLOSED):
            before.append(self._answer)
        after: list[Callable[..., None]] = []
        if state is CaseState.CLOSED:
            after += [self._reply, self._close] if (len(before) < 5 or kind is CaseKind.RETURN) and self.dice.random() < 0.6 else [self._close]
        elif state is CaseState.WITHDRAWN:
            after.append(self._withdraw)
        elif state in (CaseState.REMEDY_RUNNING, CaseState.REMEDY_DONE):
            after.append(self._mend)
        elif state in (CaseState.NEW, CaseState.ASSESSING, CaseState.NEEDS_INFO) and age > 14:
            after.append(self._nudge)
        quick = self._arrive not in before and self.dice.random() < 0.25
        answered = min(age // 2 if after and age < 2 * ANSWER_WITHIN else age, 1 if quick else self.dice.randint(4, ANSWER_WITHIN))
        if self._written(told) == "Post":
            answered = min(answered, BY_POST_WITHIN)
        ended = age if self._nudge in after else min(age, answered + self.dice.randint(1, 11))
        if state is CaseState.WITHDRAWN:
            ended = answered  # later the shop's silence would have accepted it
        days = [int(answered * self.dice.uniform(*_WHEN[beat.__name__]) + 0.5) for beat in before] + [ended] * len(after)
        beats: list[tuple[datetime, Callable[[], None]]] = [(told.received_at, partial(self._take_in, told))]
        for day, beat in zip(days, before + after, strict=True):
            at = self._office_hours(told.received_at.date() + timedelta(days=day), beats[-1][0])
            beats.append((at, partial(beat, told, at)))
        return beats

    def _way_of_return(self, told: _Told) -> list[Callable[..., None]]:
        """What happens to a return until the state it is in today."""
        if told.state in (CaseState.NEW, CaseState.WITHDRAWN):
            return []
        if told.state is CaseState.NEEDS_INFO:
            return [self._acknowledge, self._ask]
        if told.facts.get("decision") == "rejected":
            return [self._acknowledge, self._decide, self._answer]
        whole = [self._acknowledge, self._send_for, self._arrive, self._inspect, self._approve, self._pay]
        ends = (CaseState.ACKNOWLEDGED, CaseState.AWAITING_GOODS, *_OF_RETURNS[1:])
        return whole[: ends.index(told.state) + 1] if told.state in ends else whole

    def _middle(self) -> list[Callable[..., None]]:
        way = self._weighted({"straight": 35, "assess": 25, "ask": 20, "goods": 20})
        return {
            "straight": [self._look],
            "assess": [self._assess],
            "ask": [self._ask, self._tell_more],
            "goods": [self._send_for, self._arrive],
        }[way]

    def _office_hours(self, day: date, after: datetime) -> datetime:
        """A moment when somebody is in, later than ``after`` and not in the future."""
        while day > after.date() and is_day_off(HOME, day):
            day -= _DAY
        while day < self.today and is_day_off(HOME, day):
            day += _DAY
        at = self._moment(day, 8, 17)
        return min(max(at, after + timedelta(minutes=self.dice.randint(6, 50))), self.now)

    # ------------------------------------------------------------------------ the beats of a case

    def _by(self, person: str) -> str:
        """Somebody of the staff does what follows."""
        self.tx.who = self.words["people"][person][0]
        return self.tx.who

    def _say(self, told: _Told, at: datetime, direction: Direction, text: str, author: str, channel: str = "") -> None:
        channel_id = None if direction is Direction.INTERNAL else self.channels[channel or self._written(told)]
        cases.say(self.tx, Message(case=told.id, at=at, direction=direction, channel=channel_id, author=author, text=text))

    def _written(self, told: _Told) -> str:
        """The channel the shop writes through: the customer's own, or mail where that one leaves no trace."""
        return told.channel if told.channel in self.durable else "E-mail"

    def _take_in(self, told: _Told) -> None:
        kind, sale, facts, words = _word(CaseKind, told.facts["kind"]), told.sale, told.facts, self.words
        assert sale.customer is not None  # chosen so
        assert sale.delivered_on is not None
        buyer = self.buyers[sale.customer]
        said = self._gendered(words["stories"][told.key][0], buyer)
        demand = _word(Demand, facts["demand"])
        draft = Case(
            kind=kind,
            received_at=told.received_at,
            channel=self.channels[told.channel],
            customer=sale.customer,
            order=sale.id,
            description=said,
            noticed_on=self._noticed(kind, facts, sale.delivered_on, told.received_at.date()),
            demand=demand,
            claimed=self._paid(told) if demand is Demand.REFUND and kind is not CaseKind.RETURN else None,
            cause=self.causes[facts["cause"]],
            legal_basis=self._basis(kind, sale),
            contract_type=ContractType.SHOP if sale.source == "till" else ContractType.DISTANCE,
            **self._proof(sale),
            external_id=f"ZW-{self.dice.randrange(10**6, 10**7)}" if told.channel == "Allegro" else "",
            responsible=self.people["owner" if facts.get("safety") else self.dice.choice(("service", "service", "sales"))],
            safety=facts.get("safety", False),
        )
        told.case = self._return(told, draft) if kind is CaseKind.RETURN else cases.take_in(self.tx, draft, self._items(told, kind))
        self._attach(told)
        if told.channel in ("Phone", "In the shop"):
            text = words["talk"]["by_phone" if told.channel == "Phone" else "in_person"].format(said=said)
        else:
            text = f"{self._said('opening')}\n\n{said}\n\n{self._said('closing').format(name=buyer.name)}"
        self._say(told, told.received_at, Direction.INCOMING, text, buyer.name, told.channel)

    def _proof(self, sale: _Sale) -> dict[str, Any]:
        """What proves a sale: a firm's invoice, else the till's receipt or the order."""
        if sale.customer in self.firms:
            return {"sale_document": SaleDocument.INVOICE, "sale_document_number": f"FV/{sale.at.year}/{sale.id:05}"}
        return {"sale_document": SaleDocument.RECEIPT if sale.source == "till" else SaleDocument.ORDER, "sale_document_number": sale.number}

    def _gendered(self, text: str, buyer: _Buyer) -> str:
        return text.format(am="am" if buyer.woman else "em", a="a" if buyer.woman else "y")

    def _noticed(self, kind: CaseKind, facts: dict[str, Any], delivered: date, received: date) -> date | None:
        if kind is CaseKind.RETURN or received - delivered <= _DAY:
            return None
        days = (received - delivered).days
        return delivered if facts["cause"] == "TRANSPORT" else delivered + timedelta(days=self.dice.randint(days // 2, days - 1))

    def _basis(self, kind: CaseKind, sale: _Sale) -> LegalBasis | None:
        if kind is CaseKind.RETURN:
            return None  # the program itself knows
        buyer = self.tx.get(Customer, sale.customer or 0).buyer_type
        return LegalBasis.WARRANTY if buyer is BuyerType.BUSINESS and kind is CaseKind.COMPLAINT else _LEGAL[kind]

    def _return(self, told: _Told, draft: Case) -> Case:
        """A return with its terms; one that came too late is taken back by the shop's own terms."""
        facts, received = told.facts, told.received_at.date()
        terms: dict[str, Any] = {"statement_sent_on": received}
        if told.sale.shipping > self.cheapest:
            terms["delivery_cheapest"] = self.cheapest
        if "informed" in facts:
            terms |= {"informed": Informed.LATER, "informed_on": received - timedelta(days=facts["informed"]), "informed_how": self.words["returns"]["informed_how"]}
        if "exclusion" in facts:
            shown = dict.fromkeys(facts["evidence"], self.words["returns"]["seen"])
            terms |= {"exclusion": _word(Exclusion, facts["exclusion"]), "exclusion_evidence": evidence.written(shown, self.lang)}
        known = cases.from_order(draft, self.tx.get(Order, told.sale.id))
        known = replace(known, buyer_type=self.tx.get(Customer, told.sale.customer or 0).buyer_type)
        found = return_terms.right(self.tx, known, return_terms.begun(self.tx, known, (), terms))
        if found.standing is Standing.LATE:
            draft = replace(draft, legal_basis=LegalBasis.VOLUNTARY)
        return returns.take_in(self.tx, draft, self._items(told, CaseKind.RETURN), terms)

    def _items(self, told: _Told, kind: CaseKind) -> list[CaseItem]:
        lines = [(told.line, told.facts.get("quantity", 1), self.words["stories"][told.key][1])]
        if kind is CaseKind.RETURN and self.dice.random() < 0.25:  # what goes back often takes something along
            lines += [(line, line.quantity, "") for line in told.sale.lines if line is not told.line][:1]
        made = []
        for line, quantity, defect in lines:
            item = cases.item_from_line(self._line(told.sale, 1, line), quantity)
            made.append(replace(item, defect=defect, batch=self._batch_of(line.sku, told.sale.at.date())))
        return made

    def _batch_of(self, sku: str, sold_on: date) -> int | None:
        came = [(self._day(ago), code) for code, other, ago, _pieces, _keeps in self.plan["batches"]["listed"] if other == sku]
        return next((self.batches[code] for day, code in sorted(came, reverse=True) if day <= sold_on), None)

    def _attach(self, told: _Told) -> None:
        if photo := told.facts.get("photo"):
            content = (self.photos / photo).read_bytes()
            name = f"IMG_{told.received_at:%Y%m%d_%H%M%S}.jpg"
            self.tx.add(
                Attachment(
                    case=told.id,
                    name=name,
                    content=self.tx.keep(content),
                    media_type="image/jpeg",
                    size=len(content),
                    added_at=told.received_at,
                )
            )

    def _paid(self, told: _Told) -> Decimal:
        return self._price(told.line.sku) * int(told.facts.get("quantity", 1))

    def _acknowledge(self, told: _Told, at: datetime) -> None:
        """A withdrawal is always confirmed. Else a confirmation on paper for who came or phoned, a few lines for most."""
        author = self._by("service")
        case = self.tx.get(Case, told.id)
        if case.kind is CaseKind.RETURN and case.legal_basis is LegalBasis.WITHDRAWAL:
            self._write(told, at, DocumentKind.WITHDRAWAL_CONFIRMATION, self._said("return"))
            return
        on_paper = told.channel in ("In the shop", "Phone") or self.dice.random() < 0.15 or told.state is CaseState.ACKNOWLEDGED
        if on_paper and at.date() >= self._day(LETTERS_SINCE):
            values = {"channel": self.channels[self._written(told)], "sent_at": at}
            if case.kind is CaseKind.RETURN:
                steps.take_step(self.tx, told.id, Step.ACKNOWLEDGE, {**values, "letter": DocumentKind.RECEIPT_CONFIRMATION})
            else:
                self._issue(told, at, DocumentKind.RECEIPT_CONFIRMATION)
        else:
            self._say(told, at, Direction.OUTGOING, self._said(told.facts["kind"]), author)

    def _ask(self, told: _Told, at: datetime) -> None:
        questions = self.words["questions"]
        asked = told.facts["cause"] if told.facts["kind"] == "complaint" else told.facts["kind"]
        asked = asked if asked in questions else "other"
        question, told.reply = self._draw(f"questions {asked}", questions[asked])
        self._say(told, at, Direction.OUTGOING, question, self._by("service"))
        steps.take_step(self.tx, told.id, Step.ASK)

    def _tell_more(self, told: _Told, at: datetime) -> None:
        buyer = self._buyer(told)
        self._say(told, at, Direction.INCOMING, self._gendered(told.reply, buyer), buyer.name)
        steps.take_step(self.tx, told.id, Step.ASSESS)

    def _buyer(self, told: _Told) -> _Buyer:
        return self.buyers[told.sale.customer or 0]

    def _send_for(self, told: _Told, at: datetime) -> None:
        if told.facts["kind"] != "return":  # a return was told where to go already
            self._say(told, at, Direction.OUTGOING, self._said("send"), self._by("service"))
        steps.take_step(self.tx, told.id, Step.AWAIT_GOODS)

    def _arrive(self, told: _Told, at: datetime) -> None:
        self._say(told, at, Direction.INTERNAL, self._said("arrived"), self._by("store"))
        condition = self._draw("condition", self.words["talk"]["condition"])
        steps.take_step(self.tx, told.id, Step.GOODS_RECEIVED, {"goods_received_on": at.date(), "goods_condition": condition})

    def _look(self, told: _Told, at: datetime) -> None:
        steps.take_step(self.tx, told.id, Step.ASSESS)

    def _assess(self, told: _Told, at: datetime) -> None:
        steps.take_step(self.tx, told.id, Step.ASSESS)
        self._say(told, at, Direction.INTERNAL, self._said("assess"), self._by("service"))

    def _decide(self, told: _Told, at: datetime) -> None:
        self._by("owner")
        facts, words, paid = told.facts, self.words, self._all_paid(told)
        decision = _word(Decision, facts.get("decision", "accepted"))
        returned = facts["kind"] == "return"
        values: dict[str, Any] = {"decision": decision, "decided_on": at.date(), "decided_by": self.people["owner"]}
        reasons = words["reasons"].get("return" if returned else facts["cause"]) or words["reasons"]["OTHER_FLAW"]
        own = words["stories"][told.key][2:]
        values["decision_reasons"] = own[0] if own else self._draw(f"reasons {reasons[0]}", reasons)
        granted = _granted(told.facts)
        if granted:
            values["remedy"] = self._draw(f"remedy {granted}", words["remedy"][granted])
            values["remedy_kind"] = {**_MENDING, "reduction": Demand.REDUCTION, "refund": Demand.REFUND}.get(granted)
        if decision in (Decision.REJECTED, Decision.PARTIAL):
            values["adr"] = AdrStatement.REFUSAL if self.dice.random() < 0.25 else AdrStatement.CONSENT
        share = {"refund": Decimal(1), "reduction": Decimal("0.25")}.get(granted)
        if share is not None:
            values |= {"refund": (paid * share).quantize(GROSZ), "refund_method": RefundMethod.SAME}
        steps.decide(self.tx, told.id, values)

    def _inspect(self, told: _Told, at: datetime) -> None:
        """The goods are looked at when they came back; what was used beyond trying is worth less."""
        self._by("store")
        loss = Decimal(told.facts.get("value_loss", "0"))
        seen: dict[str, Any] = {"inspected_on": at.date(), "inspected_by": self.people["store"], "condition": Condition.USED if loss else Condition.AS_NEW}
        if loss:
            taken_off = (self._all_paid(told) * loss / 100).quantize(GROSZ)
            seen |= {"diminished": taken_off, "diminished_reasons": self._draw("value_loss", self.words["remedy"]["value_loss"])}
            seen["condition_notes"] = self.words["stories"][told.key][2]
        steps.take_step(self.tx, told.id, Step.INSPECT, seen)

    def _approve(self, told: _Told, at: datetime) -> None:
        """What the calculator says goes back."""
        self._by("owner")
        steps.take_step(self.tx, told.id, Step.APPROVE, on=at.date())

    def _pay(self, told: _Told, at: datetime) -> None:
        self._by("owner")
        self._refund(told, at)
        if at.date() >= self._day(LETTERS_SINCE):
            self._issue(told, at, DocumentKind.PROTOCOL)
            self._issue(told, at, DocumentKind.REFUND_NOTE)

    def _refund(self, told: _Told, at: datetime) -> None:
        steps.take_step(self.tx, told.id, Step.REFUND, on=at.date())
        self.books.sign(told.id, at.date(), at_counter=told.sale.source == "till")

    def _all_paid(self, told: _Told) -> Decimal:
        items = self._items_of(told)
        return sum((item.unit_price * item.quantity for item in items if item.unit_price), Decimal())

    def _items_of(self, told: _Told) -> list[CaseItem]:
        assert told.case is not None
        return self.tx.records(parts_of(told.case, CaseItem))

    def _answer(self, told: _Told, at: datetime) -> None:
        author, case = self._by("owner"), self.tx.get(Case, told.id)
        text = self.words["talk"]["answer"].format(number=case.number, reasons=case.decision_reasons, remedy=case.remedy, author=author)
        if "decision" in told.facts:
            self._issue(told, at, fitting(case))
        else:
            self._write(told, at, answering(case), text)

    def _write(self, told: _Told, at: datetime, kind: DocumentKind, text: str) -> None:
        """A letter of the program, or, before the shop had it, a mail of its own that is kept as proof."""
        if at.date() >= self._day(LETTERS_SINCE):
            self._issue(told, at, kind)
            return
        shop, customer = the_shop(self.tx), self.tx.get(Customer, told.sale.customer or 0)
        mail = f"From: {shop.email}\nTo: {customer.email}\nDate: {at:%d.%m.%Y %H:%M}\n\n{text}\n"
        arrived = self._arrived(told, at)
        sent = letters.sent_elsewhere(self.tx, told.id, kind, mail.encode(), f"{at:%Y%m%d_%H%M}.eml", self.channels[self._written(told)], at, arrived)
        for file in self.tx.records(parts_of(self.tx.get(Case, told.id), Attachment)):
            if file.content == sent.content:
                self.tx.change(file, added_at=at)

    def _issue(self, told: _Told, at: datetime, kind: DocumentKind) -> None:
        language = letters.language_for(self.tx, self.tx.get(Case, told.id))
        letters.issue(self.tx, told.id, kind, language, self.channels[self._written(told)], at, delivered_at=self._arrived(told, at))

    def _arrived(self, told: _Told, at: datetime) -> datetime | None:
        """When a letter is known to have arrived; what goes by post is not there at once, and the rest arrives by itself."""
        there = at + timedelta(days=self.dice.randint(*POST_TAKES)) if self._written(told) == "Post" else None
        return there if there is None or there <= self.now else None

    def _reply(self, told: _Told, at: datetime) -> None:
        buyer, refused = self._buyer(told), told.facts.get("decision") in ("rejected", "partial")
        paid = _OUTCOMES[_granted(told.facts)] in (Outcome.REFUNDED, Outcome.REDUCED)
        text = self._said("upset" if refused else "thanks_money" if paid else "thanks")
        self._say(told, at, Direction.INCOMING, self._gendered(text, buyer), buyer.name)

    def _mend(self, told: _Told, at: datetime) -> None:
        """The repair or replacement is under way, or done."""
        self._by("service")
        steps.take_step(self.tx, told.id, Step.START_REMEDY, on=at.date())
        if told.state is not CaseState.REMEDY_RUNNING:
            steps.take_step(self.tx, told.id, Step.FINISH_REMEDY, on=at.date())

    def _close(self, told: _Told, at: datetime) -> None:
        self._by("service")
        case = self.tx.get(Case, told.id)
        self._settle(told)
        if case.remedy_kind in _MENDING.values():
            self._mend(told, at)
        if case.refund and case.refunded_on is None:
            self._refund(told, at)
        steps.take_step(self.tx, told.id, Step.CLOSE, on=at.date())

    def _settle(self, told: _Told) -> None:
        """Say of every piece what became of it."""
        outcome = _OUTCOMES[_granted(told.facts)]
        for item in self._items_of(told):
            if told.facts.get("split"):
                cases.split_item(self.tx, item.id, item.quantity // 2, Outcome.REJECTED)
                item = self.tx.get(CaseItem, item.id)
            cases.split_item(self.tx, item.id, item.quantity, outcome)

    def _withdraw(self, told: _Told, at: datetime) -> None:
        buyer = self._buyer(told)
        self._say(told, at, Direction.INCOMING, self._gendered(self._said("withdrawn"), buyer), buyer.name)
        steps.take_step(self.tx, told.id, Step.WITHDRAW, on=at.date())

    def _nudge(self, told: _Told, at: datetime) -> None:
        self._say(told, at, Direction.INCOMING, self._said("nudge"), self._buyer(told).name)


def _granted(facts: dict[str, Any]) -> str:
    """What the shop does in the end, as the tables of texts call it; "" for nothing."""
    decision, demand = facts.get("decision", "accepted"), facts["demand"]
    if decision == "rejected":
        return ""
    if facts["kind"] == "return":
        return "value_loss" if "value_loss" in facts else "return"
    if decision == "partial":
        return "reduction"
    if decision == "other_remedy":
        return "replacement" if demand == "repair" else "repair"
    return str(demand)


def _word(words: type[L], value: str) -> L:
    """The word of a list that is stored as ``value``."""
    return next(word for word in words if word.value == value)


# ------------------------------------------------------------------------------- invented numbers

_FOLDED = str.maketrans("ąćęłńóśźż", "acelnoszz")
_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def _ascii(name: str) -> str:
    return name.lower().translate(_FOLDED)


def _nip(seed: int) -> str:
    """A tax number with a right check digit of tax office 000, which there is not."""
    while True:
        digits = f"{seed:09}"
        check = sum(int(digit) * weight for digit, weight in zip(digits, _NIP_WEIGHTS, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        seed += 1


def _ean(twelve: str) -> str:
    """An EAN-13 of the range 20, which every shop may use for itself, with its check digit."""
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"
