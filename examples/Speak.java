// Java 17 or newer, nothing to install: java Speak.java "Salam, dünya!" salam.mp3

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Speak {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String API =
            System.getenv().getOrDefault("VOICEN_URL", "http://127.0.0.1:8000") + "/api/v1";

    public static void main(String[] arguments) throws InterruptedException {
        String text = arguments.length > 0 ? arguments[0] : "Salam, dünya!";
        Path file = Path.of(arguments.length > 1 ? arguments[1] : "speech.mp3");
        try {
            Files.write(file, speak(text));
            System.out.println(file);
        } catch (IOException error) {
            System.err.println(error.getMessage());
            System.exit(1);
        }
    }

    private static byte[] speak(String text) throws IOException, InterruptedException {
        String body = "{\"text\": " + quoted(text) + ", \"lang\": \"az\", \"voice_id\": \"325640\"}";
        String job = string(call("/jobs/text/", body));
        String id = field("id", job);
        while (!field("status", job).equals("ready")) {
            if (field("status", job).equals("failed")) {
                throw new IOException("Job " + id + " failed.");
            }
            Thread.sleep(500);
            job = string(call("/jobs/" + id + "/", null));
        }
        return call("/jobs/" + id + "/synthesize/", null);
    }

    private static byte[] call(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(API + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Token " + System.getenv("VOICEN_ACCESS_TOKEN"));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<byte[]> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(field("message", string(answer.body())));
        }
        return answer.body();
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // Java brings no JSON; with Jackson or Gson in your project use those instead of these two.

    private static String field(String name, String json) throws IOException {
        Matcher found = Pattern.compile("\"" + name + "\":\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\d+))").matcher(json);
        if (!found.find()) {
            throw new IOException("This is no answer of a Voicen server.");
        }
        return found.group(1) != null ? found.group(1) : found.group(2);
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char character : text.toCharArray()) {
            if (character < ' ' || character == '"' || character == '\\') {
                json.append(String.format("\\u%04x", (int) character));
            } else {
                json.append(character);
            }
        }
        return json.append('"').toString();
    }
}
