# One image for web and worker: `docker build -t voicen-server .`
# The CMD of each service stands in docker-compose.yml. No GPU and no torch in here.
FROM python:3.12-slim-bookworm

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
