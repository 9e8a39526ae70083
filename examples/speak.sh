#!/usr/bin/env bash
# Needs curl and jq. bash speak.sh "Salam, dünya!" salam.mp3
set -euo pipefail

text=${1:-Salam, dünya!} file=${2:-speech.mp3}
api=${VOICEN_URL:-http://127.0.0.1:8000}/api/v1

# The key goes in by a file descriptor: arguments can be read by others in the list of processes.
call() { curl --silent --show-error --fail --header @<(echo "Authorization: Token $VOICEN_ACCESS_TOKEN") "$@"; }

body=$(jq --null-input --arg text "$text" '{text: $text, lang: "az", voice_id: "325640"}')
id=$(call --json "$body" "$api/jobs/text/" | jq .data.id)

status=waiting
until [ "$status" = ready ]; do
    if [ "$status" = failed ]; then
        echo "Job $id failed." >&2
        exit 1
    fi
    sleep 0.5
    status=$(call "$api/jobs/$id/" | jq --raw-output .data.status)
done

call --output "$file" "$api/jobs/$id/synthesize/"
echo "$file"
