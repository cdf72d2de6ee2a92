"""What a file said last of a record, as an Imported row keeps it: the record's values, and digests of its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from zlib import crc32

from qmdesk.schema.types import SqlValue

SAID_MOST = 20_000  # characters an Imported record holds

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest(cells: Sequence[SqlValue]) -> str:
    """A short digest of stored values: enough to see that nobody changed them, and no copy of what they say."""
    return f"{crc32(repr(tuple(cells)).encode('utf-8', 'surrogatepass')):08x}"


def packed(said: dict[str, Any]) -> str:
    """What a file said of a record, as text; of an endless order the digests of its last lines are left out."""
    text = _encode(said)
    if len(text) > SAID_MOST and "lines" in said:
        most = max(0, SAID_MOST - len(text) + len(said["lines"]))
        text = _encode({**said, "lines": said["lines"][:most].rpartition(" ")[0]})
    return text


def unpacked(text: str) -> dict[str, Any]:
    """What was packed."""
    return json.loads(text)  # type: ignore[no-any-return]
