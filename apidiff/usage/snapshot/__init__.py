"""The usage snapshot: what logs hold of whatever a later revision may ask, in one small file without anybody's data.

`kept` says what of a spec can be asked about, `make` counts it, `file` writes and reads it, `answer` puts the questions
of changes to it. It holds no key, path, value or address: names are digests, accounts pseudonyms, numbers ranges.
"""
