"""Django's settings, from the folder of the data and a few variables of the environment.

SANJEH_HOME: the folder. SANJEH_HOSTS: host names the site answers to, with commas between.
SANJEH_OPEN: "yes" lets anyone look without signing in (the demonstration's synthetic data).
SANJEH_DATABASE: the SQLite file of the site's tables, else one in the folder, or
postgresql://user:pass@host/db. SANJEH_HTTPS: "yes" where the site is reached over https.
SANJEH_UPLOAD_MB: how large a file may be brought, else 500.
SANJEH_ADDRESS: where customers reach the site, for links in letters, such as https://help.shop.ir.
SANJEH_MAIL_FROM: the sender's address. SANJEH_SMTP: the server that letters go by, as
smtp://USER:PASSWORD@HOST:587 (STARTTLS), smtps://… (TLS), or plain://HOST:25; without it letters
are written to files in the folder's web/letters.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import sanjeh.report
from sanjeh.home import VARIABLE, home_path
from sanjeh.web.database import database

HOME = home_path(os.environ.get(VARIABLE))
FOLDER = HOME / "web"
IS_OPEN = os.environ.get("SANJEH_OPEN") == "yes"
IS_HTTPS = os.environ.get("SANJEH_HTTPS") == "yes"


def _secret(file: Path) -> str:
    """The key that signs sessions: made once, readable by its owner only.

    Without a folder (a type checker, a command that serves nothing) it lives for this process.
    """
    if not file.parent.is_dir():
        return secrets.token_urlsafe(50)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("ascii")
    with os.fdopen(descriptor, "w") as made:
        made.write(secrets.token_urlsafe(50))
    return file.read_text("ascii")


SECRET_KEY = _secret(FOLDER / "secret")
DEBUG = False
LOCAL = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [h for h in os.environ.get("SANJEH_HOSTS", "").split(",") if h] or LOCAL
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if IS_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "sanjeh.web.people",
    "sanjeh.web.pages",
    "sanjeh.web.jobs",
    "sanjeh.apps.handing",
    "sanjeh.apps.site",
    "sanjeh.apps.desk",
    "sanjeh.apps.mail",
    "sanjeh.apps.surveys",
    "sanjeh.apps.desk.sockets",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sanjeh.web.middleware.protected",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sanjeh.web.middleware.spoken",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sanjeh.web.middleware.signed_in",
]
ROOT_URLCONF = "sanjeh.web.urls"
ASGI_APPLICATION = "sanjeh.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sanjeh.web.shell.shell",
            ]
        },
    }
]
DATABASES = {"default": database(os.environ.get("SANJEH_DATABASE", ""), FOLDER / "web.sqlite3")}
SITE_ADDRESS = os.environ.get("SANJEH_ADDRESS", "").rstrip("/") or "http://127.0.0.1:8000"
DEFAULT_FROM_EMAIL = os.environ.get("SANJEH_MAIL_FROM") or "surveys@localhost"
EMAIL_FILE_PATH = str(FOLDER / "letters")
EMAIL_TIMEOUT = 20
_smtp = urlsplit(os.environ.get("SANJEH_SMTP", ""))
_way = "smtp" if _smtp.hostname else "filebased"
EMAIL_BACKEND = f"django.core.mail.backends.{_way}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "", _smtp.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _smtp.scheme == "smtp", _smtp.scheme == "smtps"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]  # fmt: skip
ACCOUNT_ADAPTER = "sanjeh.web.people.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sanjeh"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("ru", "Русский")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    Path(__file__).parent / "static",
    ("web", Path(sanjeh.report.__file__).parent / "style"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A file that is brought goes to the disk as it comes, beside where it is kept.
UPLOAD_BYTES = int(os.environ.get("SANJEH_UPLOAD_MB", "500")) * 1_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(FOLDER / "uploads") if (FOLDER / "uploads").is_dir() else None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
