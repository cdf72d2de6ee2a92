"""Words that grow: the formula against numpy, Polish and English stems, and what a shop reads."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from qmdesk.analysis.words import growing, score, stems
from qmdesk.operations.figures import growing_words
from qmdesk.operations.figures.scope import Period
from tests.clock import WARSAW
from tests.shop import day, open_shop


def test_forms_of_one_word_are_one_stem_with_or_without_polish_letters() -> None:
    assert set(stems("Pęknięta")) == set(stems("pęknięty")) == set(stems("pekniety")) == set(stems("PĘKNIĘTĄ"))
    assert set(stems("The handles were broken")) == set(stems("a broken handle"))


def test_little_words_and_numbers_say_nothing() -> None:
    assert stems("Proszę o zwrot, bo to jest nie to, co zamówiłam 12 3456") == {}
    assert set(stems("Dzień dobry, uszko odpadło!")) == {"uszk", "odpadl"}


def test_the_score_is_monroes() -> None:
    """Equations 16, 18 and 22 with the prior of the pooled texts, by numpy."""
    now, before = np.array([12.0, 5, 3, 1]), np.array([10.0, 60, 40, 20])
    alpha = now.sum() * (now + before) / (now + before).sum()
    total = alpha.sum()
    delta = np.log((now + alpha) / (now.sum() + total - now - alpha)) - np.log((before + alpha) / (before.sum() + total - before - alpha))
    z = delta / np.sqrt(1 / (now + alpha) + 1 / (before + alpha))
    assert [score(int(one), 21, int(other), 130) for one, other in zip(now, before, strict=True)] == pytest.approx(list(z))


def test_a_word_that_grows_is_found_with_its_texts_and_a_steady_one_is_not() -> None:
    before = ["Kubek przyszedł stłuczony", "Stłuczony talerz", "Zły kolor kubka"] * 20
    now = ["Ucho odpadło", "Odpadło ucho kubka", "Uchem nie da się trzymać, odpadło", "Stłuczony talerz", "Ucho pękło", "Zły kolor"]
    found = growing(now, before)
    assert [one.word for one in found[:2]] == ["ucho", "odpadło"]
    assert found[0].texts == (0, 1, 2, 4)[: found[0].now]
    assert "talerz" not in [one.word for one in found]
    assert growing(now, []) == growing([], before) == []


def test_one_who_repeats_a_word_counts_once() -> None:
    before = ["zły kolor"] * 30
    assert growing(["ucho ucho ucho ucho", "zły kolor"], before) == []


def test_a_shop_reads_which_word_grows_and_which_cases_say_it(tmp_path: Path) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(f"{text} 09:00").replace(tzinfo=WARSAW)

    with open_shop(tmp_path / "shop.qmd") as shop:
        customer = shop.add_customer()
        for n in range(24):
            shop.complains("The colour is another than in the picture", received_at=at(f"2026-0{1 + n % 9}-11"), customer=customer)
        november = [shop.complains("The handle came off", received_at=at(f"2026-11-{n:02}"), customer=customer).id for n in (3, 7, 12, 15)]
        shop.complains("The colour is wrong", received_at=at("2026-11-16"), customer=customer)
        found = growing_words.words(shop.register, Period(day("2026-11-01"), day("2026-11-20")))
        assert (found.texts, found.texts_before) == (5, 24)
        handle = next(one for one in found.words if one.word == "handle")
        assert handle.cases == tuple(reversed(november))
        assert handle.sentence == "“handle” in 4 cases, 0 before"
        early = growing_words.words(shop.register, Period(day("2025-01-01"), day("2025-01-31")))
        assert (early.words, early.why) == ((), "No case of this time has a text.")
