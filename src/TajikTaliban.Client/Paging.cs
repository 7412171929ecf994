using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TajikTaliban.Client;

/// <summary>A page of a list.</summary>
public interface IPage
{
    /// <summary>The address of the page after this one; null on the last.</summary>
    string? Following { get; }
}

/// <summary>A page of a list, with its items.</summary>
/// <typeparam name="TItem">What the list has.</typeparam>
public interface IPage<out TItem> : IPage
{
    /// <summary>The items of this page, in order.</summary>
    IReadOnlyList<TItem> Items { get; }
}

public partial class TajikTalibanClient
{
    /// <summary>The items of a page and of all pages after it. A page is requested when the items before it were taken.</summary>
    /// <example><code>await foreach (var actor in client.AllAsync(await client.ListActorsAsync(limit: 1000)))</code></example>
    public async IAsyncEnumerable<TItem> AllAsync<TItem>(IPage<TItem> first,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in PagesAsync(first, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.Items)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return item;
            }
        }
    }

    /// <summary>A page and all pages after it, for what a page has beside its items (<c>expanded</c>, <c>position</c>).</summary>
    public async IAsyncEnumerable<TPage> PagesAsync<TPage>(TPage first,
        [EnumeratorCancellation] CancellationToken cancellationToken = default) where TPage : class, IPage
    {
        ArgumentNullException.ThrowIfNull(first);
        var page = first;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return page;
            if (page.Following is not { } following)
                yield break;
            page = (TPage)await ReadAsync(following, page.GetType(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<object> ReadAsync(string address, Type type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.RelativeOrAbsolute));
        using var response = await _connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        return await BodyAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<object> BodyAsync(HttpResponseMessage response, Type type, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                return (await JsonSerializer.DeserializeAsync(body, type, Json, cancellationToken).ConfigureAwait(false))!;
            }
            catch (JsonException e)
            {
                var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => h.Value);
                throw new ApiException($"The response is not a {type.Name}.", (int)response.StatusCode, null, headers, e);
            }
        }
    }
}
