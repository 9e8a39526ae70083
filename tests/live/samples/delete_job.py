import json

import requests

headers = {
    "Authorization": "Token $VOICEN_ACCESS_TOKEN",
}

response = requests.delete("https://tts.voicen.com/api/v1/jobs/$JOB_ID/", headers=headers)

print(json.dumps(response.json(), indent=4, sort_keys=True))
