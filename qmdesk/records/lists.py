"""Lists of words a shop edits itself: channels a customer uses, causes of what went wrong."""

from __future__ import annotations

from qmdesk.i18n import N_
from qmdesk.schema.record import Record, count, flag, record, text


@record("channel", N_("Channel"), N_("Channels"))
class Channel(Record):
    """A way a customer and the shop talk: phone, e-mail, marketplace."""

    name: str = text(N_("Name"), most=60, title=True, unique=True, listed=True)
    durable: bool = flag(
        N_("Durable medium"), default=False, listed=True, help=N_("What is sent this way stays with the customer: e-mail, letter, not a phone call.")
    )
    active: bool = flag(N_("In use"), default=True, offers=True, listed=True)
    own_form: bool = flag(
        N_("The shop's own electronic form"), default=False, listed=True, help=N_("A withdrawal that comes this way must be confirmed at once (UPK art. 30).")
    )
    delivery_days: int = count(
        N_("Days until it arrives"), default=0, listed=True, help=N_("An e-mail is there at once; a letter by post takes days, and the answer counts when it arrives.")
    )


@record("cause", N_("Cause"), N_("Causes"))
class Cause(Record):
    """Why it went wrong: damage in transport, wrong size, delay."""

    name: str = text(N_("Name"), most=80, title=True, unique=True, listed=True)
    code: str = text(N_("Marketplace code"), default="", most=40, listed=True, aka=("reason type", "powód kod"))
    active: bool = flag(N_("In use"), default=True, offers=True, listed=True)
