from grader.authoring import Mistake

MISTAKES: list[Mistake] = []
