import json

import requests

headers = {
    "Content-Type": "application/json",
    "Authorization": "Token $VOICEN_ACCESS_TOKEN",
}

data = '{"text":"salam", "lang":"az", "voice_id": "325640"}'

response = requests.post("https://tts.voicen.com/api/v1/jobs/text/", headers=headers, data=data)

print(json.dumps(response.json(), indent=4, sort_keys=True))
