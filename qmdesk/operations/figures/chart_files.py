"""Charts as files: a picture on paper's colours as PNG or SVG, and the numbers behind it as a worksheet."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

from qmdesk import places
from qmdesk.analysis.drawing import DRAWING, Chart, Look, Palette
from qmdesk.errors import Known
from qmdesk.exchange.writer import whole_file, write_rows
from qmdesk.i18n import _, language

SHARP = 192
"""Dots per inch of a picture: sharp in print and on every screen."""


def paper(lang: str | None = None, *, width: float = 9.0, height: float = 5.2, points: float = 9.0) -> Look:
    """The look of a chart in a document: the light colours on white. Sizes are in inches, letters in points."""
    with (places.resources() / "theme" / "light.toml").open("rb") as file:
        colours = tomllib.load(file) | {"surface": "#ffffff"}
    return Look(Palette(**{name: colours[name] for name in Palette.__annotations__}), points, width, height, lang or language())


def picture(chart: Chart, kind: str, look: Look | None = None) -> bytes:
    """The chart as "png" or "svg"; an SVG keeps its words as text, and the same chart is the same file."""
    import matplotlib as mpl  # half a second that only a chart needs

    out = io.BytesIO()
    with DRAWING, mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "qmdesk"}):
        chart.draw(look or paper()).figure.savefig(out, format=kind, dpi=SHARP, metadata={"Date": None} if kind == "svg" else None)
    return out.getvalue()


def outlines(chart: Chart, look: Look) -> bytes:
    """The chart as an SVG whose words are outlines; the same chart is the same file."""
    import matplotlib as mpl  # half a second that only a chart needs

    out = io.BytesIO()
    with DRAWING, mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "qmdesk"}):
        chart.draw(look).figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def save_picture(chart: Chart, path: Path, look: Look | None = None) -> None:
    """Write the chart as .png or .svg. Raises Known: another ending, a file that can't be written."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise Known(_("A chart can be saved as .png or .svg; give {file} one of these endings.").format(file=path.name))
    content = picture(chart, kind, look)
    with whole_file(path) as raw:
        raw.write(content)


def save_numbers(chart: Chart, path: Path) -> int:
    """Write the numbers of the chart to .xlsx or .csv; returns how many rows. Raises Known."""
    table = chart.table()
    return write_rows(path, table.headings, table.rows, name=chart.about.title, about=chart.about.scope)
