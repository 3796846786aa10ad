"""Speech out: what the exchange says, in which words, and the sound files that Asterisk plays (design §8).

`prompts` names the sentences, `texts/` words them, `phrasing` fills them in, a `Speaker` speaks them and
`library` keeps the recordings.
"""
