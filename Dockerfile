# Four images from one file:
#
#   docker build --target web    -t voicen-web .      the API, the admin and the commands beside them; no numerical library
#   docker build --target worker -t voicen-worker .   speaks, on the CPU; no torch
#   docker build --target worker-coqui -t voicen-worker-coqui .   speaks with Coqui models too; with torch, for GPUs
#   docker build --target proxy  -t voicen-proxy .    Caddy with our configuration, without root
#
# Without network: put the wheels of a bundle into wheels/ and add
# --build-arg PIP_ARGUMENTS=--no-index (docs/deploy.md). Pin the base images for a release by digest:
# --build-arg PYTHON_IMAGE=python:3.12-slim-bookworm@sha256:…

ARG PYTHON_IMAGE=python:3.12-slim-bookworm
# With a C compiler, for the part of Kokoro that is compiled; the workers have none.
ARG COMPILER_IMAGE=python:3.12-bookworm
ARG PROXY_IMAGE=caddy:2-alpine

# --- Python packages: installed apart, so that no installer and no cache is in the images -----------------------------

FROM ${PYTHON_IMAGE} AS web-packages
ARG PIP_ARGUMENTS=
WORKDIR /build
RUN python -m venv --without-pip /venv
# wheels/ is optional: a COPY needs one source that exists.
COPY requirements-web.txt requirements-s3.txt requirements.txt wheels* ./
RUN pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --no-compile \
        --find-links . ${PIP_ARGUMENTS} -r requirements-web.txt -r requirements-s3.txt

FROM web-packages AS worker-packages
ARG PIP_ARGUMENTS=
RUN pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --no-compile \
        --find-links . ${PIP_ARGUMENTS} -r requirements.txt

# --- What web and worker share ----------------------------------------------------------------------------------------

FROM ${PYTHON_IMAGE} AS service
# A number, so that Kubernetes can see that it is not root.
RUN useradd --system --uid 10001 --user-group --home-dir /app --no-create-home voicen \
    && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /app
COPY manage.py ./
COPY models models
COPY synthesis synthesis
COPY voicen_server voicen_server
ENV PATH=/venv/bin:$PATH VOICEN_DATA_DIR=/data HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
USER 10001:10001

FROM service AS web
COPY docs docs
COPY --from=web-packages /venv /venv
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
CMD ["gunicorn", "-c", "python:voicen_server.gunicorn_conf", "voicen_server.wsgi:application"]

# --- The proxy --------------------------------------------------------------------------------------------------------

FROM ${PROXY_IMAGE} AS proxy
# A copy leaves behind the file's capability for ports below 1024, which the container is not given.
RUN cp /usr/bin/caddy /usr/local/bin/caddy && install -d -o 10001 -g 10001 -m 0700 /state
COPY deploy/proxy/Caddyfile /etc/caddy/Caddyfile
ENV XDG_DATA_HOME=/state XDG_CONFIG_HOME=/state
VOLUME /state
USER 10001:10001
EXPOSE 8080 8443
CMD ["/usr/local/bin/caddy", "run", "--config", "/etc/caddy/Caddyfile"]

FROM ${COMPILER_IMAGE} AS kernels
WORKDIR /build
COPY models models
RUN python -m models.engines.kernels

# --- The workers; last, what `docker build .` without a target makes ---------------------------------------------------

FROM worker-packages AS coqui-packages
ARG PIP_ARGUMENTS=
COPY requirements-coqui.txt ./
RUN pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --no-compile \
        --find-links . ${PIP_ARGUMENTS} -r requirements-coqui.txt

FROM service AS worker-coqui
COPY workers workers
COPY --from=kernels /build/models/engines/kernels.so models/engines/
COPY --from=coqui-packages /venv /venv
HEALTHCHECK --interval=60s --timeout=20s --start-period=300s CMD ["python", "manage.py", "alive"]
# One process that forks no other: CUDA does not survive a fork.
CMD ["celery", "--quiet", "-A", "voicen_server", "worker", "--pool", "solo", "--hostname", "coqui@%h", \
     "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]

FROM service AS worker
COPY workers workers
COPY --from=kernels /build/models/engines/kernels.so models/engines/
COPY --from=worker-packages /venv /venv
# The encoder comes with the packages (imageio-ffmpeg): nothing is installed with apt.
HEALTHCHECK --interval=60s --timeout=20s --start-period=300s CMD ["python", "manage.py", "alive"]
CMD ["celery", "--quiet", "-A", "voicen_server", "worker", "--pool", "prefork", "--hostname", "voicen@%h", \
     "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
