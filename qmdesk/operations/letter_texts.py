"""The texts of letters as the shop may change them: what there is, what a text may ask for, changing and restoring."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qmdesk.documents.render import texts
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import LANGUAGES, N_, _
from qmdesk.records.paper import DocumentKind, TextBlock
from qmdesk.records.shop import Language
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query

CHANGE = N_("Change a text of letters")
RESTORE = N_("Restore a text of letters")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SHARED = {
    "answer": N_("All answers"),
    "layout": N_("Page and letterhead"),
    "salutation": N_("Salutation"),
    "label": N_("Headings of facts"),
    "opinion": N_("Answers to opinions"),
}
_WORDS = N_("Words inside sentences")


@dataclass(frozen=True)
class Group:
    """Texts that belong together, under the name of their document; ``keys`` as in ``texts(lang)``."""

    title: str
    keys: tuple[str, ...]


def groups() -> tuple[Group, ...]:
    """Every text: those of each document, then those that several share."""
    tables: dict[str, list[str]] = {}
    for key in texts("en"):
        tables.setdefault(key.partition(".")[0], []).append(key)
    named = [Group(_(kind.label), tuple(tables.pop(str(kind.value)))) for kind in DocumentKind if str(kind.value) in tables]
    shared = [Group(_(title), tuple(tables.pop(table))) for table, title in _SHARED.items()]
    return (*named, *shared, Group(_(_WORDS), tuple(key for keys in tables.values() for key in keys)))


def place_of(key: str) -> str:
    """The heading under which a text stands; a key that is of no text any more stands for itself."""
    return next((group.title for group in groups() if key in group.keys), key)


def changed(reading: Reading) -> dict[tuple[str, str], TextBlock]:
    """The texts the shop changed, by place and language."""
    return {(one.key, str(one.language.value)): one for one in reading.records(Query(TextBlock))}


def current(reading: Reading, key: str, lang: str) -> str:
    """A text as letters use it now."""
    block = _block(reading, key, lang)
    return block.text if block else own(key, lang)


def own(key: str, lang: str) -> str:
    """A text as the program brings it."""
    return texts(lang)[key]


def placeholders(key: str) -> tuple[str, ...]:
    """What a text may ask for between braces: the facts the program has for its place."""
    found = dict.fromkeys(name for lang in LANGUAGES for name in _PLACEHOLDER.findall(texts(lang)[key]))
    return tuple(found)


def change_all(tx: Transaction, key: str, said: Mapping[str, str]) -> None:
    """Change a text in several languages at once. Raises Problems."""
    for lang, text in said.items():
        change(tx, key, lang, text)


def change(tx: Transaction, key: str, lang: str, text: str) -> None:
    """Let letters say a text as the shop wants it from now on; letters already issued stay as they are.

    The program's own text restores it. Raises Problems for an empty text and for a placeholder the letter has no fact for.
    """
    text = types.LongText().parse(text)
    _must_be_known(key)
    if problems := list(_wrong(key, text)):
        raise Problems(problems)
    tx.about(key)
    block = _block(tx, key, lang)
    if text == own(key, lang):
        if block:
            tx.remove(block)
    elif block:
        tx.change(block, text=text)
    else:
        tx.add(TextBlock(key=key, language=_language(lang), text=text))


def restore(tx: Transaction, key: str, lang: str) -> None:
    """Go back to the program's own text."""
    _must_be_known(key)
    tx.about(key)
    if block := _block(tx, key, lang):
        tx.remove(block)


def _wrong(key: str, text: str) -> Iterable[Problem]:
    if not text:
        yield Problem("text", _("The text is empty. Write one, or restore the program's own."))
    known = placeholders(key)
    listed = ", ".join(f"{{{name}}}" for name in known) or _("none")
    for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if name not in known:
            sentence = _("The text asks for {{{name}}}, which is not known in this place. It may ask for: {listed}.")
            yield Problem("text", sentence.format(name=name, listed=listed))
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        yield Problem("text", _("A brace stands alone in the text. It may ask for: {listed}.").format(listed=listed))


def _must_be_known(key: str) -> None:
    if key not in texts("en"):
        raise Known(_("There is no text “{key}” in the letters.").format(key=key))


def _language(lang: str) -> Language:
    return Language.POLISH if lang == "pl" else Language.ENGLISH


def _block(reading: Reading, key: str, lang: str) -> TextBlock | None:
    asked = Query(TextBlock, (Condition("key", types.IS, (key,)), Condition("language", types.IS, (_language(lang),))))
    return next(iter(reading.records(asked, 1)), None)
