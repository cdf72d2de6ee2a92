"""The small text a form's page makes for the customer to send back: found in mails and files, read, its seal compared.

The text is JSON in base64url between two words, with an HMAC-SHA-256 (RFC 2104) of those letters. Its key lies readable in
the page, so the seal shows only that the text came through whole; who filled it in nobody can know.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.values import dataclass

SUFFIX = ".qmform"
BEGIN, END = "QMDESK-FORM-BEGIN", "QMDESK-FORM-END"
VERSION = 1
LARGEST = 2_000_000  # bytes of a file; an e-mail with a long quotation is far below
LONGEST = 400_000  # letters of one text: sixty answers of 4,000 letters fit
MOST_TEXTS = 500
MOST_ANSWERS = 200

_FOUND = re.compile(rf"{BEGIN}(.*?){END}", re.DOTALL)
_STRANGE = re.compile(r"[^A-Za-z0-9_.\-]")  # what mail programs put between: line breaks, blanks, > of quotations
_TAG = re.compile(r"<[^<>]*>")
_TOKEN = re.compile(r"[0-9a-f]{16,64}")
_FORM = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class FormText:
    """What one text says: which form made it (kind and fingerprint), its own number, when, and the answers by field."""

    kind: str
    form: str
    token: str
    at: datetime
    answers: Mapping[str, str | int]
    letters: str
    seal: str

    def whole(self, key: str) -> bool:
        """Whether the seal fits: the text is as the page made it, or made by somebody who opened the page's source."""
        return hmac.compare_digest(seal_of(key, self.letters), self.seal)


def seal_of(key: str, letters: str) -> str:
    """The seal of a text's letters, in base64url without padding."""
    return _base64url(hmac.new(key.encode("ascii"), letters.encode("ascii"), hashlib.sha256).digest())


def packed(key: str, said: Mapping[str, Any]) -> str:
    """The text a page with this key makes of what was said: what resources/forms/form.js does, for tests and the demo."""
    letters = _base64url(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
    whole = f"{letters}.{seal_of(key, letters)}"
    lines = "\n".join(whole[at : at + 64] for at in range(0, len(whole), 64))
    return f"{BEGIN}\n{lines}\n{END}"


def read_file(path: Path) -> str:
    """What stands in a file the customer sent: the text itself, or a mail that holds it. Raises Known."""
    try:
        if not path.is_file():  # a pipe or a device: opening it could wait for ever
            raise OSError
        with path.open("rb") as raw:
            content = raw.read(LARGEST + 1)
    except OSError:
        raise Known(_("{file} can't be read. Check that it is there and that you may read it.").format(file=path.name)) from None
    if len(content) > LARGEST:
        raise Known(_("{file} is too large for the answer of a form.").format(file=path.name))
    if path.suffix.lower() == ".eml":
        return _of_mail(content)
    return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")  # Notepad may save it so


def _of_mail(content: bytes) -> str:
    """The written parts of a mail, its text attachments among them; what is written as HTML only where nothing else holds it."""
    plain, drawn = [], []
    for part in message_from_bytes(content, policy=policy.default).walk():
        told = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(told, bytes):
            words = told.decode("latin-1")  # what is looked for is ASCII in every charset a mail has
            if part.get_content_subtype() == "html":
                drawn.append(_TAG.sub(" ", words))
            elif part.get_content_maintype() == "text" or str(part.get_filename() or "").lower().endswith(SUFFIX):
                plain.append(words)
    return "\n".join(plain if any(BEGIN in words for words in plain) else drawn)


def found_in(text: str) -> tuple[FormText, ...]:
    """Every answered form in a text, each once. Raises Known when there is none, or one that can't be read."""
    letters = dict.fromkeys(match[1] for match in _FOUND.finditer(text))
    if not letters:
        raise Known(_("There is no answer of a form in it. It begins with {begin} and ends with {end}.").format(begin=BEGIN, end=END))
    if len(letters) > MOST_TEXTS:
        raise Known(_("It holds more than {most} answers of forms. Take fewer at once.").format(most=MOST_TEXTS))
    return tuple({one.letters: one for one in map(_read, letters)}.values())


def _read(written: str) -> FormText:
    if len(written) > LONGEST:
        raise Known(_("The answer of a form is too long to be one."))
    letters, _dot, seal = _STRANGE.sub("", written).partition(".")
    try:
        said = json.loads(base64.b64decode(letters + "=" * (-len(letters) % 4), b"-_", validate=True))
        found = FormText(str(said["kind"]), said["form"], said["token"], _moment(said["at"]), _answers(said["answers"]), letters, seal)
        if said["v"] > VERSION:
            raise Known(_("This form was made by a newer version of the program. Update the program to take it in."))
        if not (_FORM.fullmatch(found.form) and _TOKEN.fullmatch(found.token)):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError, binascii.Error):
        raise Known(_("The answer of a form is damaged and can't be read. Ask for it once more, as a file.")) from None
    return found


def _moment(written: str) -> datetime:
    """When it was filled in, by the customer's clock."""
    return datetime.strptime(written[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)


def _answers(told: Mapping[str, Any]) -> dict[str, str | int]:
    if not isinstance(told, dict) or len(told) > MOST_ANSWERS:
        raise ValueError
    if any(isinstance(value, bool) or not isinstance(value, str | int) for value in told.values()):
        raise TypeError
    return told


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")
