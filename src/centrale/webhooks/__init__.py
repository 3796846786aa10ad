"""Telling programs outside what happens: signed posts, tried until they arrive (API-1).

`accounts.webhooks_outbox` is the outbox; here is who empties it (`deliverer`), how it is posted (`post`), and who
tells of what changes without being stored: calls that run (`calling`), phones that come and go, plans (`watching`).
"""
