"""The ready maps of the program: resources/processes, each in both languages, as flows to begin with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from qmdesk import i18n, places
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations import processes
from qmdesk.records.flow import Flow
from qmdesk.records.process import Process, ProcessLink, ProcessStep, Risk, StepKind
from qmdesk.register import Transaction
from qmdesk.schema.record import replace
from qmdesk.values import dataclass

_TEXTS = {"name": "", "input": "in", "output": "out", "indicator": "by"}
"""Field of a step -> what its keys begin with; the name's are the language alone."""


@dataclass(frozen=True)
class ReadyMap:
    """A map as it is offered."""

    key: str
    name: str
    purpose: str
    steps: int


def offered(lang: str | None = None) -> tuple[ReadyMap, ...]:
    """The ready maps in ``lang`` (the interface's by default), in the order in which they are offered."""
    lang = lang or i18n.language()
    told = sorted(((_told(path.stem), path.stem) for path in (places.resources() / "processes").glob("*.toml")), key=lambda one: (one[0]["order"], one[1]))
    return tuple(ReadyMap(key, one[f"name_{lang}"], one[f"purpose_{lang}"], len(one["step"])) for one, key in told)


def flow(key: str, lang: str | None = None) -> Flow:
    """A ready map in ``lang``; its steps have ids of their own until it is kept. Raises Known."""
    lang = lang or i18n.language()
    if key not in (known := [one.key for one in offered(lang)]):
        raise Known(_("There is no ready map “{key}”; there are: {listed}.").format(key=key[:60], listed=", ".join(known)))
    told = _told(key)
    steps = tuple(_step(one, at, told["lanes"], lang) for at, one in enumerate(told["step"], 1))
    ids = {one["id"]: step.id for one, step in zip(told["step"], steps, strict=True)}
    ways = [(ids[one["id"]], way if isinstance(way, dict) else {"id": way}) for one in told["step"] for way in one.get("to", ())]
    links = tuple(ProcessLink(start=start, end=ids[way["id"]], label=way.get(lang, "")) for start, way in ways)
    return Flow(Process(name=told[f"name_{lang}"], purpose=told[f"purpose_{lang}"]), steps, links)


def ids(key: str) -> tuple[str, ...]:
    """What the steps of a ready map are called in it, in their order, whatever the language."""
    return tuple(one["id"] for one in _told(key)["step"])


def take(tx: Transaction, key: str, lang: str) -> int:
    """Keep a ready map as a process of the shop's own; returns its id. Raises Known."""
    ready = flow(key, lang)
    return processes.keep(tx, Flow(replace(ready.process, name=processes.free_name(tx, ready.process.name)), ready.steps, ready.links))


def _step(told: Mapping[str, Any], at: int, lanes: Mapping[str, Mapping[str, str]], lang: str) -> ProcessStep:
    kind = next(kind for kind in StepKind if kind.value == told.get("kind", StepKind.ACTIVITY.value))
    risk = next(risk for risk in Risk if risk.value == told.get("risk", Risk.LOW.value))
    words = {field: told.get(f"{prefix}_{lang}" if prefix else lang, "") for field, prefix in _TEXTS.items()}
    return ProcessStep(id=at, process=1, position=at, kind=kind, risk=risk, lane=lanes[told["lane"]][lang], **words)


@cache
def _told(key: str) -> Mapping[str, Any]:
    return tomllib.loads((places.resources() / "processes" / f"{key}.toml").read_text("utf-8"))
