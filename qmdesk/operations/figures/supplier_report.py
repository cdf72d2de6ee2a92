"""The report to a supplier: how its goods did against the rest of what the shop sells, its batches, causes, claims, ratings, and what is asked.

Everything is said in the language spoken now. Nothing in it says who the shop's customers are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np

from qmdesk.analysis.comparison import Comparison, Counts, Judgement, compare
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure, interval
from qmdesk.documents import management_report as paper
from qmdesk.documents.letterhead import abroad
from qmdesk.documents.management_report import Cell, Matter, Picture, Point, Sheet, Tile
from qmdesk.documents.render import texts
from qmdesk.i18n import _, language, n_, show_day, show_month
from qmdesk.operations import ratings
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.claim_lists import DAYS_TO_REPLY
from qmdesk.operations.figures import chart_series
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import behind, complaints, measure, split
from qmdesk.operations.figures.management_report import Made, drawn, shown
from qmdesk.operations.figures.pareto import pareto
from qmdesk.operations.figures.periods import period_words
from qmdesk.operations.figures.report_parts import LISTED, Counted, money, percent
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.measures import Indicator
from qmdesk.records.party import Supplier
from qmdesk.records.product import Batch
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query


def report(reading: Reading, facts: Facts, scope: Scope, supplier: int) -> Made:
    """The report about a supplier's goods in a period, in the language spoken now."""
    return _Report(reading, facts, scope, reading.get(Supplier, supplier)).made()


def counted(reading: Reading, facts: Facts, scope: Scope, supplier: int) -> list[Counted]:
    """The figures of the report one by one, without drawing it."""
    return list(_Report(reading, facts, scope, reading.get(Supplier, supplier)).counted())


class _Report:
    """One report while it is put together."""

    def __init__(self, reading: Reading, facts: Facts, scope: Scope, supplier: Supplier) -> None:
        self.reading, self.facts, self.supplier = reading, facts, supplier
        self.scope, self.all = scope.narrowed(By.SUPPLIER, supplier.id), scope
        self.shop = the_shop(reading)
        self.currency = self.shop.currency
        self.rate = measure(facts, Indicator.COMPLAINT_RATE, self.scope)
        self.measured = ratings.measured(reading, supplier.id, scope.until, scope.days)

    def made(self) -> Made:
        told = replace(chart_series.told_of(self.reading, chart_series.window(self.scope, By.MONTH)), events=(), targets=())  # what is the shop's own
        trend = chart_series.trend(self.facts, Indicator.COMPLAINT_RATE, self.scope, told).chart
        pictures = (Picture("trend.svg", trend.about.title, trend.about.sentence),) if self.rate.numerator or self.rate.denominator else ()
        firm = self.supplier
        lines = [line for line in (firm.contact, firm.street, f"{firm.postcode} {firm.city}".strip(), abroad(firm.country)) if line]
        matter = Matter(
            shop=self.shop,
            title=_("How your goods did"),
            period=period_words(self.all),
            about=(_("As our register stood on {day}.").format(day=show_day(self.facts.on)),),
            summary=self.summary(),
            tiles_title=_("Figures"),
            tiles=tuple(self.tiles()),
            points_title=_("What we ask for"),
            points=tuple(self.asked()),
            nothing=_("Nothing is open between us. Thank you."),
            pictures=pictures,
            sheets=(self.products(), self.causes(), self.batches(), self.claims(), self.history()),
            notes_title=_("How it was counted"),
            notes=tuple(self.notes()),
            logo=self.reading.content(self.shop.logo) if self.shop.logo else None,
            recipient=(firm.name, *(lines or ([firm.email] if firm.email else []))),
            salutation=texts(language())["salutation.neutral"],
            sign_off=texts(language())["answer.sign_off"],
        )
        file = drawn({"trend.svg": trend} if pictures else {})
        content = paper.report(matter, language(), clock().date())
        return Made(f"{matter.title}, {firm.name}, {matter.period}", Paper(content, file), tuple(self.counted()))

    # -- against the rest

    @cached_property
    def rest(self) -> Counts:
        """The complaints of all other goods on their order lines."""
        others = [one for one in split(self.facts, Indicator.COMPLAINT_RATE, self.all, By.SUPPLIER) if one.group != self.supplier.id]
        return Counts(round(sum(one.numerator for one in others)), round(sum(one.denominator for one in others)))

    @cached_property
    def compared(self) -> Comparison | None:
        """This supplier's goods against the others; None where either was not sold."""
        own = Counts(round(self.rate.numerator), round(self.rate.denominator))
        return compare(self.rest, own, shares=False) if own.of and self.rest.of else None

    def summary(self) -> Point:
        if self.rate.value is None:
            return Point(_("No sale of your goods is known in this time."), n_("{n} complaint was received.", "{n} complaints were received.", round(self.rate.numerator)))
        own = figure(self.rate.value, Unit.PERCENT)
        what = _("Complaints about your goods: {rate} of order lines.").format(rate=own)
        if self.compared is None:
            return Point(what)
        rest, found = figure(100 * self.rest.value, Unit.PERCENT), self.compared.judgement
        if found is Judgement.HIGHER:
            return Point(what, _("Of all other goods we sell it is {rate}: yours are complained of clearly more often, more than chance explains.").format(rate=rest), "bad")
        if found is Judgement.LOWER:
            return Point(what, _("Of all other goods we sell it is {rate}: yours are complained of clearly less often. Thank you.").format(rate=rest), "good")
        if found is Judgement.TOO_FEW:
            return Point(what, _("Of all other goods we sell it is {rate}; it is too few to tell them apart.").format(rate=rest))
        return Point(what, _("Of all other goods we sell it is {rate}; the difference may be chance.").format(rate=rest))

    def tiles(self) -> Iterator[Tile]:
        tone = {Judgement.HIGHER: "bad", Judgement.LOWER: "good"}.get(self.compared.judgement, "") if self.compared else ""
        yield _rated(_("Complaints, your goods"), self.rate, tone)
        if self.rest.of:
            yield Tile(_("Complaints, all other goods"), figure(100 * self.rest.value, Unit.PERCENT), _("{part} of {of}").format(part=self.rest.hits, of=self.rest.of))
        yield _rated(_("Pieces returned"), measure(self.facts, Indicator.RETURN_RATE, self.scope))
        claims, days = self.measured.claims, self.measured.days_to_credit
        yield Tile(_("Claims sent to you"), str(claims.claims), _("answered: {answered}, accepted: {accepted}").format(answered=claims.answered, accepted=claims.accepted))
        yield Tile(_("Claims outstanding"), str(self.measured.outstanding), _("whenever they were sent"), tone="warn" if self.measured.outstanding else "")
        if days is not None:
            yield Tile(_("Days to credit"), types.Number().show(days), _("half of the credits came sooner"))

    # -- what is asked

    def asked(self) -> Iterator[Point]:
        """What the supplier should do, each with the day until which we wait for it."""
        until = show_day(clock().date() + timedelta(days=DAYS_TO_REPLY))
        waiting = self.waiting
        if waiting:
            late = sum(one.reply_by is not None and one.reply_by < clock().date() for one in waiting)
            amount = sum((one.amount for one in waiting if one.amount is not None), Decimal())
            what = n_("Please answer {n} claim by {until}.", "Please answer {n} claims by {until}.", len(waiting), until=until)
            more = n_("{n} of them is overdue.", "{n} of them are overdue.", late) if late else ""
            yield Point(what, " ".join(filter(None, (more, _("Claimed: {amount}.").format(amount=money(float(amount), self.currency)) if amount else ""))), "warn" if late else "")
        top = pareto(self.facts, self.scope, By.CAUSE, most=None)
        if top.vital and top.vital[0].value > 1:
            first = top.vital[0]
            what = _("Please tell us by {until} what causes “{cause}”, and what you change so that it does not come again.").format(until=until, cause=first.name)
            yield Point(what, n_("{n} case, {share} of all of yours.", "{n} cases, {share} of all of yours.", round(first.value), share=percent(100 * first.share)))
        for batch, pieces in self.complained.most_common(3):
            if pieces > 2:
                yield Point(_("Please check what you have left of batch {batch}.").format(batch=self.known[batch].code), n_("{n} piece of it was complained of.", "{n} pieces of it were complained of.", pieces), "warn")

    @cached_property
    def waiting(self) -> list[SupplierClaim]:
        """The claims sent and not answered, the oldest first."""
        asked = (Condition("supplier", types.IS, (self.supplier.id,)), Condition("sent_on", types.FILLED), Condition("outcome", types.ONE_OF, (ClaimOutcome.WAITING,)))
        return self.reading.records(Query(SupplierClaim, asked).by(Order("sent_on")))

    # -- tables

    def products(self) -> Sheet:
        """The products of this supplier, the worst first."""
        found = [one for one in split(self.facts, Indicator.COMPLAINT_RATE, self.scope, By.PRODUCT) if one.numerator]
        found.sort(key=lambda one: (-(one.value or 0), one.name))
        heads = [(_("Product"), "left", 3.0), (_("Complaints"), "right", 0.0), (_("Order lines"), "right", 0.0), (_("Rate"), "right", 0.0), (_("95 % interval"), "right", 0.0)]
        rows: list[list[Cell]] = [
            [one.name, str(round(one.numerator)), str(round(one.denominator)), shown(one, self.currency), interval(one)] for one in found[:LISTED]
        ]  # fmt: skip
        return Sheet(_("Products complained of"), heads, rows, _("None of your products was complained of."))

    def causes(self) -> Sheet:
        """What was wrong with them."""
        found = pareto(self.facts, self.scope, By.CAUSE)
        heads = [(_("Cause"), "left", 3.0), (_("Cases"), "right", 0.0), (_("Share"), "right", 0.0), (_("Together"), "right", 0.0), (_("Period before"), "right", 0.0)]
        return Sheet(_("Causes"), heads, [[bar.name, str(round(bar.value)), percent(100 * bar.share), percent(100 * bar.cumulative), str(round(bar.before))] for bar in found.bars])

    @cached_property
    def complained(self) -> Counter[int]:
        """Batch of this supplier -> pieces complained of in the period."""
        found = complaints(self.facts, self.scope)
        items = self.facts.items
        inside = np.isin(items["row"], np.flatnonzero(_whole(found.mask, found.window, len(self.facts.cases)))) & (items["batch"] > 0)
        counted: Counter[int] = Counter()
        for batch, pieces in zip(items["batch"][inside].tolist(), items["quantity"][inside].tolist(), strict=True):
            if batch in self.known:
                counted[batch] += pieces
        return counted

    @cached_property
    def known(self) -> dict[int, Batch]:
        """The batches this supplier delivered."""
        return {one.id: one for one in self.reading.records(Query(Batch, (Condition("supplier", types.IS, (self.supplier.id,)),)))}

    def batches(self) -> Sheet:
        """The batches complained of."""
        heads = [(_("Batch"), "left", 0.0), (_("Product"), "left", 3.0), (_("Received on"), "right", 0.0), (_("Pieces"), "right", 0.0), (_("Complained of"), "right", 0.0)]
        rows: list[list[Cell]] = []
        for id_, pieces in self.complained.most_common(LISTED):
            one = self.known[id_]
            rows.append([one.code, self.facts.words.name(By.PRODUCT, one.product), show_day(one.received_on) if one.received_on else "–", str(one.quantity) if one.quantity else "–", str(pieces)])
        return Sheet(_("Batches complained of"), heads, rows)

    def claims(self) -> Sheet:
        """The claims that wait for an answer."""
        heads = [(_("Claim"), "left", 1.0), (_("Sent on"), "right", 0.0), (_("Reply expected by"), "right", 0.0), (_("Demand"), "left", 1.0), (_("Amount"), "right", 0.0)]
        rows: list[list[Cell]] = []
        for one in self.waiting[:LISTED]:
            late = one.reply_by is not None and one.reply_by < clock().date()
            due = show_day(one.reply_by) if one.reply_by else "–"
            demand, amount = _(one.demand.label) if one.demand else "–", money(float(one.amount), self.currency) if one.amount is not None else "–"
            rows.append([one.number, show_day(one.sent_on) if one.sent_on else "–", {"text": due, "tone": "bad" if late else ""}, demand, amount])
        more = n_("and {n} more", "and {n} more", len(self.waiting) - LISTED) if len(self.waiting) > LISTED else ""
        return Sheet(_("Claims that wait for your answer"), heads, rows, note=more)

    def history(self) -> Sheet:
        """The ratings by quarter, the newest first."""
        heads = [(_("Quarter"), "left", 1.5), (_("Rated on"), "right", 0.0), (_("Points of 5"), "right", 0.0)]
        rows: list[list[Cell]] = []
        for one in ratings.history(self.reading, self.supplier.id)[:8]:
            points = ratings.score(one, self.shop)
            tone = ratings.worth(points)
            rows.append([ratings.quarter(one.on), show_day(one.on), {"text": types.Number().show(points) or "–", "tone": "" if tone == "neutral" else tone}])
        return Sheet(_("How we rated you"), heads, rows)

    def notes(self) -> Iterator[str]:
        yield _("A complaint counts in the period it was received; the rate is against order lines sold in the same time.")
        if self.rate.why:
            yield self.rate.why
        first = min((one.received_on for one in self.known.values() if one.received_on), default=None)
        if first is not None:
            yield _("Batches are known since {month}.").format(month=show_month(f"{first:%Y-%m}"))

    def counted(self) -> Iterator[Counted]:
        for indicator in (Indicator.COMPLAINT_RATE, Indicator.RETURN_RATE, Indicator.SETTLE):
            kind, ids = behind(self.facts, indicator, self.scope)
            yield Counted(_(indicator.label), shown(measure(self.facts, indicator, self.scope), self.currency), kind, ids)
        if self.waiting:
            yield Counted(_("Claims outstanding"), str(len(self.waiting)), SupplierClaim, [one.id for one in self.waiting])


def _whole(mask: np.ndarray[tuple[int], np.dtype[np.bool_]], window: slice, length: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """A mask of a window as one of all rows."""
    found = np.zeros(length, dtype=np.bool_)
    found[window] = mask
    return found


def _rated(name: str, one: Measured, tone: str = "") -> Tile:
    if one.value is None:
        return Tile(name, "–", one.why, judged=False)
    parts = [_("{part} of {of}").format(part=round(one.numerator), of=round(one.denominator))]
    parts += [_("95 %: {interval}").format(interval=interval(one))] if one.low is not None else []
    return Tile(name, figure(one.value, one.unit), "; ".join(parts) + (f". {one.why}" if one.why else ""), tone=tone, judged=one.judged)
