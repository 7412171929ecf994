namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A representation that an address has.</summary>
public class Format(string name, string mediaType)
{
    public static readonly Format Json = new("json", "application/json");

    public static readonly Format EventStream = new("sse", "text/event-stream");

    public static readonly Format Atom = new("atom", "application/atom+xml");

    /// <summary>JSON, one value a line, where the lines are not records: changes, and a snapshot with its first and last line.</summary>
    public static readonly Format Lines = new("ndjson", "application/x-ndjson") { Synonyms = ["application/ndjson", "application/jsonl"] };

    /// <summary>As <c>format=</c> takes it and, after a dot, as the suffix of an address.</summary>
    public string Name { get; } = name;

    /// <summary>The media type of the response, without its charset.</summary>
    public string MediaType { get; } = mediaType;

    public string ContentType => $"{MediaType}; charset=utf-8";

    /// <summary>Other media types that <c>Accept</c> may ask for it by.</summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];
}
