"""Accounts and all that belongs to them: what is stored, how it is changed, and the picture of it that calls read.

Writing goes `database.change(actor)` → a function of an aggregate (`channels.create` …) → commit. Calls read
`directory.Directory.current`, which never waits. Every function takes the account's id and sees nothing else.

A file is named after its aggregate, and files that belong together begin alike: `plans_*`, `contacts_*`, `messages_*`,
`queue_*`, `webhooks_*`, `transfer_*` (an account as one file). A `*_desk` is what calls ask of storage. `models/` has
the tables, `migrations/` how they came about; `unit` is a transaction, `snapshots` builds the picture, `journal`
outlives a crash.
"""
