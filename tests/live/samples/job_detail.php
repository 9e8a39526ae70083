<?php
$request = curl_init();

curl_setopt_array($request, [
	CURLOPT_RETURNTRANSFER => 1,
	CURLOPT_URL => 'https://tts.voicen.com/api/v1/jobs/$JOB_ID/',
	CURLOPT_HTTPHEADER => array(
		'Authorization: Token $VOICEN_ACCESS_TOKEN'
	)
]);

$result = curl_exec($request);
curl_close($request);
print_r($result);
