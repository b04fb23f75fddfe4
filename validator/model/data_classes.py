"""Python's data classes with the methods that the product uses.

Python compiles each method of a data class, in a tenth of a millisecond, and a check imports two
hundred of them. Therefore they have no `__repr__`, which might also show values of people in a
traceback, and the type checker alone holds `frozen`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar, dataclass_transform, overload

_Class = TypeVar("_Class")


@overload
def dataclass(cls: type[_Class], /) -> type[_Class]: ...
@overload
def dataclass(
    *, frozen: bool = False, eq: bool = True, kw_only: bool = False
) -> Callable[[type[_Class]], type[_Class]]: ...


@dataclass_transform(field_specifiers=(dataclasses.field,))
def dataclass(
    cls: type[_Class] | None = None,
    /,
    *,
    frozen: bool = False,
    eq: bool = True,
    kw_only: bool = False,
) -> type[_Class] | Callable[[type[_Class]], type[_Class]]:
    """Make a class a data class, as `dataclasses.dataclass` does with the same options."""

    def decorate(cls: type[_Class]) -> type[_Class]:
        cls.__doc__ = cls.__doc__ or cls.__name__  # else Python composes one of all parameters
        hashed = eq and frozen and "__hash__" not in vars(cls)
        return dataclasses.dataclass(repr=False, eq=eq, unsafe_hash=hashed, kw_only=kw_only)(cls)

    return decorate if cls is None else decorate(cls)
