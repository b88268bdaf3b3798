"""One settings file that reads the environment.

`MANTELZORG_ENV` says what this is: `production` (the default: every secret must be given), `demo` (`make demo`) or
`test` (`make test`). Nothing that is only safe in a demo has a default in production.
"""

import os
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

ENVIRONMENT = env.str("MANTELZORG_ENV", "production")
if ENVIRONMENT not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("MANTELZORG_ENV must be production, demo or test.")
PRODUCTION = ENVIRONMENT == "production"


def required_in_production(name: str, otherwise: str) -> str:
    given = os.environ.get(name, "").strip()  # not through env, which takes a secret that begins with $ for a name
    if PRODUCTION and not given:
        raise ImproperlyConfigured(f"Set {name}: production has no default for it.")
    return given or otherwise


def refuse_in_production(unsafe: bool, what_to_do: str) -> None:
    if PRODUCTION and unsafe:
        raise ImproperlyConfigured(what_to_do)


def account_of(url: str) -> dict[str, str] | None:
    """Who connects by this address of a database."""
    return {key: env.db_url_config(url).get(key, "") for key in ("USER", "PASSWORD")} if url else None


DEBUG = False
SECRET_KEY = required_in_production("SECRET_KEY", "only-for-the-demo-and-the-tests-not-a-secret-at-all-0123456789")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former keys: second factors are encrypted with it
PUBLIC_URL = required_in_production("PUBLIC_URL", "http://localhost:8000").rstrip("/")  # in mails
ALLOWED_HOSTS = [
    host.strip() for host in required_in_production("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []
refuse_in_production(
    len(SECRET_KEY) < 50 or "not-a-secret" in SECRET_KEY, "Set SECRET_KEY to 50 random characters or more."
)
refuse_in_production(not PUBLIC_URL.startswith("https://"), "Set PUBLIC_URL to an address that begins with https://.")
refuse_in_production(
    any(host.startswith(("*", ".")) or not host for host in ALLOWED_HOSTS),
    "Set ALLOWED_HOSTS to the host names themselves, without * or a leading dot.",
)

INSTALLED_APPS = [
    "mantelzorg",
    "trail",
    "knowledge",
    "sociale_kaart",
    "accounts",
    "intake",
    "referrals",
    "overviews",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "pgtrigger",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "mantelzorg.middleware.headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "trail.middleware.RequestTransactionMiddleware",
    "accounts.middleware.ActingMembershipMiddleware",
    "accounts.guards.SessionClockMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.guards.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.guards.RestoredFormMiddleware",
]

ROOT_URLCONF = "mantelzorg.urls"
WSGI_APPLICATION = "mantelzorg.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mantelzorg.context_processors.site",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials", "mantelzorg.templatetags.portaal"],
        },
    }
]
FORM_RENDERER = "mantelzorg.forms.Renderer"

# Database -----------------------------------------------------------------------------------------------------------

# Three roles: the owner migrates, the application owns nothing, the backup reads. See docs/deployment.md. In a demo and
# in the tests DATABASE_URL is an administrator's, and all three are made there.
DATABASE_URL = required_in_production("DATABASE_URL", "")
if not DATABASE_URL:
    from mantelzorg.embedded_database import database_url

    DATABASE_URL = database_url(env.str("MANTELZORG_DB", "mantelzorg"))
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
OWNER = account_of(os.environ.get("OWNER_DATABASE_URL", ""))  # only `manage.py prepare` needs it
BACKUP = {"USER": env.str("BACKUP_ROLE", "mantelzorg_backup"), "PASSWORD": os.environ.get("BACKUP_PASSWORD", "")}
DATABASE_ADMIN = account_of(os.environ.get("ADMIN_DATABASE_URL", ""))  # who makes the roles, if `prepare` is to do that
if not PRODUCTION and not OWNER:
    DATABASE_ADMIN = account_of(DATABASE_URL)
    name = f"test_{DATABASES['default']['NAME']}" if ENVIRONMENT == "test" else DATABASES["default"]["NAME"]
    demo_password = "only-for-the-demo-and-the-tests"  # noqa: S105 (such a server listens to this computer only)
    OWNER, APP, BACKUP = ({"USER": f"{name}_{role}", "PASSWORD": demo_password} for role in ("owner", "app", "backup"))
    DATABASES["default"] |= APP
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 0 if ENVIRONMENT == "test" else 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    [
        "-c lock_timeout=5s",  # two people at one row: the second waits this long at most
        "-c idle_in_transaction_session_timeout=120s",  # longer than any page, PDF or mail takes
        f"-c statement_timeout={env.str('STATEMENT_TIMEOUT', '0')}",  # the web server sets it: mantelzorg/gunicorn.py
        # a list joins a dozen tables by key, in an order that is right already: looking for a better one took
        # PostgreSQL up to ten times as long as reading the rows (benchmarks/README.md)
        "-c join_collapse_limit=4",
        # tables that are read all day are in memory: a row by its key costs little more than the next row. With the
        # default of 4 a list read all municipalities anew for each of its rows (benchmarks/README.md)
        "-c random_page_cost=1.1",
    ]
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What the web processes share for a short while: rate limits and used one-time codes. In the database, so that there is
# nothing else to run; the table comes with the migrations of accounts.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# People -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "vandaag"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.NotLikeHerself"},
    {"NAME": "accounts.passwords.NotCommon"},
    {"NAME": "accounts.passwords.NotOnlyDigits"},
]

PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proven by the invitation that was mailed to it
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # a whole organisation may share one address
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60  # before an export or a change of one's own security
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivateTotpForm",
    "login_webauthn": "accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation proved the address; allauth's own list of addresses is not used
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # half a minute: a clock that is a little off, or somebody who types slowly
# The demo only: log in with a password alone. The tests do not look at it, and production does not start with it.
DEMO_SKIP_MFA = env.bool("DEMO_SKIP_MFA", False) and ENVIRONMENT != "test"
refuse_in_production(DEMO_SKIP_MFA, "Take DEMO_SKIP_MFA away: every account has a second step.")

SESSION_ENGINE = "accounts.sessions"
SESSION_IDLE = timedelta(minutes=15)  # without doing anything
SESSION_IN_ALL = timedelta(hours=10)  # a working day

# Messages name people: they wait on the server, not in a cookie that stays readable in the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# Static files -------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Web ----------------------------------------------------------------------------------------------------------------

# How many proxies of our own stand before us, each adding to X-Forwarded-For. They end TLS and say so.
TRUSTED_PROXIES = int(required_in_production("TRUSTED_PROXIES", "0"))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "trail.views.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^gezond/$"]  # the health check asks from inside
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessie"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# What must be settled before somebody leaves an organisation or no longer works with caregivers there: each is called
# with `membership`, `by` and `now`, in the transaction in which she leaves, and may refuse.
BEFORE_LEAVING = ["intake.handing.leaving.let_go"]

# What the worker does every hour: each is called with `now`, and is safe to repeat and to kill half-way.
EVERY_HOUR = [
    "trail.actions.tend_log",
    "trail.actions.digest_log",
    "referrals.clock.expire_due",
    "referrals.clock.lapse_consents",
    "referrals.meetings.actions.follow_consents",
    "referrals.clock.hand_turns",
    "referrals.clock.remind",
    "trail.bounces.read_returned",
    "referrals.clock.tell_of_failed_mail",
    "referrals.clock.delete_stale_drafts",
    "referrals.clock.forget_shared_items",
    "referrals.aftercare.actions.lapse_questions",
    "referrals.linked.actions.forget_old_links",
    "referrals.questions.clock.remind",
    "referrals.questions.clock.close_silent",
    "referrals.questions.clock.hand_turns",
    "referrals.questions.clock.forget_old",
    "referrals.answer_times.count_answers",
    "accounts.actions.forget_old_sessions",
    "accounts.actions.forget_old_invitations",
    "accounts.actions.forget_old_absences",
    "trail.actions.send_digests",
    "trail.actions.forget_old",
    "sociale_kaart.exchange.actions.forget_old_imports",
    "sociale_kaart.booklet.actions.forget_old_booklets",
    "sociale_kaart.actions.end_pauses",
    "sociale_kaart.search.actions.tell_news",
    "sociale_kaart.search.actions.forget_searches",
    "sociale_kaart.editing.history.forget_old_history",
    "sociale_kaart.freshness.jobs.ask_owners",
    "sociale_kaart.freshness.jobs.remind_owners",
    "sociale_kaart.freshness.jobs.close_questions",
    "sociale_kaart.freshness.jobs.forget_old",
]

# Where the worker looks at every turn whether there is long work: each returns what to do, or None.
EVERY_TURN = ["sociale_kaart.exchange.jobs.work_to_do", "sociale_kaart.booklet.jobs.work_to_do"]

ABSENCES_KEPT_DAYS = env.int("ABSENCES_KEPT_DAYS", 90)
QUESTIONS_KEPT_DAYS = env.int("QUESTIONS_KEPT_DAYS", 365)  # an overlegvraag, after the last that happened to it

# Import of the sociale kaart: what is larger is refused before it is read.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 30 * 1024 * 1024)
IMPORT_MAX_UNPACKED_BYTES = env.int("IMPORT_MAX_UNPACKED_BYTES", 300 * 1024 * 1024)  # of a file that is compressed
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", 60_000)
EXPORT_MAX_SERVICES = env.int("EXPORT_MAX_SERVICES", 5_000)  # in one file, made while somebody waits
IMPORT_KEPT_DAYS = env.int("IMPORT_KEPT_DAYS", 90)  # so long an import can be undone

# History of the sociale kaart: who changed what, and for how long a change can be put back.
HISTORY_KEPT_DAYS = env.int("HISTORY_KEPT_DAYS", 5 * 365)
HISTORY_NAMES_KEPT_DAYS = env.int("HISTORY_NAMES_KEPT_DAYS", 365)  # what is said of contact persons; proposals too
FILE_UPLOAD_HANDLERS = [
    "sociale_kaart.exchange.uploads.NothingTooBig",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Does it still hold: who offers it is asked by mail when it is due, and answers through a link without an account.
CHECK_BY_MAIL = env.bool("CHECK_BY_MAIL", True)
CHECK_TOGETHER_DAYS = env.int("CHECK_TOGETHER_DAYS", 30)  # what is due this soon goes along in the same mail
CHECK_REMIND_DAYS = env.int("CHECK_REMIND_DAYS", 14)  # after so many days one reminder
CHECK_LINK_DAYS = env.int("CHECK_LINK_DAYS", 30)  # so long the link works; then it is on the work list as no answer
CHECK_MAILS_PER_HOUR = env.int("CHECK_MAILS_PER_HOUR", 200)
LINK_DAYS = env.int("LINK_DAYS", 14)  # so long a link to one referral works, for a receiver without an account
LINKS_KEPT_DAYS = env.int("LINKS_KEPT_DAYS", 90)
LINK_REQUESTS_PER_MINUTE = env.int("LINK_REQUESTS_PER_MINUTE", 60)  # behind such links, from one address
WITHDRAWALS_PER_MINUTE = env.int("WITHDRAWALS_PER_MINUTE", 10)  # codes that one address may try
CHECK_OPENS_PER_MINUTE = env.int("CHECK_OPENS_PER_MINUTE", 60)  # of such links, from one address
CHECKS_KEPT_DAYS = env.int("CHECKS_KEPT_DAYS", 365)
REPORTS_KEPT_DAYS = env.int("REPORTS_KEPT_DAYS", 365)  # after they are handled

# The sociale kaart of a municipality as a booklet.
BOOKLET_KEPT_DAYS = env.int("BOOKLET_KEPT_DAYS", 7)  # so long one that was made can be fetched
BOOKLET_MAX_SERVICES = env.int("BOOKLET_MAX_SERVICES", 1_000)  # in one booklet: some 250 pages
# Where the installation shows the sociale kaart to the public, if it does: the booklet then has a code to scan. It may
# hold {gemeente}, for the name of the municipality as addresses write it.
PUBLIC_DIRECTORY_URL = env.str("PUBLIC_DIRECTORY_URL", "")

# The published sociale kaart as open data, in HSDS 3.1 under /api/hsds/, for everybody.
OPEN_DATA = env.bool("OPEN_DATA", False)
OPEN_DATA_PER_MINUTE = env.int("OPEN_DATA_PER_MINUTE", 120)  # requests of one address

# Mail: only the outbox worker sends, see trail ----------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if ENVIRONMENT == "demo":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = BASE_DIR / "var" / "mail"
elif ENVIRONMENT == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_HOST = required_in_production("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 587 if PRODUCTION else 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", PRODUCTION)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = required_in_production("DEFAULT_FROM_EMAIL", "Mantelzorgportaal <portaal@demo.example>")

# Where mail that does not arrive comes back, to be read: imaps://name:password@host/INBOX, or maildir:/path.
BOUNCE_MAILBOX = os.environ.get("BOUNCE_MAILBOX", "")

# Where somebody tells about a leak: a mailto: or https: address, in /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")

# The portal ---------------------------------------------------------------------------------------------------------

# A file a day that shows whether somebody tampered with the access log: see docs/access-log.md for where to keep them.
LOG_DIGEST_DIR = Path(required_in_production("LOG_DIGEST_DIR", str(BASE_DIR / "var" / "log-digests")))

SITE_NAME = env.str("SITE_NAME", "Mantelzorgportaal")
THEME = env.str("THEME", "blauw")  # a name from frontend/css/theme.css

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"hide_secrets": {"()": "mantelzorg.log_filter.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["hide_secrets"]}},
    "loggers": {"django.request": {"filters": ["hide_secrets"]}},  # it writes addresses: before any handler sees them
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
