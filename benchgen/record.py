"""The base of every record: frozen, compared and hashed by value, its fields in slots.

A record is a `msgspec.Struct`, made in C: its class in a fiftieth of the time that `dataclasses` takes to compile one,
an instance in a third, and JSON is decoded straight into it. A command defines hundreds of records at each start.
What changes in place is no record; such a class is a dataclass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, dataclass_transform

import msgspec
from msgspec import field

__all__ = ["Confidential", "Record", "field", "field_names", "replace", "tag_of"]

if TYPE_CHECKING:
    from dataclasses import replace  # noqa: TID251 - here it stands for the other

    from msgspec.structs import StructConfig

    # To a type checker a record is a frozen dataclass, for then it checks what `replace` is given: `Struct` does not.
    @dataclass_transform(frozen_default=True, field_specifiers=(field,))
    class Record:
        """The base of a record; its annotations are its fields."""

        __struct_config__: ClassVar[StructConfig]

        def __init_subclass__(
            cls,
            *,
            kw_only: bool = False,
            tag: str | bool | None = None,
            tag_field: str | None = None,
            omit_defaults: bool = False,
        ) -> None: ...

else:
    from msgspec.structs import replace

    class Record(msgspec.Struct, frozen=True):
        """The base of a record; its annotations are its fields."""


class Confidential(Record):
    """The base of a record that holds secrets: it can be printed, and tells nothing but its kind."""

    def __repr__(self) -> str:
        """The kind alone."""
        return f"{type(self).__name__}(…)"

    __rich_repr__ = None


def field_names(kind: type[Record] | Record) -> tuple[str, ...]:
    """The names of a record's fields, in the order in which a record is made of them."""
    names: tuple[str, ...] = kind.__struct_fields__  # type: ignore[union-attr]
    return names


def tag_of(kind: type[Record] | Record) -> str:
    """The name by which JSON tells a tagged record from others."""
    return str(kind.__struct_config__.tag)
