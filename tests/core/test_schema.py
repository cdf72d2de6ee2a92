"""The schema the migrations make is the one the records describe: strict, exact, with every key in place."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qmdesk.operations import cases
from qmdesk.operations.registers import open_register
from qmdesk.records.case import Case, CaseState
from qmdesk.records.catalog import BY_TABLE, RECORDS, named
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.party import Customer
from qmdesk.register import Register
from qmdesk.schema import types
from qmdesk.schema.query import Query
from qmdesk.schema.record import stored
from qmdesk.store import driver, migrations, rows
from qmdesk.store.driver import Connection

# made by migrations alone: the journal, counters and kept files are no records
FIXED = {"step", "change", "tally", "series", "content", "_sqlite_migrations", "idx__sqlite_migrations_migration_set_name"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A register as the migrations make it."""
    path = tmp_path_factory.mktemp("schema") / "new.qmd"
    Register.create(path, RECORDS, "tests").close()
    connection = driver.connect(path, read_only=True, busy_ms=1000)
    yield connection
    connection.close()


def plain(statement: str) -> str:
    """A statement without the accidents of layout."""
    found = re.sub(r"\s*([(),])\s*", r"\1", " ".join(statement.split()))
    if not found.startswith("CREATE TABLE"):
        return found
    name, _open, rest = found.partition("(")
    columns, _close, after = rest.rpartition(")")
    return f"{name}({','.join(sorted(columns.split(',')))}){after}"  # a later version adds its columns at the end


def test_migrations_make_what_the_records_expect(made: Connection) -> None:
    expected = {name: plain(statement) for name, statement in rows.expected_schema(RECORDS).items()}
    shadows = tuple(f"{name}_" for name in expected if name.startswith("search_"))
    found = {
        name: plain(sql)
        for name, sql in made.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@'")
        if name not in FIXED and not name.startswith((*shadows, "change_", "step_"))
    }
    assert found == expected


def test_every_table_is_strict_and_no_column_is_inexact(made: Connection) -> None:
    for name, kind, strict in made.execute("SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main'"):
        if kind == "table" and not name.startswith(("sqlite_", "_sqlite_migrations")):
            assert strict, name
            for _at, column, declared, *_rest in made.execute(f'PRAGMA table_xinfo("{name}")'):
                assert declared in ("INTEGER", "TEXT", "BLOB"), f"{name}.{column}"


def test_every_reference_is_a_key_with_an_index(made: Connection) -> None:
    for kind in RECORDS:
        table = kind.spec.table
        keys = {row[3]: row[2] for row in made.execute(f'PRAGMA foreign_key_list("{table}")')}
        assert keys == {name: target.spec.table for name, target in kind.spec.refs.items()}
        indexed = {made.execute(f'PRAGMA index_info("{row[1]}")').fetchone()[2] for row in made.execute(f'PRAGMA index_list("{table}")')}
        assert set(keys) <= indexed, table
    assert made.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_lists_and_pages_are_ordered_by_an_index(made: Connection) -> None:
    """A page of a list by its title or a listed day must not sort a million rows; the parts of one record are few."""
    for kind in RECORDS:
        for field in kind.spec.fields.values():
            if (field.title and kind.spec.owner is None) or (field.listed and isinstance(field.type, types.Day | types.Moment)):
                plan = made.execute(
                    f'EXPLAIN QUERY PLAN SELECT "id" FROM "{kind.spec.table}" ORDER BY {field.order_column}, "id" LIMIT 50'
                ).fetchall()
                if field.unique or kind.spec.table == "shop":
                    continue  # the index of filled values only; these lists are short or asked by number
                assert "SORT" not in str(plan).upper().replace("SORT_KEY", ""), f"{kind.spec.table}.{field.name}"


def test_migrations_import_no_record_and_read_no_live_description() -> None:
    tree = ast.parse(Path(migrations.__file__).read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"__future__", "typing", "qmdesk.store.driver", "sqlite_utils"}


def test_every_migration_is_named_in_order_and_the_last_is_the_version() -> None:
    steps = sorted(name for name in vars(migrations) if re.fullmatch(r"m\d{3}_\w+", name))
    assert [int(name[1:4]) for name in steps] == list(range(1, migrations.VERSION + 1))


# -- registers of older versions: each was made once by tests/files/make.py and must open for ever

OLD = sorted((Path(__file__).parents[1] / "files").glob("register-*.qmd"))


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of an old register."""
    return Path(shutil.copy(request.param, tmp_path))


def test_there_is_a_register_of_every_version() -> None:
    assert [file.stem for file in OLD] == [f"register-{version}" for version in range(1, migrations.VERSION + 1)]


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.stem, indirect=True)
def test_an_old_register_opens_with_everything_in_it(old: Path) -> None:
    with open_register(old, program="tests") as register:
        assert register.verify() == []
        (first,) = register.records(Query(Case, search="podeszwa"))
        assert (first.number, first.state, register.count(Query(Case))) == ("R/2026/0001", CaseState.ANSWERED, 2)
        assert register.ids(Query(Case, search="szybka naprawe")) == [first.id]
        assert {customer.name for customer in register.records(Query(Customer))} == {"Łucja Żak", "Adam", "Ewa"}
        (letter,) = register.records(Query(IssuedDocument))
        assert register.content(letter.content).startswith(b"%PDF")
        assert register.history(first)
        added = register.do("Take in", cases.take_in, Case(received_at=first.received_at, description="Nowa"))
        assert added.result.number == "R/2026/0003"
        register.undo()
        assert register.verify() == []


@pytest.mark.parametrize("old", OLD[-1:], ids=lambda path: path.stem, indirect=True)
def test_the_newest_old_register_has_the_schema_of_today(old: Path, made: Connection) -> None:
    """A migration that was released is never edited; a changed schema is a new version with a register of its own."""
    statement = "SELECT name, sql FROM sqlite_master ORDER BY name"
    with closing(driver.connect(old, read_only=True, busy_ms=1000)) as connection:
        assert connection.execute(statement).fetchall() == made.execute(statement).fetchall()


def test_parts_come_after_what_they_are_a_part_of() -> None:
    seen = set()
    for kind in RECORDS:
        assert set(kind.spec.refs.values()) <= seen | {kind}, kind.spec.table
        seen.add(kind)


def test_every_kind_has_one_title_and_fields_with_labels() -> None:
    for kind in RECORDS:
        assert sum(field.title for field in kind.spec.fields.values()) == 1, kind.spec.table
        assert kind.__doc__
        for field in kind.spec.fields.values():
            assert field.label, f"{kind.spec.table}.{field.name}"
            assert field.name != "id"
            if isinstance(field.type, types.Money) and field.type.currency:
                assert isinstance(kind.spec.fields[field.type.currency].type, types.Text)


def test_no_heading_means_two_fields_of_one_record() -> None:
    for kind in RECORDS:
        seen: dict[str, str] = {}
        for field in kind.spec.fields.values():
            if isinstance(field.type, types.Ref):
                continue  # a heading may name a record to link and, beside it, the text kept of it
            for heading in {field.label.lower(), *field.aka}:
                assert heading == heading.lower(), f"{kind.spec.table}.{field.name}: {heading}"
                assert seen.setdefault(heading, field.name) == field.name, f"{kind.spec.table}: “{heading}” is {seen[heading]} and {field.name}"


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.spec.table)
def test_defaults_can_be_kept(kind: type) -> None:
    """What a field holds when nobody fills it in fits its column."""
    required = {name: None for name, field in kind.spec.fields.items() if field.required}
    for name, value in stored(kind(**required)).items():
        if name in required:
            continue
        wanted = rows.columns(kind)[name]
        assert value is not None or "NOT NULL" not in wanted, name
        assert value is None or isinstance(value, int) == wanted.startswith("INTEGER"), name


def test_kinds_by_the_words_people_use() -> None:
    for table, kind in BY_TABLE.items():
        assert named(table) is kind
        assert named(f" {table.upper()}s ") is kind
    assert named("batches").spec.table == "batch"
    assert named("order-lines").spec.table == "order_line"
