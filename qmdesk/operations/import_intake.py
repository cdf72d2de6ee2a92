"""From read rows to kept records: customers, products and orders are found or made, new records written in bulk, known ones updated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qmdesk.errors import Problems
from qmdesk.i18n import N_, _
from qmdesk.operations.import_links import Finder, Identity, Names, by_ids, where_in
from qmdesk.operations.import_rows import MISSING, Rows
from qmdesk.operations.import_said import digest, packed
from qmdesk.records.case import Case, CaseItem, CaseKind
from qmdesk.records.imports import Imported
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.records.shop import THE_SHOP, Shop
from qmdesk.register import Transaction, stored_defaults
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record, empty, loaded
from qmdesk.schema.types import SqlValue

CHUNK = 20_000  # rows written at once, so that a wish to cancel is heard in between
NOT_THERE = N_("{field}: there is no {record} “{value}” in the register. Add it first, or correct the name.")


@dataclass
class Counts:
    """What became of the records of a file; ``touched`` are the ids of new and changed ones."""

    added: int = 0
    changed: int = 0
    same: int = 0
    ids: list[int] = field(default_factory=list)


class Intake:
    """One file's groups on their way into the register, in one transaction."""

    def __init__(self, tx: Transaction, rows: Rows, batch: int, source: str, advance: Callable[[], None], *, find_order: bool = False) -> None:
        self.tx = tx
        self.rows = rows
        self.target = rows.target
        self.kind = rows.target.main
        self.batch = batch
        self.counts = Counts()
        self._source = source
        self._advance = advance
        self._find_order = find_order
        self.imported: list[Imported | None] = []  # per group: what an earlier import remembered
        self.known: list[Any] = []  # per group: the record of the register
        self._size = len(rows.keys)
        self._links: dict[str, list[int | None]] = {}  # field of the counted record -> ids per group
        self._products: list[int | None] = []  # per part
        self._lines: list[int | None] = []  # per part of a case: the order line it was sold with
        self._made: dict[int, int] = {}  # group -> the linked record made for it last
        self._names: dict[type[Record], Names] = {}

    def run(self) -> None:
        """Write what is new; ``known`` and ``imported`` are left for the update of what is there."""
        rows = self.rows
        self.imported = self._imported()
        self.known = self._known()
        rows.bury_empty(self.known)
        self._refuse_incomplete()
        self._refuse_impossible()
        self._link_names()
        if Customer in self.target.linked:
            self._link_customers()
        if Order in self.target.linked:
            self._link_orders()
        self._link_products()
        if self.kind is Case:
            self._link_lines()
        rows.refuse_members()
        new = [group for group in range(self._size) if self.known[group] is None and group not in rows.dead]
        self.counts.ids += self._write_new(new)
        self.counts.added = len(new)

    # -- what the register knows already

    def sources(self) -> list[str]:
        """The source under which each group's key is remembered: an order's own, else the file's."""
        told = self.rows.values.get("order.source") if self.kind is Order else None
        return [str(name) if name else self._source for name in told] if told else [self._source] * self._size

    def _imported(self) -> list[Imported | None]:
        """What an earlier import said of each group."""
        found: dict[tuple[str, str], Imported] = {}
        sources, keys = self.sources(), self.rows.keys
        if self.tx.count(Query(Imported)):
            for source in set(sources):
                also = (Condition("target", types.IS, (self.kind.spec.table,)), Condition("source", types.IS, (source,)))
                asked = {key for key, own in zip(keys, sources, strict=True) if own == source}
                found.update({(source, item.key): item for item in where_in(self.tx, Imported, "key", asked, *also)})
        return [found.get(pair) for pair in zip(sources, keys, strict=True)]

    def _known(self) -> list[Any]:
        """The record of the register for each group: the one imported before, else one that is known by the same values."""
        imported = self.imported
        by_id = by_ids(self.tx, self.kind, [one.row for one in imported if one])
        known: list[Any] = [by_id.get(one.row) if one else None for one in imported]
        claimed = {item.id for item in known if item}
        finder = Finder(self.tx, self.kind)
        columns = {name: self._stored(name) for name in finder.fields}
        finder.load(columns)
        if finder.knows_nobody:
            return known
        wanted: dict[int, int] = {}
        for group, values in enumerate(zip(*columns.values(), strict=True)):
            if known[group] is None and group not in self.rows.dead:
                id_ = finder.find(finder.identity(values), claimed, strict=True)
                if id_ is not None:
                    claimed.add(id_)
                    wanted[group] = id_
        by_id = by_ids(self.tx, self.kind, wanted.values())
        for group, id_ in wanted.items():
            known[group] = by_id[id_]
        return known

    def _stored(self, name: str) -> Sequence[Any]:
        """A field of the counted record for each group, as stored; a reference by the id of what it names, where that is there."""
        told = self.rows.values.get(self.rows.main(name))
        if told is None:
            return [None] * self._size
        item = self.kind.spec.fields[name]
        if not isinstance(item.type, types.Ref):
            return told
        names = self._named(item.type.target)
        names.find(filter(None, told))
        return [names.known(text) if text else None for text in told]

    def _named(self, kind: type[Record]) -> Names:
        return self._names.setdefault(kind, Names(self.tx, kind))

    def _refuse_incomplete(self) -> None:
        """A new record needs what is required; a customer without a name is called by what else is told."""
        rows = self.rows
        if self.kind is Customer:
            rows.values[rows.main("name")] = _customer_names({name: self._stored(name) for name in _CALLED_BY}, self._size)
        for item in self.kind.spec.fields.values():
            path = rows.main(item.name)
            if not item.required:
                continue
            told = rows.values.get(path)
            for group in range(self._size):
                if (told is None or told[group] is None) and self.known[group] is None and group not in rows.dead:
                    rows.refuse_group(group, path, "", _(MISSING).format(field=item.labelled()))

    def _refuse_impossible(self) -> None:
        """What a record says between its fields; only kinds that check something told here are made one by one."""
        if self.kind.check is Record.check or (self.kind.checks and not any(self.rows.main(name) in self.rows.values for name in self.kind.checks)):
            return
        values = {name: self.rows.values[self.rows.main(name)] for name in self.kind.spec.fields if self.rows.main(name) in self.rows.values}
        for name, target in self.kind.spec.refs.items():
            told = [column for path, column in self.rows.values.items() if path.startswith(f"{target.spec.table}.")]
            spoken = zip(*told, strict=True) if told else values.get(name)
            if spoken is not None:  # who it is, is found later; here it matters that there is somebody
                values[name] = [1 if (any(cells) if isinstance(cells, tuple) else cells) else None for cells in spoken]
        columns = self._columns(self.kind, values, range(self._size))
        for group, row in enumerate(zip(*columns, strict=True)):
            if group in self.rows.dead or self.known[group] is not None:
                continue
            for problem in loaded(self.kind, {"id": 0, **dict(zip(self.kind.spec.fields, row, strict=True))}).check():
                path = self.rows.main(problem.field) if problem.field else ""
                cells = self.rows.values.get(path)
                self.rows.refuse_group(group, path, cells[group] if cells else "", problem.sentence)
                break

    # -- customers, orders, names, products

    def _link_customers(self) -> None:
        values = self.rows.values
        fed = [name for name in Customer.spec.fields if f"customer.{name}" in values]
        if not fed:
            return
        columns = {name: values[f"customer.{name}"] for name in fed}
        finder = Finder(self.tx, Customer)
        finder.load(columns)
        self._links["customer"] = self._found_or_made(finder, columns, _customer_names)

    def _found_or_made(self, finder: Finder, columns: dict[str, list[Any]], named: Callable[[dict[str, Any], int], list[Any]]) -> list[int | None]:
        """For each group the id of the linked record its values mean, made where nobody has it yet, of all that is told of it."""
        blank: list[Any] = [None] * self._size
        identities = list(zip(*(columns.get(name, blank) for name in finder.fields), strict=True))
        nothing: Identity = (None,) * len(finder.fields)
        found: list[int | None] = [None] * self._size
        makers: list[int] = []
        seen: dict[Identity, int] = {}
        more: dict[int, int] = {}
        for group, values in enumerate(identities):
            if values == nothing or group in self.rows.dead:
                continue
            if values not in seen:
                identity = finder.identity(values)
                id_ = finder.find(identity)
                if id_ is None:
                    makers.append(group)
                    id_ = -len(makers)
                    finder.learn(id_, identity)
                elif finder.kind is Customer and finder.adds(id_, identity) and id_ > 0:
                    more[id_] = group
                seen[values] = id_
            found[group] = seen[values]
        self._complete(more, columns)
        kept = {name: [column[group] for group in makers] for name, column in columns.items()}
        for group, made in enumerate(found):
            if made is not None and made < 0 and makers[-made - 1] != group:
                for name, column in kept.items():
                    if column[-made - 1] is None:
                        column[-made - 1] = columns[name][group]
        kept[finder.kind.spec.title.name] = named(kept, len(makers))
        ids = self._add(finder.kind, kept, len(makers))
        self._made = dict(zip(makers, ids, strict=True))
        return [ids[-id_ - 1] if id_ is not None and id_ < 0 else id_ for id_ in found]

    def _complete(self, told: Mapping[int, int], columns: dict[str, list[Any]]) -> None:
        """Fill the blanks of customers who were known by their name alone; ``told`` names the group that tells more of each."""
        for id_, customer in by_ids(self.tx, Customer, told).items():
            said = {name: column[told[id_]] for name, column in columns.items() if empty(getattr(customer, name))}
            self.tx.change(customer, **{name: Customer.spec.fields[name].type.load(value) for name, value in said.items() if value is not None})

    def _link_orders(self) -> None:
        """The order a case is about; one that is not there is made of what the case tells, and a later import completes it."""
        values = self.rows.values
        numbers = values.get("order.number")
        if numbers is None:
            return
        columns = {name: values[f"order.{name}"] for name in Order.spec.fields if f"order.{name}" in values}
        days = [values.get(path) or [None] * self._size for path in (self.rows.main("sold_on"), self.rows.main("contract_on"))]
        moments = columns.get("ordered_at") or [None] * self._size
        received = values.get(self.rows.main("received_at")) or [None] * self._size
        columns["ordered_at"] = [
            moment or _noon(sold or made) or came for moment, sold, made, came in zip(moments, *days, received, strict=True)
        ]
        columns["customer"] = list(self._links.get("customer") or [None] * self._size)
        columns["currency"] = columns.get("currency") or values.get(self.rows.main("currency")) or [None] * self._size
        finder = Finder(self.tx, Order)
        sources = columns.setdefault("source", [None] * self._size)
        columns["source"] = [source if number else None for source, number in zip(sources, numbers, strict=True)]
        finder.load(columns)
        self._links["order"] = self._found_or_made(finder, columns, lambda kept, _size: kept["number"])
        self._remember_orders(columns)
        if "customer" in self._links or self.kind is not Case:
            return
        bought = {id_: item.customer for id_, item in by_ids(self.tx, Order, {id_ for id_ in self._links["order"] if id_}).items()}
        self._links["customer"] = [bought.get(id_) if id_ else None for id_ in self._links["order"]]

    def _remember_orders(self, columns: dict[str, list[Any]]) -> None:
        """What the file said of the orders it made, so that a later import of orders may correct them."""
        rows = {}
        for group, id_ in self._made.items():
            said = {name: column[group] for name, column in columns.items() if column[group] is not None}
            pair = columns["source"][group] or self._source, columns["number"][group]
            rows[pair] = ("order", id_, *pair, packed({"main": said}), self.batch)
        for old in where_in(self.tx, Imported, "key", [key for _source, key in rows]) if rows else ():
            if old.target == "order":
                rows.pop((old.source, old.key), None)
        self.tx.add_many(Imported, ("target", "row", "source", "key", "said", "batch"), list(rows.values()))

    def _link_names(self) -> None:
        """What else the counted record refers to, by its name: a channel, a cause, a person, a supplier, a product."""
        for item in self.kind.spec.fields.values():
            told = self.rows.values.get(self.rows.main(item.name))
            if not isinstance(item.type, types.Ref) or told is None:
                continue
            names = self._named(item.type.target)
            names.find({text for group, text in enumerate(told) if text and group not in self.rows.dead})
            self._links[item.name] = ids = []
            for group, text in enumerate(told):
                find = names.known if self.target.may_lack else names.id
                ids.append(find(text) if text and group not in self.rows.dead else None)
                if text and ids[-1] is None and group not in self.rows.dead and not self.target.may_lack:
                    sentence = _(NOT_THERE).format(field=item.labelled(), record=_(item.type.target.spec.label), value=text)
                    self.rows.refuse_group(group, self.rows.main(item.name), text, sentence)

    def _link_products(self) -> None:
        """The product of every part, by SKU, else EAN, else its exact name; parts of refused records make none."""
        rows, kind = self.rows, self.target.part
        if kind is None or not rows.parts:
            return
        dead = rows.dead
        alive = [at for at, row in enumerate(rows.parts) if rows.of_row[row] not in dead]
        if len(alive) < len(rows.parts):
            rows.parts = [rows.parts[at] for at in alive]
            rows.part_values = {path: [column[at] for at in alive] for path, column in rows.part_values.items()}
        size = len(rows.parts)
        told = rows.part_values
        blank: list[Any] = [None] * size
        columns = {name: told[f"product.{name}"] for name in Product.spec.fields if f"product.{name}" in told}
        skus = [own or other for own, other in zip(told.get(rows.part("sku"), blank), columns.get("sku", blank), strict=True)]
        called = columns.get("name", blank)
        names = [own or other for own, other in zip(told.get(rows.part("name"), blank), called, strict=True)]
        columns["sku"], columns["name"] = skus, [own or other for own, other in zip(called, names, strict=True)]
        if "supplier" in columns:
            suppliers = self._named(Product.spec.refs["supplier"])
            suppliers.find(set(filter(None, columns["supplier"])))
            columns["supplier"] = [suppliers.id(text) if text else None for text in columns["supplier"]]
        finder = Finder(self.tx, Product)
        finder.load(columns)
        eans = columns.get("ean", blank)
        first_names: dict[str, str] = {}
        for sku, name in zip(skus, columns["name"], strict=True):
            if sku and name:
                first_names.setdefault(sku, name)
        makers: list[int] = []
        seen: dict[Identity, int | None] = {}
        told_of = list(zip(skus, eans, columns["name"], strict=True))
        first_at = dict(zip(reversed(told_of), range(size - 1, -1, -1), strict=True))
        for identity in dict.fromkeys(told_of):
            sku, ean, name = identity
            full = (sku, ean, name or first_names.get(sku or ""))
            id_ = finder.find(full)
            if id_ is None:
                makers.append(first_at[identity])
                id_ = -len(makers)
                finder.learn(id_, full)
            seen[identity] = id_
        self._products = [seen[identity] for identity in told_of]
        kept = {name: [column[at] for at in makers] for name, column in columns.items()}
        kept["name"] = [name or first_names.get(sku or "") or sku or ean for name, sku, ean in zip(kept["name"], kept["sku"], kept.get("ean", blank), strict=False)]
        ids = self._add(Product, kept, len(makers))
        self._products = [ids[-id_ - 1] if id_ is not None and id_ < 0 else id_ for id_ in self._products]
        told[rows.part("name")] = [name or first_names.get(sku or "") or sku for name, sku in zip(names, skus, strict=True)]
        told[rows.part("sku")] = skus
        self._advance()

    def _link_lines(self) -> None:
        """The order line that each item of a case was sold with, and the order of a return that names none."""
        rows = self.rows
        if not rows.parts:
            return
        self._lines = [None] * len(rows.parts)
        orders = self._links.get("order")
        if orders is None and self._find_order:
            self._find_orders()
            return
        told = orders or [None] * self._size
        orders = [id_ or (case.order if case else None) for id_, case in zip(told, self.known, strict=True)]
        sold: dict[tuple[int, int | None], int] = {}
        for line in where_in(self.tx, OrderLine, "order", {id_ for id_ in orders if id_}):
            sold.setdefault((line.order, line.product), line.id)
        for at, row in enumerate(rows.parts):
            order = orders[rows.of_row[row]]
            self._lines[at] = sold.get((order, self._products[at])) if order and self._products[at] else None

    def _find_orders(self) -> None:
        """The customer's last order of the same product before the goods came back; a case is about the order of most items."""
        rows, customers = self.rows, self._links.get("customer") or [None] * self._size
        orders = {item.id: item for item in where_in(self.tx, Order, "customer", {id_ for id_ in customers if id_})}
        bought: dict[tuple[int, int], list[tuple[datetime, int, int]]] = {}
        for line in where_in(self.tx, OrderLine, "order", orders):
            if line.product:
                order = orders[line.order]
                bought.setdefault((order.customer, line.product), []).append((order.ordered_at, order.id, line.id))
        votes: list[Counter[int]] = [Counter() for _group in range(self._size)]
        received = rows.values.get(rows.main("received_at")) or [None] * self._size
        moment = types.Moment()
        for at, row in enumerate(rows.parts):
            group = rows.of_row[row]
            customer, product = customers[group], self._products[at]
            if customer and product and received[group]:
                earlier = [one for one in bought.get((customer, product), ()) if one[0] <= moment.load(received[group])]
                if earlier:
                    _at, order_id, self._lines[at] = max(earlier)
                    votes[group][order_id] += 1
        self._links["order"] = [vote.most_common(1)[0][0] if vote else None for vote in votes]

    # -- writing

    def main_fields(self) -> list[str]:
        """The fields of the counted record that the file tells of."""
        return [name for name in self.kind.spec.fields if self.rows.main(name) in self.rows.values or name in self._links]

    def _main_values(self) -> dict[str, Sequence[Any]]:
        return {name: self._told(name) for name in self.main_fields()}

    def main_value(self, name: str, group: int) -> SqlValue:
        """What the file says of a field, as stored; None for nothing."""
        return self._told(name)[group]  # type: ignore[no-any-return]

    def _told(self, name: str) -> Sequence[Any]:
        return self._links[name] if name in self._links else self.rows.values[self.rows.main(name)]

    def _columns(self, kind: type[Record], values: Mapping[str, Sequence[Any]], picked: Sequence[int]) -> list[Sequence[Any]]:
        """Every field of a kind as a column of stored values, blanks filled with the field's default."""
        defaults, columns = stored_defaults(kind), list[Sequence[Any]]()
        for name in kind.spec.fields:
            default, told = defaults.get(name), values.get(name)
            if told is None:
                columns.append([default] * len(picked))
            elif len(picked) == len(told):
                columns.append(told if default is None or None not in told else [default if cell is None else cell for cell in told])
            elif default is None:
                columns.append([told[at] for at in picked])
            else:
                columns.append([default if told[at] is None else told[at] for at in picked])
        return columns

    def _add(self, kind: type[Record], values: dict[str, Any], size: int) -> Sequence[int]:
        """Write new records given as columns; returns their ids."""
        return self._insert(kind, list(zip(*self._columns(kind, values, range(size)), strict=True)))

    def _insert(self, kind: type[Record], rows: Sequence[Sequence[SqlValue]]) -> list[int]:
        names, ids = list(kind.spec.fields), list[int]()
        for start in range(0, len(rows), CHUNK):
            ids += self.tx.add_many(kind, names, rows[start : start + CHUNK])
            self._advance()
        return ids

    def _write_new(self, new: Sequence[int]) -> list[int]:
        if not new:
            return []
        if self.kind is Case:
            self._number_cases(new)
        values = self._main_values()
        ids = self._insert(self.kind, list(zip(*self._columns(self.kind, values, new), strict=True)))
        of_group = dict(zip(new, ids, strict=True))
        said_parts = self._write_parts(of_group)
        fed = self.main_fields()
        keys, sources = self.rows.keys, self.sources()
        told = zip(*(values[name] for name in fed), strict=True) if fed else iter([()] * self._size)
        rows = []
        for group, cells in enumerate(told):
            if group in of_group:
                main = {name: cell for name, cell in zip(fed, cells, strict=True) if cell is not None}
                said = packed({"main": main, **said_parts.get(group, {})})
                old = self.imported[group]
                if old:  # it was imported before, and somebody took it away
                    self.tx.change(old, row=of_group[group], said=said, batch=self.batch)
                else:
                    rows.append((self.kind.spec.table, of_group[group], sources[group], keys[group], said, self.batch))
        self._insert(Imported, rows)
        return ids

    def part_fields(self) -> list[str]:
        """The fields of a part that the file tells of and that the register compares later."""
        assert self.target.part is not None
        return [name for name in self.target.part.spec.fields if self.rows.part(name) in self.rows.part_values and name != "line"]

    def part_columns(self) -> dict[str, Sequence[Any]]:
        """Every told field of the parts, with their products, and the currency of the record they belong to."""
        rows, kind = self.rows, self.target.part
        assert kind is not None
        found: dict[str, Sequence[Any]] = {name: rows.part_values[rows.part(name)] for name in self.part_fields()}
        for name, target in kind.spec.refs.items():
            if name in found and target not in (Product, OrderLine):
                names = self._named(target)
                names.find(set(filter(None, found[name])))
                found[name] = [names.known(text) if text else None for text in found[name]]
        currency = rows.values.get(rows.main("currency"))
        if "currency" not in found and currency:
            found["currency"] = [currency[rows.of_row[row]] for row in rows.parts]
        found["product"] = self._products
        if kind is CaseItem:
            found["order_line"] = self._lines
        return found

    def _write_parts(self, of_group: dict[int, int]) -> dict[int, dict[str, Any]]:
        """Write the parts of new records; returns what their groups said of them, as digests."""
        rows, kind = self.rows, self.target.part
        if kind is None or not rows.parts:
            return {}
        picked = [at for at, row in enumerate(rows.parts) if rows.of_row[row] in of_group]
        if not picked:
            return {}
        columns = self.part_columns()
        owner = kind.spec.owner
        assert owner is not None  # a part belongs to something
        columns[owner.name] = [of_group.get(rows.of_row[row]) for row in rows.parts]
        numbers = self.line_numbers()
        if "line" in kind.spec.fields:
            columns["line"] = numbers
        written = self._columns(kind, columns, picked)
        self._insert(kind, list(zip(*written, strict=True)))
        compared = self.part_fields()
        place = {name: at for at, name in enumerate(kind.spec.fields)}
        told = zip(*(written[place[name]] for name in compared), strict=True)
        lines: dict[int, list[str]] = {}
        for at, cells in zip(picked, told, strict=True):
            lines.setdefault(rows.of_row[rows.parts[at]], []).append(f"{numbers[at]}:{digest(cells)}")
        return {group: {"of": compared, "lines": " ".join(found)} for group, found in lines.items()}

    def line_numbers(self) -> list[int]:
        """The number of each part in its record: told by the file, else its place among the record's parts."""
        rows = self.rows
        told = rows.part_values.get(rows.part("line")) or [None] * len(rows.parts)
        seen: dict[int, int] = {}
        found = []
        for row, number in zip(rows.parts, told, strict=True):
            group = rows.of_row[row]
            seen[group] = seen.get(group, 0) + 1
            found.append(number or seen[group])
        return found

    # -- numbers of cases

    def _number_cases(self, new: Sequence[int]) -> None:
        """A number of our own series that is free is kept; another one becomes the number in the source."""
        values = self.rows.values
        shop = self.tx.get(Shop, THE_SHOP)
        series = {CaseKind.COMPLAINT: shop.complaint_series, CaseKind.RETURN: shop.return_series, CaseKind.GUARANTEE: shop.guarantee_series}
        ours = re.compile(rf"({'|'.join(map(re.escape, series.values()))})/(\d{{4}})/(\d{{4,9}})")
        told = list(values.get("case.number") or [None] * self._size)
        external = list(values.get("case.external_id") or [None] * self._size)
        taken = set(self.tx.by_value(Case, "number", [number for number in told if number]))
        highest: dict[tuple[str, int], int] = {}
        free: list[int] = []
        for group in new:
            match = ours.fullmatch(told[group] or "")
            if match and told[group] not in taken:
                pair = match[1], int(match[2])
                highest[pair] = max(highest.get(pair, 0), int(match[3]))
            else:
                external[group] = external[group] or told[group]
                told[group] = None
                free.append(group)
        for (name, year), number in highest.items():
            self._count_up_to(name, year, number)
        kinds, received = values.get("case.kind"), values["case.received_at"]
        wanted: dict[tuple[str, int], list[int]] = {}
        for group in sorted(free, key=lambda group: str(received[group])):
            kind = Case.spec.fields["kind"].type.load((kinds[group] if kinds else None) or CaseKind.COMPLAINT.value)
            year = types.Moment().load(received[group]).astimezone().year
            wanted.setdefault((series[kind], year), []).append(group)
        for (name, year), groups in wanted.items():
            for group, given in zip(groups, self.tx.numbers(name, year, len(groups)), strict=True):
                told[group] = given
        values["case.number"], values["case.external_id"] = told, external

    def _count_up_to(self, series: str, year: int, number: int) -> None:
        """Let a series go on after a number that came in with a file."""
        now = int(self.tx.number(series, year).rpartition("/")[2])
        if now < number:
            self.tx.numbers(series, year, number - now)

    # -- for the update of known records

    def tick(self) -> None:
        """A moment in which the user may cancel."""
        self._advance()

    def change(self, item: Record, values: Mapping[str, SqlValue], group: int) -> bool:
        """Change a record to these stored values; a value it may not hold refuses the group."""
        fields = item.spec.fields
        try:
            self.tx.change(item, **{name: None if value is None else fields[name].type.load(value) for name, value in values.items()})
        except Problems as problems:
            first = problems.problems[0]
            self.rows.refuse_group(group, self.rows.main(first.field) if first.field else "", values.get(first.field, ""), first.sentence)
            return False
        return True

    def add_part(self, owner: Record, number: int, values: dict[str, SqlValue]) -> None:
        """Write one more part of a record that is there."""
        kind = self.target.part
        assert kind is not None
        assert kind.spec.owner is not None  # a part belongs to something
        told = {name: [value] for name, value in {**values, kind.spec.owner.name: owner.id, "line": number}.items() if name in kind.spec.fields}
        self._add(kind, told, 1)


_CALLED_BY = ("name", "company", "email", "login", "external_id", "phone")


def _customer_names(columns: dict[str, Any], size: int) -> list[Any]:
    """What each customer is called: the name, else the company, else whatever tells them apart."""
    told = [columns[name] for name in _CALLED_BY if name in columns]
    return [next(filter(None, cells), None) for cells in zip(*told, strict=True)] if told else [None] * size


def _noon(day: str | None) -> str | None:
    """A stored moment for a stored day."""
    return None if day is None else str(types.Moment().store(types.Moment().from_cell(date.fromisoformat(day))))
