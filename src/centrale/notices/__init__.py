"""Notices on their way to people outside: e-mail by SMTP, text messages (SMS) by a gateway's HTTP (VM-3).

`accounts.notices` is the outbox; here is who empties it (`sender`), and the two ways (`mail`, `sms`).
"""
