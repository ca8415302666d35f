"""How gunicorn serves the site."""

from gunicorn import glogging

from bulletin_cms import environment
from bulletin_cms.logs import HideSecrets


class logger_class(glogging.Logger):  # noqa: N801 - the name of gunicorn's setting
    def setup(self, cfg):
        super().setup(cfg)
        for handler in (*self.access_log.handlers, *self.error_log.handlers):
            handler.addFilter(HideSecrets())


bind = f"127.0.0.1:{environment.number('PORT', 8000, high=65535)}"
workers = 2
threads = 4
graceful_timeout = 10
umask = 0o077
accesslog = "-"
control_socket_disable = True
