"""The declarative base, column types and the marks that tables carry. No domain knowledge."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Numeric, String, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from marketplace.core.ids import new_id

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """A point in time: refuses one without a zone, gives back UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they are a wrong hour waiting to happen."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        return value.astimezone(UTC) if value is not None else None


class StrictInteger(TypeDecorator[int]):
    """A whole number of minor units or milligrams: PostgreSQL would silently round 10.5 to 10."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse anything that is not an int."""
        if value is not None and type(value) is not int:  # a bool is an int in Python
            raise TypeError(f"a whole number is needed, not {value!r}")
        return value


Minor = Annotated[int, mapped_column(StrictInteger)]
Milligrams = Annotated[int, mapped_column(StrictInteger)]
Currency = Annotated[str, mapped_column(String(3))]
Key = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]


class Base(DeclarativeBase):
    """What every table inherits."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        UUID: Uuid,
        Decimal: Numeric,
        str: String,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(String),
        list[dict[str, Any]]: JSONB,
    }


class Audited:
    """A table whose every change needs an audit entry in the same unit of work.

    `audit_type` is the target type written into the entry; the primary key is its id.
    """

    audit_type: ClassVar[str]


class AppendOnly:
    """A table whose rows are never updated or deleted; triggers in the migrations enforce it."""
