"""Settings, read from the environment or from files named by ``…_FILE``. Every default is the safe one.

| name | meaning | default |
|---|---|---|
| CIRCLEKEEPER_DATA | folder for databases, keys, backups; mode 0700 | ./data |
| CIRCLEKEEPER_URL | the public address, with scheme | http://localhost:$PORT |
| PORT | where ``circlekeeper up`` listens | 8000 |
| DATABASE_URL / SHRED_DATABASE_URL | postgres://… for more than one machine | SQLite in the data folder |
| CIRCLEKEEPER_PROXIES | how many proxies stand before it and add to X-Forwarded-For | 0 |
| CIRCLEKEEPER_DEMO | 1: a red banner on every page, no database server, no mail | only in a folder marked as a demo |
| CIRCLEKEEPER_OWN_SERVICES | hosts in this machine's own network that may be asked, with commas between | none |
| CIRCLEKEEPER_DNS | name server for looking at groups' own domains, address or address:port | the machine's own |
| EMAIL_URL | smtp+tls://user:password@host:port | none: mail waits in the outbox and the doctor says so |
"""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pysqlite3
import pysqlite3.dbapi2
from environ import FileAwareEnv

# Older SQLite can lose a reset write-ahead log (sqlite.org/wal.html#walresetbug); this one is 3.53 or newer.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from circlekeeper.demo import mark  # noqa: E402
from circlekeeper.foundation import keyfile  # noqa: E402
from circlekeeper.serving import logs  # noqa: E402

env = FileAwareEnv()

DATA_DIR = Path(env.str("CIRCLEKEEPER_DATA", default="data")).absolute()
DEMO = env.bool("CIRCLEKEEPER_DEMO", default=False) or mark.is_on(DATA_DIR)
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("CIRCLEKEEPER_URL", default=f"http://localhost:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
DNS_SERVER = env.str("CIRCLEKEEPER_DNS", default="")
OWN_SERVICES = frozenset(env.list("CIRCLEKEEPER_OWN_SERVICES", default=[]))
HTTPS = _public.scheme == "https"

DEBUG = False
DEBUG_KDF_FOR_TESTS = False
SECRET_KEY = keyfile.read_or_make(DATA_DIR / "keys" / "cookie.key").hex()
ALLOWED_HOSTS = [_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "circlekeeper.web",
    "circlekeeper.foundation.vault",
    "circlekeeper.foundation.vault.shred",
    "circlekeeper.foundation.ledger",
    "circlekeeper.foundation.accounts",
    "circlekeeper.foundation.lifecycle",
    "circlekeeper.foundation.playbook",
    "circlekeeper.foundation.jobs",
    "circlekeeper.foundation.post",
    "circlekeeper.areas.groups",
    "circlekeeper.areas.safeguards",
    "circlekeeper.areas.agreements",
    "circlekeeper.areas.domain",
    "circlekeeper.areas.roster",
    "circlekeeper.areas.joining",
    "circlekeeper.areas.access",
    "circlekeeper.areas.incidents",
    "circlekeeper.areas.meetings",
    "circlekeeper.areas.ballots",
    "circlekeeper.areas.venues",
    "circlekeeper.areas.leaders",
    "circlekeeper.areas.retention",
    "circlekeeper.roof",
]

MIDDLEWARE = [
    "circlekeeper.web.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "circlekeeper.foundation.accounts.who.WhoMiddleware",
]

ROOT_URLCONF = "circlekeeper.urls"
WSGI_APPLICATION = None

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "circlekeeper.web.context.chrome",
            ],
        },
    },
]
FORM_RENDERER = "circlekeeper.web.renderer.PlainForms"
CSRF_FAILURE_VIEW = "circlekeeper.web.errors.form_expired"

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
    "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY"
)


def _database(variable: str, file_name: str) -> dict[str, Any]:
    """The settings of one database: the URL in ``variable``, or an SQLite file in the data folder."""
    if env.str(variable, default="") and not DEMO:
        found: dict[str, Any] = env.db_url(variable)
        return found | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / file_name,
        "CONN_MAX_AGE": None,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS},
    }


DATABASES = {
    "default": _database("DATABASE_URL", "circlekeeper.sqlite3"),
    "shred": _database("SHRED_DATABASE_URL", "shred.sqlite3"),
}
DATABASE_ROUTERS = ["circlekeeper.foundation.vault.router.ShredRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "circlekeeper_cache",
        "OPTIONS": {"MAX_ENTRIES": 20000},
    },
}

SESSION_ENGINE = "circlekeeper.foundation.accounts.sessionstore"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-ck_session" if HTTPS else "ck_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-ck_form" if HTTPS else "ck_form"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["circlekeeper.foundation.accounts.backend.PassphraseBackend"]
PASSWORD_HASHERS = ["circlekeeper.foundation.accounts.hasher.RootHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "circlekeeper.foundation.accounts.passphrase.PassphraseValidator"}]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "circlekeeper.foundation.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Behind a proxy: how many of them add to X-Forwarded-For. The address is hashed at once and forgotten with the day.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("CIRCLEKEEPER_PROXIES", default=0)

MFA_ADAPTER = "circlekeeper.foundation.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Browsers take http://localhost for safe and nothing else without https; accounts.E001 refuses any other use.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS and _public.hostname == "localhost"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Uploads stay in memory: Django's default would write those over 2.5 MB to a temporary file in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

EMAIL_URL = "" if DEMO else env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))

# Where "Leave this site" leads: weather, encyclopedia, clock, or an https address.
LEAVE_TO = env.str("CIRCLEKEEPER_LEAVE_TO", default="weather")
# Whose emergency numbers come first on the help page: a country code, or none.
HELP_REGION = env.str("CIRCLEKEEPER_HELP_REGION", default="")

ADMINS: list[tuple[str, str]] = []
LOGGING = logs.LOGGING
