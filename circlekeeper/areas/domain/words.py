"""Parts and standings in plain words, with one next step each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.domain.rules import Part, State

TITLES: dict[str, Any] = {
    Part.SPF: _("Who may send mail in your name (SPF)"),
    Part.DKIM: _("The signature under your mail (DKIM)"),
    Part.DMARC: _("What happens to forged mail (DMARC)"),
    Part.MTA_STS: _("Mail to you travels closed (MTA-STS)"),
    Part.DNSSEC: _("Answers about your address are signed (DNSSEC)"),
    Part.CAA: _("Who may make certificates for you (CAA)"),
    Part.TLS: _("The certificate of your web page"),
    Part.PAID: _("The address is paid"),
    Part.LOCK: _("The address is locked"),
}
STATES: dict[str, Any] = {
    State.GOOD: _("as it should be"),
    State.LACKING: _("lacking"),
    State.UNKNOWN: _("unknown"),
}
_SILENT = _(
    "Nobody answered, so we do not know. We ask again tomorrow. If it stays so, ask whoever runs this machine."
)
_NOT_TOLD = _("Nobody has told us. Look it up and write it down here.")
_OLD = _("You told us more than a year ago. Look again and write it down anew.")
STEPS: dict[tuple[str, str], Any] = {
    (Part.SPF, "none"): _("Ask your mail service for its SPF record, and have it added to your address."),
    (Part.SPF, "twice"): _("There is more than one SPF record, so none counts. Have one of them removed."),
    (Part.SPF, "open"): _("The record lets everybody send. Have its end changed to -all."),
    (Part.DKIM, "none"): _("No key is there under this selector. Ask your mail service for its DKIM record."),
    (Part.DKIM, "revoked"): _(
        "The key under this selector was taken back. Ask your mail service for the new selector."
    ),
    (Part.DMARC, "none"): _("Have a DMARC record added; begin with p=quarantine."),
    (Part.DMARC, "twice"): _("There is more than one DMARC record, so none counts. Have one of them removed."),
    (Part.DMARC, "open"): _(
        "Forged mail still arrives. Have the policy changed to p=quarantine or p=reject, for all mail."
    ),
    (Part.MTA_STS, "none"): _("Ask your mail service whether it offers MTA-STS, and have it switched on."),
    (Part.MTA_STS, "no-policy"): _(
        "MTA-STS is announced, but its policy cannot be fetched. Ask your mail service to put it right."
    ),
    (Part.MTA_STS, "open"): _("The policy of MTA-STS is only being tried out. Have it set to enforce."),
    (Part.DNSSEC, "none"): _("Have DNSSEC switched on where your address is registered."),
    (Part.DNSSEC, "not-checked"): _(
        "It is signed, but the name server of this machine does not check. Ask whoever runs it to use one that does."
    ),
    (Part.CAA, "none"): _("Have a CAA record added that names the authority of your certificate."),
    (Part.TLS, "soon"): _(
        "The certificate ends soon. Ask whoever looks after the web page why it was not renewed."
    ),
    (Part.TLS, "over"): _("The certificate has ended, and browsers warn people. Have it renewed today."),
    (Part.PAID, "soon"): _("Pay for the address now, and switch on renewal by itself."),
    (Part.PAID, "over"): _("By what you told us the address is not paid any more. Pay today: others can take it."),
    (Part.LOCK, "none"): _("Switch on the lock (transfer lock) where your address is registered."),
}
ANY_STEP: dict[str, Any] = {"no-answer": _SILENT, "not-told": _NOT_TOLD, "old": _OLD}
NEVER_LOOKED = _("It has not been looked at yet.")


def step(part: str, why: str) -> Any:
    """The one next step; empty when there is nothing to do."""
    return STEPS.get((part, why)) or ANY_STEP.get(why, "")
