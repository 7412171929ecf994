using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TajikTaliban.Client;

/// <summary>
/// Every operation of the service is a method. Beside them are pages as a sequence (<see cref="AllAsync"/>), edits with <c>If-Match</c>
/// (<c>EditAsync</c>), reads as of a position (<see cref="AsOf(string)"/>), the snapshot and the changes (<c>FollowAsync</c>). Every error
/// of the service is a <see cref="ProblemException"/>. Safe to use from several threads.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The connection has nothing to dispose of: the HttpClient belongs to the caller.")]
public partial class TajikTalibanClient
{
    private readonly HttpClient _http;
    private readonly TajikTalibanClientOptions _options;
    private readonly ServiceConnection _connection;

    /// <summary>Creates a client, with <c>new</c> or as a typed client of <c>IHttpClientFactory</c>.</summary>
    /// <param name="http">With the address of the service as <c>BaseAddress</c>, and to write with a key in <c>Authorization</c>. It
    /// belongs to the caller.</param>
    /// <param name="options">Which requests are tried again (default: see there).</param>
    public TajikTalibanClient(HttpClient http, TajikTalibanClientOptions? options = null) : this(http, options ?? new(), null)
    {
    }

    private TajikTalibanClient(HttpClient http, TajikTalibanClientOptions options, string? asOf) : this()
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
        _options = options;
        _connection = new(http, options, asOf);
    }

    /// <summary>The version of the contract that this client was generated from; the version of the package.</summary>
    public static string ContractVersion => Contract.Version;

    internal static JsonSerializerOptions Json => _settings.Value;

    /// <summary>
    /// A view as of a position, an instant with offset or a release (its id, or <c>latest</c>): the same client, which sends <c>asOf</c>
    /// with each read. Operations that do not take it throw <see cref="NotSupportedException"/>: nothing is read as of now.
    /// </summary>
    public TajikTalibanClient AsOf(string positionInstantOrRelease)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(positionInstantOrRelease);
        return new(_http, _options, positionInstantOrRelease);
    }

    /// <summary>The same as of an instant.</summary>
    public TajikTalibanClient AsOf(DateTimeOffset instant) => AsOf(instant.ToString("O"));

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;

    private Task<ServiceConnection> CreateHttpClientAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<ServiceConnection>(cancellationToken) : Task.FromResult(_connection);
}
