"""How a register's schema came to be: frozen steps, which import no record, so that an old file always finds its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qmdesk.store.driver import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 2


def apply(connection: Connection) -> None:
    """Bring a register to VERSION, in the caller's transaction."""
    from sqlite_utils import Database, Migrations  # 0.3 s that only a new or an old register needs

    steps = Migrations("qmdesk")
    steps()(m001_register)
    steps()(m002_law)
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
