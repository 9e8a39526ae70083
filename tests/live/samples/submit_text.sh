curl  --header "Content-Type: application/json" \
		  --header "Authorization: Token $VOICEN_ACCESS_TOKEN" \
		  --request POST \
		  --data '{"text":"salam", "lang":"az", "voice_id": "325640"}' \
		  https://tts.voicen.com/api/v1/jobs/text/
