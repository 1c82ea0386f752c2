"""The reads. Each takes a session and answers with plain values."""
