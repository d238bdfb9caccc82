"""Hand-ins as platforms lay them out, written to a folder or a zip."""

import io
import zipfile

from grader.intake import forms, take
from grader.intake.listing import laid_out
from tests.intake.intake_samples import make_assignment, write

HOW = ["folder", "zip", "wrapped zip", "wrapped folder"]


def lay(tmp_path, files, how="folder", name="class"):
    """Write files (path → content) as HOW says, and give what a person would name."""
    if how == "folder":
        return write(tmp_path / name, files)
    if how == "wrapped folder":
        write(tmp_path / "around" / name, files)
        return tmp_path / "around"
    prefix = f"{name}/" if how == "wrapped zip" else ""
    path = tmp_path / (f"{name}.zip" if how == "zip" else "download.zip")
    with zipfile.ZipFile(path, "w") as opened:
        for place, content in files.items():
            opened.writestr(prefix + place, content)
    return path


def whose(path, form="", td=None):
    """The form that is read, and by student the paths of the files: as lists, one for each time of handing in."""
    td = td or make_assignment()
    with laid_out(path, str(path)) as listing:
        name, found = forms.read(listing, td, form, str(path))
        students = {}
        for handed in found.handed:
            students.setdefault(handed.student_id, []).append(sorted(file.path for file in handed.files))
    return name, students


def taken(path, form="", td=None, **picks):
    """The form, and the submissions by id."""
    result = take(path, td or make_assignment(), picks, form)
    assert [one.student_id for one in result.submissions] == sorted({one.student_id for one in result.submissions})
    return result, {one.student_id: one for one in result.submissions}


def zipped(files):
    """A zip's bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()
