using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace TajikTaliban.Client;

/// <summary>A record that can be changed by a merge patch.</summary>
public interface IEditable
{
    /// <summary>The address, with <c>{…}</c> for ids.</summary>
    static abstract string Address { get; }
}

/// <summary>A record that can be changed by a merge patch of its own type.</summary>
/// <typeparam name="TPatch">The patch; what is null in it keeps its value.</typeparam>
public interface IEditable<TPatch> : IEditable;

/// <summary>How a record is edited.</summary>
public sealed class EditOptions
{
    /// <summary>How often the record is read and changed at most (default: 3), if others change it at the same time.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>The cause of the change, for the history.</summary>
    public ChangeCauseCode? Cause { get; set; }

    /// <summary>The reason in words, for the history; in any script.</summary>
    public string? Note { get; set; }
}

public partial class TajikTalibanClient
{
    /// <summary>
    /// Reads a record, and sends the change of it with <c>If-Match</c>. If the record was changed in between (412), it is read again and
    /// the change is computed anew.
    /// </summary>
    /// <example><code>await client.EditAsync("taliban", (Actor actor) => new ActorPatch { Description = "…" });</code></example>
    /// <param name="id">The id; of an observation <c>indicator/id</c>.</param>
    /// <param name="change">Computes the change from the record as it is; null leaves it. May run once per attempt.</param>
    /// <param name="options">Attempts, cause and note.</param>
    /// <param name="cancellationToken">Cancels the edit between its requests and during them.</param>
    /// <returns>The record as it is now.</returns>
    /// <exception cref="ProblemException">412 if the record was changed in each attempt; any other error at once.</exception>
    public Task<TRecord> EditAsync<TRecord, TPatch>(string id, Func<TRecord, TPatch?> change, EditOptions? options = null,
        CancellationToken cancellationToken = default) where TRecord : class, IEditable<TPatch> where TPatch : class =>
        EditAnyAsync<TRecord>(id, change, options, cancellationToken);

    /// <summary>The same with a merge patch as JSON, in which <c>null</c> removes a field (RFC 7396).</summary>
    /// <example><code>await client.EditAsync("taliban", (Actor actor) => new JsonObject { ["description"] = null });</code></example>
    public Task<TRecord> EditAsync<TRecord>(string id, Func<TRecord, JsonObject?> change, EditOptions? options = null,
        CancellationToken cancellationToken = default) where TRecord : class, IEditable =>
        EditAnyAsync<TRecord>(id, change, options, cancellationToken);

    private async Task<TRecord> EditAnyAsync<TRecord>(string id, Func<TRecord, object?> change, EditOptions? options,
        CancellationToken cancellationToken) where TRecord : class, IEditable
    {
        ArgumentNullException.ThrowIfNull(change);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Attempts, 1);
        var address = AddressOf(TRecord.Address, id);
        string? minPosition = null;
        for (var attempt = 1; ; attempt++)
        {
            var (record, tag) = await ReadWithTagAsync<TRecord>(address, minPosition, cancellationToken).ConfigureAwait(false);
            if (change(record) is not { } patch)
                return record;
            try
            {
                return await PatchAsync<TRecord>(address, tag, patch, options, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException e) when (e.Status == HttpStatusCode.PreconditionFailed && attempt < options.Attempts)
            {
                // the next read has what this response has seen, whichever database server responds
                minPosition = e.Header("Position");
            }
        }
    }

    private async Task<(TRecord Record, EntityTagHeaderValue Tag)> ReadWithTagAsync<TRecord>(string address, string? minPosition,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.CacheControl = new() { NoCache = true };
        if (minPosition is not null)
            request.Headers.Add("Min-Position", minPosition);
        using var response = await _connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        var record = (TRecord)await BodyAsync(response, typeof(TRecord), cancellationToken).ConfigureAwait(false);
        return (record, response.Headers.ETag ?? throw new InvalidOperationException("The response has no ETag."));
    }

    private async Task<TRecord> PatchAsync<TRecord>(string address, EntityTagHeaderValue tag, object patch, EditOptions options,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(address, UriKind.Relative))
        {
            Content = JsonContent.Create(patch, patch.GetType(), options: Json),
        };
        // proxies that compress make tags weak, and a weak one never matches
        request.Headers.IfMatch.Add(new(tag.Tag));
        if (options.Cause is { } cause)
            request.Headers.Add("Change-Cause", cause.Text);
        if (options.Note is { } note)
            request.Headers.Add("Change-Note-Encoded", $"UTF-8''{Uri.EscapeDataString(note)}");
        using var response = await _connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        return (TRecord)await BodyAsync(response, typeof(TRecord), cancellationToken).ConfigureAwait(false);
    }

    private static string AddressOf(string template, string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        var ids = id.Split('/');
        var parts = template.Split('/');
        var places = Enumerable.Range(0, parts.Length).Where(i => parts[i].StartsWith('{')).ToList();
        if (places.Count != ids.Length)
            throw new ArgumentException($"'{id}' does not fit {template}.", nameof(id));
        foreach (var (place, text) in places.Zip(ids))
            parts[place] = Uri.EscapeDataString(text);
        return string.Join('/', parts);
    }
}
