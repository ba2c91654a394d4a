"""Where allauth asks us: no address is kept, secrets are sealed, nothing is mailed, nobody signs up by themselves."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.foundation.accounts import factors, passphrase, queries, rules, throttle
from circlekeeper.foundation.vault import envelope, serversecrets

_TRY_AGAIN = _("Too many tries. Wait five minutes, then try again.")
_WRONG_CODE = _("That code did not fit. Wait for the next one in your app and type that.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a handle and a passphrase."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The name or the passphrase is not right. Check both and try again."),
        "incorrect_password": _("That is not your passphrase. Check it and try again."),
        "too_many_login_attempts": _TRY_AGAIN,
        "rate_limited": _TRY_AGAIN,
        "incorrect_code": _WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts come from the set-up code or an invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Not an address: a hash good for one day."""
        return throttle.address_hash(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """Nothing: we do not want to know."""
        return ""

    def get_login_stages(self) -> list[str]:
        """The second factor is the only stage there is."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our pages ask by themselves (``step_up``); allauth's way would keep the whole request in the session."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """As if the account did not exist."""
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """There is no address to write to."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no address to write to."""

    def clean_password(self, password: str, user: Any = None) -> str:
        """Our own rules (TEC10)."""
        passphrase.PassphraseValidator().validate(password, user)
        return password

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # As it is looked up: another spelling of a handle is not another handle, and gets no tries of its own.
        return throttle.fingerprint(rules.tidy_handle(str(credentials.get("username", ""))))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: sealed secrets, neutral names."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _WRONG_CODE}

    def encrypt(self, text: str) -> str:
        """Seal a secret of an app or of spare codes with the server secret ``mfa``."""
        key = serversecrets.server_secret("mfa")
        return base64.b64encode(envelope.seal(key, text.encode(), _place())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` sealed for the person of ``factors.secrets_of``.

        :raises envelope.SealBroken: the column was changed, or moved to another person.
        """
        key = serversecrets.server_secret("mfa")
        return envelope.unseal(key, base64.b64decode(encrypted_text), _place()).decode()

    def get_totp_issuer(self) -> str:
        """The host name."""
        return factors.issuer()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Shown by the device when it asks: the host name, no more."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {"id": entity["id"], "name": entity["id"]}

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Recovery codes alone are no second factor."""
        if user.is_anonymous:
            return False
        if types is None:
            return queries.has_factor(user.pk)
        return bool(super().is_mfa_enabled(user, types))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no address to write to."""


def _place() -> envelope.Place:
    return envelope.Place("mfa_authenticator", factors.whose_secrets(), "secret", "-")
