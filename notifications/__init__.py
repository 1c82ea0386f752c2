"""Telling people: notices are composed, claimed, sent and settled here.

`supervision` decides that somebody has to be told something and leaves rows in the outbox; this package owns what
happens from there. The two meet in those tables and import nothing of each other.
"""
