"""What was handed in → `contract.Submission`. Nothing of it is run, imported or given to Python's parser.

folder      the forms accepted, and whose each file is: `collect`
moodle      names that Moodle gives
files       files of folders and archives, and which are nobody's
archive     archives inside a student's folder
recognise   what a file holds of an assignment
pick        which file counts, or the doubt
names       ids as file names
roster      who is in the class: a worksheet, or a csv
enrol       submissions and a roster → everybody's submission, the absent among them
sentences   its notes in words
"""

from grader.intake.folder import collect
from grader.intake.names import file_name, student_id_of

__all__ = ["collect", "file_name", "student_id_of"]
