"""The writers: one function per act. State, chained event and outgoing notice go in one transaction.

Every function takes the tenant's chain before it looks (`database.chain.lock`), so what it checked still holds when
the caller commits, once.
"""
