"""Documents that come in and go out: what a file says, as plain values, and plain values as a file."""
