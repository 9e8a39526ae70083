#!/bin/sh
# Makes the secrets of docker-compose.yml, each in a file of its own: sh deploy/make-secrets.sh
# What exists is kept. VOICEN_SECRETS_DIR names another folder than ./secrets.
set -eu
folder="${VOICEN_SECRETS_DIR:-secrets}"
umask 077
mkdir -p "$folder"

# Letters and digits only: two of them stand in URLs.
random() { head -c 64 /dev/urandom | sha512sum | cut -c1-64; }

make() {
    if [ ! -s "$folder/$1" ]; then
        printf '%s\n' "$2" > "$folder/$1"
        echo "made $folder/$1"
    fi
}

make secret_key "$(random)"
make admin_password "$(random | cut -c1-24)"
make database_password "$(random)"
make redis_password "$(random)"
make database_url "postgresql://voicen:$(cat "$folder/database_password")@postgres:5432/voicen"
make broker_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"

# Containers read them under accounts of their own; on the host the folder keeps everybody else out.
chmod 0644 "$folder"/*
chmod 0700 "$folder"
