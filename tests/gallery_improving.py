"""A shop with ideas, experiments and trainings for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import experiments, ideas, trainings
from qmdesk.operations.registers import new_register
from qmdesk.records.audit import Rhythm
from qmdesk.records.improvement import Experiment, Idea, Measure, Training, Wanted
from qmdesk.records.party import Person
from qmdesk.register import Register, Transaction, clock
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.training_held import TrainingHeld
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.panels.experiments import new_dialog
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
IDEAS = {
    "pl": (
        ("Grubsze kartony do kubków", "Anna Wróbel", "Mniej stłuczeń w drodze"), ("Etykiety przy drzwiach magazynu", "Piotr", ""),
        ("Muzyka w magazynie", "Ewa", ""), ("Zdjęcie zawartości każdej paczki", "Anna Wróbel", "Koniec sporów o braki"), ("SMS, gdy paczka wyjdzie", "", ""),
    ),
    "en": (
        ("Thicker boxes for mugs", "Anna Wróbel", "Fewer breakages on the way"), ("Labels by the storeroom door", "Piotr", ""), ("Music in the storeroom", "Ewa", ""),
        ("A photo of what is in each parcel", "Anna Wróbel", "No more quarrels about missing pieces"), ("A text message when the parcel leaves", "", ""),
    ),
}  # fmt: skip
ROLES = {"pl": ("Pakowanie", "Biuro"), "en": ("Packing", "Office")}
TOPICS = {
    "pl": ("Ochrona danych osobowych", "Pakowanie szkła", "Rozmowa z klientem reklamującym", "Wózek widłowy", "Pierwsza pomoc"),
    "en": ("Personal data", "Packing glass", "Talking to a customer who complains", "Forklift", "First aid"),
}
SAID = {"pl": ("Robimy od grudnia.", "Właściciel lokalu się nie zgadza.", "Wrócimy do tego po świętach."), "en": ("We do it from December.", "The landlord does not agree.", "We come back to it after Christmas.")}
TRIED = {
    "pl": ("Grubsze kartony", "Jeśli kubki pojadą w kartonie 5 mm, mniej się ich stłucze, bo ściany nie ustąpią na rogach.", "Stłuczone kubki", "Odpowiedzi w 24 godziny", "Nowa kolejność zdjęć"),
    "en": ("Thicker boxes", "If mugs travel in 5 mm boxes, fewer of them break, because the walls do not give way at the corners.", "Broken mugs", "Answered within 24 hours", "New order of photos"),
}


def _furnish(tx: Transaction, lang: str) -> None:
    today = clock().date()
    made = [ideas.write_down(tx, *told) for told in IDEAS[lang]]
    for at, idea in enumerate(made):
        tx.change(tx.get(Idea, idea.id), on=today - timedelta(days=3 * at))
    ideas.take_up(tx, made[0].id, SAID[lang][0])
    ideas.decline(tx, made[2].id, SAID[lang][1])
    ideas.put_off(tx, made[3].id, SAID[lang][2])
    name, belief, broken, answered, photos = TRIED[lang]
    since = {"before_since": today - timedelta(days=150), "since": today - timedelta(days=60)}
    tried = ideas.try_out(tx, made[0].id, {"name": name, "hypothesis": belief, "indicator": broken, **since})
    tx.change(tried, before_hits=14, before_of=212, after_hits=3, after_of=187)
    hand = {"measure": Measure.SHARE, "wanted": Wanted.MORE, "indicator": answered, **since}
    tx.add(Experiment(name=answered, hypothesis=answered, before_hits=61, before_of=80, after_hits=66, after_of=82, **hand))
    tx.add(Experiment(name=photos, hypothesis=photos, before_hits=2, before_of=31, after_hits=0, after_of=12, until=today - timedelta(days=2), follow_days=1, **since))
    over = tx.add(Experiment(name=f"{photos} (2)", hypothesis=photos, before_hits=4, before_of=90, after_hits=18, after_of=95, **since))
    experiments.drop(tx, over, SAID[lang][0])
    _train(tx, lang)


def _train(tx: Transaction, lang: str) -> None:
    """Four people and five topics, some of them without what they need."""
    today = clock().date()
    packing, office = ROLES[lang]
    people = [tx.add(Person(name=name, role=role)) for name, role in (("Anna Wróbel", office), ("Ewa Żak", packing), ("Olaf Łoś", packing), ("Piotr Nowicki", packing))]
    for at, topic in enumerate(TOPICS[lang]):
        made = trainings.add(tx, Training(topic=topic, who=packing if at in (1, 3) else "", rhythm=Rhythm.ONCE if at == 4 else Rhythm.YEARLY, next_on=today + timedelta(days=12)))
        if at < 4:
            there = [trainings.Attendance(one, result="18/20") for one in people[at % 2 :][:3]]
            trainings.hold(tx, made.id, today - timedelta(days=(340, 400, 90, 20)[at]), there)
    trainings.hold(tx, 3, today - timedelta(days=3), [trainings.Attendance(people[3], False, "7/20")])


def furnished(folder: Path, lang: str) -> Register:
    """A register with all of it."""
    register = new_register(folder / f"improving-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Karmnik")
    register.do("x", _furnish, lang)
    return register


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The three tabs and their dialogs."""
    register = furnished(folder, lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    page: Any = window.go("improvement")
    page.turn_to(Idea)
    yield "improving-ideas", window
    for id_ in (1, 3, 4):
        page.open(Idea, id_)
        yield f"improving-idea{id_}", window
    page.turn_to(Experiment)
    for id_ in (1, 2, 3, 4):
        page.open(Experiment, id_)
        yield f"improving-experiment{id_}", window
    yield "improving-new-experiment", new_dialog(desk, window)
    panel = page.turn_to(Training)
    panel.go_to_waiting()
    yield "improving-trainings", window
    page.open(Training, 2)
    yield "improving-training", window
    panel.topics.pair.card.tabs.setCurrentIndex(1)
    yield "improving-training-held", window
    yield "improving-hold", TrainingHeld(desk, register.get(Training, 2), (), window)
    window.go("today")
    yield "improving-today", window
    window.leave()
    window.hide()
    register.close()
