"""The one visible list of record kinds, in menu order; parts come after what they are a part of."""

from __future__ import annotations

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.alert import Alert, Report
from qmdesk.records.assessment import CheckAnswer, SupplierClaim
from qmdesk.records.audit import AnswerPhoto, Audit, AuditAnswer, Checklist, Finding, PlannedAudit, Question
from qmdesk.records.books import InvoiceCorrection, MistakeEntry, MonthLock, Payment, RefundEntry
from qmdesk.records.case import Case, CaseItem, Message
from qmdesk.records.deadline import Deadline, RuleSwitch
from qmdesk.records.imports import ImportBatch, Imported, ImportProfile
from qmdesk.records.improvement import (
    Action,
    Evidence,
    Experiment,
    Idea,
    Review,
    ReviewPoint,
    Task,
    Training,
    TrainingSession,
    Why,
)
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.measures import Event, IndicatorTarget, QualityCost, SalesCount
from qmdesk.records.paper import Attachment, IssuedDocument, TextBlock
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.process import Process, ProcessLink, ProcessStep
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.rating import ClaimList, SupplierRating
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.satisfaction import Opinion, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from qmdesk.records.shop import Shop
from qmdesk.schema.folding import nearest
from qmdesk.schema.record import Record

RECORDS: tuple[type[Record], ...] = (
    Shop,
    Channel,
    Cause,
    Person,
    Supplier,
    Customer,
    SupplierRating,
    ClaimList,
    Process,
    ProcessStep,
    ProcessLink,
    Product,
    Batch,
    Order,
    OrderLine,
    Case,
    CaseItem,
    Message,
    Attachment,
    IssuedDocument,
    ReturnDetails,
    Deadline,
    CheckAnswer,
    SupplierClaim,
    RefundEntry,
    MistakeEntry,
    InvoiceCorrection,
    MonthLock,
    Payment,
    Checklist,
    Question,
    PlannedAudit,
    Audit,
    AuditAnswer,
    AnswerPhoto,
    Finding,
    Review,
    Idea,
    Action,
    ReviewPoint,
    Task,
    Evidence,
    Why,
    Experiment,
    Training,
    TrainingSession,
    IndicatorTarget,
    SalesCount,
    Event,
    QualityCost,
    Alert,
    Report,
    Survey,
    SurveyQuestion,
    SurveyResponse,
    SurveyAnswer,
    Opinion,
    RuleSwitch,
    TextBlock,
    ImportBatch,
    Imported,
    ImportProfile,
)

BY_TABLE = {kind.spec.table: kind for kind in RECORDS}


def named(word: str) -> type[Record]:
    """The kind a user means by "case", "cases", "order_lines"... Raises Known."""
    bare = word.strip().lower().replace("-", "_")
    for candidate in (bare, bare.removesuffix("s"), bare.removesuffix("es"), bare.removesuffix("ies") + "y"):
        if candidate in BY_TABLE:
            return BY_TABLE[candidate]
    if near := nearest(bare, BY_TABLE):
        raise Known(_("There is no kind of record “{word}”. Perhaps you mean {near}.").format(word=word, near=near))
    raise Known(_("There is no kind of record “{word}”; the kinds are: {listed}.").format(word=word, listed=", ".join(BY_TABLE)))
