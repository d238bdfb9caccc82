"""Web services of a Moodle: what students handed in comes down, grades and feedback go up."""
