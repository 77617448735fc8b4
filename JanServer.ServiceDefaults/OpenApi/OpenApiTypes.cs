using System.Text.Json.Serialization;

namespace JanServer.ServiceDefaults.OpenApi;

/// <summary>
/// The types of route and query parameters. A host's own contexts name the bodies; without these, a parameter whose type happens to be
/// in no body would fail the whole document.
/// </summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(Guid?))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(Uri))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class OpenApiTypes : JsonSerializerContext;
