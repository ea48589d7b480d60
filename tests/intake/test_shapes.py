"""The built-in programme, written in every shape and language, is read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reminders.intake.document import neutral_document
from reminders.intake.formats import read_programme
from reminders.intake.read import read_documents
from reminders.programmes import built_in_text
from schedule_rules.programme import LANGUAGES, Lang, Programme
from tests.intake.measure import FIELDS, by_organisation, measure
from tests.intake.shapes import SHAPES

VAASA = "vaasa-2023-2026"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.__name__))
def test_a_programme_is_read_back(
    tmp_path: Path, shape: Callable[[Programme, Lang, Path], Path], lang: Lang
) -> None:
    """Every row, and at least 98 % of each field, whatever the shape."""
    programme = read_programme(built_in_text(VAASA), VAASA)
    document = read_documents([shape(programme, lang, tmp_path)]).documents[0]
    actions = document.as_json()["actions"]
    wanted = neutral_document(programme, lang)["actions"]
    score = measure(shape.__name__, actions, wanted, by_organisation(programme, lang), 0.9)
    assert (document.lang, len(actions)) == (lang, 62)
    assert [what for what in ("rows", *FIELDS) if score.share(what) < 0.98] == [], score.wrong
