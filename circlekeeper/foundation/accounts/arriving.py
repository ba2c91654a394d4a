"""What happens around a sign-in: a new account's first one, a proof, the end."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, memberdoor, nexts, opening, queries
from circlekeeper.foundation.accounts.models import Person
from circlekeeper.foundation.vault import userkeys

_RECORDS_KEPT = 4


def sign_in_new(request: HttpRequest, person_id: str, kek: bytes) -> None:
    """Sign in someone whose account was made in this request, with their keys open."""
    person = Person.objects.get(pk=person_id)
    get_adapter(request).login(request, person)
    record_authentication(request, person, "password")
    opening.open_keys(request, userkeys.unlock_with_kek(person_id, kek), now=clock.now())


def proved(request: HttpRequest, factor: Authenticator) -> None:
    """Note in the session that the signed-in person just proved themselves with this factor."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True)
    request.session[RECORDS] = request.session[RECORDS][-_RECORDS_KEPT:]


def finish(person_id: str) -> None:
    """Give an invited person their role, once nothing is missing any more. Safe to call at any time."""
    waiting = queries.invitation_taken_by(person_id, now=clock.now())
    if waiting is not None and nexts.missing(person_id) is None:
        actions.finish_invitation(by=person_id, invitation_id=waiting.id, now=clock.now())


def end(request: HttpRequest, response: HttpResponseBase) -> None:
    """Sign out for good: session, opened keys, a member's session; have the browser forget what it may.

    ``/exit`` needs the same, so it works for anyone.
    """
    opening.close_keys(request)
    logout(request, show_message=False)
    request.session.flush()
    memberdoor.leave(request, response)
    # Not "executionContexts": it would reload the page someone just left.
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
