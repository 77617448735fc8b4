using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Testing;

namespace JanServer.Sandbox.Tests.Fixtures;

/// <summary>Asks the service as a client does.</summary>
internal sealed class SandboxClient(HttpClient http) : IDisposable
{
    public HttpClient Http => http;

    /// <summary>Runs a program; the request is the program's fields with <paramref name="more"/>.</summary>
    public Task<JsonElement> RunAsync(string code, string language = "python", JsonObject? more = null, CancellationToken ct = default)
    {
        var request = more ?? [];
        request["code"] = code;
        request["language"] = language;
        return PostAsync("/run_code", request, HttpStatusCode.OK, ct);
    }

    /// <summary>Runs cells.</summary>
    public Task<JsonElement> RunCellsAsync(string? session, string[] cells, JsonObject? more = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        var request = more ?? [];
        request["cells"] = new JsonArray([.. cells.Select(cell => JsonValue.Create(cell))]);
        request["session_id"] = session;
        return PostAsync("/run_jupyter", request, status);
    }

    /// <summary>Posts JSON and reads the answer, which must have that status.</summary>
    public async Task<JsonElement> PostAsync(string path, JsonObject request, HttpStatusCode status = HttpStatusCode.OK, CancellationToken ct = default)
    {
        using var response = await SendAsync(path, request, ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        return JsonElement.Parse(body);
    }

    public async Task<HttpResponseMessage> SendAsync(string path, JsonObject request, CancellationToken ct = default)
    {
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri(path, UriKind.Relative), content, ct).Soon();
    }

    public void Dispose() => http.Dispose();
}

internal static class Results
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static string Stdout(this JsonElement run) => run.GetProperty("run_result").Text("stdout");

    public static string Stderr(this JsonElement run) => run.GetProperty("run_result").Text("stderr");

    public static int? ReturnCode(this JsonElement run) =>
        run.GetProperty("run_result").GetProperty("return_code") is { ValueKind: JsonValueKind.Number } code ? code.GetInt32() : null;

    /// <summary>The content of a file that was given back.</summary>
    public static string File(this JsonElement run, string path) =>
        Encoding.UTF8.GetString(run.GetProperty("files").GetProperty(path).GetBytesFromBase64());

    public static JsonElement Cell(this JsonElement run, int i = 0) => run.GetProperty("cells")[i];

    public static string Shown(this JsonElement cell) => cell.GetProperty("display")[0].GetProperty("data").Text("text/plain");
}
