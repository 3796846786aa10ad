"""The example in docs/guides/webhooks.md verifies what is really sent, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from receiver import Receiver
from webhook_office import Office

from centrale.accounts.webhooks_events import DATA
from centrale.accounts.webhooks_secrets import new_secret

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "webhooks.md").read_text(encoding="utf-8")


def example() -> Any:
    (code,) = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.M | re.S)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["verified"]


async def test_the_example_takes_what_is_ours_and_refuses_the_rest(office: Office, receiver: Receiver) -> None:
    _, secret = await office.hook()
    async with office.delivering():
        await office.happens("reception")
        (posted,) = await receiver.have(1)
    verified, body = example(), posted.body.encode()
    assert verified(secret, posted.headers, body) == posted.event
    old = posted.headers | {"webhook-timestamp": str(int(posted.headers["webhook-timestamp"]) - 301)}
    for wrong in ((new_secret(), posted.headers, body), (secret, posted.headers, body + b" "), (secret, old, body)):
        with pytest.raises(ValueError, match=r"ours|old"):
            verified(*wrong)


def test_the_guide_knows_every_type() -> None:
    table = GUIDE[GUIDE.index("| type |") : GUIDE.index("Every field")].replace("`data.id`", "")
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", table)) == set(map(str, DATA))
