"""Report → files: grades.csv, results/*.json, and all that a run leaves."""

from grader.exports.grades import grades_csv
from grader.exports.results import Say, result_json
from grader.exports.write import write_all

__all__ = ["Say", "grades_csv", "result_json", "write_all"]
