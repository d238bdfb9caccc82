"""Hand-ins that share more than the handout explains."""
