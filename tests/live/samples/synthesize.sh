curl --fail -X GET https://tts.voicen.com/api/v1/jobs/$JOB_ID/synthesize/ -H "Authorization: Token $VOICEN_ACCESS_TOKEN" --output mysynthesize.mp3
