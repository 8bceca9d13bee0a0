"""flask-smorest bent to our rules: strict bodies, RFC 9457 problems, a name and a tag for every operation."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol, TypeVar, cast

from flask import request
from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response
from marshmallow import Schema
from werkzeug.wrappers import Response

from marketplace.api import problems
from marketplace.api.bodies import StrictParser
from marketplace.api.v1.schemas.problem import ProblemSchema
from marketplace.core.errors import InvalidInput
from marketplace.http.access import SignInNeeded
from marketplace.http.security import csrf

PROBLEM = "application/problem+json"
View = TypeVar("View", bound=Callable[..., Any])


class Decorator(Protocol):
    """Takes a view and gives it back."""

    def __call__(self, view: View, /) -> View:
        """Return the view, wrapped."""


class ApiV1(Api):  # type: ignore[misc]
    """The API's description and its blueprints."""

    ERROR_SCHEMA = ProblemSchema

    def register(self, resource: "Resource") -> None:
        """Register one resource with its operations."""
        extension = self._app.extensions["flask-smorest"]
        extension["blp_name_to_api"][resource.name] = self
        csrf.exempt(resource)  # a bearer token is no ambient authority
        self._app.register_blueprint(resource)
        resource.register_views_in_doc(self, self._app, self.spec, name=resource.name, parameters=None)
        self.spec.tag({"name": resource.tag, "description": resource.description})

    def _register_error_handlers(self) -> None:
        """Leave errors to the application, which answers with problems already."""

    def _register_responses(self) -> None:
        """Describe every error as a problem."""
        for status in HTTPStatus:
            self._register_problem(status.name, status.phrase)
        self._register_problem("DEFAULT_ERROR", "Any other problem")

    def _register_problem(self, name: str, description: str) -> None:
        response: dict[str, Any] = {"description": description, "schema": self.ERROR_SCHEMA}
        prepare_response(response, self.spec, PROBLEM)
        self.spec.components.response(name, response, lazy=True)


class Resource(Blueprint):  # type: ignore[misc]
    """One resource of the API: `/api/v1/<path>`."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, path: str, import_name: str, *, tag: str, description: str) -> None:
        name = "api_" + path.replace("-", "_")
        super().__init__(name, import_name, url_prefix=f"/api/v1/{path}", description=description)
        self.tag = tag
        self.register_error_handler(problems.Refusal, problems.refused)
        self.register_error_handler(InvalidInput, problems.invalid)
        self.register_error_handler(SignInNeeded, problems.unknown_caller)
        self.register_error_handler(problems.ScopeMissing, problems.scope_missing)
        self.after_request(_not_kept)

    def operation(self, method: str, rule: str, **options: Any) -> Decorator:
        """Register a view; its name is the operation's id, its first line the summary."""
        register = self.route(rule, methods=[method], tags=[self.tag], **options)

        def decorate(view: View) -> View:
            summary = (view.__doc__ or "").partition("\n")[0].rstrip(".")
            described = self.doc(operationId=_camel(view.__name__), summary=summary)(view)
            return cast(View, register(described))

        return decorate

    # The library is not typed; these say what its decorators keep: the view as it was.
    def takes(self, schema: type[Schema], *, location: str = "json", **options: Any) -> Decorator:
        """Read the body or the query by a schema and hand it over as the first argument."""
        return cast(Decorator, self.arguments(schema, location=location, **options))

    def answers(self, status: int, schema: type[Schema] | None = None, **options: Any) -> Decorator:
        """Write what the view returns by a schema."""
        return cast(Decorator, self.response(status, schema, **options))

    def refuses(self, *statuses: HTTPStatus) -> Decorator:
        """Name refusals that belong to this operation."""
        return self.describe(responses={str(status.value): status.name for status in statuses})

    def describe(self, **words: Any) -> Decorator:
        """Add to the description of the operation."""
        return cast(Decorator, self.doc(**words))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _not_kept(response: Response) -> Response:
    """Let nobody keep what a token opened; public answers may be kept and asked about again."""
    kept = "no-store" if "Authorization" in request.headers else "no-cache"
    response.headers.setdefault("Cache-Control", kept)
    response.vary.update(("Accept-Language", "Authorization"))
    if request.method == "GET" and response.status_code == 200 and kept == "no-cache":
        response.add_etag()
        response.make_conditional(request)
    return response
