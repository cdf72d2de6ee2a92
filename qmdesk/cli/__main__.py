"""``python -m qmdesk.cli``, and what the frozen command is made of."""

from qmdesk.cli import main

if __name__ == "__main__":
    main()
