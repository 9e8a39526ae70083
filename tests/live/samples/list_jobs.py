import json

import requests

headers = {
    "Authorization": "Token $VOICEN_ACCESS_TOKEN",
}

response = requests.get("https://tts.voicen.com/api/v1/jobs/?limit=10&offset=0", headers=headers)

print(json.dumps(response.json(), indent=4, sort_keys=True))
