"""gunicorn: threads, since requests wait for disk and slow clients; a request never waits for speech."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")

bind = f"{'[' + settings.HOST + ']' if ':' in settings.HOST else settings.HOST}:{settings.PORT}"
worker_class = "voicen_server.web.Worker"
workers = settings.WEB_PROCESSES
threads = settings.WEB_THREADS
# A client may upload a book over a slow line; a thread that waits for it holds up nobody.
timeout = 120
graceful_timeout = 20
keepalive = 5
limit_request_line = 8190
forwarded_allow_ips = "*" if settings.TRUST_PROXY else ""
# All state lives in the data folder, and nothing listens but the port.
control_socket_disable = True
worker_tmp_dir = settings.FILE_UPLOAD_TEMP_DIR
accesslog = None
loglevel = "warning"
