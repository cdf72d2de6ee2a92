"""Frozen dataclasses whose methods are written once, here, instead of compiled for each class.

The standard decorator writes the source of up to six methods for each class and has Python compile it: of the 40 small
values that a start of the program needs, that is a tenth of the time until the window is there. What is made here is
slower to make and to compare, so values that are made by the thousand (cells, rows, journal entries) keep the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:  # for type checkers it is the standard one, which they know by its name
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - handed on
else:

    def dataclass(*, frozen: bool, eq: bool = True, repr: bool = True) -> Callable[[type[T]], type[T]]:  # noqa: A002 - as the standard one
        """What ``dataclasses.dataclass(frozen=True)`` makes of a class. Fields can't be keyword-only or left out of a method."""
        assert frozen

        def make(cls: type[T]) -> type[T]:
            cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard one works out a signature: 3 ms
            made = dataclasses.dataclass(init=False, eq=False, repr=False)(cls)
            made._order = {field.name: field for field in dataclasses.fields(made)}
            methods = {"__init__": _init, "__setattr__": _setattr, "__delattr__": _delattr}
            methods |= {"__eq__": _eq, "__hash__": _hash} if eq else {}
            methods |= {"__repr__": _repr} if repr else {}
            for name, method in methods.items():
                if name not in cls.__dict__:
                    setattr(made, name, method)
            return made

        return make


def _init(self: Any, *values: Any, **named: Any) -> None:
    order = self._order
    if len(values) > len(order):
        raise TypeError(f"{type(self).__qualname__} takes {len(order)} values, not {len(values)}")
    told = dict(zip(order, values, strict=False))
    if named or len(told) < len(order):  # most are told everything in its order
        _complete(self, told, named)
    self.__dict__.update(told)
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _complete(self: Any, told: dict[str, Any], named: dict[str, Any]) -> None:
    """Add what was told by its name, and what a value is where nothing was told."""
    order = self._order
    if unknown := [name for name in named if name in told or name not in order]:
        raise TypeError(f"{type(self).__qualname__} was told these wrongly: {', '.join(unknown)}")
    told |= named
    for name, field in order.items():
        if name not in told:
            if field.default is not MISSING:
                told[name] = field.default
            elif field.default_factory is not MISSING:
                told[name] = field.default_factory()
            else:
                raise TypeError(f"{type(self).__qualname__} was not told its {name}")


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(map(self.__dict__.__getitem__, self._order))


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    told = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._order)
    return f"{type(self).__qualname__}({told})"


def _setattr(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
