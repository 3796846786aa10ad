"""Text messages (VM-3), posted to a real gateway on loopback."""

from __future__ import annotations

import pytest
from post_office import Gateway, Office

from centrale.accounts.notices import State, Way
from centrale.notices.sender import Sender

KEY = "k3y-of-the-gateway"


def sender(office: Office, gateway: Gateway, **settings: object) -> Sender:
    return office.sender(sms_url=gateway.url, **settings)


async def test_a_text_message_is_posted_as_json(office: Office, gateway: Gateway) -> None:
    id = await office.sms(body="Nieuw bericht van Zoë {to}")
    fields = {"messages": [{"to": ["{to}"], "body": "Centrale: {text}"}], "reference": "{id}", "flash": False}
    headers = {"Authorization": f"Bearer {KEY}"}
    await sender(office, gateway, sms_fields=fields, sms_headers=headers).send_due(Way.SMS)
    (posted,) = gateway.posted
    assert posted.body == {
        "messages": [{"to": ["+31612345678"], "body": "Centrale: Nieuw bericht van Zoë {to}"}],
        "reference": id,
        "flash": False,
    }
    assert posted.headers["Authorization"] == f"Bearer {KEY}"
    assert posted.headers["Idempotency-Key"] == id
    assert (await office.notice(id)).state is State.SENT


async def test_or_as_a_form(office: Office, gateway: Gateway) -> None:
    await office.sms(body="Nieuw bericht & meer")
    fields = {"number": "{to}", "message": "{text}", "sender": "Acme"}
    await sender(office, gateway, sms_fields=fields, sms_format="form").send_due(Way.SMS)
    assert gateway.posted[0].body == {"number": "+31612345678", "message": "Nieuw bericht & meer", "sender": "Acme"}


async def test_a_number_that_the_gateway_refuses_is_given_up_with_the_reason(office: Office, gateway: Gateway) -> None:
    gateway.answer = (422, "no such number")
    id = await office.sms()
    await sender(office, gateway).send_due(Way.SMS)
    notice = await office.notice(id)
    assert (notice.state, notice.problem) == (State.GIVEN_UP, "the SMS gateway answered: 422 no such number")


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 429, 500, 503, 302])
async def test_what_somebody_can_mend_is_tried_again(office: Office, gateway: Gateway, status: int) -> None:
    gateway.answer = (status, "not now")
    id, sms = await office.sms(), sender(office, gateway)
    await sms.send_due(Way.SMS)
    assert (await office.notice(id)).state is State.WAITING
    gateway.answer = (200, "yes")
    await office.wait_for_next_try(id)
    await sms.send_due(Way.SMS)
    assert (await office.notice(id)).state is State.SENT


async def test_a_gateway_that_is_away_is_tried_again(office: Office, gateway: Gateway) -> None:
    id = await office.sms()
    await office.sender(sms_url="http://127.0.0.1:1/send").send_due(Way.SMS)
    notice = await office.notice(id)
    assert (notice.state, notice.tries) == (State.WAITING, 1)
    assert notice.problem is not None
    assert notice.problem.startswith("the SMS gateway cannot be used")


async def test_a_gateway_that_repeats_the_key_does_not_bring_it_into_the_outbox_or_the_log(
    office: Office, gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway.answer = (400, "bad request with {headers}")
    id = await office.sms()
    await sender(office, gateway, sms_headers={"Authorization": f"Bearer {KEY}"}).send_due(Way.SMS)
    problem = (await office.notice(id)).problem
    assert problem is not None
    assert problem.startswith("the SMS gateway answered: 400 bad request")
    assert KEY not in problem + capsys.readouterr().out
