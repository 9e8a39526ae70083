curl -X GET "https://tts.voicen.com/api/v1/jobs/?limit=15&offset=0" -H "Authorization: Token $VOICEN_ACCESS_TOKEN"
