"""What a field was before a change reads the same on the entry's page, in the list, in the table and in the lines."""

import base64
import csv
import io
import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.services import profile
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.unit_of_work import running
from tests.builders.accounts import registered
from tests.people import actor, person, signed_in

LOG = "/staff/audit"
ACTION = "buyer.change_company"
# The names a company had, newest change first.
TOLD = [("Meier and Sons", "Meier Jewels"), ("Meier Schmuck", "Meier and Sons")]


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    """The browser of an auditor; a buyer's company changed its name twice."""
    with app.app_context(), running(make_uow) as uow:
        alice, _buyer = registered(uow, company="Meier Schmuck")
        own = uow.acting_as(actor(uow.session, alice))
        for _before, after in reversed(TOLD):
            profile.change_company(own, company=after, country="DE")
    with app.app_context(), running(make_uow) as uow:
        return signed_in(app, uow, person(uow, "vera", StaffRole.AUDITOR))


def test_a_page_of_an_entry_and_the_list_tell_the_value_before(vera: FlaskClient) -> None:
    page = unescape(vera.get(f"{LOG}?action={ACTION}").text)
    entries = re.findall(rf'href="({LOG}/\d+)"', page)

    assert re.findall(r"after: (.*?) · before: (.*?)</p>", page) == [(after, before) for before, after in TOLD]
    for address, (before, after) in zip(entries, TOLD, strict=True):
        disclosed = unescape(vera.get(address).text)
        shown = dict(re.findall(r'<span class="meta">(\w+)</span></dt><dd>(.*?)</dd>', disclosed))
        assert (shown["before"], shown["after"]) == (before, after)


def test_the_table_tells_the_value_before(vera: FlaskClient) -> None:
    answer = vera.post(f"{LOG}/export.csv?action={ACTION}")
    facts = [json.loads(row["details"]) for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))]

    assert [(each["before"], each["after"]) for each in facts] == TOLD


def test_the_lines_disclose_the_value_before(vera: FlaskClient) -> None:
    answer = vera.post(f"{LOG}/export.jsonl?action={ACTION}")
    told = []
    for line in answer.data.splitlines()[1:]:
        opened = [base64.urlsafe_b64decode(text + "==") for text in json.loads(line)["disclosures"]]
        facts = {name: value for _salt, name, value in map(json.loads, opened)}
        told.append((facts["before"], facts["after"]))

    assert told == TOLD
