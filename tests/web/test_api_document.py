"""The API against its own document: what schemathesis makes of it is answered as the document says."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import DataObject, data
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.web.conftest import Reader

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
WITH_PARAMETERS = ("/api/v1/occurrences", "/api/v1/collection")
PATHS = ("/api/v1/programmes", "/api/v1/occurrences", "/api/v1/collection", "/api/v1/feeds")


@pytest.mark.parametrize(
    ("path", "mode"),
    [(path, GOOD) for path in PATHS] + [(path, BAD) for path in PATHS if path in WITH_PARAMETERS],
)
def test_answers_are_as_the_document_says(
    reader: Reader, path: str, mode: schemathesis.GenerationMode
) -> None:
    """Any parameters that the document allows, and any that it does not: no 5xx, the documented shape."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", reader.app)
    operation = schema[path]["GET"]
    met: set[int] = set()

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data())
    def ask(drawn: DataObject) -> None:
        case = drawn.draw(operation.as_strategy(generation_mode=mode))
        response = case.call()
        met.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    ask()
    assert met & {200, 404, 422}


def test_the_document_is_complete(reader: Reader) -> None:
    """Every operation is tested above; each parameter is bounded, each refusal described."""
    document = reader.get("/api/openapi.json").json()
    assert sorted(document["paths"]) == sorted(PATHS)
    for path, methods in document["paths"].items():
        operation = methods["get"]
        assert set(methods) == {"get"}
        for parameter in operation.get("parameters", ()):
            one = next(part for part in parameter["schema"]["anyOf"] if part["type"] != "null")
            bounds = {"minimum", "maximum"} <= set(one) or "pattern" in one or one.get("format") == "date"
            assert bounds, f"{path}: {parameter['name']}"
            assert parameter["description"]
        expected = {"200", "422"} if operation.get("parameters") else {"200"}
        assert set(operation["responses"]) - {"404"} == expected
    assert "404" in document["paths"]["/api/v1/collection"]["get"]["responses"]
