"""Every setting of the site; whatever differs between machines comes from the environment.

The README explains each variable to operators.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# --- The environment, read here and nowhere else ---------------------------------------------

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)


def _words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Words separated by commas, with or without spaces."""
    return [word for part in env.list(name, default=list(default)) if (word := part.strip())]


def _required() -> tuple[str, list[str]]:
    """The secret key and the hosts; development has its own, production must be told."""
    if DEBUG:
        key = env.str("SECRET_KEY", default="for-development-only")
        return key, _words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS") if not env.ENVIRON.get(name)]
    if missing:
        raise ImproperlyConfigured(
            f"Set {' and '.join(missing)} in the environment, or DEBUG=1 to develop on this "
            "machine. SECRET_KEY is a long random text that nobody else knows; ALLOWED_HOSTS "
            "lists the site's host names, separated by commas."
        )
    # As it stands: a key that begins with "$" is no reference to another variable.
    return env.ENVIRON["SECRET_KEY"], _words("ALLOWED_HOSTS")


SECRET_KEY, ALLOWED_HOSTS = _required()
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS")
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=4)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
# Changes with every release, so that pages cached under an older one are fetched again.
RELEASE = env.str("RELEASE", default=PROJECT["version"])
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 365 * 24 * 3600)
TRUST_FORWARDED_PROTO = env.bool("TRUST_FORWARDED_PROTO", default=False)

# What addresses begin with that are kept elsewhere: in citations, feeds, sitemaps, files and mail.
SITE_URL = env.str(
    "SITE_URL",
    default="http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0].lstrip('.')}",
).rstrip("/")

# Whom to tell of a hole in the site, and of what is hard to use: mail addresses or https://…
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
ACCESSIBILITY_CONTACT = env.str("ACCESSIBILITY_CONTACT", default=SECURITY_CONTACT)

# --- What the site is made of ----------------------------------------------------------------

INSTALLED_APPS = [
    "policies",
    "scoring",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",  # for its templates
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "policies.languages.by_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "policies.views.refused.in_words",
]

ROOT_URLCONF = "clusterpolicy.urls"
WSGI_APPLICATION = "clusterpolicy.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
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

# --- Database --------------------------------------------------------------------------------

# Readers never wait for a writer (WAL), and a writer waits its turn at the start of its
# transaction instead of failing in the middle of it (IMMEDIATE).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
}
# Each server process keeps its own pool; the health check replaces connections that a restart
# of the database has cut.
POSTGRESQL_OPTIONS = {"pool": {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10}}


def _database(url: str) -> dict[str, Any]:
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        # Opening the file for every request would cost more than serving most pages.
        own: dict[str, Any] = {"CONN_MAX_AGE": None, "OPTIONS": SQLITE_OPTIONS}
    elif scheme in ("postgres", "postgresql"):
        own = {"CONN_HEALTH_CHECKS": True, "OPTIONS": POSTGRESQL_OPTIONS}
    else:
        raise ImproperlyConfigured("DATABASE_URL must start with sqlite:// or postgres://.")
    told: dict[str, Any] = dict(environ.Env.db_url_config(url))
    return {**own, **told, "OPTIONS": {**own["OPTIONS"], **told.get("OPTIONS", {})}}


DATABASES = {"default": _database(DATABASE_URL)}

# --- People ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "policies.User"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Mail ------------------------------------------------------------------------------------

globals().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="factsheets@localhost")
EMAIL_TIMEOUT = 10  # seconds; somebody waits for the page

# --- Spreadsheets ----------------------------------------------------------------------------

# What an uploaded file may hold at most; `policies.spreadsheet.guard` looks before it is opened.
SPREADSHEET_LIMITS = {
    "file_bytes": env.int("SPREADSHEET_MAX_MEGABYTES", default=20) * 1024 * 1024,
    "unzipped_bytes": env.int("SPREADSHEET_MAX_UNZIPPED_MEGABYTES", default=150) * 1024 * 1024,
    "entries": 200,
    "sheets": env.int("SPREADSHEET_MAX_SHEETS", default=20),
    "rows": env.int("SPREADSHEET_MAX_ROWS", default=100_000),
    "columns": env.int("SPREADSHEET_MAX_COLUMNS", default=100),
}

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("fr", "Français"), ("de", "Deutsch")]
TIME_ZONE = "UTC"

# --- Static files ----------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "clusterpolicy.node_files.NodeFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "clusterpolicy.fingerprinting.FingerprintedFiles"
    },
}
# Said here because the tests turn DEBUG off after this file has been read.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG

# The files of the npm packages that readers may fetch, below node/. Of the font a browser fetches
# only the letters that a page needs.
NODE_MODULES = BASE_DIR / "node_modules"
SOURCE_SANS = "@fontsource-variable/source-sans-3"
LETTERS = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese")
NODE_FILES = (
    "chart.js/dist/chart.umd.min.js",
    "chart.js/dist/chart.umd.min.js.map",
    *(f"{SOURCE_SANS}/{name}.css" for name in ("wght", "wght-italic")),
    *(
        f"{SOURCE_SANS}/files/source-sans-3-{letters}-wght-{style}.woff2"
        for letters in LETTERS
        for style in ("normal", "italic")
    ),
    "turndown/lib/turndown.browser.es.js",  # pasted HTML to Markdown
)
# What only the server reads: the outlines of countries, from Natural Earth.
ATLAS = {size: f"world-atlas/countries-{size}.json" for size in ("110m", "50m")}

# --- Security --------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

CSRF_FAILURE_VIEW = "policies.views.refused.without_token"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = not DEBUG
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
# A load balancer asks over plain HTTP from inside, by a name that is in ALLOWED_HOSTS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
if TRUST_FORWARDED_PROTO:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Preloading binds a whole domain for years: that is for its owner to decide, not for us.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# A policy has eleven texts of 32,000 characters, and a character takes up to nine bytes on its
# way here (three in UTF-8, each sent as %XX); notes, details and checkboxes come on top.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Log -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django's own handlers would print a second time, or mail to nobody.
    "loggers": {"django": {"level": LOG_LEVEL}},
}
