"""Every table that holds something of a person has a way to die that this room really takes."""

import pytest

from circlekeeper.areas.retention import queries
from circlekeeper.foundation import lifecycle
from circlekeeper.foundation.lifecycle import Clock, Dies

# Rows that die with the person or group whose account or keys they are: accounts and the vault see to it, no date does.
_BY_THEIR_ROOM = {
    "agreements.Statement",
    "accounts.Person",
    "accounts.Role",
    "accounts.Invitation",
    "accounts.OpenSession",
    "accounts.Throttle",
    "ledger.Detail",
    "vault.Grant",
    "vault.PersonKey",
    "vault_shred.Secret",
}


def _reached() -> set[str]:
    """Labels of tables whose rows the daily run destroys: dated, aged, or belonging to such a row, however far up."""
    reached = {
        model._meta.label
        for model, held in lifecycle.declared().items()
        if held.clock in (Clock.DUE_ON, Clock.AGE) and held.dies in (Dies.SHRED, Dies.DELETE)
    }
    reached |= {link.model._meta.label for link in queries.links()}
    while True:
        more = {
            model._meta.label
            for model in lifecycle.declared()
            for field in model._meta.concrete_fields
            if isinstance(field.related_model, type) and field.related_model._meta.label in reached
        } - reached
        if not more:
            return reached
        reached |= more


def test_no_table_with_personal_data_is_out_of_reach():
    reached = _reached()
    lost = {
        model._meta.label
        for model, held in lifecycle.declared().items()
        if held.dies is not Dies.NEVER and model._meta.label not in reached | _BY_THEIR_ROOM
    }
    # What belongs to a meeting names staff only, and goes when the meeting's row goes.
    staffing = {
        model._meta.label
        for model, held in lifecycle.declared().items()
        if held.record in ("staffing", "checklist") and held.dies is Dies.WITH_OWNER
    }

    assert lost <= staffing, lost - staffing


def test_everything_that_names_a_member_dies_with_the_member():
    naming = {
        model._meta.label
        for model in lifecycle.declared()
        if model._meta.app_label != "retention"
        and any(field.attname == "member_id" for field in model._meta.concrete_fields)
    }
    linked = {link.model._meta.label for link in queries.links() if link.owner == "roster.Member"}

    assert {"agreements.Consent", "agreements.Pledge", "roster.Compartment", "joining.Application"} <= naming
    assert naming <= linked, naming - linked


def test_a_table_that_names_a_member_never_lives_for_ever():
    for_ever = [
        model._meta.label
        for model, held in lifecycle.declared().items()
        if held.dies is Dies.NEVER and any(field.attname == "member_id" for field in model._meta.concrete_fields)
    ]

    assert for_ever == []


@pytest.mark.parametrize("label", ["agreements.Consent", "roster.EmergencyRecord", "meetings.Arrival"])
def test_the_walk_finds_the_links_that_matter(label):
    found = {link.model._meta.label: link for link in queries.links()}

    assert label in found
    assert found[label].cascades is (label != "agreements.Consent")


def test_children_come_before_their_parents():
    order = [model._meta.label for model, _held in queries.dated_models()]

    assert order.index("meetings.Arrival") < order.index("meetings.PersonalLink")
    assert order.index("roster.EmergencyRecord") < order.index("roster.Member")
