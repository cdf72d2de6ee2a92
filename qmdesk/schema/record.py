"""What a record is: a frozen class whose fields carry their type, label and duties; everything generic asks this description."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, FrozenInstanceError
from functools import cached_property
from typing import Any, ClassVar, TypeVar, dataclass_transform

from qmdesk.errors import Problem
from qmdesk.i18n import _, translator
from qmdesk.schema import types
from qmdesk.schema.folding import nearest
from qmdesk.schema.types import Labelled, Reading, SqlValue, Type
from qmdesk.values import dataclass

R = TypeVar("R", bound="Record")


@dataclass(frozen=True)
class Field:
    """One field of a record.

    ``required``: there is no default, so a draft without it is refused. ``automatic``: the program fills it, no form
    and no import does. ``searched``: its words (of a reference: the words of what it refers to) find the record.
    ``listed``: a column of the list unless the user chose others. ``title``: what stands for the record elsewhere.
    ``unique``: no two records share a filled value. ``owner``: the record is a part of the one it refers to.
    ``offers``: records where this flag is off are offered no more where another refers to them.
    ``section``: a new part of the form begins here, under this heading. ``aka``: headings that mean this field in files;
    "first name + surname" are two columns that say it together.
    """

    name: str
    label: str
    type: Type[Any]
    required: bool
    help: str = ""
    aka: tuple[str, ...] = ()
    searched: bool = False
    listed: bool = False
    title: bool = False
    unique: bool = False
    owner: bool = False
    automatic: bool = False
    offers: bool = False
    section: str = ""

    @property
    def column(self) -> str:
        """The column's name, quoted for SQL."""
        return f'"{self.name}"'

    @property
    def filled(self) -> str:
        """The condition under which a unique field's index holds a row; a statement that says it can use the index."""
        return f"{self.column} <> ''"

    @property
    def order_column(self) -> str:
        """The column that orders a list by this field: the Polish sort key where the type keeps one."""
        kind = self.type
        return f'"{self.name}_key"' if isinstance(kind, types.Text) and kind.alphabetical else self.column

    def labelled(self, lang: str | None = None) -> str:
        """The label in ``lang`` (the interface's language by default)."""
        return translator(lang)(self.label) if lang else _(self.label)

    def show(self, record: Record, lang: str | None = None, currency: str = "") -> str:
        """The field's value for a reader; money in the record's own currency, else in ``currency`` (the shop's)."""
        kind = self.type
        own = getattr(record, kind.currency, "") if isinstance(kind, types.Money) and kind.currency else ""
        return kind.show(getattr(record, self.name), lang, own or currency)


@dataclass(frozen=True)
class Spec:
    """The description of one kind of record, read off its class once."""

    table: str
    label: str
    plural: str
    fields: Mapping[str, Field]
    together: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def title(self) -> Field:
        return next(field for field in self.fields.values() if field.title)

    @cached_property
    def owner(self) -> Field | None:
        """The field that names the record this one is a part of."""
        return next((field for field in self.fields.values() if field.owner), None)

    @cached_property
    def offers(self) -> Field | None:
        """The flag that says whether a record is still offered where another refers to it."""
        return next((field for field in self.fields.values() if field.offers), None)

    @cached_property
    def refs(self) -> Mapping[str, type[Record]]:
        return {field.name: field.type.target for field in self.fields.values() if isinstance(field.type, types.Ref)}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of a whole row, the id first."""
        return ("id", *self.fields)

    @cached_property
    def whole_row(self) -> str:
        """These columns of a table that a statement calls t."""
        return ", ".join(f't."{name}"' for name in self.columns)

    @cached_property
    def loads(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """The fields whose column holds something else than their value, each with what makes the value of it."""
        return tuple((name, field.type.load) for name, field in self.fields.items() if type(field.type).load is not Type.load)

    @cached_property
    def alphabetical(self) -> tuple[str, ...]:
        """The fields that keep a sort key beside them."""
        return tuple(field.name for field in self.fields.values() if field.order_column != field.column)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields.values() if field.searched)

    def asked(self, *but: str) -> tuple[str, ...]:
        """The fields a person fills in, without those named."""
        return tuple(name for name, field in self.fields.items() if not field.automatic and name not in but)

    @cached_property
    def own_searched(self) -> bool:
        """Whether records of this kind are found by a search themselves (parts lend their words to their owner)."""
        return bool(self.searched) and self.owner is None


class _Told:
    """What a class says of a field, until ``record`` reads it."""

    __slots__ = ("default", "duties", "kind", "label")

    def __init__(self, kind: Type[Any], label: str, default: Any, duties: Mapping[str, Any]) -> None:
        self.kind, self.label, self.default, self.duties = kind, label, default, duties


@dataclass_transform(frozen_default=True, kw_only_default=True)
def _described(cls: type[R]) -> type[R]:
    """Tell type checkers that the class is made of its fields, as a dataclass is; ``record`` reads them."""
    return cls


@_described
class Record:
    """A thing the shop keeps. ``id`` is 0 until the register has given it one."""

    spec: ClassVar[Spec]
    blank: ClassVar[Mapping[str, Any]]
    """Every field with its default, MISSING where there is none."""
    checks: ClassVar[tuple[str, ...]] = ()
    """The fields one of which must be told for ``check`` to find anything; () where it always may."""

    id: int = 0

    def __init__(self, **values: Any) -> None:
        told = {**self.blank, **values}
        if len(told) > len(self.blank) or MISSING in told.values():
            wrong = [name for name, value in told.items() if value is MISSING or name not in self.blank]
            raise TypeError(f"{type(self).__name__}: missing or unknown: {', '.join(wrong)}")
        vars(self).update(told)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if not empty(value))
        return f"{type(self).__name__}({said})"

    def check(self) -> Iterable[Problem]:
        """Problems between fields; each record kind says its own."""
        return ()

    @property
    def title(self) -> str:
        """What stands for the record where it is referred to."""
        return str(getattr(self, self.spec.title.name))


def _field(kind: Type[Any], label: str, default: Any, duties: Mapping[str, Any]) -> Any:
    return _Told(kind, label, default, duties)


def text(label: str, *, default: Any = MISSING, most: int = 300, alphabetical: bool = False, **duties: Any) -> Any:
    """A line of text."""
    return _field(types.Text(most, alphabetical), label, default, duties)


def long_text(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """Text of many lines."""
    return _field(types.LongText(), label, default, duties)


def email(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """An e-mail address."""
    return _field(types.Email(), label, default, duties)


def phone(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A telephone number."""
    return _field(types.Phone(), label, default, duties)


def nip(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A tax number with its check digit."""
    return _field(types.Nip(), label, default, duties)


def ean(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A bar code number with its check digit."""
    return _field(types.Ean(), label, default, duties)


def vat_rate(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A VAT rate."""
    return _field(types.VatRate(), label, default, duties)


def day(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A calendar day."""
    return _field(types.Day(), label, default, duties)


def moment(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A moment in time."""
    return _field(types.Moment(), label, default, duties)


def money(label: str, *, default: Any = MISSING, currency: str = "", signed: bool = False, **duties: Any) -> Any:
    """An amount; ``currency`` names the sibling field that holds its currency."""
    return _field(types.Money(currency, signed), label, default, duties)


def percent(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A share of a hundred."""
    return _field(types.Percent(), label, default, duties)


def count(label: str, *, default: Any = MISSING, least: int = 0, **duties: Any) -> Any:
    """A whole number."""
    return _field(types.Count(least), label, default, duties)


def number(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """A number that may be broken or below zero."""
    return _field(types.Number(), label, default, duties)


def flag(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """Yes or no."""
    return _field(types.Flag(), label, default, duties)


def choice(words: type[Labelled], label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """One of a fixed list of words."""
    return _field(types.Choice(words), label, default, duties)


def ref(target: type[Record], label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """Another record."""
    return _field(types.Ref(target), label, default, duties)


def own(label: str, *, default: Any = MISSING, **duties: Any) -> Any:
    """Another record of the same kind."""
    return _field(types.Ref(Record), label, default, duties)


def file(label: str, *, default: Any = MISSING, picture: bool = False, **duties: Any) -> Any:
    """The content of a file kept in the register."""
    return _field(types.File(picture), label, default, duties)


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(text, long_text, email, phone, nip, ean, vat_rate, day, moment, money, percent, number, count, flag, choice, ref, own, file),
)
def record(table: str, label: str, plural: str, *, together: tuple[tuple[str, ...], ...] = ()) -> Callable[[type[R]], type[R]]:
    """Make a class a kind of record kept in ``table``; ``together`` names groups of fields that are unique as a group."""

    def make(cls: type[R]) -> type[R]:
        told = {name: value for name, value in vars(cls).items() if isinstance(value, _Told)}
        for name, value in told.items():
            if value.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, value.default)
            if isinstance(value.kind, types.Ref) and value.kind.target is Record:  # ``own``: only now there is something to refer to
                value.kind.target = cls
        fields = {name: Field(name, value.label, value.kind, value.default is MISSING, **value.duties) for name, value in told.items()}
        cls.spec = Spec(table, label, plural, fields, together)
        cls.blank = {"id": 0} | {name: value.default for name, value in told.items()}
        return cls

    return make


def replace(item: R, **values: Any) -> R:
    """The record with these fields changed."""
    return type(item)(**{**vars(item), **values})


def empty(value: Any) -> bool:
    """Whether a field's value says nothing."""
    return value is None or value == ""


def check_all(draft: Record) -> list[Problem]:
    """Every problem of a draft at once: fields one by one, then, when these are sound, what is wrong between them.

    Only a field whose default is None may be None: a kind or a number of pieces can't be taken away.
    """
    found = []
    values, blank = vars(draft), draft.blank
    for name, field in draft.spec.fields.items():
        value = values[name]
        if value is None or value == "":
            if field.required or (value is None and blank[name] is not None):
                found.append(Problem(field.name, _("{field} is missing.").format(field=field.labelled())))
        elif sentence := field.type.problem(value, field.labelled()):
            found.append(Problem(field.name, sentence))
    return found or list(draft.check())


def stored(item: Record) -> dict[str, SqlValue]:
    """The record's fields as its row holds them, without the id."""
    return {name: field.type.store(getattr(item, name)) for name, field in item.spec.fields.items()}


def loaded(kind: type[R], row: Mapping[str, Any]) -> R:
    """The record out of its whole row, the id first."""
    made = kind.__new__(kind)  # of what __init__ looks for, a row lacks nothing
    values = {**row}
    for name, load in kind.spec.loads:
        if values[name] is not None:
            values[name] = load(values[name])
    vars(made).update(values)
    return made


def draft(kind: type[R], values: Mapping[str, Any], reading: Reading | None = None) -> tuple[R | None, list[Problem]]:
    """A draft out of plain values (JSON, a form's texts): the record, or None with the problems that prevent one."""
    reading = reading or types.TYPED
    problems: list[Problem] = []
    taken: dict[str, Any] = {}
    for name, value in values.items():
        field = kind.spec.fields.get(name)
        if field is None:
            problems.append(Problem(name, unknown_field(kind, name)))
        elif isinstance(value, list | dict) or (isinstance(value, bool) and not isinstance(field.type, types.Flag)):  # JSON has them
            problems.append(Problem(name, not_understood(field, value)))
        elif value is not None and value != "":
            try:
                taken[name] = field.type.from_cell(value, reading)
            except (ValueError, OverflowError):
                problems.append(Problem(name, not_understood(field, value)))
    for field in kind.spec.fields.values():
        if field.required and field.name not in taken and field.name not in {problem.field for problem in problems}:
            problems.append(Problem(field.name, _("{field} is missing.").format(field=field.labelled())))
    if problems:  # what could be read is judged too, so that everything is mended in one go
        for name, value in taken.items():
            field = kind.spec.fields[name]
            if not empty(value) and (sentence := field.type.problem(value, field.labelled())):
                problems.append(Problem(name, sentence))
        return None, problems
    made = kind(**taken)
    problems = check_all(made)
    return (None if problems else made), problems


def unknown_field(kind: type[Record], name: str, names: Sequence[str] = ()) -> str:
    """The sentence for a field that there is not: the one most likely meant, by name or by label, else all ``names``."""
    named = {word: known for known in names or kind.spec.fields for word in (kind.spec.fields[known].labelled(), known)}
    if near := nearest(name, named):
        sentence = _("{record} has no field “{name}”. Perhaps you mean {near}.")
        return sentence.format(record=_(kind.spec.label), name=name[:60], near=named[near])
    sentence = _("{record} has no field “{name}”; the fields are: {listed}.")
    return sentence.format(record=_(kind.spec.label), name=name[:60], listed=", ".join(names or kind.spec.fields))


def not_understood(field: Field, value: Any) -> str:
    """The sentence for a value that can't be read as its field's type."""
    shown = str(value)[:60]
    kind = field.type
    if isinstance(kind, types.Choice):
        sentence = kind.problem(value, field.labelled())
        return _("{sentence} It was “{value}”.").format(sentence=sentence, value=shown)
    return _("{field}: “{value}” can't be read. Write it like {example}.").format(
        field=field.labelled(), value=shown, example=example(kind)
    )


def example(kind: Type[Any]) -> str:
    """What a value of this type looks like, for help and error sentences."""
    return _("yes") if isinstance(kind, types.Flag) else _EXAMPLES.get(type(kind), "abc")


_EXAMPLES: Mapping[type, str] = {
    types.Day: "22.11.2026",
    types.Moment: "22.11.2026 14:30",
    types.Money: "1234,50",
    types.Percent: "12,5",
    types.Number: "12,5",
    types.Count: "12",
    types.Ref: "12",
    types.Email: "name@example.com",
    types.Phone: "600 100 200",
    types.Nip: "5260250274",
    types.Ean: "5901234123457",
    types.VatRate: "23",
}
