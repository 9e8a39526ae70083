# One image for web and worker: `docker build -t voicen-server .` No GPU and no torch in it.
# A second one for workers that speak with Coqui models: `docker build --target coqui -t voicen-server-coqui .`
# The command of each service stands in docker-compose.yml.
FROM python:3.12-slim-bookworm AS service

RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app voicen \
    && install -d -o voicen -g voicen -m 0700 /data

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY manage.py ./
COPY models models
COPY synthesis synthesis
COPY workers workers
COPY voicen_server voicen_server

USER voicen
ENV VOICEN_DATA_DIR=/data HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--no-key"]

FROM service AS coqui
USER root
COPY requirements-coqui.txt .
RUN pip install --no-cache-dir -r requirements-coqui.txt
USER voicen
# One process that forks no other: CUDA does not survive a fork.
CMD ["celery", "--quiet", "-A", "voicen_server", "worker", "--pool", "solo", "--hostname", "coqui@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]

# The last stage is what a build without --target makes.
FROM service
