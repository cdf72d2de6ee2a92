"""How a register's schema came to be: frozen steps, which import no record, so that an old file always finds its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qmdesk.store.driver import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 1


def apply(connection: Connection) -> None:
    """Bring a register to VERSION, in the caller's transaction."""
    from sqlite_utils import Database, Migrations  # 0.3 s that only a new or an old register needs

    steps = Migrations("qmdesk")
    steps()(m001_register)
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
    "legal_name" TEXT NOT NULL,
    "nip" TEXT NOT NULL,
    "street" TEXT NOT NULL,
    "postcode" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "website" TEXT NOT NULL,
    "logo" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "language" TEXT,
    "adr_entity" TEXT NOT NULL,
    "privacy_note" TEXT NOT NULL,
    "complaint_series" TEXT NOT NULL,
    "return_series" TEXT NOT NULL,
    "guarantee_series" TEXT NOT NULL,
    "document_series" TEXT NOT NULL
) STRICT;
CREATE INDEX "shop_name" ON "shop"("name");
CREATE TABLE "channel" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "durable" INTEGER NOT NULL,
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "channel_name" ON "channel"("name") WHERE "name" <> '';
CREATE TABLE "cause" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "cause_name" ON "cause"("name") WHERE "name" <> '';
CREATE TABLE "person" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "active" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "person_name" ON "person"("name") WHERE "name" <> '';
CREATE TABLE "supplier" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "nip" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "street" TEXT NOT NULL,
    "postcode" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "note" TEXT NOT NULL
) STRICT;
CREATE INDEX "supplier_name" ON "supplier"("name_key");
CREATE VIRTUAL TABLE "search_supplier" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "customer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "buyer_type" TEXT,
    "company" TEXT NOT NULL,
    "nip" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "login" TEXT NOT NULL,
    "street" TEXT NOT NULL,
    "postcode" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "note" TEXT NOT NULL
) STRICT;
CREATE INDEX "customer_name" ON "customer"("name_key");
CREATE INDEX "customer_buyer_type" ON "customer"("buyer_type");
CREATE VIRTUAL TABLE "search_customer" USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE "product" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "ean" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "supplier" INTEGER REFERENCES "supplier"("id") DEFERRABLE INITIALLY DEFERRED,
    "price" INTEGER,
    "currency" TEXT NOT NULL,
    "vat_rate" TEXT NOT NULL,
    "active" INTEGER NOT NULL,
    "note" TEXT NOT NULL
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
    "note" TEXT NOT NULL
) STRICT;
CREATE INDEX "batch_product" ON "batch"("product");
CREATE INDEX "batch_code" ON "batch"("code");
CREATE INDEX "batch_received_on" ON "batch"("received_on");
CREATE INDEX "batch_supplier" ON "batch"("supplier");
CREATE UNIQUE INDEX "batch_product_code" ON "batch"("product", "code");
CREATE TABLE "order" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "ordered_at" TEXT NOT NULL,
    "customer" INTEGER REFERENCES "customer"("id") DEFERRABLE INITIALLY DEFERRED,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "status" TEXT NOT NULL,
    "total" INTEGER,
    "shipping" INTEGER,
    "currency" TEXT NOT NULL,
    "payment_method" TEXT NOT NULL,
    "delivered_on" TEXT,
    "courier" TEXT NOT NULL,
    "tracking_number" TEXT NOT NULL,
    "note" TEXT NOT NULL
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
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "quantity" INTEGER,
    "unit_price" INTEGER,
    "discount" INTEGER,
    "currency" TEXT NOT NULL,
    "vat_rate" TEXT NOT NULL
) STRICT;
CREATE INDEX "order_line_order" ON "order_line"("order");
CREATE INDEX "order_line_product" ON "order_line"("product");
CREATE TABLE "case" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "number" TEXT NOT NULL,
    "kind" TEXT,
    "received_at" TEXT NOT NULL,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "customer" INTEGER REFERENCES "customer"("id") DEFERRABLE INITIALLY DEFERRED,
    "buyer_type" TEXT,
    "order" INTEGER REFERENCES "order"("id") DEFERRABLE INITIALLY DEFERRED,
    "description" TEXT NOT NULL,
    "noticed_on" TEXT,
    "demand" TEXT,
    "claimed" INTEGER,
    "currency" TEXT NOT NULL,
    "cause" INTEGER REFERENCES "cause"("id") DEFERRABLE INITIALLY DEFERRED,
    "legal_basis" TEXT,
    "contract_type" TEXT,
    "contract_on" TEXT,
    "sold_on" TEXT,
    "delivered_on" TEXT,
    "sale_document" TEXT,
    "sale_document_number" TEXT NOT NULL,
    "goods_received_on" TEXT,
    "goods_condition" TEXT NOT NULL,
    "marketplace_due" TEXT,
    "external_id" TEXT NOT NULL,
    "state" TEXT,
    "responsible" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "safety" INTEGER NOT NULL,
    "note" TEXT NOT NULL,
    "decision" TEXT,
    "decision_reasons" TEXT NOT NULL,
    "decided_on" TEXT,
    "decided_by" INTEGER REFERENCES "person"("id") DEFERRABLE INITIALLY DEFERRED,
    "remedy" TEXT NOT NULL,
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
    "sku" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "quantity" INTEGER,
    "unit_price" INTEGER,
    "currency" TEXT NOT NULL,
    "vat_rate" TEXT NOT NULL,
    "defect" TEXT NOT NULL,
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
    "author" TEXT NOT NULL,
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
    "media_type" TEXT NOT NULL,
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
    "facts" TEXT NOT NULL,
    "issued_at" TEXT NOT NULL,
    "channel" INTEGER REFERENCES "channel"("id") DEFERRABLE INITIALLY DEFERRED,
    "sent_at" TEXT,
    "delivered_at" TEXT,
    "recipient" TEXT NOT NULL
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
    "source" TEXT NOT NULL,
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
