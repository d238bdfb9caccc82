"""`surdix`: the commands, and what becomes of an error."""

from __future__ import annotations

import contextlib
import errno
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.authoring.load import PROJECT
from grader.authoring.settings import LANGUAGES
from grader.cli import stopping
from grader.errors import GraderFault, SandboxUnavailable, UserError
from grader.gradebook import FRENCH as GRADEBOOK_FRENCH
from grader.gradebook import SENTENCES as GRADEBOOK_SENTENCES
from grader.intake.sentences import FRENCH as INTAKE_FRENCH
from grader.intake.sentences import SENTENCES as INTAKE_SENTENCES
from grader.pages.viva import ENGLISH as VIVA_SENTENCES
from grader.pages.viva import FRENCH as VIVA_FRENCH
from student_template.runner import sentences

for table in (INTAKE_SENTENCES, GRADEBOOK_SENTENCES, VIVA_SENTENCES):
    sentences.add(table)
for table in (INTAKE_FRENCH, GRADEBOOK_FRENCH, VIVA_FRENCH):
    sentences.add(table, "fr")

BAD_INPUT, FAULT = 2, 3
WARNING = "WARNING: --sandbox none: submissions run with all your rights on this machine."

course_option = click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False),
    default=PROJECT,
    show_default="the project's own",
    help="The folder that holds assignments/ and reference/.",
)
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(["best", "warm", "cold", "docker", "none"]),
    default="best",
    show_default=True,
    help="How submissions are kept apart; `none` protects nothing, `docker` needs an image.",
)
language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=None,
    show_default="the assignment's",
    help="What students read: prose, sentences, hints and pages. Scores are the same in each.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="surdix")
def cli() -> None:
    """Homework and automatic grading for deep-learning courses: TDs out, /10 scores in."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit. Nobody sees a traceback for their own mistake."""
    with stopping.on_signals() as told:
        status = _run(list(arguments) if arguments is not None else None, told)
    # Where Python loses an exception (in a finaliser), the command has run on to its end.
    sys.exit(told.status if told.number else status)


def _run(arguments: list[str] | None, told: stopping.Told) -> int:
    """Run a command: its exit status."""
    try:
        from grader.cli import (  # noqa: F401  (each adds its command)
            appeal,
            decide,
            defences,
            doctor,
            export,
            generate,
            grade,
            import_,
            mark,
            moodle,
            new,
            pick,
            purge,
            regrade,
            release,
            report,
            similar,
            validate,
            viva,
        )

        status = cli.main(args=arguments, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        status = BAD_INPUT
    except click.ClickException as error:
        command = getattr(error, "ctx", None)
        help_option = f" (see {command.command_path} --help)" if command else ""
        status = _say(f"{error.format_message()}{help_option}", BAD_INPUT)
    except SandboxUnavailable as error:
        hint = "" if "surdix doctor" in str(error) else " (surdix doctor says what to do)"
        status = _say(f"{error}{hint}", BAD_INPUT)
    except UserError as error:
        status = _say(str(error), BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        status = _interrupted(told)
    except OSError as error:
        status = _interrupted(told) if told.number else _of_the_system(error)  # a terminal that is gone
    except MemoryError:
        status = _of_the_system(OSError(errno.ENOMEM, ""))
    except GraderFault as error:
        status = _say(f"this is a fault of the grader: {error}", FAULT)
    except Exception:
        status = _bug()
    return status if isinstance(status, int) else 0


def _interrupted(told: stopping.Told) -> int:
    words = "interrupted; what had been graded is kept, and the same command goes on from there"
    with contextlib.suppress(OSError):
        _say(words, told.status)
    return told.status


def _of_the_system(error: OSError) -> int:
    """A disk that is full or may not be written is for the user to mend; anything else is a bug of ours."""
    advice = {errno.ENOSPC: "make room", errno.EDQUOT: "make room"}.get(error.errno or 0, "choose another folder")
    short = {
        errno.EMFILE: "open files (ulimit -n)",
        errno.ENFILE: "open files",
        errno.EAGAIN: "processes (ulimit -u)",
        errno.ENOMEM: "memory (ulimit -v)",
    }.get(error.errno or 0)
    if short:
        return _say(f"the grader may have no more {short}: raise the limit, or give --jobs 1; then start again", FAULT)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
        return _bug()
    return _say(f"{f'{error.filename}: ' if error.filename else ''}{error.strerror}; {advice}", BAD_INPUT)


def _bug() -> int:
    traceback.print_exc()
    return _say("this is a fault of the grader: please report the lines above", FAULT)


def _say(text: str, status: int) -> int:
    print(f"surdix: {' '.join(text.split())}", file=sys.stderr)
    return status


def say(key: str, values: Any, language: str = "en") -> str:
    """A note or message in words: what pages and exports are given."""
    return sentences.say(key, values, language)
