"""Charts: their marks carry the values, their labels keep apart, an SVG holds the words, and every mark can be found by a click."""

from __future__ import annotations

import io
import tomllib
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from qmdesk import places
from qmdesk.analysis.charts import Bar, BarChart, ColumnChart, ParetoBar, ParetoChart, Part
from qmdesk.analysis.drawing import About, Chart, Drawn, Look, Palette, Pin
from qmdesk.analysis.grid_charts import Cell, HeatChart
from qmdesk.analysis.time_charts import ControlChart, ControlPoint, Spark, TimePoint, TrendChart
from qmdesk.analysis.waiting_charts import SettleChart, Step

ABOUT = About("Przyczyny reklamacji", "1.10.2026 – 31.10.2026; kurier: Żółta Paczka")
MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")


def per_cent(value: float) -> str:
    return f"{value:g}\u00a0%"


def pieces(value: float) -> str:
    return f"{value:g}"


PARETO = ParetoChart(
    ABOUT,
    (
        ParetoBar("Uszkodzone w transporcie", 50, 50, True, before=30),
        ParetoBar("Zły rozmiar lub wariant", 35, 85, True, before=40),
        ParetoBar("Niezgodne z opisem, a zdjęcia pokazują inny kolor", 10, 95, False),
        ParetoBar("Inne", 5, 100, False, other=True, before=9),
    ),
    pieces,
    "Reklamacje",
)
BARS = BarChart(
    ABOUT,
    (Bar("DPD", 4.1, 412, 2.6, 6.4, 3.9), Bar("Poczta", 12.5, 8, 2.2, 47.1, firm=False), Bar("Orlen", None, 0, firm=False)),
    per_cent,
    "Odsetek reklamacji",
    target=3.0,
    whole=4.4,
)
TREND = TrendChart(
    ABOUT,
    tuple(
        TimePoint(f"{MONTHS[at % 12]} 2025", f"{MONTHS[at % 12]} {25 + at // 12}", None if at == 4 else 1 + at / 10, 100 + at, 0.5 + at / 10, 2 + at / 10, 3 - at / 20, at != 7)
        for at in range(24)
    ),
    per_cent,
    "Odsetek reklamacji",
    target=2.5,
    bound=4.0,
    pins=(Pin(3.4, "Nowy dostawca kubków"), Pin(20, "Zmiana kuriera")),
)
CONTROL = ControlChart(
    ABOUT,
    tuple(ControlPoint(f"tydzień {at}", f"T{at}", 2.0 + (5 if at == 9 else 0), 100, 2.2, 0.4, 4.0 - at / 50, ("poza granicą",) if at == 9 else ()) for at in range(16)),
    pieces,
    "Reklamacje na zamówienie",
    zones=True,
)
HEAT = HeatChart(
    ABOUT,
    ("Kubek w kropki", "Miska z bardzo długą nazwą, która się łamie"),
    ("Uszkodzone w transporcie", "Opóźnienie", "Wada"),
    tuple(tuple(Cell(float(down * 3 + across), 9, f"{down}/{across}") for across in range(3)) for down in range(2)),
    pieces,
    "Produkt",
    "Przyczyna",
    "Reklamacje",
)
COLUMNS = ColumnChart(ABOUT, ("0–3 dni", "4–7 dni", "powyżej 30 dni"), (Part("w terminie", (5, 4, 0)), Part("po terminie", (0, 1, 2))), pieces, "Sprawy")
SETTLE = SettleChart(ABOUT, (Step(1, 80, 2, 10, 60, 95), Step(4, 50, 3, 8, 30, 70), Step(9, 30, 1, 3, 10, 55)), (3, 20), lambda days: f"{days:g} dni", 4.0)
CHARTS: dict[str, Chart] = {"pareto": PARETO, "bars": BARS, "trend": TREND, "control": CONTROL, "heat": HEAT, "columns": COLUMNS, "settle": SETTLE}


def look(width: float = 9.0, points: float = 9.0, scheme: str = "light", lang: str = "pl") -> Look:
    colours = tomllib.loads((places.resources() / "theme" / f"{scheme}.toml").read_text(encoding="utf-8"))
    return Look(Palette(**{name: colours[name] for name in Palette.__annotations__}), points, width, 5.0, lang)


def rendered(drawn: Drawn) -> Any:
    canvas = FigureCanvasAgg(drawn.figure)
    drawn.figure.draw_without_rendering()  # everything in its place, and no pixel painted
    return canvas.get_renderer()


def artist(drawn: Drawn, gid: str) -> Any:
    (found,) = drawn.figure.findobj(lambda one: one.get_gid() == gid)
    return found


def artists(drawn: Drawn, gid: str) -> list[Any]:
    return drawn.figure.findobj(lambda one: one.get_gid() == gid)


@pytest.mark.parametrize("name", CHARTS)
def test_each_mark_is_found_where_it_is_drawn(name: str) -> None:
    drawn = CHARTS[name].draw(look())
    rendered(drawn)
    assert drawn.marks
    for place, mark in enumerate(drawn.marks):
        left, bottom, right, top = mark.box()
        assert drawn.at((left + right) / 2, (bottom + top) / 2) == place
        assert mark.words
    assert drawn.at(1, 1) is None


@pytest.mark.parametrize(("width", "points", "scheme"), [(9.0, 9.0, "light"), (6.0, 9.0, "dark"), (9.0, 13.5, "light"), (5.0, 13.5, "dark")])
@pytest.mark.parametrize("name", CHARTS)
def test_labels_of_the_axes_keep_apart_and_inside(name: str, width: float, points: float, scheme: str) -> None:
    drawn = CHARTS[name].draw(look(width, points, scheme))
    renderer = rendered(drawn)
    for axes in drawn.figure.axes:
        for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
            shown = [label for label in labels if label.get_text()]
            boxes = [label.get_window_extent(renderer) for label in shown]
            if any(label.get_rotation() for label in shown):
                continue  # on a slope their boxes overlap, they do not
            for one, other in pairwise(boxes):
                assert not one.overlaps(other), (name, shown)
            for box in boxes:
                assert box.x0 >= 0
                assert box.y0 >= 0
                assert box.x1 <= drawn.figure.bbox.x1


@pytest.mark.parametrize("name", CHARTS)
def test_svg_holds_the_words_in_polish_letters(name: str) -> None:
    drawn = CHARTS[name].draw(look())
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        drawn.figure.savefig(out, format="svg")
    assert "Przyczyny reklamacji" in out.getvalue()
    assert "Żółta Paczka" in out.getvalue()


def test_pareto_bars_are_as_long_as_their_values() -> None:
    drawn = PARETO.draw(look())
    assert [bar.get_width() for bar in artists(drawn, "marks")[0:4]] == [50, 35, 10, 5]
    assert list(artist(drawn, "cumulative").get_xdata()) == [50, 85, 95, 100]
    assert artist(drawn, "vital").get_xdata()[0] == 80
    assert [segment[0][0] for segment in artist(drawn, "before").get_segments()] == [30, 40, 9]
    assert drawn.figure.axes[0].get_xlim()[0] == 0
    assert drawn.marks[1].words == "Zły rozmiar lub wariant: 35, razem z tymi powyżej 85\u00a0%"
    assert PARETO.table().rows[1] == ("Zły rozmiar lub wariant", 35, 85, True, 40)


def test_pareto_tells_the_vital_few_and_other_apart() -> None:
    colours = look().palette
    bars = artists(PARETO.draw(look()), "marks")
    from matplotlib.colors import to_hex

    assert [to_hex(bar.get_facecolor()) for bar in bars] == [colours.accent, colours.accent, colours.accent_soft, colours.neutral_soft]


def test_too_many_bars_are_cut_and_said() -> None:
    many = ParetoChart(ABOUT, tuple(ParetoBar(f"Przyczyna {at}", 100 - at, min(100, at + 1), False) for at in range(60)), pieces, "Reklamacje")
    drawn = many.draw(look())
    said = [text.get_text() for text in drawn.figure.texts]
    assert f"i jeszcze {60 - len(drawn.marks)}, w tabeli" in said
    assert len(many.table().rows) == 60


def test_values_by_group_show_their_intervals_and_how_many() -> None:
    drawn = BARS.draw(look())
    names = [label.get_text() for label in drawn.figure.axes[0].get_yticklabels()]
    assert names == ["DPD (n\u00a0=\u00a0412)", "Poczta (n\u00a0=\u00a08)", "Orlen (n\u00a0=\u00a00)"]
    assert list(artist(drawn, "interval-0").get_xdata()) == [2.6, 6.4]
    assert list(artist(drawn, "interval-1").get_xdata()) == [2.2, 12.5], "the wide interval of too few is cut, so that it presses nothing flat"
    assert artists(drawn, "marks")[1].get_hatch(), "too few to judge: hollow"
    assert artist(drawn, "target").get_xdata()[0] == 3.0
    assert artist(drawn, "whole").get_xdata()[0] == 4.4
    assert drawn.marks[2].words == "Orlen: nie wiadomo"
    assert drawn.figure.axes[0].get_xlim()[0] == 0


def test_trend_leaves_gaps_and_hollow_points() -> None:
    drawn = TREND.draw(look())
    values = list(artist(drawn, "values").get_ydata())
    assert values[3] == 1.3
    assert values[4] != values[4], "nothing is known of that month: no line through it"
    assert list(artist(drawn, "few").get_xdata()) == [7]
    assert 7 not in list(artist(drawn, "marks").get_xdata())
    assert artist(drawn, "target").get_ydata()[0] == 2.5
    assert artist(drawn, "alert bound").get_ydata()[0] == 4.0
    assert artist(drawn, "pin-0").get_xdata()[0] == 3.4
    assert drawn.figure.axes[0].get_ylim()[0] == 0
    assert drawn.marks[7].words.endswith("za mało, by ocenić")


def test_control_chart_marks_what_breaks_a_rule() -> None:
    drawn = CONTROL.draw(look())
    assert list(artist(drawn, "hits").get_xdata()) == [9]
    assert list(artist(drawn, "upper").get_data().values) == [point.high for point in CONTROL.points]
    assert list(artist(drawn, "centre").get_data().values) == [2.2] * 16
    assert drawn.marks[9].words.endswith("; poza granicą")
    assert not artists(drawn, "provisional")
    early = ControlChart(ABOUT, CONTROL.points[:5], pieces, "x", provisional=True).draw(look())
    assert artist(early, "provisional").get_text() == "tymczasowo: mniej niż 12 okresów"


def test_heat_map_holds_the_values_and_writes_them_in_the_cells() -> None:
    drawn = HEAT.draw(look())
    assert artist(drawn, "cells").get_array().tolist() == [[0, 1, 2], [3, 4, 5]]
    written = {text.get_text() for text in drawn.figure.axes[0].texts}
    assert {"1", "2", "3", "4", "5"} <= written
    assert drawn.marks[4].words == "1/1"
    assert HEAT.table().rows[4] == ("Miska z bardzo długą nazwą, która się łamie", "Opóźnienie", 4.0, 9)


def test_columns_stand_on_each_other() -> None:
    drawn = COLUMNS.draw(look())
    second = artists(drawn, "part-1")
    assert [bar.get_y() for bar in second] == [5, 4, 0]
    assert second[0].get_hatch(), "told apart without colours too"
    assert COLUMNS.table().rows[1] == ("4–7 dni", 4, 1, 5)


def test_share_still_open_falls_in_steps_and_marks_the_open_cases() -> None:
    drawn = SETTLE.draw(look())
    assert list(artist(drawn, "values").get_ydata()) == [100, 80, 50, 30, 30]
    assert list(artist(drawn, "open").get_xdata()) == [3, 20]
    assert list(artist(drawn, "open").get_ydata()) == [80, 30]
    assert list(artist(drawn, "share-50").get_xdata()) == [0, 4, 4]


def test_line_of_a_tile_shows_its_target_and_its_last_value() -> None:
    drawn = Spark((1.0, None, 2.0, 3.0, None), target=2.5).draw(look(2, 8))
    assert artist(drawn, "last").get_xdata()[0] == 3
    assert artist(drawn, "target").get_ydata()[0] == 2.5
    assert Spark((None, None)).reach() == (0, 1)


@pytest.mark.parametrize(
    "chart",
    [
        ParetoChart(ABOUT, (), pieces, "x"), BarChart(ABOUT, (), pieces, "x"), TrendChart(ABOUT, (), pieces, "x"), ControlChart(ABOUT, (), pieces, "x"),
        HeatChart(ABOUT, ("a",), ("b",), ((Cell(None, 0, ""),),), pieces, "a", "b", "c"), ColumnChart(ABOUT, ("a",), (Part("p", (0.0,)),), pieces, "x"),
        SettleChart(ABOUT, (), (), pieces),
    ],
)  # fmt: skip
def test_nothing_counted_is_said(chart: Chart) -> None:
    drawn = chart.draw(look())
    rendered(drawn)
    assert not drawn.marks
    assert [text.get_text() for axes in drawn.figure.axes for text in axes.texts] == ["W tym czasie niczego nie policzono."]


def test_words_of_a_chart_are_in_the_language_asked_for() -> None:
    said = [text.get_text() for text in PARETO.draw(look(lang="en")).figure.texts]
    assert "│ the period before" in said
