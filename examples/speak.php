<?php
// PHP 8 with its curl extension: php speak.php "Salam, dünya!" salam.mp3

$text = $argv[1] ?? 'Salam, dünya!';
$file = $argv[2] ?? 'speech.mp3';
$api = (getenv('VOICEN_URL') ?: 'http://127.0.0.1:8000') . '/api/v1';

function call(string $url, ?array $body = null): string
{
    $request = curl_init($url);
    curl_setopt_array($request, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 60,
        CURLOPT_HTTPHEADER => [
            'Authorization: Token ' . getenv('VOICEN_ACCESS_TOKEN'),
            'Content-Type: application/json',
        ],
    ]);
    if ($body !== null) {
        curl_setopt($request, CURLOPT_POSTFIELDS, json_encode($body));
    }
    $answer = curl_exec($request);
    if ($answer === false) {
        throw new RuntimeException(curl_error($request));
    }
    if (curl_getinfo($request, CURLINFO_RESPONSE_CODE) !== 200) {
        throw new RuntimeException(json_decode($answer, true)['error']['message'] ?? 'No answer of a Voicen server.');
    }
    return $answer;
}

try {
    $job = json_decode(call("$api/jobs/text/", ['text' => $text, 'lang' => 'az', 'voice_id' => '325640']), true)['data'];
    while (!in_array($job['status'], ['ready', 'failed'])) {
        usleep(500_000);
        $job = json_decode(call("$api/jobs/{$job['id']}/"), true)['data'];
    }
    if ($job['status'] === 'failed') {
        throw new RuntimeException("Job {$job['id']} failed.");
    }
    file_put_contents($file, call("$api/jobs/{$job['id']}/synthesize/"));
} catch (RuntimeException $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
echo "$file\n";
