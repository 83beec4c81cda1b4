"""The one settings file, read from the environment (docs/hosting.md lists every name)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lumptracker.api_schema import API_SCHEMA
from lumptracker.env import (
    SQLITE_OPTIONS,
    VENDOR_PUSH_HOSTS,
    Environment,
    WrongSetting,
    is_vapid_key,
    new_secret,
    new_vapid_key,
)
from lumptracker.headers import CONTENT_POLICY, add_static_headers
from lumptracker.logs import logging_as
from lumptracker.tries import ACCOUNT_TRIES, PASSKEY_TRIES

BASE_DIR = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (BASE_DIR / "manage.py").is_file()  # else a wheel, whose folder nobody should write into
ENV = Environment(os.environ, base=BASE_DIR if IS_CHECKOUT else Path.cwd())

# Where things lie
DATA_DIR = ENV.data
STORAGE_DIR = DATA_DIR / "storage"
MAIL_DIR = DATA_DIR / "mail"
QUEUE_DIR = DATA_DIR / "queue"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist" if IS_CHECKOUT else BASE_DIR / "lumptracker" / "app"
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    mend = "Point it at a folder this user may write"
    raise WrongSetting("LUMPTRACKER_DATA", f"{DATA_DIR} cannot be made", mend) from error

# Where people reach it
HOST = ENV.text("HOST", "127.0.0.1")
PORT = ENV.number("PORT", 8000, low=1, high=65535)
PUBLIC = ENV.origin("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
PUBLIC_URL = PUBLIC.url
PUBLIC_IS_LOCAL = PUBLIC.is_local
PUBLIC_IS_HTTPS = PUBLIC.is_https
TRUSTED_PROXY = ENV.networks("TRUSTED_PROXY")
APP_NAME = ENV.text("APP_NAME", "Tracker")
SIGNUP = ENV.choice("SIGNUP", "open" if PUBLIC_IS_LOCAL else "invite", ("open", "invite", "closed"))
ALLOWED_HOSTS = [PUBLIC.host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# Secrets
SECRET_KEY = ENV.secret("SECRET_KEY", new_secret)
DATA_KEY = ENV.secret("DATA_KEY", new_secret)
DATA_KEYS_ALSO = ENV.data_keys()[1:]  # these open and never seal: see "Changing DATA_KEY" in docs/hosting.md
READ_DATA_KEYS = ENV.data_keys
VAPID_PRIVATE_KEY = ENV.secret("VAPID_PRIVATE_KEY", new_vapid_key)
if not is_vapid_key(VAPID_PRIVATE_KEY):
    raise WrongSetting("VAPID_PRIVATE_KEY", "is not a P-256 private key", "Leave it out and one is made")

DEBUG = False
ROOT_URLCONF = "lumptracker.urls"
WSGI_APPLICATION = "lumptracker.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "tracking.User"
SITE_NAME = APP_NAME

INSTALLED_APPS = [
    "lumptracker.hoster_app.HosterAdmin",  # Django's own admin, with a second factor at its door
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tracking",
    "triage",
    "lumptracker",
]

MIDDLEWARE = [
    "lumptracker.proxy.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lumptracker.headers.PrivateByDefaultMiddleware",
    "lumptracker.headers.ContentPolicyMiddleware",
    "lumptracker.shedding.SheddingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lumptracker.plain_json.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lumptracker.languages.LanguageMiddleware",  # after it: who asks for no language is answered in the account's own
    "allauth.account.middleware.AccountMiddleware",
    "lumptracker.devices.DevicesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [  # Any: Django's own shape
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database is the truth.
DATABASES = {"default": ENV.database(f"sqlite:///{DATA_DIR / 'lumptracker.sqlite3'}")}
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if ON_SQLITE:
    DATABASES["default"]["ENGINE"] = "lumptracker.queued_sqlite3"
    DATABASES["default"]["OPTIONS"] = dict(SQLITE_OPTIONS)
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}  # a file: in memory, writers collide at once
else:  # what comes with every request is planned once for each connection: tracking/statements.py
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 2, **DATABASES["default"].get("OPTIONS", {})}
# Each thread keeps its connection from request to request: opening one costs as much as five queries. One to SQLite is
# kept for good: closing the last one takes the log's index along, and on a full disk there is no room for a new one, so
# that nothing could even be read.
DATABASES["default"] |= {"CONN_MAX_AGE": None if ON_SQLITE else 60, "CONN_HEALTH_CHECKS": True}  # seconds

# The broker only rings the bell; without a server it is a folder.
BROKER = ENV.broker("filesystem://")
CELERY_BROKER_URL = BROKER.url
BROKER_IS_FOLDER = CELERY_BROKER_URL.startswith("filesystem:")
SWEEP_SECONDS = ENV.number("SWEEP_SECONDS", 30, low=1, high=3600)

# One cache for all processes: rate limits are counted in it.
CACHES = {
    "default": BROKER.cache
    or {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond it counters would be thrown away
    }
}
RATE_LIMITS_ON = ENV.choice("RATE_LIMITS", "on", ("on", "off")) == "on"
if not RATE_LIMITS_ON and not PUBLIC_IS_LOCAL:
    raise WrongSetting("RATE_LIMITS", "is off while PUBLIC_URL is public", "Leave it out")

# Files: a folder or a bucket behind the vault (tracking/vault.py)
STORAGE_URL = ENV.text("STORAGE_URL")
STORAGE_BUCKET = ENV.bucket("STORAGE_URL")  # empty: a folder
ACCOUNT_MEGABYTES = ENV.number("ACCOUNT_MEGABYTES", 5_000, low=0, high=10_000_000)  # of photos; 0: no limit
if STORAGE_URL and not STORAGE_BUCKET:
    STORAGE_DIR = Path(STORAGE_URL).expanduser().resolve()
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR)

# Mail and push
_EMAIL = ENV.email()
EMAIL_CONFIGURED = bool(_EMAIL)
MAIL_EVENTS_SECRET = ENV.token("MAIL_EVENTS_SECRET")
ANYMAIL = _EMAIL.get("ANYMAIL", {})
if ANYMAIL:
    EMAIL_BACKEND = _EMAIL["EMAIL_BACKEND"]
    INSTALLED_APPS += ["anymail"]
    ANYMAIL["WEBHOOK_SECRET"] = f"events:{MAIL_EVENTS_SECRET}"
    ANYMAIL["REQUESTS_TIMEOUT"] = 15  # seconds
elif EMAIL_CONFIGURED:
    EMAIL_BACKEND = _EMAIL["EMAIL_BACKEND"]
    EMAIL_HOST = _EMAIL["EMAIL_HOST"]
    EMAIL_PORT = _EMAIL["EMAIL_PORT"] or 25
    EMAIL_HOST_USER = _EMAIL["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = _EMAIL["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = bool(_EMAIL.get("EMAIL_USE_TLS"))
    EMAIL_USE_SSL = bool(_EMAIL.get("EMAIL_USE_SSL"))
    EMAIL_TIMEOUT = 20  # seconds
else:
    EMAIL_BACKEND = "triage.channels.files.FileBackend"  # one .eml a message under MAIL_DIR; nobody is reached
DEFAULT_FROM_EMAIL = ENV.text("DEFAULT_FROM_EMAIL", f"{APP_NAME} <noreply@{PUBLIC.host}>")
VAPID_SUBJECT = ENV.contact("VAPID_SUBJECT", public=PUBLIC)
PUSH_HOSTS = ENV.hosts("PUSH_HOSTS", VENDOR_PUSH_HOSTS, public=PUBLIC)
NTFY_HOSTS = ENV.hosts("NTFY_HOSTS", (), public=PUBLIC)

# For whoever runs it: a watchman outside, numbers for a monitor, logs for people or machines
HEALTHCHECK_URL = ENV.address("HEALTHCHECK_URL")
METRICS_TOKEN = ENV.token("METRICS_TOKEN")
LOG_FORMAT = ENV.choice("LOG_FORMAT", "plain", ("plain", "json"))

# Accounts (django-allauth, headless)
ACCOUNT_ADAPTER = "lumptracker.accounts.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "lumptracker.signup.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # of the address; the adapter lets people in before it (contract, section 5)
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # where mail goes out, to verified addresses: see the adapter
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = ACCOUNT_TRIES if RATE_LIMITS_ON else False
ACCOUNT_CHANGE_EMAIL = True  # one address: a new one takes the old one's place once its code was entered
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = EMAIL_CONFIGURED  # and the door itself looks again: account_doors
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds; ASVS 6.5.5 wants no code to live longer
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
USERSESSIONS_TRACK_ACTIVITY = True  # in the answer; `devices.DevicesMiddleware` writes it, seldom
MFA_ADAPTER = "lumptracker.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # without a mail server no address is ever verified
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_IS_LOCAL  # http://localhost is a secure context, though not https
MFA_RATE_LIMITS: dict[str, str] | bool = PASSKEY_TRIES if RATE_LIMITS_ON else False
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser", "app")
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{PUBLIC_URL}/#/verify/{{key}}",
    "account_reset_password": f"{PUBLIC_URL}/#/reset",
    "account_reset_password_from_key": f"{PUBLIC_URL}/#/reset/{{key}}",
    "account_signup": f"{PUBLIC_URL}/#/account",
}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "lumptracker.passwords.NotCommon"},
]

# Cookies and transport: strict as soon as the public address is https
SESSION_ENGINE = "lumptracker.sessions"
SESSION_COOKIE_NAME = "__Host-session" if PUBLIC.is_https else "session"
# An installed app that asks for a password each week is an app that is not used.
SESSION_COOKIE_AGE = 60 * 60 * 24 * 180
SESSION_COOKIE_SECURE = PUBLIC.is_https
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "csrftoken"  # the phone app reads it by this name
CSRF_COOKIE_SECURE = PUBLIC.is_https
SECURE_SSL_REDIRECT = PUBLIC.is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if PUBLIC.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PUBLIC.is_https
SECURE_HSTS_PRELOAD = PUBLIC.is_https
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": CONTENT_POLICY}

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lumptracker.session_tokens.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["lumptracker.plain_json.TellingJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tracking.bounded_json.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "lumptracker.api_errors.shape_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = API_SCHEMA

# Files that are the same for everybody: the built app, the admin's and the clinician page's style sheets
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # its own default lets the scripts of any site read the app
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = str(FRONTEND_DIST) if FRONTEND_DIST.is_dir() else None
WHITENOISE_INDEX_FILE = True  # `/` is the built index.html, packed and with an ETag like every other file
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+"

# Language and time: the server thinks in UTC, people are answered in their own zone
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"

LOGGING = logging_as(LOG_FORMAT)
