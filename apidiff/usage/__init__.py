"""Usage: from any log to exact evidence of who is exposed to which change.

`read/` turns files into events, `cube/` events into counts, `ask/` puts the questions of changes to them, and
`accounts/` says whose key is whose.
"""
