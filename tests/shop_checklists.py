"""What somebody who writes checklists does, as verbs of the headless shop: each is taken back and done again."""

from __future__ import annotations

from typing import Any

from qmdesk.operations import checklists
from qmdesk.operations.checklists import Edit
from qmdesk.records.audit import Checklist, Question
from qmdesk.records.checklist import Draft
from tests.shop import Shop


def question(wording: str, **values: Any) -> Question:
    """A question that is not kept yet."""
    return Question(**{"checklist": 1, "wording": wording, **values})


def a_list(*questions: Question, name: str = "Packing", **values: Any) -> Draft:
    """A list that is not kept yet; the questions may wait for one another by their ids below zero."""
    return Draft(Checklist(name=name, **values)).inserted(questions)


class ListShop(Shop):
    """A shop that writes its own checklists."""

    def writes(self, *questions: Question, name: str = "Packing", **values: Any) -> int:
        """A new list with these questions; returns its id."""
        return self.do(checklists.NEW, checklists.keep, a_list(*questions, name=name, **values))

    def takes_from_library(self, key: str, lang: str = "en") -> int:
        return self.do(checklists.FROM_LIBRARY, checklists.add_from_library, key, lang)

    def edits_list(self, id_: int, edit: Edit, label: str = checklists.CHANGE) -> Checklist:
        return self.do(label, checklists.rewrite, id_, edit)

    def saves_list(self, draft: Draft, *contents: bytes) -> int:
        return self.do(checklists.CHANGE, checklists.keep, draft, contents)

    def copies(self, id_: int, name: str = "") -> int:
        return self.do(checklists.COPY, checklists.copy, id_, name)

    def asks_by(self, id_: int) -> int:
        """An audit by a list as it is now; returns the audit's id."""
        return self.begins_audit(id_).id

    def list(self, id_: int) -> Draft:
        return checklists.draft(self.register, id_)

    def wordings(self, id_: int) -> list[str]:
        return [one.wording for one in self.list(id_).questions]
