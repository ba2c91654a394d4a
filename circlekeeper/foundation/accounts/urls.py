"""Addresses of accounts. Sign-up, e-mail, reset by mail and outside accounts have none: they do not exist here.

Two names are allauth's own, because its flows ask for them: ``account_login`` and ``mfa_authenticate``.
"""

from django.urls import include, path

from circlekeeper.foundation.accounts.pages import account, factor, forgotten, front, invited, kit, proving, signin

_own = [
    path("", front.front, name="front"),
    path("set-up/", front.set_up, name="set-up"),
    path("set-up/you/", front.set_up_you, name="set-up-you"),
    path("sign-in/passkey/", signin.passkey, name="sign-in-passkey"),
    path("sign-in/forgotten/", forgotten.forgotten, name="forgotten"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("unlock/", proving.unlock, name="unlock"),
    path("confirm/", proving.confirm, name="confirm"),
    path("account/", account.account, name="account"),
    path("account/passphrase/", account.passphrase, name="passphrase"),
    path("account/sessions/close/", account.close_others, name="close-others"),
    path("account/factor/", factor.choose, name="factor"),
    path("account/factor/app/", factor.app, name="factor-app"),
    path("account/factor/passkey/", factor.passkey, name="factor-passkey"),
    path("account/factor/<int:factor_id>/remove/", factor.remove, name="factor-remove"),
    path("account/spare-codes/", factor.spare_codes, name="spare-codes"),
    path("account/spare-codes/new/", factor.new_spare_codes, name="new-spare-codes"),
    path("account/kit/", kit.kit, name="kit"),
    path("account/kit/check/", kit.check, name="kit-check"),
    path("account/ready/", kit.ready, name="ready"),
    path("invited/you/", invited.you, name="invited-you"),
    path("invited/<str:invitation_id>/", invited.invited, name="invited"),
]

urlpatterns = [
    path("", include((_own, "accounts"))),
    path("sign-in/", signin.sign_in, name="account_login"),
    path("sign-in/factor/", signin.second_factor, name="mfa_authenticate"),
]
