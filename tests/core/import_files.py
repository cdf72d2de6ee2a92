"""Synthetic files with the headers and quirks of real exports; every person in them is invented."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SHOPIFY = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku", "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street", "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip", "Billing Province", "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping Address2", "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone", "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor", "Id", "Tags", "Risk Level", "Source", "Lineitem discount"]
EBAY = ["Sales Record Number", "Order Number", "Buyer Username", "Buyer Name", "Buyer Email", "Buyer Note", "Buyer Address 1", "Buyer Address 2", "Buyer City", "Buyer State", "Buyer Zip", "Buyer Country", "Ship To Name", "Ship To Phone", "Ship To Address 1", "Ship To City", "Ship To Zip", "Ship To Country", "Item Number", "Item Title", "Custom Label", "Sold Via Promoted Listings", "Quantity", "Sold For", "Shipping And Handling", "Total Price", "Payment Method", "Sale Date", "Paid On Date", "Tracking Number", "Transaction ID"]
EBAY_UK = ["Sales record number", "Order number", "Buyer username", "Buyer name", "Buyer email", "Buyer note", "Buyer address 1", "Buyer city", "Buyer postcode", "Buyer country", "Post to name", "Post to phone", "Post to address 1", "Post to city", "Post to postcode", "Post to country", "Item number", "Item title", "Custom label", "Quantity", "Sold for", "Postage and packaging", "Total price", "Payment method", "Sale date", "Paid on date", "Tracking number", "Transaction ID"]
WOO_EXPORT = ["Order Number", "Order Status", "Order Date", "Customer Note", "First Name (Billing)", "Last Name (Billing)", "Company (Billing)", "Address 1&2 (Billing)", "City (Billing)", "State Code (Billing)", "Postcode (Billing)", "Country Code (Billing)", "Email (Billing)", "Phone (Billing)", "Item #", "SKU", "Item Name", "Product Variation", "Quantity", "Quantity (- Refund)", "Item Cost", "Order Line (w/o tax)", "Order Line Total", "Order Line Total Refunded", "Payment Method Title", "Order Shipping Amount", "Order Refund Amount", "Order Total Amount", "Total items"]
WOO_ANALYTICS = ["Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)", "Net Sales", "Attribution"]
WOO_ANALYTICS_FR = ["Date", "Commande n°", "État", "Client", "Type de client", "Produit(s)", "Articles vendus", "Code(s) promo", "Ventes nettes", "Attribution"]
PRESTASHOP = ["ID", "Reference", "New client", "Delivery", "Customer", "Total", "Payment", "Status", "Date"]
PRESTASHOP_PL = ["ID", "Indeks", "Nowy klient", "Dostawa", "Klient", "Razem", "Płatność", "Status", "Data"]
PRESTASHOP_DE = ["ID", "Referenz", "Neukunde", "Lieferung", "Kunde", "Gesamt", "Zahlung", "Status", "Datum"]
PRESTASHOP_FR = ["ID", "Référence", "Nouveau client", "Livraison", "Client", "Total", "Paiement", "État", "Date"]
FBA = ["return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity", "fulfillment-center-id", "detailed-disposition", "reason", "status", "license-plate-number", "customer-comments"]
AMAZON = ["Order ID", "Order date", "Return request date", "Return request status", "Amazon RMA ID", "Merchant RMA ID", "Label type", "Label cost", "Currency code", "Return carrier", "Tracking ID", "Label to be paid by", "A-to-Z Claim", "Is prime", "ASIN", "Merchant SKU", "Item Name", "Return quantity", "Return Reason", "In policy", "Return type", "Resolution", "Invoice number", "Return delivery date", "Order Amount", "Order quantity", "SafeT Action reason", "SafeT claim id", "SafeT claim state", "SafeT claim creation time", "SafeT claim reimbursement amount", "Refunded Amount"]
ZENDESK = ["Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email", "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via", "Ticket type", "Created at", "Updated at", "Assigned at", "Organization", "Due date", "Initially assigned at", "Solved at", "Resolution time"]
ALLEGRO = ["Data", "Nazwa oferty", "Identyfikator oferty", "Typ operacji", "Uznania", "Obciążenia", "Saldo", "Szczegóły operacji"]
RETAIL = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


def rows_of(headers: Sequence[str], *told: dict[str, Any]) -> list[list[Any]]:
    """Rows under these headers; what is not told is blank."""
    for row in told:
        assert set(row) <= set(headers), set(row) - set(headers)
    return [[row.get(header, "") for header in headers] for row in told]


def write_csv(path: Path, headers: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ",") -> Path:
    """A text file as a shop system writes it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook with typed cells."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate((headers, *rows)):
            for at, cell in enumerate(row):
                if cell is not None and cell != "":
                    sheet.write(line, at, cell)
    return path


def shopify(path: Path, *, quantity: str = "2", status: str = "paid", second: bool = True) -> Path:
    """Two orders: one of two items (its second row is a continuation), one of a single item whose buyer has a Polish name."""
    rows = rows_of(
        SHOPIFY,
        {
            "Name": "#1001", "Email": "Jan.Kowalski@example.com", "Financial Status": status, "Currency": "AUD", "Shipping": "9.95", "Total": "1,433.66",
            "Created at": "2026-06-08 23:02:14 +1000", "Lineitem quantity": quantity, "Lineitem name": "Mug, blue", "Lineitem price": "19.90",
            "Lineitem sku": "MUG-B", "Billing Name": "Jan Kowalski", "Billing Street": "Long St 1", "Billing City": "Sydney", "Billing Zip": "'2759",
            "Billing Country": "AU", "Billing Phone": "'+61 400 000 000", "Vendor": "Acme", "Payment Method": "Stripe", "Id": "5550001",
        },
        {"Name": "#1001", "Email": "Jan.Kowalski@example.com", "Created at": "2026-06-08 23:02:14 +1000", "Lineitem quantity": "1", "Lineitem name": "Plate 🍽", "Lineitem price": "0.00", "Lineitem sku": "", "Vendor": "Acme"},
        {
            "Name": "#1002", "Email": "zolw@example.com", "Financial Status": "paid", "Currency": "PLN", "Total": "39.80", "Created at": "2026-06-09 08:00:00 +0200",
            "Lineitem quantity": "2", "Lineitem name": "Mug, blue", "Lineitem price": "19.90", "Lineitem sku": "MUG-B", "Billing Name": "Zażółć Gęślą",
        },
    )  # fmt: skip
    return write_csv(path, SHOPIFY, rows if second else rows[:2])
