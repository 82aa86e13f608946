"""The words by which procedures are found. Pure: what is stored at publication, what is asked by a citizen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from portal.catalogue.types import Procedure
from portal.core.text import folded

CODE = 100
EVERYDAY = 80
NAME = 60
FIELD = 20
"""Weights of the places that a word may stand in; in several, the heaviest counts."""

SHORT = 10
"""A word weighs more in a phrase of fewer words than these: "xây nhà" is meant by "Xây nhà", less by a longer name."""

MOST_WORDS = 12
"""Of one question: what follows is not looked at."""

PASSED_OVER = frozenset(
    [
        "bi",
        "cac",
        "can",
        "cai",
        "cho",
        "cua",
        "de",
        "di",
        "duoc",
        "la",
        "lam",
        "minh",
        "mot",
        "muon",
        "nhung",
        "o",
        "tai",
        "the",
        "thi",
        "thu",
        "tuc",
        "toi",
        "tren",
        "trong",
        "tu",
        "va",
        "ve",
        "voi",
        "xin",
    ]
)
"""Words that say nothing about the matter, folded."""


def weighted_words(procedure: Procedure) -> Mapping[str, int]:
    """Folded word → weight, from the code, the names, the search words and the field of a procedure."""
    places = [
        (CODE, procedure.code),
        (EVERYDAY, procedure.everyday_name.vi),
        (EVERYDAY, procedure.everyday_name.en),
        *((EVERYDAY, words) for words in procedure.search_words),
        (NAME, procedure.name.vi),
        (NAME, procedure.name.en),
        (FIELD, procedure.field_name.vi),
        (FIELD, procedure.field_name.en),
    ]
    weights: dict[str, int] = defaultdict(int)
    for weight, text in places:
        phrase = folded(text).split()
        for word in phrase:
            weights[word] = max(weights[word], weight + max(SHORT - len(phrase), 0))
    return {**weights, **{event_word(event): 0 for event in procedure.life_events}}


def event_word(event: str) -> str:
    """The word that stands for a life event; nobody can type it, because folded words have no colon."""
    return f":{event}"


def asked_words(question: str) -> list[str]:
    """The folded words of a question, each once, without those that say nothing unless there are no others."""
    words = list(dict.fromkeys(folded(question).split()))
    telling = [word for word in words if word not in PASSED_OVER]
    return (telling or words)[:MOST_WORDS]
