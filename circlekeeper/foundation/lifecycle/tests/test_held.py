"""Every table says how it dies, and says it soundly."""

import pytest
from django.apps import apps

from circlekeeper.foundation import lifecycle
from circlekeeper.foundation.lifecycle import Clock, Dies, Held
from circlekeeper.foundation.vault.models import GroupKey


def test_every_model_of_ours_says_how_it_dies():
    assert lifecycle.undeclared() == []


def test_the_walk_sees_the_tables_that_matter():
    seen = {model._meta.label for model in lifecycle.declared()}

    assert {"roster.Member", "meetings.Attendance", "agreements.Consent", "vault_shred.Secret"} <= seen


def test_a_model_that_says_nothing_is_found(monkeypatch):
    monkeypatch.delattr(GroupKey, "held")

    assert lifecycle.undeclared() == ["vault.GroupKey: no declaration"]


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        (Held(record="x", clock=Clock.DUE_ON, dies=Dies.DELETE), "has no field 'due_on'"),
        (Held(record="x", clock=Clock.NONE, dies=Dies.SHRED), "has no field 'secret_id'"),
        (
            Held(record="x", clock=Clock.AGE, dies=Dies.DELETE, since="made_at"),
            "counts age but does not say how long",
        ),
        (Held(record="x", clock=Clock.NONE, dies=Dies.NEVER), "never dies but does not say why"),
    ],
)
def test_a_declaration_that_cannot_be_kept_is_named(held, fault):
    assert fault in " ".join(held.faults(GroupKey))


def test_every_retention_class_named_by_a_dated_model_is_in_the_playbook():
    from circlekeeper.foundation import playbook

    dated = {held.record for held in lifecycle.declared().values() if held.clock is Clock.DUE_ON}

    assert dated <= set(playbook.book().retention), dated - set(playbook.book().retention)


def test_frameworks_keep_no_table_we_have_not_looked_at():
    """Tables that are not ours hold sign-in state only; a new one has to be looked at before it is let in."""
    known = {
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        "django_content_type",
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
    }
    theirs = {
        model._meta.db_table for model in apps.get_models() if not model.__module__.startswith("circlekeeper.")
    }

    assert theirs <= known, theirs - known
