"""None: what goes wrong here is meant."""

MISTAKES = []
