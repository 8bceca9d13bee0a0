"""Step one, what it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.compliance.answers import Answers
from marketplace.core.text import N_
from marketplace.lots.vocabulary import FORMS, kind_of


@dataclass(frozen=True, slots=True)
class KindAnswers:
    """Say the form, from which gold or gem follows."""

    form: str

    @property
    def kind(self) -> str:
        """Return gold or gem."""
        return kind_of(self.form)


def read_kind(typed: Mapping[str, str]) -> KindAnswers:
    """Return the form, or raise InvalidInput."""
    answers = Answers(typed)
    form = answers.typed("form")
    if form not in FORMS:
        answers.refuse("form", N_("Choose what it is."))
    answers.finish()
    return KindAnswers(form)
