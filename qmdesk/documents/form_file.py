"""A form as one HTML file without a server: it works from a disk or an attachment, and makes a text to send back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from html import escape

from qmdesk import places
from qmdesk.i18n import N_, translator
from qmdesk.values import dataclass

LONGEST_ANSWER = 4000  # letters of an answer in own words
LONGEST_LINE = 200
LONG_SCALE = 7  # steps: it stands in two even rows on a telephone


class FieldKind(StrEnum):
    """How a field of a form is filled in; the last ones are what HTML calls the input."""

    POINTS = "points"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "textarea"
    LINE = "text"
    EMAIL = "email"
    PHONE = "tel"
    DAY = "date"


WORDS = {
    "must": N_("Questions with * must be answered."),
    "script": N_("This form needs JavaScript. Open the file in a web browser where it is switched on."),
    "nothing": N_("Answer at least one question first."),
    "finish": N_("Finish"),
    "sends": N_("The page sends nothing by itself: you decide whether to send us your answers."),
    "thanks": N_("Thank you!"),
    "copy": N_("Copy the text"),
    "save": N_("Save as a file"),
    "mail": N_("Write an e-mail"),
    "made": N_("Your answers, packed. Please change nothing in it."),
    "back": N_("Back to the questions"),
    "yes": N_("Yes"),
    "no": N_("No"),
}
"""What every form says, in the language of the customers."""


@dataclass(frozen=True)
class FormField:
    """One question of a form; ``name`` is what its answer is called in the text that comes back.

    Points go from ``least`` to ``most``, whose meanings ``ends`` tells; ``choices`` are (value, words).
    """

    name: str
    wording: str
    kind: FieldKind
    required: bool = False
    least: int = 0
    most: int = 0
    ends: tuple[str, str] = ("", "")
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """A form as customers see it: its kind ("survey", "complaint"), key and fingerprint, words, fields and who asks.

    ``file`` is the name under which the customer saves the answer.
    """

    kind: str
    lang: str
    key: str
    fingerprint: str
    title: str
    introduction: str
    thanks: str
    fields: tuple[FormField, ...]
    shop: str
    file: str
    email: str = ""
    note: str = ""


def html(form: Form) -> str:
    """The whole page. Nothing a user wrote is markup: all of it is escaped, and the page may load nothing and send nothing."""
    tr = translator(form.lang)
    style, script = _resource("form.css"), _resource("form.js")
    csp = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    data = {
        "kind": form.kind, "form": form.fingerprint, "key": form.key, "mail": form.email, "file": form.file, "subject": form.title,
        "copied": tr(N_("Copied. Paste it into an e-mail to us.")), "marked": tr(N_("The text is marked: copy it and paste it into an e-mail to us.")),
        "saved": tr(N_("Saved. Attach the file to an e-mail to us.")), "attach": tr(N_("Please attach the saved file here, or paste the copied text.")),
    }  # fmt: skip
    told = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    said = _said(form.lang)
    fields = "\n".join(_field(field, said) for field in form.fields)
    how = N_("One more step: send us the text below. Copy it into a message to us, or save it as a file and attach that.")
    if form.email:
        how = N_("One more step: send us the text below to {email}. Copy it into an e-mail, or save it as a file and attach that.")
    mail = f'<button type="button" id="mail">{said["mail"]}</button>' if form.email else ""
    must = f'<p class="soft">{said["must"]}</p>' if any(field.required for field in form.fields) else ""
    return f"""<!DOCTYPE html>
<html lang="{escape(form.lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(form.title)} – {escape(form.shop)}</title>
<style>{style}</style>
</head>
<body {told}>
<main>
<p class="soft">{escape(form.shop)}</p>
<h1>{escape(form.title)}</h1>
<noscript><p class="wrong">{said["script"]}</p></noscript>
<form id="form" autocomplete="on">
<p>{escape(form.introduction)}</p>
{must}
{fields}
<p id="nothing" class="wrong" role="alert" hidden>{said["nothing"]}</p>
<div class="buttons"><button type="submit" class="first">{said["finish"]}</button></div>
<p class="soft">{said["sends"]}</p>
<p class="soft">{escape(form.note)}</p>
</form>
<section id="done" hidden>
<h2 id="thanks" tabindex="-1">{escape(form.thanks) or said["thanks"]}</h2>
<p>{escape(tr(how).format(email=form.email))}</p>
<div class="buttons"><button type="button" id="copy" class="first">{said["copy"]}</button>
<button type="button" id="save">{said["save"]}</button>
{mail}</div>
<p id="said" role="status"></p>
<label class="soft" for="made">{said["made"]}</label>
<textarea id="made" readonly spellcheck="false"></textarea>
<div class="buttons"><button type="button" id="back">{said["back"]}</button></div>
</section>
</main>
<script>{script}</script>
</body>
</html>
"""


def _said(lang: str) -> dict[str, str]:
    tr = translator(lang)
    return {name: escape(tr(text)) for name, text in WORDS.items()}


def _field(field: FormField, said: Mapping[str, str]) -> str:
    name, wording, needed = escape(field.name), escape(field.wording), " required" if field.required else ""
    asked = f'{wording} <span class="must" aria-hidden="true">*</span>' if field.required else wording
    match field.kind:
        case FieldKind.POINTS:
            marks = "".join(
                f'<label><input type="radio" name="{name}" value="{n}" data-points{needed}><span>{n}</span></label>' for n in range(field.least, field.most + 1)
            )
            low, high = (escape(words) for words in field.ends)
            ends = f'<div class="ends soft"><span>{field.least} = {low}</span><span>{field.most} = {high}</span></div>' if low and high else ""
            long = " long" if field.most - field.least >= LONG_SCALE else ""
            return f'<fieldset class="field"><legend>{asked}</legend><div class="points{long}">{marks}</div>{ends}</fieldset>'
        case FieldKind.YES_NO:
            words = ((1, said["yes"]), (0, said["no"]))
            marks = "".join(f'<label><input type="radio" name="{name}" value="{n}" data-points{needed}><span>{word}</span></label>' for n, word in words)
            return f'<fieldset class="field"><legend>{asked}</legend><div class="points words">{marks}</div></fieldset>'
        case FieldKind.CHOICE:
            marks = "".join(
                f'<label><input type="radio" name="{name}" value="{escape(value)}"{needed}><span>{escape(words)}</span></label>' for value, words in field.choices
            )
            return f'<fieldset class="field"><legend>{asked}</legend><div class="choices">{marks}</div></fieldset>'
        case FieldKind.TEXT:
            box = f'<textarea id="{name}" name="{name}" maxlength="{LONGEST_ANSWER}"{needed}></textarea>'
        case _:
            most = "" if field.kind is FieldKind.DAY else f' maxlength="{LONGEST_LINE}"'
            box = f'<input type="{field.kind.value}" id="{name}" name="{name}"{most}{needed}>'
    return f'<div class="field"><label class="asked" for="{name}">{asked}</label>{box}</div>'


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")


@cache
def _resource(name: str) -> str:
    """A part of every page; it stands between its tags as it is."""
    return "\n" + (places.resources() / "forms" / name).read_text("utf-8").strip() + "\n"
