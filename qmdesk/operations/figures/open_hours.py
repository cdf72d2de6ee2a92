"""The hours a shop is open, added up: how much of a time it could have worked in."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from qmdesk.law.calendar import SATURDAY, is_day_off
from qmdesk.operations.figures.columns import DAY, Floats, Numbers, as_day
from qmdesk.records.shop import Shop
from qmdesk.values import dataclass

_HOUR = 3600


@dataclass(frozen=True, eq=False, repr=False)
class OpenHours:
    """The open hours of each day since ``first`` (days since 1970)."""

    first: int
    before: Floats  # the hours the shop was open before each day
    open_on: Floats  # 1 on the days it is open
    opens: int
    closes: int

    def until(self, moments: Numbers) -> Floats:
        """How many hours it had been open by these moments, in seconds on the shop's clock."""
        day = np.clip(moments // DAY - self.first, 0, len(self.before) - 1)
        today = np.clip((moments - (self.first + day) * DAY) / _HOUR - self.opens, 0, self.closes - self.opens)
        found: Floats = self.before[day] + today * self.open_on[day]
        return found


def open_hours(shop: Shop, first: int, last: int) -> OpenHours:
    """The hours of a shop from one day to another; it is closed on Sundays and public holidays, and on Saturdays unless it says so."""
    days = [as_day(first) + timedelta(days=at) for at in range(max(1, last - first + 1))]
    is_open = np.array([not is_day_off(shop.country.upper(), one) and (shop.open_saturdays or one.weekday() != SATURDAY) for one in days], dtype=np.float64)
    hours = is_open * (shop.closes_at - shop.opens_at)
    return OpenHours(first, np.cumsum(hours) - hours, is_open, shop.opens_at, shop.closes_at)
