"""The rules of supervision (pure), the reads (`queries`) and the one writer (`ledger`)."""
