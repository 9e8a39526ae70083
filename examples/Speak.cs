// .NET 6 or newer (dotnet new console, then replace Program.cs), or Mono:
//   mcs -r:System.Net.Http -r:System.Runtime.Serialization Speak.cs && mono Speak.exe "Salam, dünya!" salam.mp3

using System;
using System.IO;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading.Tasks;

[DataContract]
public class Job
{
    [DataMember] public long id;
    [DataMember] public string status;
}

[DataContract]
public class Error
{
    [DataMember] public string message;
}

[DataContract]
public class Answer
{
    [DataMember] public Job data;
    [DataMember] public Error error;
}

[DataContract]
public class Order
{
    [DataMember] public string text;
    [DataMember] public string lang;
    [DataMember] public string voice_id;
}

public static class Speak
{
    static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
    static readonly string Api =
        (Environment.GetEnvironmentVariable("VOICEN_URL") ?? "http://127.0.0.1:8000") + "/api/v1";

    public static int Main(string[] arguments)
    {
        return Run(arguments).GetAwaiter().GetResult();
    }

    static async Task<int> Run(string[] arguments)
    {
        var text = arguments.Length > 0 ? arguments[0] : "Salam, dünya!";
        var file = arguments.Length > 1 ? arguments[1] : "speech.mp3";
        Client.DefaultRequestHeaders.Add(
            "Authorization", "Token " + Environment.GetEnvironmentVariable("VOICEN_ACCESS_TOKEN"));
        try
        {
            var job = Parse(await Call("/jobs/text/", new Order { text = text, lang = "az", voice_id = "325640" })).data;
            while (job.status != "ready" && job.status != "failed")
            {
                await Task.Delay(500);
                job = Parse(await Call($"/jobs/{job.id}/")).data;
            }
            if (job.status == "failed")
            {
                throw new HttpRequestException($"Job {job.id} failed.");
            }
            File.WriteAllBytes(file, await Call($"/jobs/{job.id}/synthesize/"));
        }
        catch (HttpRequestException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
        Console.WriteLine(file);
        return 0;
    }

    static async Task<byte[]> Call(string path, Order order = null)
    {
        using (var request = new HttpRequestMessage(order == null ? HttpMethod.Get : HttpMethod.Post, Api + path))
        {
            if (order != null)
            {
                request.Content = new StringContent(Json(order), Encoding.UTF8, "application/json");
            }
            using (var answer = await Client.SendAsync(request))
            {
                var content = await answer.Content.ReadAsByteArrayAsync();
                if (!answer.IsSuccessStatusCode)
                {
                    throw new HttpRequestException(Parse(content).error.message);
                }
                return content;
            }
        }
    }

    static Answer Parse(byte[] json)
    {
        return (Answer)new DataContractJsonSerializer(typeof(Answer)).ReadObject(new MemoryStream(json));
    }

    static string Json(Order order)
    {
        var json = new MemoryStream();
        new DataContractJsonSerializer(typeof(Order)).WriteObject(json, order);
        return Encoding.UTF8.GetString(json.ToArray());
    }
}
