"""What students get wrong in td6."""

from grader.authoring import Mistake

MISTAKES: list[Mistake] = []
