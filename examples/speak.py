"""Python 3.9+, nothing to install: python3 speak.py "Salam, dünya!" salam.mp3"""

import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request

TEXT = sys.argv[1] if len(sys.argv) > 1 else "Salam, dünya!"
FILE = sys.argv[2] if len(sys.argv) > 2 else "speech.mp3"
API = os.environ.get("VOICEN_URL", "http://127.0.0.1:8000") + "/api/v1"
HEADERS = {
    "Authorization": "Token " + os.environ["VOICEN_ACCESS_TOKEN"],
    "Content-Type": "application/json",
}


def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    return urllib.request.urlopen(urllib.request.Request(API + path, data, HEADERS), timeout=60)


try:
    with call("/jobs/text/", {"text": TEXT, "lang": "az", "voice_id": "325640"}) as answer:
        job = json.load(answer)["data"]

    while job["status"] not in ("ready", "failed"):
        time.sleep(0.5)
        with call(f"/jobs/{job['id']}/") as answer:
            job = json.load(answer)["data"]
    if job["status"] == "failed":
        sys.exit(f"Job {job['id']} failed.")

    with call(f"/jobs/{job['id']}/synthesize/") as audio, open(FILE, "wb") as file:
        shutil.copyfileobj(audio, file)
except urllib.error.HTTPError as error:
    sys.exit(json.load(error)["error"]["message"])

print(FILE)
