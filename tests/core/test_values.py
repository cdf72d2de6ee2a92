"""The value classes that are made without compiling: they must be what the standard frozen dataclass is."""

from __future__ import annotations

import dataclasses
from dataclasses import field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.values import dataclass


@dataclass(frozen=True)
class Ours:
    name: str
    size: int = 3
    parts: dict[str, int] = field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Standard:
    name: str
    size: int = 3
    parts: dict[str, int] = field(default_factory=dict)


@given(st.text(), st.integers(), st.integers())
def test_equal_hashed_and_shown_as_the_standard_one(name: str, size: int, other: int) -> None:
    ours, theirs = Ours(name, size=size), Standard(name, size=size)
    assert repr(ours) == repr(theirs).replace("Standard", "Ours")
    assert (ours == Ours(name, other)) is (theirs == Standard(name, other))
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert dataclasses.replace(ours, size=other) == Ours(name, other)
    assert ours != theirs


def test_each_has_its_own_default() -> None:
    one, other = Ours("a"), Ours("b")
    one.parts["x"] = 1
    assert other.parts == {}
    assert one.size == 3


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), (("a", 1, {}, 2), {}), (("a",), {"name": "b"}), (("a",), {"colour": "red"})]
)
def test_what_is_told_wrongly_is_refused_as_the_standard_one_refuses_it(values: tuple[object, ...], named: dict[str, object]) -> None:
    for kind in (Ours, Standard):
        with pytest.raises(TypeError):
            kind(*values, **named)  # type: ignore[arg-type]


def test_frozen() -> None:
    ours = Ours("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        ours.size = 4  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del ours.size
    assert ours.size == 3


def test_a_value_that_holds_what_can_not_be_hashed_is_not_hashed() -> None:
    with pytest.raises(TypeError):
        hash(Ours("a"))


def test_its_own_check_is_called() -> None:
    @dataclass(frozen=True)
    class Whole:
        n: int

        def __post_init__(self) -> None:
            if self.n < 0:
                raise ValueError("negative")

    assert hash(Whole(1)) == hash(Whole(1))
    with pytest.raises(ValueError, match="negative"):
        Whole(-1)
