"""The paper of a review, looked at or written to a file."""

from __future__ import annotations

from qmdesk.documents import render, review_report
from qmdesk.documents.review_report import ReviewMatter
from qmdesk.i18n import _, language
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.registers import the_shop
from qmdesk.operations.review_reading import points_of
from qmdesk.records.improvement import Action, Review, ReviewKind
from qmdesk.records.party import Person
from qmdesk.register import Reading, clock

DRAFT = 10  # dots per inch: enough to count pages


def report(reading: Reading, review_id: int, lang: str = "") -> Paper:
    """The paper of a review, in the interface's language unless another is named; what was written in it stays as it was written."""
    review, shop = reading.get(Review, review_id), the_shop(reading)
    points = points_of(reading, review)
    raised = {one.id: one for one, _titles in reading.rows(Action, [point.raised for point in points if point.raised])}
    matter = ReviewMatter(
        shop=shop,
        review=review,
        points=points,
        raised=raised,
        owners=reading.titles(Person, {one.owner for one in raised.values() if one.owner}),
        logo=reading.content(shop.logo) if shop.logo else None,
    )
    on, lang = clock().date(), lang or language()
    content = review_report.report(matter, lang, on)
    lines = review_report.LINES
    while lines and review.kind is ReviewKind.WEEKLY and len(render.to_pages(content, dots_per_inch=DRAFT)) > 1:
        lines -= 1  # a quarter of an hour is one page: what was decided stays, of what was seen less is told
        content = review_report.report(matter, lang, on, lines)
    return Paper(content, {})


def report_name(review: Review) -> str:
    """What the file of a review is called until somebody says otherwise."""
    return safe_name(_("Review {number}").format(number=review.number.replace("/", "-")) + ".pdf")
