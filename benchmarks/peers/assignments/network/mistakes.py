"""None: what is compared is time."""

MISTAKES = []
