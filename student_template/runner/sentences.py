"""A finding's key and values → the words that a student reads.

Results keep keys and values, never words: the same result can be shown in any language, and a better sentence
reaches results that are already there. A language is a table in `LANGUAGES`; a key that it lacks is said in English.
Values may hold words of the runner's too ("line 3", "an array of shape (2,)"): these are in English, and `WORDS` says
what they are in another language. What Python itself says stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import french, reading

ENGLISH: dict[str, str] = {
    "pass": "Right.",
    # compared
    "value": "Your answer{part} is wrong in {wrong} of {size} entries; furthest off{index}: yours is {got}, "
    "a relative error of {relative}.",
    "gradient": "Your gradient{part} is wrong in {wrong} of {size} entries; furthest off{index}: yours is {got}, "
    "a relative error of {relative}.",
    "value_hidden": "Your answer{part} is wrong; its largest relative error{index} is about {relative}.",
    "gradient_hidden": "Your gradient{part} is wrong; its largest relative error{index} is about {relative}.",
    "shape_hidden": "Your answer{part} should have the shape {want}, and has another.",
    "shape": "Your answer{part} has the shape {got}; it should be {want}.",
    "type": "Your answer{part} is {got}; it should be {want}.",
    "type_none": "Your function returns None{part}: is a `return` missing?",
    "not_finite": "Your answer{part} holds {got}{index}.",
    "not_equal": "Your answer is {got}, which is not what was asked.",
    "predicate": "Your answer is not right: {why}",
    "predicate_no": "Your answer, {got}, is not one of those that are right.",
    "predicate_error": "Your answer is {got}, which is not the kind of thing that was asked.",
    "accuracy_full": "It is right on {accuracy} of the samples.",
    "accuracy_partial": "It is right on {accuracy} of the samples: points begin above {none}, all of them come from "
    "{full} on.",
    "accuracy_none": "It is right on {accuracy} of the samples only: points begin above {none}, all of them come from "
    "{full} on.",
    "not_data": "Your answer cannot be compared: {why}. Return numbers or arrays.",
    "not_data_hidden": "Your answer cannot be compared. Return numbers or arrays.",
    "too_large": "Your answer is too large to be an answer.",
    # not compared
    "missing": "There is no `{name}` in your file.",
    "missing_because": "There is no `{name}`: {block}",
    "not_written": "Still to be written{what}.",
    "error": "Your code raises {error}{trace}.",
    "error_because": "Your code raises {error}{trace}. {block}",
    "exit": "Your code calls exit(){trace}.",
    "memory": "Your code asks for more memory than it may use{trace}.",
    "timeout": "Your code took longer than the time it has: is there a loop that never ends?",
    "timeout_seconds": "Your code took longer than the {seconds} s that it has: is there a loop that never ends?",
    "crashed": "Your code made the Python interpreter crash ({how}).",
    "ended": "Your code ended the Python interpreter (os._exit with status {how}).",
    "forbidden": "Your code made a system call that no answer needs, and was stopped.",
    # loading
    "left_out_syntax": "The block at {where} (`{text}`) is not Python: {error}. It was left out.",
    "left_out_raised": "The block at {where} (`{text}`) raised {error}; what it had not yet done was left out.",
    "left_out_died": "The block at {where} (`{text}`) made the Python interpreter crash and was left out.",
    "left_out_memory": "The block at {where} (`{text}`) took more memory than it may and was left out.",
    "left_out_time": "The block at {where} (`{text}`) did not end in time and was stopped; after it only definitions "
    "were run.",
    "left_out_late": "The block at {where} (`{text}`) was not run: it defines nothing, and the time to load was up.",
    "left_out": "{block}",
    # a submission as a whole
    "missing_all": "There was nothing of yours to check.",
    "grader_fault": "This check could not be run. It is our fault, and costs you nothing.",
    "grader_fault_because": "The grader failed: {what}. It is not your fault; it will be graded again.",
    "crashed_three_times": "Your file ended the Python interpreter three times while loading; a person will look.",
    "no_point_with_code": "There is code in your file, and no check passes; a person will look.",
    # hints and consequences
    "looks_like": "{hint}",
    "follows": "This may follow from question {questions}.",
    "follows_several": "This may follow from questions {questions}.",
    "factor": "It is {factor} times what it should be, everywhere.",
    "first": "The first entry that differs is {place}: yours is {got}.",
    "first_given": "The first entry that differs is {place}: yours is {got} ({given}).",
    "transposed": "It is the transpose of what it should be.",
    "own_yes": "It does agree with central differences of your own forward pass: look for the mistake there.",
    "own_no": "It does not agree with central differences of your own forward pass either.",
    # parts of sentences
    "at_index": " at index {index}",
    "entry": "{value}{index}",
    "at_place": " at {where}: `{text}`",
    "at_line": " at {where}",
    "after_colon": ": {text}",
    "and": " and ",
    "decimal": ".",
}
LANGUAGES: dict[str, dict[str, str]] = {"en": {**ENGLISH, **reading.SENTENCES}, "fr": dict(french.SENTENCES)}
WORDS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {"fr": french.WORDS}  # patterns by a value's name
# Of hidden cases less is told than of public ones: a sentence that lacks this value is said as its key + "_hidden".
PUBLIC_ONLY = {"value": "got", "gradient": "got", "shape": "got", "not_data": "why"}
PLACE = re.compile(r"{([A-Za-z_]\w*)}")  # what is filled in, in a reason
REASONS: dict[str, dict[re.Pattern[str], str]] = {}  # what predicates say, by language


class _Values(dict):  # type: ignore[type-arg]
    def __missing__(self, key: str) -> str:
        return "?"


def add(sentences: Mapping[str, str], language: str = "en") -> None:
    """Add a room's own sentences to those of a language."""
    LANGUAGES.setdefault(language, {}).update(sentences)


def add_reasons(reasons: Mapping[str, str], language: str) -> None:
    """Add what an assignment's predicates say, by its English text, in another language.

    In the English `{name}` stands for whatever is there (in both places, if it is there twice), and in the other text
    for the same.
    """
    for english, said in reasons.items():
        pattern, names = "", set()
        for number, part in enumerate(PLACE.split(english)):  # texts, and between them names
            if number % 2 == 0:
                pattern += re.escape(part)
            else:
                pattern += f"(?P={part})" if part in names else f"(?P<{part}>.*)"
                names.add(part)
        REASONS.setdefault(language, {})[re.compile(pattern, re.DOTALL)] = said


def _reason(why: str, values: Mapping[str, Any], language: str) -> str:
    """What a predicate said, or a reason's key, in words."""
    for pattern, said in REASONS.get(language, {}).items():
        found = pattern.fullmatch(why)
        if found:
            return PLACE.sub(lambda place, found=found: found[place[1]], said)  # type: ignore[misc]
    return _fill("why_" + why, values, language).removeprefix("why_")


def say(key: str, values: Mapping[str, Any] | None = None, language: str = "en") -> str:
    """The sentence of a key, and what the values add to it. Never an error: what cannot be said is shown as its key."""
    try:
        return _say(key, values, language)
    except Exception:  # values of a shape that no sentence expects
        return str(key)


def _say(key: str, values: Mapping[str, Any] | None, language: str) -> str:
    values = {"trace": [], **(values or {})}
    if key == "type" and values.get("got") == "None":
        key = "type_none"
    elif key == "type" and not values.get("want"):
        key = "predicate_error"
    elif key in PUBLIC_ONLY and PUBLIC_ONLY[key] not in values:
        key += "_hidden"
    elif key == "timeout" and "seconds" in values:  # results of before have no limit in them
        key = "timeout_seconds"
    extra = [_fill(more, shown, language) for more, shown in _more(values, language)]
    if isinstance(values.get("block"), dict):
        values["block"] = left_out(values["block"], language)
    if key == "not_written":  # "NotImplementedError: question 2.1: softmax"
        what = str(values.get("what")).partition(": ")[2]
        values["what"] = _fill("after_colon", {"text": what}, language) if what else ""
    if isinstance(values.get("why"), str):  # a reason may be a key itself
        values["why"] = _reason(values["why"], values, language)
        if key == "predicate" and values["why"][-1:] not in (".", "?", "!", "…"):
            values["why"] += "."
    return " ".join([_fill(key, _shown(values, language), language), *extra])


def _more(values: Mapping[str, Any], language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys and values of what is said after the sentence."""
    if values.get("factor"):
        yield "factor", {"factor": _number(values["factor"], language)}
    if isinstance(values.get("first"), dict):
        first = values["first"]
        yield "first_given" if "given" in first else "first", first
    if values.get("transposed"):
        yield "transposed", {}
    if values.get("own") in ("yes", "no"):
        yield f"own_{values['own']}", {}
    questions = values.get("follows")
    if questions:
        yield "follows_several" if len(questions) > 1 else "follows", {"questions": _and(questions, language)}


def left_out(block: Mapping[str, Any], language: str = "en") -> str:
    """The sentence for a block that loading left out."""
    shown = {name: _words(name, value, language) for name, value in block.items()}
    return _fill("left_out_" + str(block.get("why")), {**shown, "where": place(block, language)}, language)


def place(block: Mapping[str, Any], language: str = "en") -> str:
    """ "line 12", "cell 3, line 2" in a notebook, "line 12 of layers.py" where several files are handed in; in French
    "ligne 12", for a sentence that has "à la" before it."""
    label, line = str(block.get("label") or ""), block.get("line")
    if label.endswith(".py"):
        return str(_words("where", f"line {line} of {label}", language))
    return str(_words("where", f"{label}, line {line}" if label else f"line {line}", language))


def _words(name: str, value: Any, language: str) -> Any:
    """A value as it is, but for words of the runner's own in it."""
    if isinstance(value, str):
        for pattern, words in WORDS.get(language, {}).get(name, ()):
            value = re.sub(pattern, words, value)
    return value


def _fill(key: str, values: Mapping[str, Any], language: str) -> str:
    template = LANGUAGES.get(language, {}).get(key) or LANGUAGES["en"].get(key)
    if template is None:
        return key
    try:
        return template.format_map(_Values(values))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        return template


def _shown(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Values as they stand in a sentence."""
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name == "part":
            shown[name] = f" `{value}`" if value else ""
        elif name == "index":
            shown[name] = _fill("at_index", {"index": _index(value)}, language) if value else ""
        elif name == "trace":
            shown[name] = _at_place(value[-1], language) if _is_trace(value) else ""
        elif name in ("accuracy", "full", "none"):
            shown[name] = f"{_number(100 * value, language, 4)} %" if isinstance(value, float) else str(value)
        elif name in ("got", "want") and isinstance(value, list):
            shown[name] = _tuple(value)
        elif isinstance(value, (list, tuple)):
            shown[name] = ", ".join(map(str, value))
        elif isinstance(value, float):
            shown[name] = _number(value, language)
        else:
            shown[name] = _words(name, value, language)
    return shown


def _at_place(line: Mapping[str, Any], language: str) -> str:
    where, text = place(line, language), line.get("text", "")
    return _fill("at_place" if text else "at_line", {"where": where, "text": text}, language)


def _is_trace(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[-1], dict)


def _index(value: Any) -> str:
    return str(value[0]) if len(value) == 1 else _tuple(value)


def _tuple(value: list[Any]) -> str:
    inside = ", ".join(map(str, value))
    return f"({inside},)" if len(value) == 1 else f"({inside})"


def _number(value: Any, language: str, digits: int = 6) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.{digits}g}".replace(".", _fill("decimal", {}, language))


def _and(values: Any, language: str) -> str:
    items = [str(item) for item in values]
    return _fill("and", {}, language).join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
