"""The kinds of value a record can hold: each knows how to store, check, read, show and export itself and how to be asked about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from qmdesk.errors import Altered
from qmdesk.i18n import (
    LANGUAGES,
    N_,
    _,
    decimal_sign,
    show_day,
    show_moment,
    show_money,
    show_number,
    translator,
)
from qmdesk.schema import parsing
from qmdesk.schema.folding import fold
from qmdesk.values import dataclass

if TYPE_CHECKING:
    from qmdesk.schema.record import Record

T = TypeVar("T")
SqlValue = str | int | bytes | None
CellValue = str | int | Decimal | date | datetime | bool | None

# also halves of surrogate pairs, which JSON and old file systems can hold and no database keeps
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Reading:
    """How the text of one file or one person is to be read: order of day, month and year, decimal sign, time zone."""

    day_order: str = "dmy"
    decimal: str | None = None
    zone: str = ""


TYPED = Reading()


@dataclass(frozen=True)
class Operator:
    """One question about a value: its key on the command line, its sentence, its SQL and how many values it takes.

    ``sentence`` names {field} and, where values are taken, {value} and {other}; ``sql`` names {column}, one ? a value.
    """

    key: str
    sentence: str
    sql: str
    values: int = 1


IS = Operator("=", N_("{field} is {value}"), "{column} IS ?")
IS_NOT = Operator("!=", N_("{field} is not {value}"), "{column} IS NOT ?")
BELOW = Operator("<", N_("{field} is below {value}"), "{column} < ?")
AT_MOST = Operator("<=", N_("{field} is at most {value}"), "{column} <= ?")
ABOVE = Operator(">", N_("{field} is above {value}"), "{column} > ?")
AT_LEAST = Operator(">=", N_("{field} is at least {value}"), "{column} >= ?")
BETWEEN = Operator("between", N_("{field} is from {value} to {other}"), "{column} BETWEEN ? AND ?", 2)
BEFORE = Operator("<", N_("{field} is before {value}"), "{column} < ?")
UNTIL = Operator("<=", N_("{field} is on {value} or before"), "{column} <= ?")
AFTER = Operator(">", N_("{field} is after {value}"), "{column} > ?")
SINCE = Operator(">=", N_("{field} is on {value} or after"), "{column} >= ?")
CONTAINS = Operator("contains", N_("{field} contains “{value}”"), "{column} GLOB ?")
EMPTY = Operator("empty", N_("{field} is empty"), "({column} IS NULL OR {column} = '')", 0)
FILLED = Operator("filled", N_("{field} is filled in"), "({column} IS NOT NULL AND {column} <> '')", 0)
ONE_OF = Operator("in", N_("{field} is one of: {value}"), "{column} IN ({marks})", -1)

_WHOLE_DAY = {"=": "{column} >= ? AND {column} < ?", "<": "{column} < ?", "<=": "{column} < ?", ">": "{column} >= ?", ">=": "{column} >= ?"}


class Type(Generic[T]):
    """A kind of value. ``sql`` is the column's type in a STRICT table, ``numeric`` aligns to the right and sums."""

    sql: ClassVar[str] = "TEXT"
    numeric: ClassVar[bool] = False
    counted: ClassVar[str] = ""
    """The SQL by which a whole {column} is read as numbers, "" for words."""
    operators: Sequence[Operator] = (IS, IS_NOT, EMPTY, FILLED)

    def store(self, value: Any) -> SqlValue:
        """The value as the column holds it."""
        return value  # type: ignore[no-any-return]

    def load(self, raw: Any) -> T:
        """The value out of its column, which is not NULL. Raises Altered for what ``store`` never wrote."""
        return raw  # type: ignore[no-any-return]

    def problem(self, value: Any, label: str) -> str:
        """A sentence that says what is wrong with a value that is not empty; "" when nothing is."""
        return ""

    def parse(self, text: str, reading: Reading = TYPED) -> T:
        """The value in a text that is not empty. Raises ValueError."""
        raise NotImplementedError

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> T:
        """The value in a cell of a workbook or of JSON. Raises ValueError."""
        return self.parse(str(cell), reading)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        """The value for a reader of ``lang`` (the interface's by default); "" for nothing."""
        return "" if value is None else str(value)

    def cell(self, value: Any, lang: str | None = None) -> CellValue:
        """The value for a cell of an exported workbook."""
        return value  # type: ignore[no-any-return]

    def json(self, value: Any) -> Any:
        """The value in the JSON of the command line; ``from_cell`` reads it back."""
        return self.store(value)

    def clause(self, operator: Operator, column: str, values: Sequence[Any]) -> tuple[str, list[SqlValue]]:
        """The SQL of one question and its parameters."""
        marks = ", ".join("?" * len(values))
        return operator.sql.format(column=column, marks=marks), [self.store(value) for value in values]


def clean(text: str) -> str:
    """Text as it is kept: composed letters, no control or direction-switching characters, no blanks around it."""
    return _CONTROLS.sub("", unicodedata.normalize("NFC", text)).strip()


class Text(Type[str]):
    """One line of text. ``alphabetical`` keeps a second column with the Polish sort key, so that lists order names right."""

    operators = (CONTAINS, IS, IS_NOT, EMPTY, FILLED)
    lines = 1

    def __init__(self, most: int = 300, alphabetical: bool = False) -> None:
        self.most = most
        self.alphabetical = alphabetical

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        return " ".join(clean(text).split())

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> str:
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)  # a workbook keeps order number 1001 as 1001.0
        if isinstance(cell, datetime | date | time):
            return cell.isoformat()
        return self.parse(str(cell), reading)

    def problem(self, value: Any, label: str) -> str:
        if not isinstance(value, str):
            return _("{field} must be text.").format(field=label)
        if len(value) > self.most:
            return _("{field} has {length} characters; at most {most} fit. Shorten it.").format(
                field=label, length=len(value), most=self.most
            )
        return ""

    def clause(self, operator: Operator, column: str, values: Sequence[Any]) -> tuple[str, list[SqlValue]]:
        if operator is CONTAINS:
            either = "".join(map(_either_case, str(values[0])[:_LONGEST_ASKED]))
            return operator.sql.format(column=column), [f"*{either}*"]
        return super().clause(operator, column, values)


_LONGEST_ASKED = 2000  # SQLite takes patterns of at most 50,000 bytes


def _either_case(letter: str) -> str:
    """The pattern for a letter, small or capital: LIKE knows that only of the 26 English ones."""
    both = {letter, letter.lower(), letter.upper()}
    if len(both) > 1 and all(len(form) == 1 for form in both):
        return f"[{''.join(sorted(both))}]"
    return f"[{letter}]" if letter in "*?[" else letter


class LongText(Text):
    """Text of many lines: what happened, a letter, a note."""

    lines = 6

    def __init__(self, most: int = 20_000) -> None:
        super().__init__(most)

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


class Email(Text):
    """An e-mail address, in small letters; one @ with something on both sides is all that is demanded."""

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        bare = clean(text).lower()
        named = re.search(r"<([^<>]+)>$", bare)  # Jan Kowalski <jan@example.com>
        return (named[1] if named else bare).strip().removeprefix("mailto:")

    def problem(self, value: Any, label: str) -> str:
        name, _at, host = value.partition("@")
        if not name or "." not in host or re.search(r"\s", value) or "@" in host:
            return _("{field}: “{value}” is no e-mail address; it looks like name@example.com.").format(field=label, value=value[:80])
        return super().problem(value, label)


_WORD_OF_PHONE = re.compile(r"^\s*(?:tel|kom|mob|phone)\w*[.:\s]*(?=[+\d(])", re.IGNORECASE)  # "tel. 600 100 200"


class Phone(Text):
    """A telephone number as it was told: digits with any grouping, a plus in front allowed."""

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        bare = _WORD_OF_PHONE.sub("", text.removeprefix("'"))
        return super().parse(bare.removesuffix(".0") if re.fullmatch(r"\d{9,}\.0", bare) else bare, reading)

    def problem(self, value: Any, label: str) -> str:
        if not 5 <= sum(map(str.isdigit, value)) <= 17 or re.search(r"[^\d\s+()./extwn-]", value):
            return _("{field}: “{value}” is no telephone number.").format(field=label, value=value[:80])
        return super().problem(value, label)


class Nip(Text):
    """A Polish tax number (ten digits with a check digit), or another EU country's VAT number with its two letters."""

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        bare = re.sub(r"[\s.-]", "", clean(text)).upper()
        return bare.removeprefix("PL")

    def problem(self, value: Any, label: str) -> str:
        from stdnum.eu import vat  # slow to import, and only numbers need it
        from stdnum.pl import nip

        if nip.is_valid(value) or (value[:2].isalpha() and vat.is_valid(value)):
            return ""
        return _("{field}: {value} is not valid; its check digit does not fit. Compare it with the invoice.").format(field=label, value=value[:20])


class Ean(Text):
    """A bar code number: EAN-13, EAN-8 or UPC with its check digit."""

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        return re.sub(r"[\s-]", "", clean(text))

    def problem(self, value: Any, label: str) -> str:
        from stdnum import ean  # slow to import, and only numbers need it

        if ean.is_valid(value):
            return ""
        return _("{field}: {value} is not valid; its check digit does not fit. Scan the code again.").format(field=label, value=value[:20])


class VatRate(Text):
    """A VAT rate as books write it: a percentage ("23", "5.5"), or zw (exempt) or np (not subject), which are not 0 %."""

    def __init__(self) -> None:
        super().__init__(5)

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        bare = clean(text).lower().removesuffix("%").strip()
        if (word := bare.replace(".", "")) in ("zw", "np"):
            return word
        number = parsing.parse_number(bare, reading.decimal)
        if 0 < number < 1 and not text.rstrip().endswith("%"):
            number *= 100  # a list without formats keeps 23 % as 0.23
        if not 0 <= number < 100:
            raise ValueError(text)
        return f"{abs(number).normalize():f}"

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> str:
        return self.parse(f"{cell:g}") if isinstance(cell, float) else self.parse(str(cell), reading)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        if not value or not str(value)[0].isdigit():
            return str(value or "")  # zw, np
        return f"{show_number(Decimal(value), lang)}\u00a0%"


class Day(Type[date]):
    """A day on the calendar of the shop, kept as ISO text."""

    counted = "unixepoch({column}) / 86400"
    operators = (SINCE, UNTIL, BETWEEN, IS, BEFORE, AFTER, EMPTY, FILLED)

    def store(self, value: Any) -> SqlValue:
        return None if value is None else value.isoformat()

    def load(self, raw: Any) -> date:
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise Altered(raw) from None

    def problem(self, value: Any, label: str) -> str:
        if not isinstance(value, date) or isinstance(value, datetime):
            return _("{field} must be a day.").format(field=label)
        if not 1990 <= value.year <= 2100:
            return _("{field}: the year {year} can't be right.").format(field=label, year=value.year)
        return ""

    def parse(self, text: str, reading: Reading = TYPED) -> date:
        return parsing.parse_day(text, reading.day_order)

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        return self.parse(str(cell), reading)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        return "" if value is None else show_day(value, lang)


class Moment(Type[datetime]):
    """A moment, kept in UTC to the second as ISO text and shown on the user's clock."""

    counted = "unixepoch({column})"
    operators = (SINCE, UNTIL, BETWEEN, IS, BEFORE, AFTER, EMPTY, FILLED)

    def store(self, value: Any) -> SqlValue:
        return None if value is None else f"{value.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"

    def load(self, raw: Any) -> datetime:
        try:
            return datetime.fromisoformat(raw)
        except ValueError:
            raise Altered(raw) from None

    def problem(self, value: Any, label: str) -> str:
        if not isinstance(value, datetime) or value.tzinfo is None:
            return _("{field} must be a day and time.").format(field=label)
        if not 1990 <= value.year <= 2100:
            return _("{field}: the year {year} can't be right.").format(field=label, year=value.year)
        return ""

    def parse(self, text: str, reading: Reading = TYPED) -> datetime:
        return parsing.parse_moment(text, reading.day_order, parsing.zone_named(reading.zone))

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> datetime:
        zone = parsing.zone_named(reading.zone)
        if isinstance(cell, datetime):
            return cell.astimezone(UTC) if cell.tzinfo else parsing.local_to_utc(cell, zone)
        if isinstance(cell, date):
            return parsing.moment_on(cell, zone)
        return self.parse(str(cell), reading)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        return "" if value is None else show_moment(value, lang)

    def cell(self, value: Any, lang: str | None = None) -> CellValue:
        return None if value is None else value.astimezone().replace(tzinfo=None)

    def clause(self, operator: Operator, column: str, values: Sequence[Any]) -> tuple[str, list[SqlValue]]:
        """A question about a day asks about the whole of it, on the user's clock."""
        days = [value if isinstance(value, datetime) else None for value in values]
        if not values or any(days) or operator.key not in (*_WHOLE_DAY, "between"):
            return super().clause(operator, column, values)
        start = self.store(_midnight(values[0]))
        end = self.store(_midnight(values[-1], 1))
        if operator.key in ("=", "between"):
            return _WHOLE_DAY["="].format(column=column), [start, end]
        return _WHOLE_DAY[operator.key].format(column=column), [end if operator.key in ("<=", ">") else start]


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1).toordinal(), date(9998, 12, 31).toordinal()  # what every clock can do


def _midnight(day: date, later: int = 0) -> datetime:
    shifted = date.fromordinal(min(max(day.toordinal(), _FIRST_DAY), _LAST_DAY) + later)
    return parsing.local_to_utc(datetime(shifted.year, shifted.month, shifted.day))  # noqa: DTZ001 - the user's clock


_NUMBER_OPERATORS = (IS, AT_LEAST, AT_MOST, BETWEEN, ABOVE, BELOW, EMPTY, FILLED)


class _Scaled(Type[Decimal]):
    """An exact decimal kept as a whole number of hundredths."""

    sql = "INTEGER"
    numeric = True
    counted = "{column}"
    operators = _NUMBER_OPERATORS
    most = Decimal("99999999999.99")

    def store(self, value: Any) -> SqlValue:
        return None if value is None else int((Decimal(value) * 100).to_integral_value(ROUND_HALF_UP))

    def load(self, raw: Any) -> Decimal:
        return Decimal(raw).scaleb(-2)

    def json(self, value: Any) -> Any:
        return None if value is None else str(value)

    def problem(self, value: Any, label: str) -> str:
        if not isinstance(value, Decimal) or not value.is_finite():
            return _("{field} must be a number.").format(field=label)
        if abs(value) > self.most:
            return _("{field} is too large.").format(field=label)
        if value != value.quantize(Decimal("0.01")):
            return _("{field} can have two decimal places at most.").format(field=label)
        return ""

    def parse(self, text: str, reading: Reading = TYPED) -> Decimal:
        return parsing.parse_number(text, reading.decimal, decimal_sign())

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> Decimal:
        if isinstance(cell, bool):
            raise ValueError(cell)
        if isinstance(cell, float):  # a workbook's number: the nearest hundredth is what it showed
            if not abs(cell) < 1e15:  # nor infinite, nor no number at all
                raise ValueError(cell)
            return Decimal(repr(cell)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if isinstance(cell, int | Decimal):
            return Decimal(cell)
        return self.parse(str(cell), reading)


class Money(_Scaled):
    """An amount in the record's currency (the field named by ``currency``; the shop's where that is empty), in grosze."""

    def __init__(self, currency: str = "", signed: bool = False) -> None:
        self.currency = currency
        self.signed = signed

    def problem(self, value: Any, label: str) -> str:
        found = super().problem(value, label)
        if not found and value < 0 and not self.signed:
            return _("{field} can't be below zero.").format(field=label)
        return found

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        return "" if value is None else show_money(value, currency or "PLN", lang)


class Number(_Scaled):
    """A number with at most two decimals: a measured value, a bound."""

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        return "" if value is None else show_number(value.normalize(), lang)


class Percent(_Scaled):
    """A share of a hundred, exact to a hundredth of a percent."""

    def problem(self, value: Any, label: str) -> str:
        found = super().problem(value, label)
        if not found and not 0 <= value <= 100:
            return _("{field} must lie between 0 and 100 %.").format(field=label)
        return found

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        return "" if value is None else f"{show_number(value.normalize(), lang)}\u00a0%"


class Count(Type[int]):
    """A whole number: pieces, minutes, tries."""

    sql = "INTEGER"
    numeric = True
    counted = "{column}"
    operators = _NUMBER_OPERATORS

    def __init__(self, least: int = 0, most: int = 1_000_000_000) -> None:
        self.least, self.most = least, most

    def problem(self, value: Any, label: str) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return _("{field} must be a whole number.").format(field=label)
        if not self.least <= value <= self.most:
            return _("{field} must lie between {least} and {most}.").format(field=label, least=self.least, most=self.most)
        return ""

    def parse(self, text: str, reading: Reading = TYPED) -> int:
        return self._whole(parsing.parse_number(text, reading.decimal, decimal_sign()))

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> int:
        if isinstance(cell, bool):
            raise ValueError(cell)
        if isinstance(cell, int):
            return cell
        if isinstance(cell, float):
            return self._whole(Decimal(repr(cell)))
        return self.parse(str(cell), reading)

    def _whole(self, number: Decimal) -> int:
        if not number.is_finite() or number != number.to_integral_value():
            raise ValueError(number)
        return int(number)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        return "" if value is None else show_number(value, lang)


_YES = frozenset(("1", "yes", "y", "true", "t", "tak", "x", "prawda", "on"))
_NO = frozenset(("0", "no", "n", "false", "f", "nie", "fałsz", "off", ""))


class Flag(Type[bool]):
    """Yes or no."""

    sql = "INTEGER"
    counted = "{column}"
    operators = (IS,)

    def store(self, value: Any) -> SqlValue:
        return int(value)

    def load(self, raw: Any) -> bool:
        return bool(raw)

    def problem(self, value: Any, label: str) -> str:
        return "" if isinstance(value, bool) else _("{field} must be yes or no.").format(field=label)

    def parse(self, text: str, reading: Reading = TYPED) -> bool:
        bare = text.strip().lower()
        if bare in _YES:
            return True
        if bare in _NO:
            return False
        raise ValueError(text)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        tr = translator(lang) if lang else _
        return tr("yes") if value else tr("no")

    def cell(self, value: Any, lang: str | None = None) -> CellValue:
        return self.show(value, lang)

    def json(self, value: Any) -> Any:
        return bool(value)


YES_NO = (N_("yes"), N_("no"))


class Labelled(StrEnum):
    """One of a fixed list of words; the value is stored, the label (a text to translate) is shown, ``aka`` is said in files too."""

    label: str
    aka: tuple[str, ...]

    def __new__(cls, value: str, label: str, *aka: str) -> Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.aka = aka
        return member


def _alike(text: str) -> str:
    """A word as it is said of anything: without marks and the ending that agrees with a noun (nowa, nowy, nowe)."""
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "aeoyi" else word for word in fold(text).split())


class Choice(Type[Labelled]):
    """One of a fixed list of words."""

    operators = (ONE_OF, IS, IS_NOT, EMPTY, FILLED)

    def __init__(self, words: type[Labelled]) -> None:
        self.words = words
        self._by_value = {str(word.value): word for word in words}

    @cached_property
    def _by_word(self) -> Mapping[str, Labelled]:
        """Every way to say a word, in both languages."""
        said = {_alike(name): word for word in self.words for name in word.aka}
        return said | {_alike(name): word for word in self.words for name in (str(word.value), word.label, *(translator(lang)(word.label) for lang in LANGUAGES))}

    def store(self, value: Any) -> SqlValue:
        return None if value is None else str(value.value)

    def load(self, raw: Any) -> Labelled:
        try:
            return self._by_value[raw]
        except KeyError:
            raise Altered(raw) from None

    def problem(self, value: Any, label: str) -> str:
        if isinstance(value, self.words):
            return ""
        listed = ", ".join(_(word.label) for word in self.words)
        return _("{field} must be one of: {listed}.").format(field=label, listed=listed)

    def parse(self, text: str, reading: Reading = TYPED) -> Labelled:
        if found := self._by_word.get(_alike(text)):
            return found
        raise ValueError(text)

    def from_cell(self, cell: Any, reading: Reading = TYPED) -> Labelled:
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)  # a VAT rate of 23 in a workbook
        return self.parse(str(cell), reading)

    def show(self, value: Any, lang: str | None = None, currency: str = "") -> str:
        if value is None:
            return ""
        return (translator(lang) if lang else _)(value.label)

    def cell(self, value: Any, lang: str | None = None) -> CellValue:
        return self.show(value, lang)


_MOST_STORED = 2**63 - 1  # of an INTEGER column


class Ref(Type[int]):
    """A record of another kind, by its id; its title is what a person sees."""

    sql = "INTEGER"
    counted = "coalesce({column}, 0)"
    operators = (IS, EMPTY, FILLED)

    def __init__(self, target: type[Record]) -> None:
        self.target = target

    def problem(self, value: Any, label: str) -> str:
        if isinstance(value, int) and 0 < value <= _MOST_STORED:
            return ""
        return _("{field} must be chosen from the list.").format(field=label)

    def parse(self, text: str, reading: Reading = TYPED) -> int:
        bare = text.strip().removeprefix("#")
        if not re.fullmatch(r"[0-9]{1,18}", bare):
            raise ValueError(text)
        return int(bare)


class File(Type[str]):
    """The content of a file or a picture kept in the register, by the SHA-256 of its bytes."""

    operators = (EMPTY, FILLED)

    def __init__(self, picture: bool = False) -> None:
        self.picture = picture

    def problem(self, value: Any, label: str) -> str:
        return "" if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) else _("{field} must be a file kept in this register.").format(field=label)

    def parse(self, text: str, reading: Reading = TYPED) -> str:
        return text.strip().lower()
