import json

import requests

headers = {
    "Authorization": "Token $VOICEN_ACCESS_TOKEN",
}

response = requests.get("https://tts.voicen.com/api/v1/jobs/$JOB_ID/synthesize/", headers=headers)

if response.status_code == 200:
    with open("path/to/destination/mysynthesize.mp3", "wb") as f:
        f.write(response.content)
else:
    print(json.dumps(response.json(), indent=4, sort_keys=True))
