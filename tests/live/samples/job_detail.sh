curl -X GET https://tts.voicen.com/api/v1/jobs/$JOB_ID/ -H "Authorization: Token $VOICEN_ACCESS_TOKEN"
