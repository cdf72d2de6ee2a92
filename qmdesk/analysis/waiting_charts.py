"""How long cases take: the share that is still open after so many days, the open ones counted as open (Kaplan and Meier)."""

from __future__ import annotations

from qmdesk.analysis.charts import NOTHING, per_cent
from qmdesk.analysis.drawing import (
    LEADING,
    SMALL,
    About,
    Drawn,
    Look,
    Mark,
    Said,
    Table,
    blank,
    breadth,
    empty,
    ground,
    scale,
    set_in,
    widest,
)
from qmdesk.i18n import N_, _
from qmdesk.values import dataclass


@dataclass(frozen=True)
class Step:
    """After so many days: the share still open in per cent, how many were settled on that day, how many were under watch until then."""

    days: float
    open_share: float
    settled: int
    at_risk: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class SettleChart:
    """The share of cases still open by days since they came; those open now count up to today and are marked on the line.

    ``still_open`` are their ages in days. E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete
    observations, Journal of the American Statistical Association 53, 1958, 457-481.
    """

    about: About
    steps: tuple[Step, ...]
    still_open: tuple[float, ...]
    said: Said
    median: float | None = None
    ninetieth: float | None = None

    def draw(self, look: Look) -> Drawn:
        """Steps down from 100 %; a mark a step."""
        if not self.steps and not self.still_open:
            return empty(look, self.about, look.tr(NOTHING))
        figure, axes = blank(look, self.about, look.tr(N_("Still open")))
        palette = look.palette
        last = max([step.days for step in self.steps] + list(self.still_open))
        days = [0.0, *(step.days for step in self.steps), last]
        shares = [100.0, *(step.open_share for step in self.steps)]
        shares.append(shares[-1])
        if self.steps and all(step.low is not None and step.high is not None for step in self.steps):
            low, high = [100.0, *(step.low or 0.0 for step in self.steps)], [100.0, *(step.high or 0.0 for step in self.steps)]
            axes.fill_between(days, [*low, low[-1]], [*high, high[-1]], step="post", color=palette.accent_soft, linewidth=0, gid="band")
        axes.step(days, shares, where="post", color=palette.accent, linewidth=1.8, gid="values")
        if self.still_open:
            at = [next((share for day, share in zip(reversed(days[:-1]), reversed(shares[:-1]), strict=True) if day <= age), 100.0) for age in self.still_open]
            axes.plot(self.still_open, at, linestyle="none", marker="|", markersize=look.points, color=palette.text, gid="open")
        reach = max(last, 1.0)
        for days_, share, name in ((self.median, 50, N_("half settled within {value}")), (self.ninetieth, 10, N_("nine of ten within {value}"))):
            if days_ is not None:
                axes.plot([0, days_, days_], [share, share, 0], color=palette.neutral, linewidth=1, linestyle=(0, (4, 3)), gid=f"share-{share}")
                words = look.tr(name).format(value=self.said(days_))
                right = breadth(words, look.points * SMALL) + look.points > (1 - days_ / reach) * (look.width * 72 - 4 * look.points)
                axes.annotate(
                    words, (days_, share), xytext=(-5 if right else 5, 3), textcoords="offset points",
                    ha="right" if right else "left", va="bottom", fontsize=look.points * SMALL, color=palette.text,
                    bbox=ground(look),
                )  # fmt: skip
        axes.set_ylim(0, 104)
        axes.set_xlim(0, reach * 1.02)
        scale(axes.yaxis, look, per_cent, 5)
        scale(axes.xaxis, look, lambda value: f"{value:g}", int(look.width * 1.2))
        axes.set_xlabel(look.tr(N_("Days since the case came")), fontsize=look.points * SMALL, color=palette.muted)
        set_in(axes, look, left=widest([per_cent(100)], look.points * SMALL) + look.points * 0.5, below=look.points * SMALL * LEADING * 2.3)
        words = look.tr(N_("after {days}: {share} still open, settled then: {n}"))
        ends = [*(step.days for step in self.steps), reach * 1.02][1:]
        return Drawn(figure, tuple(
            Mark(words.format(days=self.said(step.days), share=per_cent(step.open_share), n=step.settled), axes, step.days, end)
            for step, end in zip(self.steps, ends, strict=True)
        ))  # fmt: skip

    def table(self) -> Table:
        """A row a step."""
        rows = tuple((step.days, step.open_share, step.low, step.high, step.settled, step.at_risk) for step in self.steps)
        return Table((_("Days"), _("Still open, %"), _("Low, 95 %"), _("High, 95 %"), _("Settled then"), _("Watched until then")), rows)
