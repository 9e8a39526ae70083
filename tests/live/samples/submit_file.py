import json

import requests

headers = {
    "Authorization": "Token $VOICEN_ACCESS_TOKEN",
}

files = {
    "lang": (None, "az"),
    "voice_id": (None, "325640"),
    "file": ("myfile.txt", open("myfile.txt", "rb")),
}

response = requests.post("https://tts.voicen.com/api/v1/jobs/file/", headers=headers, files=files)

print(json.dumps(response.json(), indent=4, sort_keys=True))
