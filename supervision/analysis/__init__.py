"""What can be said about an assessment beside its result: bands, weights, irregularities, changes, outlook; pure."""
