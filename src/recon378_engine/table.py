"""The typed table: what reading hands to matching, and what a dataset holds on disk."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from recon378_engine.notebook import html_of


class ColumnType(StrEnum):
    """How the values of a column are stored; the polars type stands behind each."""

    TEXT = "text"  # String
    IDENTIFIER = "identifier"  # String, zeros and case kept
    AMOUNT = "amount"  # Decimal(38, scale), never float
    NUMBER = "number"  # Int64, or Float64 for measurements that are not money
    DATE = "date"  # Date
    DATETIME = "datetime"  # Datetime("us"), as written, no shift of zone
    BOOLEAN = "boolean"  # Boolean


class Role(StrEnum):
    """What a column means for matching; `other` lets the engine tell from the name and the values."""

    IDENTIFIER = "identifier"
    REFERENCE = "reference"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    PERSON_NAME = "person_name"
    ORGANISATION = "organisation"
    FREE_TEXT = "free_text"
    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    VALUE_DATE = "value_date"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"
    CURRENCY = "currency"
    ADDRESS = "address"
    POSTCODE = "postcode"
    CITY = "city"
    CATEGORY = "category"
    QUANTITY = "quantity"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name in the frame, how its values are stored, what it means, and the decimals of an amount."""

    name: str
    type: ColumnType
    role: Role = Role.OTHER
    scale: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Typed records of one side; `read_table` makes one of a file, `table_of` of a polars frame.

    `frame` has one polars column for each of `columns`, in that order and under that name, and one row for each
    imported record. `rows` is UInt32 of the same height: the 0-based data row of the file, so that a
    rejected row keeps its number. `rejected_rows` holds the numbers of the rows that did not come in.
    """

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    rows: pl.Series
    rejected_rows: tuple[int, ...] = ()
    source: str = ""
    sha256: str = ""

    @property
    def height(self) -> int:
        """How many records came in."""
        return self.frame.height

    def column(self, name: str) -> Column:
        """The column of that name. Raises StopIteration where there is none."""
        return next(column for column in self.columns if column.name == name)

    def __repr__(self) -> str:
        return f"<Table {self.source or 'without a name'}: {self.height:,} records, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        return html_of(self)
