"""A review on paper, in the words of a language: the weekly one on a page, the management's with all its topics.

Facts of ``review.typ`` beside those of every letter: points (heads[], rows[] of place, topic, what, facts, decision, action)
of a weekly review; topics[] of title, facts[] and decisions[] of text and action of the management's; words (decisions,
nothing); hands[] (who signs by hand).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qmdesk.documents.audit_report import PaperWords
from qmdesk.documents.render import Content
from qmdesk.i18n import N_, show_day
from qmdesk.records.improvement import Action, Review, ReviewKind, ReviewPoint, Topic
from qmdesk.records.shop import Shop

REVIEW = "review"
Facts = dict[str, object]
LINES, LETTERS_IN_LINE = 4, 80
"""Of what was seen so many lines stand at most on the one page of a weekly review; the register keeps all of it."""


@dataclass(frozen=True)
class ReviewMatter:
    """All that the paper of a review says. ``raised``: id of an action -> the action; ``owners``: id of a person -> name."""

    shop: Shop
    review: Review
    points: Sequence[ReviewPoint]
    raised: Mapping[int, Action] = field(default_factory=dict)
    owners: Mapping[int, str] = field(default_factory=dict)
    logo: bytes | None = None


def report(matter: ReviewMatter, lang: str, on: date, lines: int = LINES) -> Content:
    """The paper in "pl" or "en", dated ``on``; of a review that goes on it is a draft. ``lines``: of what was seen, of a weekly one."""
    return Content(REVIEW, lang, _Report(matter, lang, lines).facts(on), matter.logo)


class _Report(PaperWords):
    """The paper of one review in the words of one language."""

    def __init__(self, matter: ReviewMatter, lang: str, lines: int) -> None:
        super().__init__(lang)
        self.matter, self.review, self.lines = matter, matter.review, lines
        self.weekly = matter.review.kind is ReviewKind.WEEKLY

    def facts(self, on: date) -> Facts:
        review = self.review
        made: Facts = {
            **self.head(self.matter.shop, on, self.tr(review.kind.label), review.number, N_("Review")),
            "draft": review.finished_at is None,
            "particulars": [{"label": label, "value": value} for label, value in self.particulars() if value],
            "words": {"decisions": self.tr(N_("Decisions")), "nothing": self.tr(N_("Nothing waited this week."))},
            "sections": [{"title": self.tr(N_("Conclusion")), "paragraphs": _paragraphs(review.conclusion)}] if review.conclusion else [],
            "hands": [] if self.weekly else [self.tr(N_("For the management")), self.tr(N_("Written down by"))],
        }
        return {**made, "points": self.points()} if self.weekly else {**made, "topics": list(self.topics())}

    def particulars(self) -> Iterator[tuple[str, str]]:
        review, tr = self.review, self.tr
        yield tr(N_("Held on")), show_day(review.held_on, self.lang)
        if review.since and review.until:
            yield tr(N_("Period")), tr(N_("{begun} – {end}")).format(begun=show_day(review.since, self.lang), end=show_day(review.until, self.lang))
        yield tr(N_("Who took part")), review.participants
        if not self.weekly:
            yield tr(N_("By")), tr(N_("ISO 9001, management review (9.3)"))

    def points(self) -> Facts:
        rows = [
            {
                "place": str(place),
                "topic": self.tr(one.topic.label),
                "what": one.what,
                "facts": _shortened(one.facts, self.lines),
                "decision": one.decision or self.tr(N_("no decision yet")),
                "action": self.action(one),
            }
            for place, one in enumerate(self.matter.points, 1)
        ]
        return {"heads": [self.tr(head) for head in (N_("No."), N_("What was looked at"), N_("What was decided"))], "rows": rows}

    def topics(self) -> Iterator[Facts]:
        for topic, told in by_topic(self.matter.points).items():
            yield {
                "title": self.tr(topic.label),
                "facts": [part for one in told for part in _paragraphs(one.facts)] or [self.tr(N_("Nothing was noted."))],
                "decisions": [{"text": one.decision, "action": self.action(one)} for one in told if one.decision],
            }

    def action(self, point: ReviewPoint) -> str:
        """The action that came of a point, with who answers for it and until when; "" where there is none."""
        made = self.matter.raised.get(point.raised or 0)
        if made is None:
            return ""
        until = self.tr(N_("until {day}")).format(day=show_day(made.due_on, self.lang)) if made.due_on else ""
        told = [made.number, self.matter.owners.get(made.owner or 0, ""), until, self.tr(made.state.label)]
        return self.tr(N_("Action: {told}")).format(told=" · ".join(part for part in told if part))


def by_topic(points: Sequence[ReviewPoint]) -> dict[Topic, list[ReviewPoint]]:
    """The points of a review under their topics, in their order."""
    found: dict[Topic, list[ReviewPoint]] = {}
    for one in points:
        found.setdefault(one.topic, []).append(one)
    return found


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in text.split("\n\n") if part.strip()]


def _shortened(facts: str, most: int) -> str:
    """The first lines of what was seen."""
    lines = [line for line in facts.splitlines() if line.strip()]
    short, letters = "\n".join(lines[:most]), most * LETTERS_IN_LINE
    cut = len(lines) > most or len(short) > letters
    return short[:letters].rstrip() + " …" if cut and most else short
