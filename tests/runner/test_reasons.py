"""What a predicate says is shown in the handout's language, whatever it filled in."""

import pytest

from student_template.runner import sentences

REASONS = {
    "{name} is {got}, not {want}: so {name} is wrong": "{name} : {got}, non {want}",
    "it is (a)": "c'est (a)",
    "in {-1, 1}": "dans {-1, 1}",
}


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("W is (3, 2), not (2,\n3): so W is wrong", "W : (3, 2), non (2,\n3)"),
        ("W is 1, not 2: so b is wrong", "W is 1, not 2: so b is wrong"),
        ("it is (a)", "c'est (a)"),
        ("it is a", "it is a"),
        ("in {-1, 1}", "dans {-1, 1}"),
        ("x{y}", "x{y}"),
    ],
)
def test_a_reason_is_found_by_its_pattern(monkeypatch, english, said):
    monkeypatch.setattr(sentences, "REASONS", {})
    sentences.add_reasons(REASONS, "fr")
    assert sentences.say("predicate", {"why": english}, "fr") == f"Votre réponse ne convient pas : {said}."
    assert sentences.say("predicate", {"why": english}, "en") == f"Your answer is not right: {english}."
