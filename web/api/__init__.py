"""The JSON API under /api/v1: the same acts and reads as the pages, for programs."""
