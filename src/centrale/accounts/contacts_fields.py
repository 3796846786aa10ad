"""What a contact is to those who enter one (ACC-7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from centrale.accounts.contacts_text import display_name
from centrale.accounts.errors import Invalid, Problem
from centrale.accounts.fields import Input, UserField, without_control_characters
from centrale.kinds.kind import PARAGRAPH, semantic
from centrale.routing.phone_book import contact_number

NUMBERS_AT_MOST = 20


class NumberLabel(StrEnum):
    """What kind of number it is."""

    WORK = "work"
    MOBILE = "mobile"
    HOME = "home"
    FAX = "fax"
    OTHER = "other"


def _plain(text: str) -> str:
    """Notes have lines; nothing else that does not print."""
    if not all(letter.isprintable() or letter in "\n\t" for letter in text.replace("\r\n", "\n")):
        raise ValueError("may not contain control characters")
    return text.replace("\r\n", "\n")


def _address(text: str) -> str:
    if not text:
        return text
    name, _, host = text.rpartition("@")
    if not name or not host or any(letter.isspace() for letter in text):
        raise ValueError("is no e-mail address")
    return text


Line = Annotated[str, StringConstraints(max_length=80), AfterValidator(without_control_characters)]


class ContactNumber(Input):
    """A number of a contact."""

    number: Annotated[
        str, StringConstraints(min_length=2, max_length=40), AfterValidator(without_control_characters)
    ] = Field(title="Number", description="As people write it; stored as E.164, or as the digits of an extension.")
    label: NumberLabel = Field(default=NumberLabel.WORK, title="Kind")


class ContactIn(Input):
    """A contact: a person, a company, or a person at a company."""

    first_name: Line = Field(default="", title="First name")
    prefix: Annotated[Line, StringConstraints(max_length=20)] = Field(
        default="", title="Surname prefix", description="Between first name and surname, such as van der."
    )
    surname: Line = Field(default="", title="Surname")
    company: Line = Field(default="", title="Company")
    numbers: list[ContactNumber] = Field(
        default_factory=list,
        max_length=NUMBERS_AT_MOST,
        title="Numbers",
        description="As you would dial them, or with +; an extension too.",
    )
    email: Annotated[str, StringConstraints(max_length=200), AfterValidator(_address)] = Field(
        default="", title="E-mail", json_schema_extra=semantic("email")
    )
    notes: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_plain)] = Field(
        default="", title="Notes", json_schema_extra=PARAGRAPH
    )
    favourite: bool = Field(default=False, title="Favourite")

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.first_name or self.surname or self.company):
            raise ValueError("give a first name, a surname or a company")
        return self

    @property
    def name(self) -> str:
        """As phones show it."""
        return display_name(self.first_name, self.prefix, self.surname, self.company)


class ContactOut(ContactIn):
    """A contact as stored."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"id", "owner", "shown_as"})

    id: int = Field(title="Id")
    owner: UserField | None = Field(title="Own contact of", description="The user; empty: the company's.")
    shown_as: str = Field(title="Name", description="As phones show it.")


class Home:
    """Where an account is at home: how numbers are written and dialled there."""

    def __init__(self, country: str, area_code: str | None, extension_length: int) -> None:
        self.country = country
        self.area_code = area_code
        self.extension_length = extension_length

    def normal(self, data: ContactIn) -> ContactIn:
        """With every number as it is stored, once each. Raises `Invalid`, naming each that is none."""
        found: dict[str, ContactNumber] = {}
        problems: list[Problem] = []
        for place, entered in enumerate(data.numbers):
            number = contact_number(entered.number, self.country, self.area_code, self.extension_length)
            if number is None:
                field = f"numbers[{place}].number"
                problems.append(
                    Problem(field, "not_a_number", f"{entered.number} is no telephone number, and no extension")
                )
            else:
                found.setdefault(number, ContactNumber(number=number, label=entered.label))
        if problems:
            raise Invalid(*problems)
        return data.model_copy(update={"numbers": list(found.values())})
