"""Benchmarks: what duban does, beside the raw limit taken in the same run. `make bench`."""
