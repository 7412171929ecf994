namespace TajikTaliban.Api.Platform.Http;

/// <summary>What the values of a parameter look like, for the contract: the service itself checks them in its own words.</summary>
public sealed record ParameterShape
{
    /// <summary>Whole numbers instead of texts.</summary>
    public bool IsNumber { get; private init; }

    public int? Least { get; private init; }

    public int? Most { get; private init; }

    public int? Default { get; private init; }

    public string? Pattern { get; private init; }

    public string? Format { get; private init; }

    /// <summary>The values that there are, as an enumeration of this name.</summary>
    public (string Name, string Description, IReadOnlyList<string> Values)? Names { get; private init; }

    /// <summary>Several values, separated by commas.</summary>
    public bool IsList { get; private init; }

    public static ParameterShape Text(int? most = null, string? pattern = null) => new() { Most = most, Pattern = pattern };

    public static ParameterShape Number(int? least = null, int? most = null, int? ifLeftOut = null) =>
        new() { IsNumber = true, Least = least, Most = most, Default = ifLeftOut };

    public static ParameterShape Instant { get; } = new() { Format = "date-time" };

    public static ParameterShape One(string name, string description, IEnumerable<string> values) => new() { Names = (name, description, [.. values]) };

    public static ParameterShape Several(string name, string description, IEnumerable<string> values) =>
        One(name, description, values) with { IsList = true };
}

/// <summary>
/// A parameter that a route takes. As its metadata (<c>.WithMetadata(new QueryParameter(…))</c>) it shows in the contract, in the order in
/// which it is given; that the route reads it is for the route to see to, and a test compares the two.
/// </summary>
public abstract record RouteParameter(string Name, string Description, ParameterShape Shape);

/// <summary>A parameter of the query.</summary>
public sealed record QueryParameter(string Name, string Description, ParameterShape Shape) : RouteParameter(Name, Description, Shape);

/// <summary>A header of the request.</summary>
public sealed record HeaderParameter(string Name, string Description, ParameterShape Shape) : RouteParameter(Name, Description, Shape);

/// <summary>A part of the path.</summary>
public sealed record PathParameter(string Name, string Description, ParameterShape Shape, string Example) : RouteParameter(Name, Description, Shape);

/// <summary>A parameter that several routes take in the same sense, by the name of its component in the contract.</summary>
public sealed record SharedParameter(string Component)
{
    public static readonly SharedParameter IdempotencyKey = new("Idempotency-Key");

    public static readonly SharedParameter ChangeCause = new("Change-Cause");

    public static readonly SharedParameter ChangeNote = new("Change-Note");

    public static readonly SharedParameter AsOf = new("AsOf");

    /// <summary>What each write takes that makes a change: why it is made.</summary>
    public static IReadOnlyList<SharedParameter> Reasons { get; } = [ChangeCause, ChangeNote];
}

/// <summary>
/// An answer beside JSON that a route gives: lines, events, XML. The contract has its form as an example and not as a schema, which is about
/// one JSON document.
/// </summary>
/// <param name="Status">With which status.</param>
/// <param name="MediaType">Which type, as <c>Accept</c> asks for it.</param>
/// <param name="Description">What it looks like.</param>
public sealed record OtherContent(int Status, string MediaType, string Description);

/// <summary>What a route answers with a status, in words.</summary>
public sealed record AnswerText(int Status, string Description);
