"""Field types that the inputs of several aggregates share; one schema for API, portal and import file (design §4)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from centrale.kinds.kind import Digits, Language, TelephoneNumberField, semantic


class Input(BaseModel):
    """Base of what is given to a change. Unknown fields are refused, so that a typing error is told, not lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    not_audited: ClassVar[frozenset[str]] = frozenset()
    """Fields that the system sets or derives, or that are secret."""

    def as_audit(self) -> dict[str, Any]:
        """The object as the audit keeps it (ACC-8), sets in order so that equal objects look equal."""
        fields = self.model_dump(mode="json", exclude=set(self.not_audited))
        return {name: sorted(it) if isinstance(getattr(self, name), frozenset) else it for name, it in fields.items()}


def without_control_characters(text: str) -> str:
    """For what phones show: it travels in a SIP header."""
    if not text.isprintable():
        raise ValueError("may not contain line breaks or control characters")
    return text


def _not_a_trunk(name: str) -> str:
    if name.startswith("trunk-"):
        raise ValueError("may not begin with trunk-: the switch calls trunks so")
    return name


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, strip_whitespace=True),
    AfterValidator(without_control_characters),
]
"""A name as people read it; it may end up on a phone's display, so it is one line of text."""

AreaCode = Annotated[str, StringConstraints(pattern=r"^0[0-9]{1,4}$"), Field(json_schema_extra=semantic("area-code"))]
"""As dialled inside the country: `020`."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(json_schema_extra=semantic("country"))]
"""ISO 3166-1 alpha-2."""

ExtensionField = Annotated[Digits, Field(json_schema_extra=semantic("extension"))]

UserField = Annotated[Digits, Field(json_schema_extra=semantic("extension", kind="user"))]

ChannelNameField = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,38}[A-Za-z0-9]$"),
    AfterValidator(_not_a_trunk),
    Field(json_schema_extra=semantic("channel")),
]
"""A SIP user name."""

__all__ = [
    "AreaCode",
    "ChannelNameField",
    "Country",
    "Digits",
    "ExtensionField",
    "Input",
    "Language",
    "Name",
    "TelephoneNumberField",
    "UserField",
]
