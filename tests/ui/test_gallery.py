"""The gallery's own registers obey the operations: a picture that can't be made any more is noticed here, not by whoever looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qmdesk import i18n
from tests import (
    gallery_actions,
    gallery_audits,
    gallery_books,
    gallery_improving,
    gallery_processes,
    gallery_rest,
    gallery_reviews,
)
from tests.ui.front import Opener, look

__all__ = ["look"]


@pytest.mark.parametrize(
    "drawn",
    [
        gallery_actions.pictures, gallery_audits.pictures, gallery_books.accountant, gallery_improving.pictures, gallery_processes.pictures, gallery_rest.imported,
        gallery_reviews.pictures,
    ],
)  # fmt: skip
def test_the_invented_months_and_works_can_be_made(drawn: Any, tmp_path: Path, look: Any) -> None:
    i18n.use("en")
    names = [name for name, _widget in drawn(tmp_path, "en", Opener())]
    assert len(names) == len(set(names)) > 3
