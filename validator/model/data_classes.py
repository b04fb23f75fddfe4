"""Data classes whose methods are compiled when they are first called.

Python compiles four to six functions for each `dataclasses.dataclass`, in half a millisecond; a
check imports two hundred of them. `field`, `fields`, `replace` and `asdict` are Python's own.
Options are those that the product uses: every field is a parameter, and there are no slots.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

_Class = TypeVar("_Class")
_Methods = dict[str, Callable[..., Any] | None]


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
        bare = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
        methods = _list_methods(bare, frozen=frozen, eq=eq)
        for name in methods.keys() - vars(cls).keys():
            setattr(cls, name, methods[name])
        return cls

    return decorate if cls is None else decorate(cls)


def _list_methods(cls: type[Any], *, frozen: bool, eq: bool) -> _Methods:
    """Return the methods of a data class by name; none of them is compiled yet."""
    methods: _Methods = {"__init__": _defer_init(cls), "__repr__": _describe}
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if eq:
        methods |= _compare(cls, frozen=frozen)
    return methods


def _defer_init(cls: type[Any]) -> Callable[..., None]:
    """Return an `__init__` that gives way to the compiled one when it is first called."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _compile_init(cls)
        cls.__init__(self, *values, **named)

    return __init__


def _compile_init(cls: type[Any]) -> Callable[..., None]:
    """Compile the `__init__` of a data class, whose parameters are its fields."""
    missing = dataclasses.MISSING
    scope: dict[str, Any] = {"_set": object.__setattr__, "_missing": missing}
    parameters, lines = ["self"], []
    for each in sorted(dataclasses.fields(cls), key=lambda each: each.kw_only is True):
        name = value = parameter = each.name
        if each.default_factory is not missing:
            scope[f"_make_{name}"] = each.default_factory
            parameter += "=_missing"
            value = f"_make_{name}() if {name} is _missing else {name}"
        elif each.default is not missing:
            scope[f"_default_{name}"] = each.default
            parameter += f"=_default_{name}"
        if each.kw_only and "*" not in parameters:
            parameters.append("*")
        parameters.append(parameter)
        lines.append(f" _set(self, {name!r}, {value})")
    exec("\n".join([f"def __init__({', '.join(parameters)}):", *lines, " return"]), scope)
    compiled: Callable[..., None] = scope["__init__"]
    return compiled


def _compare(cls: type[Any], *, frozen: bool) -> _Methods:
    """Return `__eq__` and `__hash__` of a data class, by the fields that are compared."""
    names = [each.name for each in dataclasses.fields(cls) if each.compare]
    get_values = attrgetter("__class__", *names)

    def __eq__(self: Any, other: Any) -> bool:
        return (
            get_values(self) == get_values(other) if type(other) is type(self) else NotImplemented
        )

    def __hash__(self: Any) -> int:
        return hash(get_values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _describe(self: Any) -> str:
    """The `__repr__` of data classes."""
    shown = [each.name for each in dataclasses.fields(self) if each.repr]
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({values})"


def _refuse(self: Any, name: str, value: object = None) -> NoReturn:
    """The `__setattr__` and `__delattr__` of frozen data classes."""
    raise dataclasses.FrozenInstanceError(f"{type(self).__qualname__} is frozen: {name}")
