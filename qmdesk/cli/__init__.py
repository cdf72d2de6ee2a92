"""qmdesk-cli: the same operations without a window; data as JSON, errors as one sentence."""

from qmdesk.cli.program import main

__all__ = ["main"]
