"""What the register noticed by itself, told once: an indicator out of its bounds, a bad batch, an action that did not help."""

from __future__ import annotations

from datetime import date, datetime

from qmdesk.i18n import N_
from qmdesk.records.improvement import Action
from qmdesk.records.lists import Cause
from qmdesk.records.measures import Indicator
from qmdesk.records.party import Supplier
from qmdesk.records.product import Batch, Product
from qmdesk.schema.record import Record, choice, day, file, flag, long_text, moment, record, ref, text
from qmdesk.schema.types import Labelled


class AlertKind(Labelled):
    """What was noticed."""

    BOUND = "bound", N_("An indicator left its bound")
    SEASON = "season", N_("Worse than the same weeks last year")
    BATCH = "batch", N_("Too many complaints of one batch or product")
    RELAPSE = "relapse", N_("An action did not help")


@record("alert", N_("Alert"), N_("Alerts"))
class Alert(Record):
    """Something noticed, once for each crossing (``crossing`` says which), until somebody settles it or makes it an action."""

    crossing: str = text(N_("Crossing"), most=120, unique=True, automatic=True)
    noticed_on: date = day(N_("Noticed on"), listed=True, automatic=True)
    kind: AlertKind = choice(AlertKind, N_("Kind"), listed=True, automatic=True)
    what: str = text(N_("What"), most=300, title=True, listed=True, automatic=True)
    facts: str = long_text(N_("What is behind it"), default="", automatic=True)
    indicator: Indicator | None = choice(Indicator, N_("Indicator"), default=None, automatic=True)
    since: date | None = day(N_("From"), default=None, automatic=True)
    until: date | None = day(N_("Until"), default=None, automatic=True)
    product: int | None = ref(Product, N_("Product"), default=None, automatic=True)
    batch: int | None = ref(Batch, N_("Batch"), default=None, automatic=True)
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None, automatic=True)
    cause: int | None = ref(Cause, N_("Cause"), default=None, automatic=True)
    watched: int | None = ref(Action, N_("Action watched"), default=None, automatic=True)
    action: int | None = ref(Action, N_("Action that came of it"), default=None, automatic=True)
    settled_on: date | None = day(N_("Settled on"), default=None, listed=True)
    settled_because: str = text(N_("Why it is settled"), default="")


class ReportKind(Labelled):
    """The reports the program makes."""

    MANAGEMENT = "management", N_("Management report")
    SUPPLIER = "supplier", N_("Supplier report")
    WORKBOOK = "workbook", N_("Indicator workbook")


@record("report", N_("Report"), N_("Reports"))
class Report(Record):
    """A report as it was made, kept with the period it tells of."""

    name: str = text(N_("Name"), most=200, title=True, listed=True, automatic=True)
    kind: ReportKind = choice(ReportKind, N_("Kind"), listed=True, automatic=True)
    since: date = day(N_("From"), listed=True)
    until: date = day(N_("Until"), listed=True)
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None, listed=True)
    made_at: datetime = moment(N_("Made at"), listed=True, automatic=True)
    by_itself: bool = flag(N_("Made by itself after the month's end"), default=False, automatic=True)
    content: str = file(N_("Content"), automatic=True)
