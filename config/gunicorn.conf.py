"""How gunicorn serves the program: threads, bounded requests, a graceful end, logs as JSON lines.

Put a buffering proxy in front on the open internet (config/deployment/nginx.conf): slow clients would hold the threads.
"""

import os

from config.logging import gunicorn_logging
from config.settings import Settings

_settings = Settings.from_environment(os.environ)

bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
worker_connections = 200
backlog = 256
# A worker that is stuck for this long is replaced; every outside call has a shorter time-out of its own.
timeout = 30
graceful_timeout = 15
keepalive = 5
# Workers are renewed now and then, not all at once, so that a slow leak never grows old.
max_requests = 5_000
max_requests_jitter = 500
limit_request_line = 4_094
limit_request_fields = 60
limit_request_field_size = 8_190
forwarded_allow_ips = "127.0.0.1,::1" if _settings.trusted_proxies else ""
# Heartbeats in memory: a slow disk must not look like a stuck worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 (the kernel's own place)
control_socket_disable = True
logconfig_dict = gunicorn_logging(level=_settings.log_level)
# The program writes one line a request itself, with the request's id and without its query.
accesslog = None
