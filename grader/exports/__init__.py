"""Report → files: grades.csv, results/*.json, all that a run leaves, and what learning platforms take back."""

from grader.exports.grades import grades_csv
from grader.exports.results import Say, result_json, results_json
from grader.exports.table import table_csv
from grader.exports.write import write_all

__all__ = ["Say", "grades_csv", "result_json", "results_json", "table_csv", "write_all"]
