"""What an assignment is: its declarations, loading, markers, stubs, handouts, leaks, validation."""

from grader.authoring.declare import Mistake, accuracy, check, close, equal, gradient, manual, predicate

__all__ = ["Mistake", "accuracy", "check", "close", "equal", "gradient", "manual", "predicate"]
