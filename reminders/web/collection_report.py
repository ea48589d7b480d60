"""The board's report of a year: a page, PDF, spreadsheet. Signed in only: it holds notes and names."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reminders.dispatch.report_words import Wording, paper
from reminders.dispatch.reports import report_pdf, report_xlsx, worded
from reminders.spreadsheet import XLSX_TYPE
from reminders.web.guard import refuse
from reminders.web.site import Site

PDF_TYPE: Final = "application/pdf"


class CollectionReportPages:
    """The endpoints of the report."""

    def __init__(self, site: Site) -> None:
        """Serve the report of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/collection/{year:int}/report", self.page),
            Route("/collection/{year:int}/report.pdf", self.pdf),
            Route("/collection/{year:int}/report.xlsx", self.xlsx),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/collection/{year}/report``."""
        if refused := refuse(self.site, request):
            return refused
        of = self._worded(request)
        return self.site.page(
            request,
            "collection_report.html",
            paper=paper(of),
            year=of.report.year,
            years=len(of.report.years),
        )

    def pdf(self, request: Request) -> Response:
        """Answer for ``/collection/{year}/report.pdf``."""
        if refused := refuse(self.site, request):
            return refused
        of = self._worded(request)
        return _file(report_pdf(of), PDF_TYPE, f"{_name(of)}.pdf")

    def xlsx(self, request: Request) -> Response:
        """Answer for ``/collection/{year}/report.xlsx``."""
        if refused := refuse(self.site, request):
            return refused
        of = self._worded(request)
        return _file(report_xlsx(self.site.service, of), XLSX_TYPE, f"{_name(of)}.xlsx")

    def _worded(self, request: Request) -> Wording:
        visitor = self.site.visitor(request)
        year = request.path_params["year"]
        return worded(self.site.service, year, visitor.lang, visitor.query.get("programme"))


def _name(of: Wording) -> str:
    return f"{of.report.programme.key}-{of.report.year}-{of.lang}"


def _file(octets: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(octets, media_type=media_type, headers=headers)
