"""Posting text messages (SMS) to a gateway's HTTP, of whatever make: its address and fields are settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Literal

from centrale.accounts.notices import Taken
from centrale.notices.ways import NotSent, Refused, reason

SLOWEST_ANSWER = 30.0

_MAY_CHANGE = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Refusals that come of our settings, our credit or our haste, and not of the text or its recipient."""


class Sms:
    """The way `sms`. `fields` is posted with `{to}`, `{text}` and `{id}` filled in, at any depth."""

    def __init__(
        self, url: str, fields: Mapping[str, Any], headers: Mapping[str, str], form: Literal["json", "form"] = "json"
    ) -> None:
        self._url = url
        self._fields = fields
        self._headers = headers
        self._form = form
        self._secrets = [url, *headers.values(), *(value.partition(" ")[2] for value in headers.values())]

    async def send(self, notice: Taken) -> None:
        """See `ways.Send`. A gateway that knows Idempotency-Key sends once what it gets twice."""
        import httpx  # not before the first notice: callers wait while call control starts

        values = {"{to}": notice.recipient, "{text}": notice.body, "{id}": notice.id}
        filled = {name: _filled(value, values) for name, value in self._fields.items()}
        headers = {**self._headers, "Idempotency-Key": notice.id}
        body: dict[str, Any] = {"json": filled} if self._form == "json" else {"data": _flat(filled)}
        try:
            # What the environment says of proxies is not meant for us, and a redirection does not repeat a POST.
            async with httpx.AsyncClient(timeout=SLOWEST_ANSWER, trust_env=False, follow_redirects=False) as client:
                answer = await client.post(self._url, headers=headers, **body)
        except httpx.HTTPError as problem:
            raise NotSent(self._shown(f"the SMS gateway cannot be used: {problem!r}"), away=True) from problem
        if answer.is_success:
            return
        said = self._shown(f"the SMS gateway answered: {answer.status_code} {answer.text[:1000]}")
        if answer.is_client_error and answer.status_code not in _MAY_CHANGE:
            raise Refused(said)
        raise NotSent(said)

    def _shown(self, text: str) -> str:
        """Gateways like to repeat what they were sent, keys included."""
        for secret in self._secrets:
            if secret:
                text = text.replace(secret, "…")
        return reason(text)


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return _fill(template, values)
    if isinstance(template, dict):
        return {name: _filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    return template


def _fill(template: str, values: Mapping[str, str]) -> str:
    """In one pass: a text that holds `{to}` itself stays as it is."""
    parts: list[str] = []
    rest = template
    while rest:
        found = [(place, mark) for mark in values if (place := rest.find(mark)) >= 0]
        if not found:
            return "".join([*parts, rest])
        place, mark = min(found)
        parts += [rest[:place], values[mark]]
        rest = rest[place + len(mark) :]
    return "".join(parts)


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_pairs(fields))


def _pairs(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        yield name, [str(each) for each in value] if isinstance(value, list) else str(value)
