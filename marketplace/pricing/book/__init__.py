"""The price book as curators keep it: sheets in and out, checks of a whole book, differences between editions. Pure."""

from marketplace.pricing.book.checks import Gap, Oddity, gaps_of, oddities_of, overlaps_of
from marketplace.pricing.book.differences import Change, Difference, compare
from marketplace.pricing.book.dry_run import DryRun, dry_run
from marketplace.pricing.book.export import to_csv
from marketplace.pricing.book.export_xlsx import Legend, to_xlsx
from marketplace.pricing.book.files import read_file
from marketplace.pricing.book.proposal import BandProposal, Placed, Vocabulary, in_reading_order
from marketplace.pricing.book.sheet import (
    COLUMNS,
    Reading,
    SheetError,
    read_cells,
    read_rows,
    rows_of_bands,
    rows_of_table,
)
from marketplace.pricing.book.table import FileRefused, Table, TableRow

__all__ = [
    "COLUMNS",
    "BandProposal",
    "Change",
    "Difference",
    "DryRun",
    "FileRefused",
    "Gap",
    "Legend",
    "Oddity",
    "Placed",
    "Reading",
    "SheetError",
    "Table",
    "TableRow",
    "Vocabulary",
    "compare",
    "dry_run",
    "gaps_of",
    "in_reading_order",
    "oddities_of",
    "overlaps_of",
    "read_cells",
    "read_file",
    "read_rows",
    "rows_of_bands",
    "rows_of_table",
    "to_csv",
    "to_xlsx",
]
