"""The core of QMDesk: records, operations, law, store. It knows no window and no toolkit."""

__version__ = "0.1.0"
