using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TajikTaliban.Client;

public partial class TajikTalibanClient
{
    /// <summary>
    /// All records at one position: a <see cref="SnapshotStarted"/>, a <see cref="SnapshotRecord"/> for each record, and a
    /// <see cref="SnapshotCompleted"/>. Reads as a stream, in memory of a constant size.
    /// </summary>
    /// <param name="resources">Resources to include (default: all).</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <exception cref="IOException">The snapshot was cut off: discard what was read of it.</exception>
    public async IAsyncEnumerable<FollowStep> SnapshotAsync(IEnumerable<ResourceName>? resources = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = string.Join('&', (resources ?? []).Select(r => $"resource={Uri.EscapeDataString(r.Text)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/snapshot?{query}".TrimEnd('?'), UriKind.Relative));
        using var response = await _connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        string? position = null;
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var part = Line(line);
            position ??= part.Position ?? throw new IOException("The snapshot has no position.");
            yield return part switch
            {
                { Complete: true } => new SnapshotCompleted(position),
                { Record: { } record } => new SnapshotRecord(position, part.Resource!, part.Id!, part.Version, record),
                _ => new SnapshotStarted(position),
            };
            if (part.Complete)
                yield break;
        }

        throw new IOException("The snapshot is incomplete.");
    }

    private static SnapshotLine Line(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotLine>(text, Json)!;
        }
        catch (JsonException e)
        {
            throw new IOException("The snapshot is incomplete.", e);
        }
    }

    private sealed class SnapshotLine
    {
        [JsonPropertyName("position")]
        public string? Position { get; set; }

        [JsonPropertyName("complete")]
        public bool Complete { get; set; }

        [JsonPropertyName("resource")]
        public string? Resource { get; set; }

        [JsonPropertyName("id")]
        public string? Id { get; set; }

        [JsonPropertyName("version")]
        public int Version { get; set; }

        [JsonPropertyName("record")]
        public JsonElement? Record { get; set; }
    }
}
