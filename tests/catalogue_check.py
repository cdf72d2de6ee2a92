"""Exit 1 with the list when a text of the interface has no Polish, or the compiled catalogue is older than its source."""

from __future__ import annotations

import sys

from tests import catalogue


def main() -> int:
    lacking = catalogue.missing()
    for text in lacking:
        print(f"no Polish: {text}")  # noqa: T201 - a tool for the terminal
    hidden = catalogue.unseen()
    for text in hidden:
        print(f"take it out of its f-string, where it is not found: {text}")  # noqa: T201
    stale = catalogue.MO.read_bytes() != catalogue.compiled(catalogue.kept())
    if stale:
        print("qmdesk.mo is not made of qmdesk.po: run python -m tests.catalogue")  # noqa: T201
    return 1 if lacking or hidden or stale else 0


if __name__ == "__main__":
    sys.exit(main())
