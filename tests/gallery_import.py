"""The import wizard's pages for the gallery: a small Shopify file with one row that can't come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog

from ui.desk import Desk
from ui.dialogs.import_wizard import ImportWizard

ROWS = """Name,Email,Financial Status,Created at,Currency,Total,Shipping,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing City,Billing Zip,Phone
#2001,anna@example.com,paid,2026-11-20 10:02:14 +0100,PLN,129.98,10.00,2,Kubek w kropki,59.99,KUB-01,Anna Żak,Łódź,'90-001,+48 600 000 701
#2002,jan@example.com,paid,2026-11-20 12:40:00 +0100,PLN,45.00,0.00,1,Miska dębowa,45.00,MIS-07,Jan Lis,Gdańsk,'80-001,
#2002,jan@example.com,,2026-11-20 12:40:00 +0100,,,,3,Ściereczka,9.90,SCI-02,,,,
#2003,ola@example.com,paid,the day before,PLN,18.00,0.00,one,Świeczka,18.00,SWI-11,Ola Maj,Kraków,'30-001,
"""


def dialogs(desk: Desk, folder: Path) -> list[tuple[str, Callable[[], QDialog]]]:
    """The wizard at each of its pages."""
    path = folder / "orders_export.csv"
    path.write_text(ROWS, encoding="utf-8")

    def mapped() -> ImportWizard:
        wizard = ImportWizard(desk, "order")
        wizard.read_file(path)
        return wizard

    def reported() -> ImportWizard:
        wizard = mapped()
        wizard.dry_run()
        return wizard

    return [("import-1-choose", lambda: ImportWizard(desk)), ("import-2-map", mapped), ("import-3-report", reported)]
