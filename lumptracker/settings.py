"""The one settings file, read from the environment (docs/hosting.md lists every name)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from lumptracker.env import VENDOR_PUSH_HOSTS, Environment, WrongSetting, is_vapid_key, new_secret, new_vapid_key
from lumptracker.headers import add_static_headers

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = Environment(os.environ, base=BASE_DIR)

# Where things lie
DATA_DIR = ENV.data
STORAGE_DIR = DATA_DIR / "storage"
MAIL_DIR = DATA_DIR / "mail"
QUEUE_DIR = DATA_DIR / "queue"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise WrongSetting(
        "LUMPTRACKER_DATA", f"{DATA_DIR} cannot be made", "Point it at a folder this user may write"
    ) from error

# Where people reach it
HOST = ENV.text("HOST", "127.0.0.1")
PORT = ENV.number("PORT", 8000, low=1, high=65535)
PUBLIC = ENV.origin("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
PUBLIC_URL = PUBLIC.url
PUBLIC_IS_LOCAL = PUBLIC.is_local
TRUSTED_PROXY = ENV.networks("TRUSTED_PROXY")
APP_NAME = ENV.text("APP_NAME", "Tracker")
SIGNUP = ENV.choice("SIGNUP", "open" if PUBLIC_IS_LOCAL else "invite", ("open", "invite", "closed"))
ALLOWED_HOSTS = [PUBLIC.host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# Secrets
SECRET_KEY = ENV.secret("SECRET_KEY", new_secret)
DATA_KEY = ENV.secret("DATA_KEY", new_secret)
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
    "django.contrib.admin",
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
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lumptracker.languages.LanguageMiddleware",  # after it: who asks for no language is answered in the account's own
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
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

# The database is the truth. SQLite: WAL and IMMEDIATE let writers queue instead of fail, FULL makes "saved" mean saved.
DATABASES = {"default": ENV.database(f"sqlite:///{DATA_DIR / 'lumptracker.sqlite3'}")}
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if ON_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA journal_size_limit=27103364;PRAGMA mmap_size=134217728;PRAGMA cache_size=-8000;"
        ),
    }
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}  # a file: in memory, writers collide at once
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# The broker only rings the bell; without a server it is a folder.
CELERY_BROKER_URL = ENV.broker("filesystem://")
BROKER_IS_FOLDER = CELERY_BROKER_URL.startswith("filesystem:")
SWEEP_SECONDS = ENV.number("SWEEP_SECONDS", 30, low=1, high=3600)

# One cache for all processes: rate limits are counted in it.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CELERY_BROKER_URL}
        if CELERY_BROKER_URL.startswith(("redis:", "rediss:"))
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond it counters would be thrown away
        }
    )
}
RATE_LIMITS_ON = ENV.choice("RATE_LIMITS", "on", ("on", "off")) == "on"
if not RATE_LIMITS_ON and not PUBLIC_IS_LOCAL:
    raise WrongSetting("RATE_LIMITS", "is off while PUBLIC_URL is public", "Leave it out")

# Files: a folder behind the vault (tracking/vault.py)
STORAGE_URL = ENV.text("STORAGE_URL")
if STORAGE_URL and "://" not in STORAGE_URL:
    STORAGE_DIR = Path(STORAGE_URL).expanduser().resolve()
elif STORAGE_URL:
    raise WrongSetting("STORAGE_URL", "only a folder can be used so far", "Write the path of a folder, or leave it out")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
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
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_SESSION_REMEMBER = True
# allauth refuses a sign-in with an unverified address while this is used up; its own 1/3m would refuse the second phone
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"confirm_email": "6/10m/key"} if RATE_LIMITS_ON else False
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
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Cookies and transport: strict as soon as the public address is https
SESSION_COOKIE_NAME = "__Host-session" if PUBLIC.is_https else "session"
SESSION_COOKIE_AGE = (
    60 * 60 * 24 * 180
)  # an installed app that asks for a password each week is an app that is not used
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
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF, "blob:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "lumptracker.api_errors.shape_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lumptracker",
    "DESCRIPTION": "Log a lump over time. It records and points to care; it does not diagnose.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# Files that are the same for everybody: the built app, the admin's and the clinician page's style sheets
STATIC_URL = "/static/"
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "lumptracker.logs.HideSecretPaths"}},
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "lumptracker.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["no_secrets"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # answered 400; scanners fill logs
    },
}
