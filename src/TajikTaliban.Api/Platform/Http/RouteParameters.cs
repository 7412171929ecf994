namespace TajikTaliban.Api.Platform.Http;

/// <summary>The form of a parameter's values, for the contract; the route validates them itself.</summary>
public sealed record ParameterShape
{
    /// <summary>True for whole numbers, false for text.</summary>
    public bool IsNumber { get; private init; }

    public int? Min { get; private init; }

    public int? Max { get; private init; }

    public int? Default { get; private init; }

    public string? Pattern { get; private init; }

    public string? Format { get; private init; }

    /// <summary>The possible values, as an enumeration of this name.</summary>
    public (string Name, string Description, IReadOnlyList<string> Values)? Names { get; private init; }

    /// <summary>Several values, separated by commas.</summary>
    public bool IsList { get; private init; }

    public static ParameterShape Text(int? max = null, string? pattern = null) => new() { Max = max, Pattern = pattern };

    public static ParameterShape Number(int? min = null, int? max = null, int? defaultValue = null) =>
        new() { IsNumber = true, Min = min, Max = max, Default = defaultValue };

    public static ParameterShape Instant { get; } = new() { Format = "date-time" };

    public static ParameterShape One(string name, string description, IEnumerable<string> values) =>
        new() { Names = (name, description, [.. values]) };

    public static ParameterShape Several(string name, string description, IEnumerable<string> values) =>
        One(name, description, values) with { IsList = true };
}

/// <summary>
/// A parameter of a route, as metadata (<c>.WithMetadata(new QueryParameter(…))</c>). The contract lists parameters in this order; a test
/// compares them with the parameters that the route reads.
/// </summary>
public abstract record RouteParameter(string Name, string Description, ParameterShape Shape);

/// <summary>A parameter of the query.</summary>
public sealed record QueryParameter(string Name, string Description, ParameterShape Shape) : RouteParameter(Name, Description, Shape);

/// <summary>A header of the request.</summary>
public sealed record HeaderParameter(string Name, string Description, ParameterShape Shape) : RouteParameter(Name, Description, Shape);

/// <summary>A part of the path.</summary>
public sealed record PathParameter(string Name, string Description, ParameterShape Shape, string Example)
    : RouteParameter(Name, Description, Shape);

/// <summary>A parameter with one meaning on several routes, by the name of its component in the contract.</summary>
public sealed record SharedParameter(string Component)
{
    public static readonly SharedParameter IdempotencyKey = new("Idempotency-Key");

    public static readonly SharedParameter ChangeCause = new("Change-Cause");

    public static readonly SharedParameter ChangeNote = new("Change-Note");

    public static readonly SharedParameter EncodedChangeNote = new("Change-Note-Encoded");

    public static readonly SharedParameter DryRun = new("DryRun");

    public static readonly SharedParameter AsOf = new("AsOf");

    public static readonly SharedParameter Edition = new("Edition");

    /// <summary>The reason of a change: parameters of every write that makes one.</summary>
    public static IReadOnlyList<SharedParameter> Reasons { get; } = [ChangeCause, ChangeNote, EncodedChangeNote];
}

/// <summary>
/// A media type of a response beside JSON: lines, events, XML. The contract shows it by an example; a schema describes one JSON document
/// only.
/// </summary>
/// <param name="Status">The status of the response.</param>
/// <param name="MediaType">The media type, as <c>Accept</c> names it.</param>
/// <param name="Description">The form of the body.</param>
public sealed record NonJsonContent(int Status, string MediaType, string Description);

/// <summary>The description of a route's response with a status.</summary>
public sealed record ResponseText(int Status, string Description);

/// <summary>The description of a tag; a group of routes states it once, beside <c>WithTags</c>.</summary>
public sealed record TagText(string Name, string Description);
