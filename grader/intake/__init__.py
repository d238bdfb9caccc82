"""What was handed in → `contract.Submission`. Nothing of it is run, imported or given to Python's parser.

taking      one submission for each student: `take`, and `collect` for short
forms       the forms accepted, and whose each file is
listing     what was given, laid out
moodle      names that Moodle gives
files       files of folders and archives, and which are nobody's
archive     archives inside a student's folder
recognise   what a file holds of an assignment
pick        which file counts, or the doubt
shelf       submissions kept on the disk
order       which of several submissions came last
times       times as platforms write them
names       ids as file names
roster      who is in the class: a worksheet, or a csv
enrol       submissions and a roster → everybody's submission, the absent among them
sentences   its notes in words
"""

from grader.intake.forms import FORMS
from grader.intake.names import file_name, student_id_of
from grader.intake.taking import Taken, collect, take

__all__ = ["FORMS", "Taken", "collect", "file_name", "student_id_of", "take"]
