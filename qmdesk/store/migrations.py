"""How a register's schema came to be: frozen steps, which import no record, so that an old file always finds its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qmdesk.store.driver import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 4


def apply(connection: Connection) -> None:
    """Bring a register to VERSION, in the caller's transaction."""
    from sqlite_utils import Database, Migrations  # 0.3 s that only a new or an old register needs

    steps = Migrations("qmdesk")
    steps()(m001_register)
    steps()(m002_law)
    steps()(m003_quality)
    steps()(m004_seeing)
    steps.apply(Database(connection, execute_plugins=False))


def _run(db: Database, statements: str) -> None:
    """Run statements one by one: executescript would end the transaction."""
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)


def m001_register(db: Database) -> None:
    """Version 1: the register's records, its journal and its index."""
    _run(db, _M001)


_M001 = """
CREATE TABLE "step" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "at" TEXT NOT NULL,
    "who" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "program" TEXT NOT NULL,
    "schema" INTEGER NOT NULL,
    "undoes" INTEGER REFERENCES "step"("id"),
    "sealed" TEXT NOT NULL,
    "prev_digest" TEXT NOT NULL,
    "digest" TEXT NOT NULL
) STRICT;
CREATE TABLE "change" (
    "id" INTEGER PRIMARY KEY,
    "step" INTEGER NOT NULL REFERENCES "step"("id"),
    "kind" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,
    "before" TEXT,
    "after" TEXT,
    "body_digest" TEXT NOT NULL
) STRICT;
CREATE INDEX "change_row" ON "change"("kind", "row");
CREATE INDEX "change_step" ON "change"("step");
CREATE INDEX "change_range" ON "change"("kind", "row") WHERE "last" > 0;
CREATE INDEX "change_gone" ON "change"("kind") WHERE "after" IS NULL AND "last" = 0;
CREATE INDEX "step_undoes" ON "step"("undoes") WHERE "undoes" IS NOT NULL;
CREATE TABLE "tally" ("kind" TEXT PRIMARY KEY, "n" INTEGER NOT NULL) STRICT;
CREATE TABLE "series" (
    "series" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,
    PRIMARY KEY ("series", "year")
) STRICT;
CREATE TABLE "content" ("sha256" TEXT PRIMARY KEY, "size" INTEGER NOT NULL, "bytes" BLOB NOT NULL) STRICT;
CREATE TABLE "shop" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "legal_name" TEXT NOT NULL DEFAULT '',
    "nip" TEXT NOT NULL DEFAULT '',
    "street" TEXT NOT NULL DEFAULT '',
    "postcode" TEXT NOT NULL DEFAULT '',
    "city" TEXT NOT NULL DEFAULT '',
    "email" TEXT NOT NULL DEFAULT '',
    "phone" TEXT NOT NULL DEFAULT '',
    "website" TEXT NOT NULL DEFAULT '',
    "logo" TEXT NOT NULL DEFAULT '',
    "country" TEXT NOT NULL DEFAULT '',
    "currency" TEXT NOT NULL DEFAULT '',
    "language" TEXT,
    "adr_entity" TEXT NOT NULL DEFAULT '',
    "privacy_note" TEXT NOT NULL DEFAULT '',
    "complaint_series" TEXT NOT NULL DEFAULT '',
    "return_series" TEXT NOT NULL DEFAULT '',
    "guarantee_series" TEXT NOT NULL DEFAULT '',
    "document_series" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "shop_name" ON "shop"("name");
CREATE TABLE "channel" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "durable" INTEGER NOT NULL DEFAULT 0,
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "channel_name" ON "channel"("name") WHERE "name" <> '';
CREATE TABLE "cause" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "code" TEXT NOT NULL DEFAULT '',
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "cause_name" ON "cause"("name") WHERE "name" <> '';
CREATE TABLE "person" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT '',
    "email" TEXT NOT NULL DEFAULT '',
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "person_name" ON "person"("name") WHERE "name" <> '';
CREATE TABLE "supplier" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "nip" TEXT NOT NULL DEFAULT '',
    "contact" TEXT NOT NULL DEFAULT '',
    "email" TEXT NOT NULL DEFAULT '',
    "phone" TEXT NOT NULL DEFAULT '',
    "street" TEXT NOT NULL DEFAULT '',
    "postcode" TEXT NOT NULL DEFAULT '',
    "city" TEXT NOT NULL DEFAULT '',
    "country" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "supplier_name" ON "supplier"("name_key");
CREATE VIRTUAL TABLE "search_supplier" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "customer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "buyer_type" TEXT,
    "company" TEXT NOT NULL DEFAULT '',
    "nip" TEXT NOT NULL DEFAULT '',
    "email" TEXT NOT NULL DEFAULT '',
    "phone" TEXT NOT NULL DEFAULT '',
    "login" TEXT NOT NULL DEFAULT '',
    "street" TEXT NOT NULL DEFAULT '',
    "postcode" TEXT NOT NULL DEFAULT '',
    "city" TEXT NOT NULL DEFAULT '',
    "country" TEXT NOT NULL DEFAULT '',
    "external_id" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "customer_name" ON "customer"("name_key");
CREATE INDEX "customer_buyer_type" ON "customer"("buyer_type");
CREATE VIRTUAL TABLE "search_customer" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "product" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "sku" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "ean" TEXT NOT NULL DEFAULT '',
    "category" TEXT NOT NULL DEFAULT '',
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "price" INTEGER,
    "currency" TEXT NOT NULL DEFAULT '',
    "vat_rate" TEXT NOT NULL DEFAULT '',
    "active" INTEGER NOT NULL DEFAULT 1,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "product_sku" ON "product"("sku") WHERE "sku" <> '';
CREATE INDEX "product_name" ON "product"("name_key");
CREATE INDEX "product_supplier" ON "product"("supplier");
CREATE VIRTUAL TABLE "search_product" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "batch" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "product" INTEGER NOT NULL REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "code" TEXT NOT NULL,
    "received_on" TEXT,
    "quantity" INTEGER,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "best_before" TEXT,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "batch_product" ON "batch"("product");
CREATE INDEX "batch_code" ON "batch"("code");
CREATE INDEX "batch_received_on" ON "batch"("received_on");
CREATE INDEX "batch_supplier" ON "batch"("supplier");
CREATE UNIQUE INDEX "batch_product_code" ON "batch"("product", "code");
CREATE TABLE "order" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT '',
    "ordered_at" TEXT NOT NULL,
    "customer" INTEGER REFERENCES "customer"("id") DEFERRABLE INITIALLY DEFERRED,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "status" TEXT NOT NULL DEFAULT '',
    "total" INTEGER,
    "shipping" INTEGER,
    "currency" TEXT NOT NULL DEFAULT '',
    "payment_method" TEXT NOT NULL DEFAULT '',
    "delivered_on" TEXT,
    "courier" TEXT NOT NULL DEFAULT '',
    "tracking_number" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "order_number" ON "order"("number");
CREATE INDEX "order_ordered_at" ON "order"("ordered_at");
CREATE INDEX "order_customer" ON "order"("customer");
CREATE INDEX "order_channel" ON "order"("channel");
CREATE UNIQUE INDEX "order_source_number" ON "order"("source", "number");
CREATE VIRTUAL TABLE "search_order" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "order_line" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "order" INTEGER NOT NULL REFERENCES "order"("id") DEFERRABLE INITIALLY DEFERRED,
    "line" INTEGER,
    "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "sku" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "quantity" INTEGER,
    "unit_price" INTEGER,
    "discount" INTEGER,
    "currency" TEXT NOT NULL DEFAULT '',
    "vat_rate" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "order_line_order" ON "order_line"("order");
CREATE INDEX "order_line_product" ON "order_line"("product");
CREATE TABLE "case" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "kind" TEXT,
    "received_at" TEXT NOT NULL,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "customer" INTEGER REFERENCES "customer"("id") DEFERRABLE INITIALLY DEFERRED,
    "buyer_type" TEXT,
    "order" INTEGER REFERENCES "order"("id") DEFERRABLE INITIALLY DEFERRED,
    "description" TEXT NOT NULL DEFAULT '',
    "noticed_on" TEXT,
    "demand" TEXT,
    "claimed" INTEGER,
    "currency" TEXT NOT NULL DEFAULT '',
    "cause" INTEGER REFERENCES "cause"("id") DEFERRABLE INITIALLY DEFERRED,
    "legal_basis" TEXT,
    "contract_type" TEXT,
    "contract_on" TEXT,
    "sold_on" TEXT,
    "delivered_on" TEXT,
    "sale_document" TEXT,
    "sale_document_number" TEXT NOT NULL DEFAULT '',
    "goods_received_on" TEXT,
    "goods_condition" TEXT NOT NULL DEFAULT '',
    "marketplace_due" TEXT,
    "external_id" TEXT NOT NULL DEFAULT '',
    "state" TEXT,
    "responsible" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "safety" INTEGER NOT NULL DEFAULT 0,
    "note" TEXT NOT NULL DEFAULT '',
    "decision" TEXT,
    "decision_reasons" TEXT NOT NULL DEFAULT '',
    "decided_on" TEXT,
    "decided_by" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "remedy" TEXT NOT NULL DEFAULT '',
    "value_loss" INTEGER,
    "refund" INTEGER,
    "refund_method" TEXT,
    "refunded_on" TEXT,
    "adr" TEXT,
    "closed_on" TEXT
) STRICT;
CREATE UNIQUE INDEX "case_number" ON "case"("number") WHERE "number" <> '';
CREATE INDEX "case_kind" ON "case"("kind", "received_at");
CREATE INDEX "case_received_at" ON "case"("received_at");
CREATE INDEX "case_channel" ON "case"("channel");
CREATE INDEX "case_customer" ON "case"("customer");
CREATE INDEX "case_order" ON "case"("order");
CREATE INDEX "case_demand" ON "case"("demand", "received_at");
CREATE INDEX "case_cause" ON "case"("cause");
CREATE INDEX "case_state" ON "case"("state", "received_at");
CREATE INDEX "case_responsible" ON "case"("responsible");
CREATE INDEX "case_decision" ON "case"("decision", "received_at");
CREATE INDEX "case_decided_by" ON "case"("decided_by");
CREATE VIRTUAL TABLE "search_case" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "case_item" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "order_line" INTEGER REFERENCES "order_line"("id") DEFERRABLE INITIALLY DEFERRED,
    "batch" INTEGER REFERENCES "batch"("id") DEFERRABLE INITIALLY DEFERRED,
    "name" TEXT NOT NULL,
    "sku" TEXT NOT NULL DEFAULT '',
    "serial" TEXT NOT NULL DEFAULT '',
    "quantity" INTEGER,
    "unit_price" INTEGER,
    "currency" TEXT NOT NULL DEFAULT '',
    "vat_rate" TEXT NOT NULL DEFAULT '',
    "defect" TEXT NOT NULL DEFAULT '',
    "outcome" TEXT
) STRICT;
CREATE INDEX "case_item_case" ON "case_item"("case");
CREATE INDEX "case_item_product" ON "case_item"("product");
CREATE INDEX "case_item_order_line" ON "case_item"("order_line");
CREATE INDEX "case_item_batch" ON "case_item"("batch");
CREATE INDEX "case_item_outcome" ON "case_item"("outcome");
CREATE TABLE "message" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "at" TEXT NOT NULL,
    "direction" TEXT,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "author" TEXT NOT NULL DEFAULT '',
    "text" TEXT NOT NULL
) STRICT;
CREATE INDEX "message_case" ON "message"("case");
CREATE INDEX "message_at" ON "message"("at");
CREATE INDEX "message_direction" ON "message"("direction", "at");
CREATE INDEX "message_channel" ON "message"("channel");
CREATE TABLE "attachment" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "media_type" TEXT NOT NULL DEFAULT '',
    "size" INTEGER,
    "added_at" TEXT NOT NULL
) STRICT;
CREATE INDEX "attachment_case" ON "attachment"("case");
CREATE INDEX "attachment_added_at" ON "attachment"("added_at");
CREATE TABLE "document" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "kind" TEXT NOT NULL,
    "language" TEXT,
    "content" TEXT NOT NULL,
    "facts" TEXT NOT NULL DEFAULT '',
    "issued_at" TEXT NOT NULL,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "sent_at" TEXT,
    "delivered_at" TEXT,
    "recipient" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "document_number" ON "document"("number");
CREATE INDEX "document_case" ON "document"("case");
CREATE INDEX "document_kind" ON "document"("kind", "issued_at");
CREATE INDEX "document_language" ON "document"("language", "issued_at");
CREATE INDEX "document_issued_at" ON "document"("issued_at");
CREATE INDEX "document_channel" ON "document"("channel");
CREATE INDEX "document_sent_at" ON "document"("sent_at");
CREATE INDEX "document_delivered_at" ON "document"("delivered_at");
CREATE TABLE "import_batch" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "file" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT '',
    "taken_at" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "rows_read" INTEGER,
    "added" INTEGER,
    "changed" INTEGER,
    "rejected" INTEGER
) STRICT;
CREATE INDEX "import_batch_file" ON "import_batch"("file");
CREATE INDEX "import_batch_taken_at" ON "import_batch"("taken_at");
CREATE TABLE "imported" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "target" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "said" TEXT NOT NULL,
    "batch" INTEGER NOT NULL
) STRICT;
CREATE INDEX "imported_key" ON "imported"("key");
CREATE UNIQUE INDEX "imported_target_source_key" ON "imported"("target", "source", "key");
CREATE TABLE "import_profile" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "mapping" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "import_profile_name" ON "import_profile"("name") WHERE "name" <> '';
"""


def m002_law(db: Database) -> None:
    """Version 2: deadlines, the terms of returns, assessments, claims to suppliers, the accountant's books."""
    _run(db, _M002)


_M002 = """
ALTER TABLE "shop" ADD COLUMN "refund_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "refund_series" = 'E';
ALTER TABLE "shop" ADD COLUMN "mistake_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "mistake_series" = 'P';
ALTER TABLE "shop" ADD COLUMN "supplier_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "supplier_series" = 'S';
ALTER TABLE "shop" ADD COLUMN "informs_of_withdrawal" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "shop" ADD COLUMN "return_address" TEXT NOT NULL DEFAULT '';
ALTER TABLE "shop" ADD COLUMN "partial_delivery" TEXT;
UPDATE "shop" SET "partial_delivery" = 'none';
ALTER TABLE "shop" ADD COLUMN "voluntary_days" INTEGER;
ALTER TABLE "shop" ADD COLUMN "voluntary_terms" TEXT NOT NULL DEFAULT '';
ALTER TABLE "shop" ADD COLUMN "cash_register" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "shop" ADD COLUMN "cash_register_number" TEXT NOT NULL DEFAULT '';
ALTER TABLE "shop" ADD COLUMN "vat_exempt" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "shop" ADD COLUMN "vat_period" TEXT;
UPDATE "shop" SET "vat_period" = 'refund_month';
ALTER TABLE "shop" ADD COLUMN "accountant" TEXT NOT NULL DEFAULT '';
ALTER TABLE "channel" ADD COLUMN "own_form" INTEGER NOT NULL DEFAULT 0;
UPDATE "channel" SET "own_form" = 1 WHERE "name" IN ('Website form', 'Formularz na stronie');
ALTER TABLE "channel" ADD COLUMN "delivery_days" INTEGER;
UPDATE "channel" SET "delivery_days" = CASE WHEN "name" IN ('Post', 'Poczta') THEN 5 ELSE 0 END;
ALTER TABLE "case" ADD COLUMN "buyer_reasons" TEXT NOT NULL DEFAULT '';
ALTER TABLE "case" ADD COLUMN "basis_reasons" TEXT NOT NULL DEFAULT '';
ALTER TABLE "case" ADD COLUMN "ceidg_checked_on" TEXT;
ALTER TABLE "case" ADD COLUMN "goods_kind" TEXT;
UPDATE "case" SET "goods_kind" = 'goods';
ALTER TABLE "case" ADD COLUMN "guarantee_days" INTEGER;
ALTER TABLE "case" ADD COLUMN "examined_on" TEXT;
ALTER TABLE "case" ADD COLUMN "warranty_excluded" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "case" ADD COLUMN "second_tier" TEXT;
ALTER TABLE "case" ADD COLUMN "second_tier_on" TEXT;
ALTER TABLE "case" ADD COLUMN "goods_sent_on" TEXT;
ALTER TABLE "case" ADD COLUMN "disputed_on" TEXT;
ALTER TABLE "case" ADD COLUMN "dispute_outcome" TEXT NOT NULL DEFAULT '';
ALTER TABLE "case" ADD COLUMN "remedy_kind" TEXT;
ALTER TABLE "case" ADD COLUMN "remedy_started_on" TEXT;
ALTER TABLE "case" ADD COLUMN "remedy_done_on" TEXT;
ALTER TABLE "case" ADD COLUMN "remedy_cost" INTEGER;
ALTER TABLE "case" ADD COLUMN "reduction_method" TEXT;
ALTER TABLE "case" ADD COLUMN "refund_reason" TEXT NOT NULL DEFAULT '';
ALTER TABLE "case" ADD COLUMN "refund_consent_on" TEXT;
ALTER TABLE "case" ADD COLUMN "cash_register_number" TEXT NOT NULL DEFAULT '';
ALTER TABLE "case" ADD COLUMN "corrected_by" TEXT;
ALTER TABLE "case" ADD COLUMN "deemed_accepted_on" TEXT;
ALTER TABLE "case_item" ADD COLUMN "sold_on" TEXT;
ALTER TABLE "case_item" ADD COLUMN "sale_document_number" TEXT NOT NULL DEFAULT '';
ALTER TABLE "case_item" ADD COLUMN "discount" INTEGER;
CREATE TABLE "return_details" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "statement" TEXT NOT NULL DEFAULT '',
    "statement_sent_on" TEXT,
    "delivery_kind" TEXT,
    "informed" TEXT,
    "informed_on" TEXT,
    "informed_how" TEXT NOT NULL DEFAULT '',
    "exclusion" TEXT,
    "exclusion_evidence" TEXT NOT NULL DEFAULT '',
    "collection_offered" INTEGER NOT NULL DEFAULT 0,
    "shop_pays_return" INTEGER NOT NULL DEFAULT 0,
    "exchanged_for" TEXT NOT NULL DEFAULT '',
    "inspected_on" TEXT,
    "inspected_by" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "condition" TEXT,
    "condition_notes" TEXT NOT NULL DEFAULT '',
    "diminished" INTEGER,
    "diminished_reasons" TEXT NOT NULL DEFAULT '',
    "delivery_paid" INTEGER,
    "delivery_cheapest" INTEGER,
    "services_due" INTEGER
) STRICT;
CREATE UNIQUE INDEX "return_details_case" ON "return_details"("case");
CREATE INDEX "return_details_inspected_by" ON "return_details"("inspected_by");
CREATE TABLE "deadline" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "rule" TEXT NOT NULL,
    "version" TEXT NOT NULL DEFAULT '',
    "kind" TEXT,
    "whose" TEXT,
    "legal" TEXT NOT NULL,
    "nominal" TEXT NOT NULL,
    "start" TEXT NOT NULL,
    "state" TEXT,
    "soft" INTEGER NOT NULL DEFAULT 0,
    "satisfied_at" TEXT,
    "reasoning_pl" TEXT NOT NULL DEFAULT '',
    "reasoning_en" TEXT NOT NULL DEFAULT '',
    "snoozed_until" TEXT,
    "snooze_reason" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "deadline_case" ON "deadline"("case");
CREATE INDEX "deadline_rule" ON "deadline"("rule");
CREATE INDEX "deadline_kind" ON "deadline"("kind", "legal");
CREATE INDEX "deadline_whose" ON "deadline"("whose", "legal");
CREATE INDEX "deadline_legal" ON "deadline"("legal");
CREATE INDEX "deadline_nominal" ON "deadline"("nominal");
CREATE INDEX "deadline_start" ON "deadline"("start");
CREATE INDEX "deadline_state" ON "deadline"("state", "legal");
CREATE INDEX "deadline_satisfied_at" ON "deadline"("satisfied_at");
CREATE UNIQUE INDEX "deadline_case_rule" ON "deadline"("case", "rule");
CREATE TABLE "check_answer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "question" TEXT NOT NULL,
    "answer" TEXT,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "check_answer_case" ON "check_answer"("case");
CREATE INDEX "check_answer_answer" ON "check_answer"("answer");
CREATE UNIQUE INDEX "check_answer_case_question" ON "check_answer"("case", "question");
CREATE TABLE "supplier_claim" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER NOT NULL REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "number" TEXT NOT NULL DEFAULT '',
    "supplier" INTEGER NOT NULL REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "noticed_on" TEXT,
    "sent_on" TEXT,
    "basis" TEXT NOT NULL DEFAULT '',
    "demand" TEXT,
    "amount" INTEGER,
    "document" INTEGER REFERENCES "document"("id") DEFERRABLE INITIALLY DEFERRED,
    "reply_by" TEXT,
    "replied_on" TEXT,
    "reply" TEXT NOT NULL DEFAULT '',
    "outcome" TEXT,
    "recovered" INTEGER
) STRICT;
CREATE INDEX "supplier_claim_case" ON "supplier_claim"("case");
CREATE UNIQUE INDEX "supplier_claim_number" ON "supplier_claim"("number") WHERE "number" <> '';
CREATE INDEX "supplier_claim_supplier" ON "supplier_claim"("supplier");
CREATE INDEX "supplier_claim_sent_on" ON "supplier_claim"("sent_on");
CREATE INDEX "supplier_claim_demand" ON "supplier_claim"("demand", "sent_on");
CREATE INDEX "supplier_claim_document" ON "supplier_claim"("document");
CREATE INDEX "supplier_claim_reply_by" ON "supplier_claim"("reply_by");
CREATE INDEX "supplier_claim_outcome" ON "supplier_claim"("outcome", "sent_on");
CREATE TABLE "refund_entry" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "month" TEXT NOT NULL DEFAULT '',
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "sold_on" TEXT NOT NULL,
    "returned_on" TEXT NOT NULL,
    "refunded_on" TEXT,
    "item_name" TEXT NOT NULL,
    "item_description" TEXT NOT NULL DEFAULT '',
    "reason" TEXT,
    "extent" TEXT,
    "vat_rate" TEXT NOT NULL,
    "gross" INTEGER NOT NULL,
    "vat" INTEGER,
    "sale_document" TEXT,
    "sale_document_number" TEXT NOT NULL DEFAULT '',
    "cash_register_number" TEXT NOT NULL DEFAULT '',
    "refund_method" TEXT,
    "protocol" INTEGER REFERENCES "document"("id") DEFERRABLE INITIALLY DEFERRED,
    "protocol_number" TEXT NOT NULL DEFAULT '',
    "seller_signed_on" TEXT,
    "buyer_signed_on" TEXT,
    "signature_form" TEXT,
    "substitute_evidence" TEXT NOT NULL DEFAULT '',
    "currency" TEXT NOT NULL DEFAULT '',
    "amount_paid" INTEGER,
    "exchange_rate" TEXT NOT NULL DEFAULT '',
    "rate_on" TEXT,
    "rate_table" TEXT NOT NULL DEFAULT '',
    "storno_of" TEXT NOT NULL DEFAULT '',
    "storno_reason" TEXT NOT NULL DEFAULT '',
    "remarks" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "refund_entry_number" ON "refund_entry"("number") WHERE "number" <> '';
CREATE INDEX "refund_entry_case" ON "refund_entry"("case");
CREATE INDEX "refund_entry_sold_on" ON "refund_entry"("sold_on");
CREATE INDEX "refund_entry_returned_on" ON "refund_entry"("returned_on");
CREATE INDEX "refund_entry_refunded_on" ON "refund_entry"("refunded_on");
CREATE INDEX "refund_entry_reason" ON "refund_entry"("reason", "sold_on");
CREATE INDEX "refund_entry_extent" ON "refund_entry"("extent", "sold_on");
CREATE INDEX "refund_entry_sale_document" ON "refund_entry"("sale_document", "sold_on");
CREATE INDEX "refund_entry_refund_method" ON "refund_entry"("refund_method", "sold_on");
CREATE INDEX "refund_entry_protocol" ON "refund_entry"("protocol");
CREATE INDEX "refund_entry_buyer_signed_on" ON "refund_entry"("buyer_signed_on");
CREATE TABLE "mistake_entry" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "month" TEXT NOT NULL DEFAULT '',
    "sold_on" TEXT NOT NULL,
    "found_on" TEXT NOT NULL,
    "receipt_number" TEXT NOT NULL,
    "cash_register_number" TEXT NOT NULL DEFAULT '',
    "quantity" INTEGER,
    "vat_rate" TEXT NOT NULL,
    "gross" INTEGER NOT NULL,
    "vat" INTEGER,
    "cause" TEXT NOT NULL,
    "original_attached" INTEGER NOT NULL DEFAULT 1,
    "why_not_attached" TEXT NOT NULL DEFAULT '',
    "correct_receipt" TEXT NOT NULL DEFAULT '',
    "who" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "storno_of" TEXT NOT NULL DEFAULT '',
    "storno_reason" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "mistake_entry_number" ON "mistake_entry"("number") WHERE "number" <> '';
CREATE INDEX "mistake_entry_sold_on" ON "mistake_entry"("sold_on");
CREATE INDEX "mistake_entry_found_on" ON "mistake_entry"("found_on");
CREATE INDEX "mistake_entry_who" ON "mistake_entry"("who");
CREATE TABLE "invoice_correction" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "invoice_number" TEXT NOT NULL,
    "ksef_number" TEXT NOT NULL DEFAULT '',
    "invoice_on" TEXT,
    "buyer" TEXT NOT NULL DEFAULT '',
    "buyer_nip" TEXT NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "vat_rate" TEXT NOT NULL,
    "gross_before" INTEGER NOT NULL,
    "gross_after" INTEGER NOT NULL,
    "currency" TEXT NOT NULL DEFAULT '',
    "correction_number" TEXT NOT NULL DEFAULT '',
    "correction_ksef_number" TEXT NOT NULL DEFAULT '',
    "issued_on" TEXT
) STRICT;
CREATE INDEX "invoice_correction_case" ON "invoice_correction"("case");
CREATE INDEX "invoice_correction_invoice_number" ON "invoice_correction"("invoice_number");
CREATE INDEX "invoice_correction_invoice_on" ON "invoice_correction"("invoice_on");
CREATE INDEX "invoice_correction_issued_on" ON "invoice_correction"("issued_on");
CREATE TABLE "month_lock" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "month" TEXT NOT NULL,
    "locked_at" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "pack" TEXT NOT NULL DEFAULT '',
    "reopened_at" TEXT,
    "reopened_why" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "month_lock_month" ON "month_lock"("month");
CREATE INDEX "month_lock_locked_at" ON "month_lock"("locked_at");
CREATE INDEX "month_lock_reopened_at" ON "month_lock"("reopened_at");
CREATE TABLE "payment" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "booked_on" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "currency" TEXT NOT NULL DEFAULT '',
    "counterparty" TEXT NOT NULL DEFAULT '',
    "description" TEXT NOT NULL DEFAULT '',
    "reference" TEXT NOT NULL DEFAULT '',
    "operation" TEXT NOT NULL DEFAULT '',
    "source" TEXT,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "state" TEXT
) STRICT;
CREATE INDEX "payment_booked_on" ON "payment"("booked_on");
CREATE INDEX "payment_description" ON "payment"("description");
CREATE INDEX "payment_source" ON "payment"("source", "booked_on");
CREATE INDEX "payment_case" ON "payment"("case");
CREATE INDEX "payment_state" ON "payment"("state", "booked_on");
CREATE VIRTUAL TABLE "search_payment" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "rule_switch" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "rule" TEXT NOT NULL,
    "enabled" INTEGER NOT NULL DEFAULT 1,
    "valid_from" TEXT,
    "why" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "rule_switch_rule" ON "rule_switch"("rule") WHERE "rule" <> '';
CREATE INDEX "rule_switch_valid_from" ON "rule_switch"("valid_from");
CREATE TABLE "text_block" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "language" TEXT,
    "text" TEXT NOT NULL
) STRICT;
CREATE INDEX "text_block_key" ON "text_block"("key");
CREATE INDEX "text_block_language" ON "text_block"("language");
CREATE UNIQUE INDEX "text_block_key_language" ON "text_block"("key", "language");
"""


def m003_quality(db: Database) -> None:
    """Version 3: checklists and audits, actions and their causes, processes, ratings, trainings, reviews."""
    _run(db, _M003)


_M003 = """
ALTER TABLE "shop" ADD COLUMN "audit_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "audit_series" = 'A';
ALTER TABLE "shop" ADD COLUMN "action_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "action_series" = 'N';
ALTER TABLE "shop" ADD COLUMN "review_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "review_series" = 'K';
ALTER TABLE "shop" ADD COLUMN "claim_list_series" TEXT NOT NULL DEFAULT '';
UPDATE "shop" SET "claim_list_series" = 'L';
ALTER TABLE "shop" ADD COLUMN "weight_lead_time" INTEGER;
UPDATE "shop" SET "weight_lead_time" = 1;
ALTER TABLE "shop" ADD COLUMN "weight_accuracy" INTEGER;
UPDATE "shop" SET "weight_accuracy" = 1;
ALTER TABLE "shop" ADD COLUMN "weight_returns" INTEGER;
UPDATE "shop" SET "weight_returns" = 1;
ALTER TABLE "shop" ADD COLUMN "weight_service" INTEGER;
UPDATE "shop" SET "weight_service" = 1;
ALTER TABLE "shop" ADD COLUMN "weight_price_clarity" INTEGER;
UPDATE "shop" SET "weight_price_clarity" = 1;
ALTER TABLE "shop" ADD COLUMN "weight_references" INTEGER;
UPDATE "shop" SET "weight_references" = 1;
ALTER TABLE "supplier" ADD COLUMN "kind" TEXT;
UPDATE "supplier" SET "kind" = 'supplier';
CREATE INDEX "supplier_kind" ON "supplier"("kind");
CREATE TABLE "supplier_rating" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "supplier" INTEGER NOT NULL REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "on" TEXT NOT NULL,
    "by" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "lead_time" INTEGER,
    "accuracy" INTEGER,
    "returns" INTEGER,
    "service" INTEGER,
    "price_clarity" INTEGER,
    "references" INTEGER,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "supplier_rating_on" ON "supplier_rating"("on");
CREATE INDEX "supplier_rating_by" ON "supplier_rating"("by") WHERE "by" IS NOT NULL;
CREATE UNIQUE INDEX "supplier_rating_supplier_on" ON "supplier_rating"("supplier", "on");
CREATE TABLE "claim_list" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "supplier" INTEGER NOT NULL REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "made_on" TEXT NOT NULL,
    "sent_on" TEXT,
    "reply_by" TEXT,
    "replied_on" TEXT,
    "reply" TEXT NOT NULL DEFAULT '',
    "letter" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "claim_list_number" ON "claim_list"("number") WHERE "number" <> '';
CREATE INDEX "claim_list_supplier" ON "claim_list"("supplier");
CREATE INDEX "claim_list_made_on" ON "claim_list"("made_on");
CREATE INDEX "claim_list_sent_on" ON "claim_list"("sent_on");
CREATE INDEX "claim_list_reply_by" ON "claim_list"("reply_by");
CREATE INDEX "claim_list_replied_on" ON "claim_list"("replied_on");
CREATE VIRTUAL TABLE "search_claim_list" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "process" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL DEFAULT '',
    "owner" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "process_name" ON "process"("name") WHERE "name" <> '';
CREATE INDEX "process_owner" ON "process"("owner") WHERE "owner" IS NOT NULL;
CREATE VIRTUAL TABLE "search_process" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "process_step" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "process" INTEGER NOT NULL REFERENCES "process"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "name" TEXT NOT NULL,
    "kind" TEXT,
    "lane" TEXT NOT NULL DEFAULT '',
    "owner" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "input" TEXT NOT NULL DEFAULT '',
    "output" TEXT NOT NULL DEFAULT '',
    "strengths" TEXT NOT NULL DEFAULT '',
    "weaknesses" TEXT NOT NULL DEFAULT '',
    "indicator" TEXT NOT NULL DEFAULT '',
    "risk" TEXT
) STRICT;
CREATE INDEX "process_step_process" ON "process_step"("process");
CREATE INDEX "process_step_kind" ON "process_step"("kind");
CREATE INDEX "process_step_owner" ON "process_step"("owner") WHERE "owner" IS NOT NULL;
CREATE INDEX "process_step_risk" ON "process_step"("risk");
CREATE TABLE "process_link" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "start" INTEGER NOT NULL REFERENCES "process_step"("id") DEFERRABLE INITIALLY DEFERRED,
    "end" INTEGER NOT NULL REFERENCES "process_step"("id") DEFERRABLE INITIALLY DEFERRED,
    "label" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "process_link_end" ON "process_link"("end");
CREATE UNIQUE INDEX "process_link_start_end" ON "process_link"("start", "end");
DROP INDEX "product_supplier";
CREATE INDEX "product_supplier" ON "product"("supplier") WHERE "supplier" IS NOT NULL;
ALTER TABLE "batch" ADD COLUMN "sample_size" INTEGER;
ALTER TABLE "batch" ADD COLUMN "sample_accepts" INTEGER;
ALTER TABLE "batch" ADD COLUMN "sample_picks" TEXT NOT NULL DEFAULT '';
ALTER TABLE "batch" ADD COLUMN "sample_plan" TEXT NOT NULL DEFAULT '';
ALTER TABLE "batch" ADD COLUMN "inspected_on" TEXT;
ALTER TABLE "batch" ADD COLUMN "defects_found" INTEGER;
DROP INDEX "batch_supplier";
CREATE INDEX "batch_supplier" ON "batch"("supplier") WHERE "supplier" IS NOT NULL;
CREATE INDEX "batch_inspected_on" ON "batch"("inspected_on");
DROP INDEX "batch_product";
DROP INDEX "order_customer";
CREATE INDEX "order_customer" ON "order"("customer") WHERE "customer" IS NOT NULL;
DROP INDEX "order_channel";
CREATE INDEX "order_channel" ON "order"("channel") WHERE "channel" IS NOT NULL;
DROP INDEX "order_line_product";
CREATE INDEX "order_line_product" ON "order_line"("product") WHERE "product" IS NOT NULL;
ALTER TABLE "case" ADD COLUMN "process_step" INTEGER REFERENCES "process_step"("id") DEFERRABLE INITIALLY DEFERRED;
DROP INDEX "case_channel";
CREATE INDEX "case_channel" ON "case"("channel") WHERE "channel" IS NOT NULL;
DROP INDEX "case_customer";
CREATE INDEX "case_customer" ON "case"("customer") WHERE "customer" IS NOT NULL;
DROP INDEX "case_order";
CREATE INDEX "case_order" ON "case"("order") WHERE "order" IS NOT NULL;
DROP INDEX "case_cause";
CREATE INDEX "case_cause" ON "case"("cause") WHERE "cause" IS NOT NULL;
CREATE INDEX "case_process_step" ON "case"("process_step") WHERE "process_step" IS NOT NULL;
DROP INDEX "case_responsible";
CREATE INDEX "case_responsible" ON "case"("responsible") WHERE "responsible" IS NOT NULL;
DROP INDEX "case_decided_by";
CREATE INDEX "case_decided_by" ON "case"("decided_by") WHERE "decided_by" IS NOT NULL;
DROP INDEX "case_item_product";
CREATE INDEX "case_item_product" ON "case_item"("product") WHERE "product" IS NOT NULL;
DROP INDEX "case_item_order_line";
CREATE INDEX "case_item_order_line" ON "case_item"("order_line") WHERE "order_line" IS NOT NULL;
DROP INDEX "case_item_batch";
CREATE INDEX "case_item_batch" ON "case_item"("batch") WHERE "batch" IS NOT NULL;
DROP INDEX "message_channel";
CREATE INDEX "message_channel" ON "message"("channel") WHERE "channel" IS NOT NULL;
DROP INDEX "document_channel";
CREATE INDEX "document_channel" ON "document"("channel") WHERE "channel" IS NOT NULL;
DROP INDEX "document_sent_at";
DROP INDEX "document_delivered_at";
DROP INDEX "return_details_inspected_by";
CREATE INDEX "return_details_inspected_by" ON "return_details"("inspected_by") WHERE "inspected_by" IS NOT NULL;
DROP INDEX "deadline_case";
DROP INDEX "deadline_nominal";
DROP INDEX "deadline_start";
DROP INDEX "deadline_satisfied_at";
DROP INDEX "check_answer_case";
ALTER TABLE "supplier_claim" ADD COLUMN "claim_list" INTEGER REFERENCES "claim_list"("id") DEFERRABLE INITIALLY DEFERRED;
DROP INDEX "supplier_claim_document";
CREATE INDEX "supplier_claim_document" ON "supplier_claim"("document") WHERE "document" IS NOT NULL;
CREATE INDEX "supplier_claim_claim_list" ON "supplier_claim"("claim_list") WHERE "claim_list" IS NOT NULL;
DROP INDEX "supplier_claim_reply_by";
DROP INDEX "refund_entry_case";
CREATE INDEX "refund_entry_case" ON "refund_entry"("case") WHERE "case" IS NOT NULL;
DROP INDEX "refund_entry_protocol";
CREATE INDEX "refund_entry_protocol" ON "refund_entry"("protocol") WHERE "protocol" IS NOT NULL;
DROP INDEX "mistake_entry_who";
CREATE INDEX "mistake_entry_who" ON "mistake_entry"("who") WHERE "who" IS NOT NULL;
DROP INDEX "invoice_correction_case";
CREATE INDEX "invoice_correction_case" ON "invoice_correction"("case") WHERE "case" IS NOT NULL;
DROP INDEX "payment_case";
CREATE INDEX "payment_case" ON "payment"("case") WHERE "case" IS NOT NULL;
CREATE TABLE "checklist" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "kind" TEXT,
    "language" TEXT,
    "purpose" TEXT NOT NULL DEFAULT '',
    "criteria" TEXT NOT NULL DEFAULT '',
    "pass_mark" INTEGER,
    "version" INTEGER,
    "key" TEXT NOT NULL DEFAULT '',
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "checklist_name" ON "checklist"("name") WHERE "name" <> '';
CREATE INDEX "checklist_kind" ON "checklist"("kind");
CREATE INDEX "checklist_language" ON "checklist"("language");
CREATE VIRTUAL TABLE "search_checklist" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "question" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "checklist" INTEGER NOT NULL REFERENCES "checklist"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "section" TEXT NOT NULL DEFAULT '',
    "wording" TEXT NOT NULL,
    "type" TEXT,
    "options" TEXT NOT NULL DEFAULT '',
    "least" INTEGER,
    "most" INTEGER,
    "unit" TEXT NOT NULL DEFAULT '',
    "weight" INTEGER,
    "critical" INTEGER NOT NULL DEFAULT 0,
    "clause" TEXT NOT NULL DEFAULT '',
    "guidance" TEXT NOT NULL DEFAULT '',
    "picture" TEXT NOT NULL DEFAULT '',
    "shown_by" INTEGER REFERENCES "question"("id") DEFERRABLE INITIALLY DEFERRED,
    "shown_for" TEXT NOT NULL DEFAULT '',
    "note_when_failed" INTEGER NOT NULL DEFAULT 1,
    "photo_when_failed" INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX "question_checklist" ON "question"("checklist");
CREATE INDEX "question_type" ON "question"("type");
CREATE INDEX "question_shown_by" ON "question"("shown_by") WHERE "shown_by" IS NOT NULL;
CREATE TABLE "planned_audit" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "checklist" INTEGER NOT NULL REFERENCES "checklist"("id") DEFERRABLE INITIALLY DEFERRED,
    "name" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "auditor" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "process" INTEGER REFERENCES "process"("id") DEFERRABLE INITIALLY DEFERRED,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "rhythm" TEXT,
    "risk" TEXT,
    "on_days" TEXT,
    "first_on" TEXT NOT NULL,
    "last_on" TEXT,
    "objective" TEXT NOT NULL DEFAULT '',
    "scope" TEXT NOT NULL DEFAULT '',
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX "planned_audit_checklist" ON "planned_audit"("checklist");
CREATE INDEX "planned_audit_name" ON "planned_audit"("name");
CREATE INDEX "planned_audit_auditor" ON "planned_audit"("auditor") WHERE "auditor" IS NOT NULL;
CREATE INDEX "planned_audit_process" ON "planned_audit"("process") WHERE "process" IS NOT NULL;
CREATE INDEX "planned_audit_supplier" ON "planned_audit"("supplier") WHERE "supplier" IS NOT NULL;
CREATE INDEX "planned_audit_rhythm" ON "planned_audit"("rhythm", "first_on");
CREATE INDEX "planned_audit_risk" ON "planned_audit"("risk", "first_on");
CREATE INDEX "planned_audit_first_on" ON "planned_audit"("first_on");
CREATE TABLE "audit" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "checklist" INTEGER NOT NULL REFERENCES "checklist"("id") DEFERRABLE INITIALLY DEFERRED,
    "version" INTEGER,
    "plan" INTEGER REFERENCES "planned_audit"("id") DEFERRABLE INITIALLY DEFERRED,
    "planned_for" TEXT,
    "place" TEXT NOT NULL DEFAULT '',
    "auditor" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "team" TEXT NOT NULL DEFAULT '',
    "auditee" TEXT NOT NULL DEFAULT '',
    "independent" INTEGER NOT NULL DEFAULT 1,
    "process" INTEGER REFERENCES "process"("id") DEFERRABLE INITIALLY DEFERRED,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "batch" INTEGER REFERENCES "batch"("id") DEFERRABLE INITIALLY DEFERRED,
    "objective" TEXT NOT NULL DEFAULT '',
    "scope" TEXT NOT NULL DEFAULT '',
    "criteria" TEXT NOT NULL DEFAULT '',
    "pass_mark" INTEGER,
    "state" TEXT,
    "started_at" TEXT NOT NULL,
    "finished_at" TEXT,
    "score" INTEGER,
    "passed" INTEGER NOT NULL DEFAULT 0,
    "conclusion" TEXT NOT NULL DEFAULT '',
    "abandoned_because" TEXT NOT NULL DEFAULT '',
    "reopened_because" TEXT NOT NULL DEFAULT '',
    "distribution" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "audit_number" ON "audit"("number") WHERE "number" <> '';
CREATE INDEX "audit_checklist" ON "audit"("checklist");
CREATE INDEX "audit_plan" ON "audit"("plan") WHERE "plan" IS NOT NULL;
CREATE INDEX "audit_auditor" ON "audit"("auditor") WHERE "auditor" IS NOT NULL;
CREATE INDEX "audit_process" ON "audit"("process") WHERE "process" IS NOT NULL;
CREATE INDEX "audit_supplier" ON "audit"("supplier") WHERE "supplier" IS NOT NULL;
CREATE INDEX "audit_batch" ON "audit"("batch") WHERE "batch" IS NOT NULL;
CREATE INDEX "audit_state" ON "audit"("state", "started_at");
CREATE INDEX "audit_started_at" ON "audit"("started_at");
CREATE INDEX "audit_finished_at" ON "audit"("finished_at");
CREATE VIRTUAL TABLE "search_audit" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "audit_answer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "audit" INTEGER NOT NULL REFERENCES "audit"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "section" TEXT NOT NULL DEFAULT '',
    "wording" TEXT NOT NULL,
    "type" TEXT,
    "options" TEXT NOT NULL DEFAULT '',
    "least" INTEGER,
    "most" INTEGER,
    "unit" TEXT NOT NULL DEFAULT '',
    "weight" INTEGER,
    "critical" INTEGER NOT NULL DEFAULT 0,
    "clause" TEXT NOT NULL DEFAULT '',
    "guidance" TEXT NOT NULL DEFAULT '',
    "picture" TEXT NOT NULL DEFAULT '',
    "shown_by" INTEGER,
    "shown_for" TEXT NOT NULL DEFAULT '',
    "note_when_failed" INTEGER NOT NULL DEFAULT 1,
    "photo_when_failed" INTEGER NOT NULL DEFAULT 0,
    "value" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "answered_at" TEXT
) STRICT;
CREATE INDEX "audit_answer_answered_at" ON "audit_answer"("answered_at");
CREATE UNIQUE INDEX "audit_answer_audit_position" ON "audit_answer"("audit", "position");
CREATE TABLE "answer_photo" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "answer" INTEGER NOT NULL REFERENCES "audit_answer"("id") DEFERRABLE INITIALLY DEFERRED,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "size" INTEGER,
    "added_at" TEXT NOT NULL
) STRICT;
CREATE INDEX "answer_photo_answer" ON "answer_photo"("answer");
CREATE INDEX "answer_photo_added_at" ON "answer_photo"("added_at");
CREATE TABLE "finding" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "audit" INTEGER NOT NULL REFERENCES "audit"("id") DEFERRABLE INITIALLY DEFERRED,
    "answer" INTEGER REFERENCES "audit_answer"("id") DEFERRABLE INITIALLY DEFERRED,
    "grade" TEXT,
    "statement" TEXT NOT NULL,
    "requirement" TEXT NOT NULL DEFAULT '',
    "evidence" TEXT NOT NULL DEFAULT '',
    "process_step" INTEGER REFERENCES "process_step"("id") DEFERRABLE INITIALLY DEFERRED,
    "owner" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "due_on" TEXT,
    "decision" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "finding_audit" ON "finding"("audit");
CREATE INDEX "finding_answer" ON "finding"("answer") WHERE "answer" IS NOT NULL;
CREATE INDEX "finding_grade" ON "finding"("grade", "due_on");
CREATE INDEX "finding_process_step" ON "finding"("process_step") WHERE "process_step" IS NOT NULL;
CREATE INDEX "finding_owner" ON "finding"("owner") WHERE "owner" IS NOT NULL;
CREATE INDEX "finding_due_on" ON "finding"("due_on");
CREATE TABLE "review" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "kind" TEXT,
    "held_on" TEXT NOT NULL,
    "since" TEXT,
    "until" TEXT,
    "participants" TEXT NOT NULL DEFAULT '',
    "conclusion" TEXT NOT NULL DEFAULT '',
    "finished_at" TEXT
) STRICT;
CREATE UNIQUE INDEX "review_number" ON "review"("number") WHERE "number" <> '';
CREATE INDEX "review_kind" ON "review"("kind", "held_on");
CREATE INDEX "review_held_on" ON "review"("held_on");
CREATE INDEX "review_since" ON "review"("since");
CREATE INDEX "review_until" ON "review"("until");
CREATE INDEX "review_finished_at" ON "review"("finished_at");
CREATE VIRTUAL TABLE "search_review" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "idea" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "what" TEXT NOT NULL,
    "by" TEXT NOT NULL DEFAULT '',
    "on" TEXT NOT NULL,
    "gain" TEXT NOT NULL DEFAULT '',
    "state" TEXT,
    "answer" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "idea_on" ON "idea"("on");
CREATE INDEX "idea_state" ON "idea"("state", "on");
CREATE VIRTUAL TABLE "search_idea" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "action" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "kind" TEXT,
    "opened_on" TEXT NOT NULL,
    "owner" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "due_on" TEXT,
    "state" TEXT,
    "source" TEXT,
    "finding" INTEGER REFERENCES "finding"("id") DEFERRABLE INITIALLY DEFERRED,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "review" INTEGER REFERENCES "review"("id") DEFERRABLE INITIALLY DEFERRED,
    "idea" INTEGER REFERENCES "idea"("id") DEFERRABLE INITIALLY DEFERRED,
    "process_step" INTEGER REFERENCES "process_step"("id") DEFERRABLE INITIALLY DEFERRED,
    "reopens" INTEGER REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "description" TEXT NOT NULL DEFAULT '',
    "requirement" TEXT NOT NULL DEFAULT '',
    "extent" TEXT NOT NULL DEFAULT '',
    "team" TEXT NOT NULL DEFAULT '',
    "containment" TEXT NOT NULL DEFAULT '',
    "contained_on" TEXT,
    "correction" TEXT NOT NULL DEFAULT '',
    "corrected_on" TEXT,
    "cause_method" TEXT,
    "cause_text" TEXT NOT NULL DEFAULT '',
    "cause" INTEGER REFERENCES "cause"("id") DEFERRABLE INITIALLY DEFERRED,
    "plan" TEXT NOT NULL DEFAULT '',
    "indicator" TEXT NOT NULL DEFAULT '',
    "criterion" TEXT NOT NULL DEFAULT '',
    "criterion_on" TEXT,
    "waiting_days" INTEGER,
    "done_on" TEXT,
    "verify_on" TEXT,
    "verified_on" TEXT,
    "verified_by" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "verdict_reasons" TEXT NOT NULL DEFAULT '',
    "standardised" TEXT NOT NULL DEFAULT '',
    "risks_updated" INTEGER NOT NULL DEFAULT 0,
    "recognition" TEXT NOT NULL DEFAULT '',
    "cost" INTEGER,
    "gain" INTEGER,
    "dropped_because" TEXT NOT NULL DEFAULT '',
    "closed_on" TEXT
) STRICT;
CREATE UNIQUE INDEX "action_number" ON "action"("number") WHERE "number" <> '';
CREATE INDEX "action_kind" ON "action"("kind", "opened_on");
CREATE INDEX "action_opened_on" ON "action"("opened_on");
CREATE INDEX "action_owner" ON "action"("owner") WHERE "owner" IS NOT NULL;
CREATE INDEX "action_due_on" ON "action"("due_on");
CREATE INDEX "action_state" ON "action"("state", "opened_on");
CREATE INDEX "action_source" ON "action"("source", "opened_on");
CREATE INDEX "action_finding" ON "action"("finding") WHERE "finding" IS NOT NULL;
CREATE INDEX "action_case" ON "action"("case") WHERE "case" IS NOT NULL;
CREATE INDEX "action_review" ON "action"("review") WHERE "review" IS NOT NULL;
CREATE INDEX "action_idea" ON "action"("idea") WHERE "idea" IS NOT NULL;
CREATE INDEX "action_process_step" ON "action"("process_step") WHERE "process_step" IS NOT NULL;
CREATE INDEX "action_reopens" ON "action"("reopens") WHERE "reopens" IS NOT NULL;
CREATE INDEX "action_cause" ON "action"("cause") WHERE "cause" IS NOT NULL;
CREATE INDEX "action_verify_on" ON "action"("verify_on");
CREATE INDEX "action_verified_by" ON "action"("verified_by") WHERE "verified_by" IS NOT NULL;
CREATE VIRTUAL TABLE "search_action" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "review_point" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "review" INTEGER NOT NULL REFERENCES "review"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "topic" TEXT NOT NULL,
    "what" TEXT NOT NULL DEFAULT '',
    "facts" TEXT NOT NULL DEFAULT '',
    "decision" TEXT NOT NULL DEFAULT '',
    "decided_at" TEXT,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "action" INTEGER REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "plan" INTEGER REFERENCES "planned_audit"("id") DEFERRABLE INITIALLY DEFERRED,
    "raised" INTEGER REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX "review_point_review" ON "review_point"("review");
CREATE INDEX "review_point_topic" ON "review_point"("topic");
CREATE INDEX "review_point_case" ON "review_point"("case") WHERE "case" IS NOT NULL;
CREATE INDEX "review_point_action" ON "review_point"("action") WHERE "action" IS NOT NULL;
CREATE INDEX "review_point_plan" ON "review_point"("plan") WHERE "plan" IS NOT NULL;
CREATE INDEX "review_point_raised" ON "review_point"("raised") WHERE "raised" IS NOT NULL;
CREATE TABLE "task" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "action" INTEGER NOT NULL REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "what" TEXT NOT NULL,
    "owner" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "due_on" TEXT,
    "done_on" TEXT,
    "evidence" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "task_action" ON "task"("action");
CREATE INDEX "task_owner" ON "task"("owner") WHERE "owner" IS NOT NULL;
CREATE INDEX "task_due_on" ON "task"("due_on");
CREATE TABLE "evidence" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "action" INTEGER NOT NULL REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "media_type" TEXT NOT NULL DEFAULT '',
    "size" INTEGER,
    "added_at" TEXT NOT NULL
) STRICT;
CREATE INDEX "evidence_action" ON "evidence"("action");
CREATE INDEX "evidence_added_at" ON "evidence"("added_at");
CREATE TABLE "found_cause" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "action" INTEGER NOT NULL REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "branch" TEXT,
    "parent" INTEGER REFERENCES "found_cause"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "because" TEXT NOT NULL,
    "root" INTEGER NOT NULL DEFAULT 0,
    "cause" INTEGER REFERENCES "cause"("id") DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX "found_cause_action" ON "found_cause"("action");
CREATE INDEX "found_cause_branch" ON "found_cause"("branch");
CREATE INDEX "found_cause_parent" ON "found_cause"("parent") WHERE "parent" IS NOT NULL;
CREATE INDEX "found_cause_cause" ON "found_cause"("cause") WHERE "cause" IS NOT NULL;
CREATE TABLE "experiment" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "hypothesis" TEXT NOT NULL,
    "change" TEXT NOT NULL DEFAULT '',
    "idea" INTEGER REFERENCES "idea"("id") DEFERRABLE INITIALLY DEFERRED,
    "measure" TEXT,
    "indicator" TEXT NOT NULL DEFAULT '',
    "wanted" TEXT,
    "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "category" TEXT NOT NULL DEFAULT '',
    "cause" INTEGER REFERENCES "cause"("id") DEFERRABLE INITIALLY DEFERRED,
    "follow_days" INTEGER,
    "before_since" TEXT,
    "since" TEXT NOT NULL,
    "until" TEXT,
    "before_hits" INTEGER,
    "before_of" INTEGER,
    "after_hits" INTEGER,
    "after_of" INTEGER,
    "verdict" TEXT,
    "conclusion" TEXT NOT NULL DEFAULT '',
    "action" INTEGER REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX "experiment_name" ON "experiment"("name");
CREATE INDEX "experiment_idea" ON "experiment"("idea") WHERE "idea" IS NOT NULL;
CREATE INDEX "experiment_product" ON "experiment"("product") WHERE "product" IS NOT NULL;
CREATE INDEX "experiment_cause" ON "experiment"("cause") WHERE "cause" IS NOT NULL;
CREATE INDEX "experiment_since" ON "experiment"("since");
CREATE INDEX "experiment_until" ON "experiment"("until");
CREATE INDEX "experiment_verdict" ON "experiment"("verdict", "since");
CREATE INDEX "experiment_action" ON "experiment"("action") WHERE "action" IS NOT NULL;
CREATE VIRTUAL TABLE "search_experiment" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "training" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "topic" TEXT NOT NULL,
    "content" TEXT NOT NULL DEFAULT '',
    "who" TEXT NOT NULL DEFAULT '',
    "trainer" TEXT NOT NULL DEFAULT '',
    "rhythm" TEXT,
    "next_on" TEXT,
    "active" INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX "training_topic" ON "training"("topic") WHERE "topic" <> '';
CREATE INDEX "training_rhythm" ON "training"("rhythm", "next_on");
CREATE INDEX "training_next_on" ON "training"("next_on");
CREATE VIRTUAL TABLE "search_training" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "training_session" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "training" INTEGER NOT NULL REFERENCES "training"("id") DEFERRABLE INITIALLY DEFERRED,
    "held_on" TEXT NOT NULL,
    "person" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "passed" INTEGER NOT NULL DEFAULT 1,
    "result" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "training_session_training" ON "training_session"("training");
CREATE INDEX "training_session_held_on" ON "training_session"("held_on");
CREATE INDEX "training_session_person" ON "training_session"("person") WHERE "person" IS NOT NULL;
"""


def m004_seeing(db: Database) -> None:
    """Version 4: targets and alerts, sales typed by hand, events, costs of quality, surveys, opinions, reports."""
    _run(db, _M004)


_M004 = """
ALTER TABLE "shop" ADD COLUMN "hourly_rate" INTEGER;
ALTER TABLE "shop" ADD COLUMN "usual_minutes" INTEGER;
ALTER TABLE "shop" ADD COLUMN "usual_postage" INTEGER;
ALTER TABLE "shop" ADD COLUMN "usual_packaging" INTEGER;
ALTER TABLE "shop" ADD COLUMN "opens_at" INTEGER;
UPDATE "shop" SET "opens_at" = 9;
ALTER TABLE "shop" ADD COLUMN "closes_at" INTEGER;
UPDATE "shop" SET "closes_at" = 17;
ALTER TABLE "shop" ADD COLUMN "open_saturdays" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "shop" ADD COLUMN "monthly_reports" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "shop" ADD COLUMN "form_key" TEXT NOT NULL DEFAULT '';
ALTER TABLE "product" ADD COLUMN "cost" INTEGER;
ALTER TABLE "batch" ADD COLUMN "stopped_on" TEXT;
ALTER TABLE "case" ADD COLUMN "reopened_on" TEXT;
ALTER TABLE "action" ADD COLUMN "watched" TEXT;
ALTER TABLE "action" ADD COLUMN "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "action" ADD COLUMN "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX "action_product" ON "action"("product") WHERE "product" IS NOT NULL;
CREATE INDEX "action_supplier" ON "action"("supplier") WHERE "supplier" IS NOT NULL;
CREATE TABLE "indicator_target" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "indicator" TEXT NOT NULL,
    "target" INTEGER,
    "bound" INTEGER,
    "seasonal" INTEGER NOT NULL DEFAULT 1,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "indicator_target_indicator" ON "indicator_target"("indicator") WHERE "indicator" <> '';
CREATE INDEX "indicator_target_note" ON "indicator_target"("note");
CREATE TABLE "sales_count" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "month" TEXT NOT NULL,
    "orders" INTEGER NOT NULL,
    "pieces" INTEGER,
    "sales" INTEGER,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "sales_count_month" ON "sales_count"("month");
CREATE INDEX "sales_count_note" ON "sales_count"("note");
CREATE TABLE "event" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "on" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "kind" TEXT,
    "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX "event_on" ON "event"("on");
CREATE INDEX "event_what" ON "event"("what");
CREATE INDEX "event_kind" ON "event"("kind", "on");
CREATE INDEX "event_product" ON "event"("product") WHERE "product" IS NOT NULL;
CREATE INDEX "event_supplier" ON "event"("supplier") WHERE "supplier" IS NOT NULL;
CREATE TABLE "quality_cost" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "on" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" INTEGER,
    "minutes" INTEGER,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "quality_cost_on" ON "quality_cost"("on");
CREATE INDEX "quality_cost_kind" ON "quality_cost"("kind", "on");
CREATE INDEX "quality_cost_case" ON "quality_cost"("case") WHERE "case" IS NOT NULL;
CREATE TABLE "alert" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "crossing" TEXT NOT NULL,
    "noticed_on" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "facts" TEXT NOT NULL DEFAULT '',
    "indicator" TEXT,
    "since" TEXT,
    "until" TEXT,
    "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "batch" INTEGER REFERENCES "batch"("id") DEFERRABLE INITIALLY DEFERRED,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "cause" INTEGER REFERENCES "cause"("id") DEFERRABLE INITIALLY DEFERRED,
    "watched" INTEGER REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "action" INTEGER REFERENCES "action"("id") DEFERRABLE INITIALLY DEFERRED,
    "settled_on" TEXT,
    "settled_because" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX "alert_crossing" ON "alert"("crossing") WHERE "crossing" <> '';
CREATE INDEX "alert_noticed_on" ON "alert"("noticed_on");
CREATE INDEX "alert_kind" ON "alert"("kind", "noticed_on");
CREATE INDEX "alert_what" ON "alert"("what");
CREATE INDEX "alert_product" ON "alert"("product") WHERE "product" IS NOT NULL;
CREATE INDEX "alert_batch" ON "alert"("batch") WHERE "batch" IS NOT NULL;
CREATE INDEX "alert_supplier" ON "alert"("supplier") WHERE "supplier" IS NOT NULL;
CREATE INDEX "alert_cause" ON "alert"("cause") WHERE "cause" IS NOT NULL;
CREATE INDEX "alert_watched" ON "alert"("watched") WHERE "watched" IS NOT NULL;
CREATE INDEX "alert_action" ON "alert"("action") WHERE "action" IS NOT NULL;
CREATE INDEX "alert_settled_on" ON "alert"("settled_on");
CREATE TABLE "report" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "since" TEXT NOT NULL,
    "until" TEXT NOT NULL,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "made_at" TEXT NOT NULL,
    "by_itself" INTEGER NOT NULL DEFAULT 0,
    "content" TEXT NOT NULL
) STRICT;
CREATE INDEX "report_name" ON "report"("name");
CREATE INDEX "report_kind" ON "report"("kind", "since");
CREATE INDEX "report_since" ON "report"("since");
CREATE INDEX "report_until" ON "report"("until");
CREATE INDEX "report_supplier" ON "report"("supplier") WHERE "supplier" IS NOT NULL;
CREATE INDEX "report_made_at" ON "report"("made_at");
CREATE TABLE "survey" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "occasion" TEXT,
    "language" TEXT,
    "state" TEXT,
    "made_on" TEXT NOT NULL,
    "introduction" TEXT NOT NULL DEFAULT '',
    "thanks" TEXT NOT NULL DEFAULT '',
    "invited" INTEGER,
    "key" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "survey_name" ON "survey"("name");
CREATE INDEX "survey_occasion" ON "survey"("occasion", "made_on");
CREATE INDEX "survey_language" ON "survey"("language", "made_on");
CREATE INDEX "survey_state" ON "survey"("state", "made_on");
CREATE INDEX "survey_made_on" ON "survey"("made_on");
CREATE VIRTUAL TABLE "search_survey" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "survey_question" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "survey" INTEGER NOT NULL REFERENCES "survey"("id") DEFERRABLE INITIALLY DEFERRED,
    "position" INTEGER,
    "kind" TEXT,
    "wording" TEXT NOT NULL,
    "options" TEXT NOT NULL DEFAULT '',
    "required" INTEGER NOT NULL DEFAULT 0,
    "pillar" TEXT
) STRICT;
CREATE INDEX "survey_question_survey" ON "survey_question"("survey");
CREATE INDEX "survey_question_kind" ON "survey_question"("kind");
CREATE INDEX "survey_question_pillar" ON "survey_question"("pillar");
CREATE TABLE "survey_response" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "survey" INTEGER NOT NULL REFERENCES "survey"("id") DEFERRABLE INITIALLY DEFERRED,
    "token" TEXT NOT NULL,
    "answered_at" TEXT NOT NULL,
    "way" TEXT,
    "seal" TEXT,
    "customer" INTEGER REFERENCES "customer"("id") DEFERRABLE INITIALLY DEFERRED,
    "order" INTEGER REFERENCES "order"("id") DEFERRABLE INITIALLY DEFERRED,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "note" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "survey_response_token" ON "survey_response"("token");
CREATE INDEX "survey_response_answered_at" ON "survey_response"("answered_at");
CREATE INDEX "survey_response_way" ON "survey_response"("way", "answered_at");
CREATE INDEX "survey_response_seal" ON "survey_response"("seal", "answered_at");
CREATE INDEX "survey_response_customer" ON "survey_response"("customer") WHERE "customer" IS NOT NULL;
CREATE INDEX "survey_response_order" ON "survey_response"("order") WHERE "order" IS NOT NULL;
CREATE INDEX "survey_response_case" ON "survey_response"("case") WHERE "case" IS NOT NULL;
CREATE UNIQUE INDEX "survey_response_survey_token" ON "survey_response"("survey", "token");
CREATE TABLE "survey_answer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "response" INTEGER NOT NULL REFERENCES "survey_response"("id") DEFERRABLE INITIALLY DEFERRED,
    "question" INTEGER NOT NULL REFERENCES "survey_question"("id") DEFERRABLE INITIALLY DEFERRED,
    "points" INTEGER,
    "words" TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX "survey_answer_question" ON "survey_answer"("question");
CREATE UNIQUE INDEX "survey_answer_response_question" ON "survey_answer"("response", "question");
CREATE TABLE "opinion" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "place" TEXT NOT NULL,
    "written_on" TEXT NOT NULL,
    "stars" INTEGER,
    "said" TEXT NOT NULL DEFAULT '',
    "author" TEXT NOT NULL DEFAULT '',
    "product" INTEGER REFERENCES "product"("id") DEFERRABLE INITIALLY DEFERRED,
    "customer" INTEGER REFERENCES "customer"("id") DEFERRABLE INITIALLY DEFERRED,
    "order" INTEGER REFERENCES "order"("id") DEFERRABLE INITIALLY DEFERRED,
    "case" INTEGER REFERENCES "case"("id") DEFERRABLE INITIALLY DEFERRED,
    "external_id" TEXT NOT NULL DEFAULT '',
    "answer" TEXT NOT NULL DEFAULT '',
    "answered_on" TEXT,
    "stars_later" INTEGER,
    "won_back_on" TEXT
) STRICT;
CREATE INDEX "opinion_written_on" ON "opinion"("written_on");
CREATE INDEX "opinion_product" ON "opinion"("product") WHERE "product" IS NOT NULL;
CREATE INDEX "opinion_customer" ON "opinion"("customer") WHERE "customer" IS NOT NULL;
CREATE INDEX "opinion_order" ON "opinion"("order") WHERE "order" IS NOT NULL;
CREATE INDEX "opinion_case" ON "opinion"("case") WHERE "case" IS NOT NULL;
CREATE INDEX "opinion_answered_on" ON "opinion"("answered_on");
CREATE INDEX "opinion_won_back_on" ON "opinion"("won_back_on");
CREATE VIRTUAL TABLE "search_opinion" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
"""
