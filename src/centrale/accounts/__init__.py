"""Accounts and all that belongs to them: what is stored, how it is changed, and the picture of it that calls read.

Writing goes `database.change(actor)` → a function of an aggregate (`channels.create` …) → commit. Calls read
`directory.Directory.current`, which never waits. Every function takes the account's id and sees nothing else.
"""
