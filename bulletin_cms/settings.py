"""One settings file, in the order of Django's reference; what differs between machines comes from the environment.

README.md has the table of all environment variables.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF
from kombu.entity import Queue

from . import environment

BASE_DIR = Path(__file__).resolve().parent.parent
os.umask(0o077)  # what any of our processes writes is for its owner alone
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")
NODE_MODULES = BASE_DIR / "node_modules"

# --- Core ---------------------------------------------------------------------------------------------------------
SITE_URL = environment.site_url("SITE_URL", f"http://127.0.0.1:{environment.number('PORT', 8000, high=65535)}")
IS_PUBLIC_SITE = SITE_URL.startswith("https://")
DEBUG = environment.flag("DEBUG")
if DEBUG and IS_PUBLIC_SITE:
    environment.stop("DEBUG", "在正式网站（SITE_URL 是 https）上必须关闭。")
SECRET_KEY = environment.secret_key("SECRET_KEY", VAR_DIR / "secret_key", required=IS_PUBLIC_SITE)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS") or [str(urlsplit(SITE_URL).hostname)]
if not IS_PUBLIC_SITE:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "bulletin_cms.urls"
WSGI_APPLICATION = "bulletin_cms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The editor's vendor no longer maintains CKEditor 4 (ckeditor.W001); the reason why it is safe enough here, and the
# server-side cleaning that does not rely on it, are in DECISIONS.md and articles/richtext.py.
# axes.W002 asks for the middleware of django-axes, which would answer with a page of its own; our sign-in form does.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001", "axes.W002"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "csp",
    "ckeditor",
    "django_htmx",
    "bulletin_cms",
    "workflow",
    "accounts",
    "proofreading",
    "articles",
    "issues",
    "distribution",
    "points",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bulletin_cms.middleware.NoStoreMiddleware",
    "bulletin_cms.middleware.BodyLimitMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bulletin_cms.middleware.LoginRequiredMiddleware",
    "bulletin_cms.middleware.SecondFactorMiddleware",
    "bulletin_cms.middleware.BusyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

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
                "bulletin_cms.menus.menu",
            ],
            "builtins": ["django.templatetags.i18n", "bulletin_cms.templatetags.interface"],
        },
    },
]

# What the slots in the pages of articles read of each article (templates/slots/).
ARTICLE_RELATIONS = ["placement__issue"]
# Gives the keys of the issued articles that a person may read.
ISSUED_ARTICLES = "issues.models.readable_articles"
# Gives what the proofreader found in articles only beside the others of their issue.
FINDINGS_BESIDE_OTHERS = "issues.across.beside"
# Gives the number of steps in which an article is reviewed that is handed in now.
ARTICLE_REVIEW_STEPS = "issues.models.review_steps"

# The tables that come in and go out as Excel.
EXCEL_TABLES = [
    "accounts.unit_table.UNITS",
    "accounts.user_table.USERS",
    "distribution.reader_table.READERS",
    *(
        f"proofreading.word_tables.{kind}"
        for kind in ("UNITS", "PERSONS", "DOCUMENTS", "PHRASES", "SERIES", "CONFUSIONS")
    ),
]

# --- Database -----------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database("DATABASE_URL", VAR_DIR / "bulletin.sqlite3")}

# --- Email --------------------------------------------------------------------------------------------------------
# EMAIL_BACKEND, EMAIL_HOST and so on.
globals().update(environment.mail("EMAIL_URL", VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = environment.sender("DEFAULT_FROM_EMAIL", "简报编辑部 <bulletin@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCES = environment.bounces("BOUNCES_FROM", "BOUNCES_MOVE_TO")
BOUNCE_ADDRESS = environment.bounce_address("BOUNCE_ADDRESS")
MAIL_LOG = environment.log_file("MAIL_LOG")
MAIL_LIMITS = environment.mail_limits("MAIL_LIMITS")

# --- Robots of groups ---------------------------------------------------------------------------------------------
ROBOTS = environment.robots()

# --- Units' own systems -------------------------------------------------------------------------------------------
WEBHOOK_NETWORKS = environment.networks("WEBHOOK_NETWORKS")

# --- Archive packages ---------------------------------------------------------------------------------------------
ARCHIVE = environment.archive()

# --- Files --------------------------------------------------------------------------------------------------------
MEDIA_ROOT = VAR_DIR / "media"
BACKUP_DIR = environment.folder("BACKUP_DIR", VAR_DIR / "backups")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FONT_DIR = environment.folder("FONT_DIR", VAR_DIR / "fonts")
RENDER_SECONDS = environment.number("RENDER_SECONDS", 60, high=100)
PREVIEW_SECONDS = environment.number("PREVIEW_SECONDS", 15, high=60)
RENDER_MEGABYTES = environment.number("RENDER_MEGABYTES", 1000, low=100)
OFD_SEAL_KEY = environment.key_file("OFD_SEAL_KEY")

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Logging ------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"hide_secrets": {"()": "bulletin_cms.logs.HideSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_secrets"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("axes", "fontTools", "pikepdf", "weasyprint", "weasyprint.progress", "django.server")
    },
}

# --- Security -----------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = IS_PUBLIC_SITE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bulletin_cms.errors.csrf_failure"
if IS_PUBLIC_SITE:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Sign-in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# The first asks how often it was tried, before the second looks at the password.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RoleBackend"]
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
AXES_HANDLER = "accounts.throttle.Handler"
AXES_CLIENT_IP_CALLABLE = "accounts.throttle.client_address"
AXES_USERNAME_CALLABLE = "accounts.throttle.account_name"
AXES_CLIENT_STR_CALLABLE = "accounts.throttle.client_words"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
PASSWORD_HASHERS = [
    "accounts.hashers.LimitedArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
FIRST_PAGE = "begin"  # where the sign-in leads while there is nobody who could sign in
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_RESET_TIMEOUT = 2 * 3600

# --- Static files -------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/idiomorph", NODE_MODULES / "idiomorph" / "dist"),
    ("vendor/sortablejs", NODE_MODULES / "sortablejs"),
]
# Before collectstatic (tests, development) the files are served from where they lie.
_is_collected = not DEBUG and (STATIC_ROOT / "staticfiles.json").exists() and "collectstatic" not in sys.argv
WHITENOISE_USE_FINDERS = not _is_collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "bulletin_cms.storage.StaticFilesStorage"
        if _is_collected or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Celery -------------------------------------------------------------------------------------------------------
REDIS_URL = environment.redis("REDIS_URL")
# Without REDIS_URL a private Redis listens here, on no port; ops/serve.py runs it.
REDIS_SOCKET = None if REDIS_URL else environment.socket("VAR_DIR", VAR_DIR / "redis" / "redis.sock")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{quote(str(REDIS_SOCKET))}"
# No retries: notify() must not hold up a page. Workers and beat look for the broker again in any case.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "ack_emulation": False,  # else kombu's worker ends when Redis goes while it has a task in hand
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 3,
}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for the broker for ever
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker without -Q serves both queues; one of its own for previews keeps proofs and mails from waiting behind them.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("previews")]
CELERY_TASK_ROUTES = {
    "articles.tasks.proofread": {"queue": "previews"},
    "articles.tasks.proofread_waiting": {"queue": "previews"},
    "articles.tasks.compare_article": {"queue": "previews"},
    "articles.tasks.compare_waiting": {"queue": "previews"},
    "issues.tasks.render_preview": {"queue": "previews"},
    "issues.tasks.render_redline": {"queue": "previews"},
    "issues.tasks.render_waiting_previews": {"queue": "previews"},
    "issues.tasks.render_waiting_redlines": {"queue": "previews"},
    "issues.tasks.make_paper": {"queue": "previews"},
    "issues.tasks.make_waiting_papers": {"queue": "previews"},
    "issues.tasks.take_in_past_files": {"queue": "previews"},
    "distribution.tasks.make_package": {"queue": "previews"},
    "distribution.tasks.make_waiting_packages": {"queue": "previews"},
    "distribution.tasks.read_returned_mail": {"queue": "previews"},
    "distribution.tasks.read_mail_log": {"queue": "previews"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kilobytes; looked at between two tasks
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "proofread-waiting": {"task": "articles.tasks.proofread_waiting", "schedule": 15, "options": {"expires": 15}},
    "send-mails": {"task": "accounts.tasks.send_mails", "schedule": 5, "options": {"expires": 5}},
    "post-to-robots": {"task": "accounts.tasks.post_to_robots", "schedule": 5, "options": {"expires": 5}},
    "write-daily-mails": {
        "task": "accounts.tasks.write_daily_mails",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "pump-deliveries": {"task": "distribution.tasks.pump", "schedule": 5, "options": {"expires": 5}},
    "post-to-systems": {"task": "distribution.tasks.post_to_systems", "schedule": 5, "options": {"expires": 5}},
    "start-planned-mailings": {
        "task": "distribution.tasks.start_planned",
        "schedule": 15,
        "options": {"expires": 15},
    },
    "remind-readers": {"task": "distribution.tasks.remind", "schedule": 60, "options": {"expires": 60}},
    "read-returned-mail": {
        "task": "distribution.tasks.read_returned_mail",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "read-mail-log": {"task": "distribution.tasks.read_mail_log", "schedule": 60, "options": {"expires": 60}},
    "render-waiting-proofs": {"task": "issues.tasks.render_waiting_proofs", "schedule": 5, "options": {"expires": 5}},
    "render-waiting-previews": {
        "task": "issues.tasks.render_waiting_previews",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "render-waiting-redlines": {
        "task": "issues.tasks.render_waiting_redlines",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "bring-points-up-to-date": {
        "task": "points.tasks.bring_up_to_date",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "link-log": {"task": "workflow.tasks.link_log", "schedule": 5, "options": {"expires": 5}},
    "compare-waiting": {"task": "articles.tasks.compare_waiting", "schedule": 5, "options": {"expires": 5}},
    "remind-of-commissions": {
        "task": "articles.tasks.remind_of_commissions",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "make-waiting-papers": {"task": "issues.tasks.make_waiting_papers", "schedule": 5, "options": {"expires": 5}},
    "take-in-past-files": {"task": "issues.tasks.take_in_past_files", "schedule": 5, "options": {"expires": 5}},
    "back-up": {"task": "bulletin_cms.tasks.back_up", "schedule": 600, "options": {"expires": 600}},
    "verify": {"task": "bulletin_cms.tasks.verify", "schedule": 600, "options": {"expires": 600}},
    "make-waiting-packages": {
        "task": "distribution.tasks.make_waiting_packages",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "request-missing-proofs": {
        "task": "issues.tasks.request_missing_proofs",
        "schedule": 30,
        "options": {"expires": 30},
    },
}
