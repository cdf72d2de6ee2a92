"""Papers beside those that are kept in tests/golden: their words letter by letter, their pages as an eye compares them.

After a wanted change run the tests with QMDESK_GOLDEN=write and look at every picture.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from qmdesk.operations.audit_papers import Paper

FOLDER = Path(__file__).parents[1] / "golden"
"""A folder for each kind of paper."""


def said(value: object) -> Iterator[str]:
    """Every text of a paper, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from said(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from said(part)


def words(facts: Mapping[str, Any]) -> str:
    """What a paper says, a line for each text, without the words of the frame."""
    return "\n".join(line for line in said({name: part for name, part in facts.items() if name not in ("labels", "shop", "date")}) if line) + "\n"


def same(page: Image.Image, kept: Image.Image) -> bool:
    """Equal to the eye: the same size, and hardly a pixel that differs by more than a shade."""
    if page.size != kept.size:
        return False
    different = ImageChops.difference(page, kept).convert("L").point(lambda shade: 255 if shade > 40 else 0)
    return different.histogram()[255] < page.width * page.height / 2000


def is_as_before(file: str, made: bytes) -> None:
    """Compare a file, named with its folder, with the one that is kept."""
    kept = FOLDER / file
    if _writing():
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(made)
    assert made == kept.read_bytes()


def says_as_before(name: str, told: str) -> None:
    """Compare what a paper says with what is kept."""
    is_as_before(f"{name}.txt", told.encode("utf-8"))


def looks_as_before(name: str, pages: Iterable[bytes]) -> list[Image.Image]:
    """Compare the pages of a paper with those that are kept; returns them."""
    made, found = [_picture(page) for page in pages], (FOLDER / name).parent
    if _writing():
        found.mkdir(exist_ok=True)
        for old in found.glob(f"{Path(name).name}-*.png"):
            old.unlink()
        for number, page in enumerate(made, 1):
            page.quantize(64).save(FOLDER / f"{name}-{number}.png", optimize=True)
    kept = [_picture(path.read_bytes()) for path in sorted(found.glob(f"{Path(name).name}-*.png"))]
    assert len(made) == len(kept)
    assert all(same(page, old) for page, old in zip(made, kept, strict=True))
    return made


def is_paper_as_before(name: str, paper: Paper) -> None:
    """Compare a paper's words and pages with those that are kept."""
    says_as_before(name, words(paper.content.facts))
    looks_as_before(name, paper.pages(60))


def _writing() -> bool:
    return os.environ.get("QMDESK_GOLDEN") == "write"


def _picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")
