<?php
$request = curl_init();

curl_setopt($request, CURLOPT_URL, 'https://tts.voicen.com/api/v1/jobs/file/');
curl_setopt($request, CURLOPT_RETURNTRANSFER, 1);
curl_setopt($request, CURLOPT_POST, 1);
$headers = array();
$headers[] = 'Content-Type: multipart/form-data';
$headers[] = 'Authorization: Token $VOICEN_ACCESS_TOKEN';
curl_setopt($request, CURLOPT_HTTPHEADER, $headers);
$cfile = new CURLFile('example.txt');
$data = array(
	'file' => $cfile,
	'lang' => 'az',
	'voice_id' => '325640'
);
curl_setopt($request, CURLOPT_POSTFIELDS, $data);

$result = curl_exec($request);
print_r($result);

curl_close($request);
