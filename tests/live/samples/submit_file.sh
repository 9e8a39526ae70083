curl  --header "Content-type: multipart/form-data" \
		  --header "Authorization: Token $VOICEN_ACCESS_TOKEN" \
		  --request POST \
		  -F lang=az -F voice_id=325640 \
		  -F file=@path/to/myfile.txt \
	       https://tts.voicen.com/api/v1/jobs/file/
