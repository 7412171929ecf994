using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace TajikTaliban.Api.Domain;

/// <summary>A scheme of identifiers for actors: a code list or register that others keep, and the form its values have.</summary>
/// <param name="Code">The name of the scheme in an identifier, <c>iso3</c> in <c>iso3:TJK</c>.</param>
/// <param name="Label">The name to show.</param>
/// <param name="Pattern">
/// The form of a value, as a regular expression that means the same in ECMAScript and .NET. It describes the form only, not whether
/// the scheme has assigned the value.
/// </param>
/// <param name="Description">The objects that the scheme identifies, and the form of its values.</param>
/// <param name="SourceName">The publisher of the scheme.</param>
/// <param name="SourceUrl">The address of its publication; null if there is no single one.</param>
public sealed record IdentifierScheme(string Code, string Label, string Pattern, string Description, string SourceName, string? SourceUrl);

/// <summary>
/// A name that a scheme outside this service gives to an actor, written <c>scheme:value</c>: <c>iso3:TJK</c>, <c>cow:702</c>,
/// <c>wikidata:Q863</c>. The scheme is one of <see cref="Schemes"/> and the value has its form. One code has one spelling (capitals,
/// leading zeros), so that two identifiers name the same thing exactly when they are equal.
/// </summary>
public readonly record struct ActorIdentifier
{
    /// <summary>The maximum number of characters a value may have.</summary>
    public const int MaxValueLength = 64;

    /// <summary>
    /// The form of a text that names an actor, an id or an identifier, as a regular expression that means the same in ECMAScript and .NET.
    /// </summary>
    public const string IdOrIdentifierPattern = "^([a-z0-9][a-z0-9-]{0,127}|[a-z0-9-]+:[!-~]{1,64})$";

    private readonly string? _scheme;
    private readonly string? _value;

    private ActorIdentifier(string scheme, string value) => (_scheme, _value) = (scheme, value);

    /// <summary>The schemes that are known, in the order in which to show them.</summary>
    public static IReadOnlyList<IdentifierScheme> Schemes { get; } =
    [
        new("iso2", "ISO 3166-1 alpha-2", "^[A-Z]{2}$", "A country, in two capital letters: TJ, AF.",
            "ISO 3166 Maintenance Agency", "https://www.iso.org/iso-3166-country-codes.html"),
        new("iso3", "ISO 3166-1 alpha-3", "^[A-Z]{3}$", "A country, in three capital letters: TJK, AFG.",
            "ISO 3166 Maintenance Agency", "https://www.iso.org/iso-3166-country-codes.html"),
        new("isonum", "ISO 3166-1 numeric", "^[0-9]{3}$", "A country, in three digits with leading zeros: 762, 004.",
            "ISO 3166 Maintenance Agency", "https://www.iso.org/iso-3166-country-codes.html"),
        new("m49", "UN M49", "^[0-9]{3}$",
            "A country, area or region, in three digits with leading zeros: 762, 004, 143 for Central Asia.",
            "United Nations Statistics Division", "https://unstats.un.org/unsd/methodology/m49/"),
        new("cow", "Correlates of War country code", "^[1-9][0-9]{0,2}$",
            "A state of the Correlates of War state system, as a number of one to three digits without leading zeros: 702, 700.",
            "Correlates of War Project", "https://correlatesofwar.org/data-sets/cow-country-codes-2/"),
        new("gw", "Gleditsch-Ward number", "^[1-9][0-9]{0,3}$",
            "An independent state, as a number of one to four digits without leading zeros: 702, 700. UCDP uses these state numbers.",
            "Kristian Skrede Gleditsch and Michael D. Ward", "http://ksgleditsch.com/statelist.html"),
        new("fips", "FIPS 10-4 country code", "^[A-Z]{2}$",
            "A country, in two capital letters: TI for Tajikistan, AF. Withdrawn as a standard in 2008 and still used in event data.",
            "National Institute of Standards and Technology", null),
        new("wikidata", "Wikidata item", "^Q[1-9][0-9]{0,19}$", "An item of Wikidata, as Q and a number: Q863.",
            "Wikidata", "https://www.wikidata.org/wiki/Wikidata:Identifiers"),
        new("ucdp-actor", "UCDP actor id", "^[1-9][0-9]{0,9}$", "An actor of the UCDP Actor Dataset, as a number without leading zeros.",
            "Uppsala Conflict Data Program", "https://ucdp.uu.se/downloads/"),
        new("cameo-actor", "CAMEO actor code", "^[A-Z]{3,64}$",
            "An actor in event data coded with CAMEO, in three or more capital letters: TJK, AFGGOV.",
            "Conflict and Mediation Event Observations", "https://parusanalytics.com/eventdata/data.dir/cameo.html"),
        new("lei", "Legal Entity Identifier (ISO 17442)", "^[A-Z0-9]{18}[0-9]{2}$",
            "A legal entity, in 18 capital letters or digits and two check digits. The check digits are not verified.",
            "Global Legal Entity Identifier Foundation", "https://www.gleif.org/en/about-lei/introducing-the-legal-entity-identifier-lei"),
        new("other", "Another scheme", "^[!-~]{1,64}$",
            "An identifier of a scheme that is not in this list, in visible ASCII characters; best with that scheme's name in front, as in "
                + "other:un-sc:TAi.001.",
            "The writer of the record", null),
    ];

    // After Schemes, which it is built from: static members are initialized in the order of the text.
    private static readonly FrozenDictionary<string, Form> Forms =
        Schemes.ToFrozenDictionary(scheme => scheme.Code, scheme => new Form(scheme), StringComparer.Ordinal);

    /// <summary>The code of the scheme; empty only in <c>default</c>, which no method here gives for an accepted identifier.</summary>
    public string Scheme => _scheme ?? "";

    /// <summary>The value, in the one spelling the scheme has; empty only in <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>
    /// Whether a text that names an actor is meant as an identifier rather than as a record's id: it has a colon, which no id has. It need
    /// not be a valid one.
    /// </summary>
    public static bool LooksLikeIdentifier([NotNullWhen(true)] string? text) =>
        text is not null && text.Contains(':', StringComparison.Ordinal);

    /// <summary>
    /// Reads <c>scheme:value</c>; never throws. The first colon divides: a value may have more. When it is not accepted,
    /// <paramref name="error"/> is a sentence for the writer.
    /// </summary>
    public static bool TryParse(string? text, out ActorIdentifier id, [NotNullWhen(false)] out Fault? error)
    {
        var colon = text is null ? -1 : text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            id = default;
            error = Wrong("An identifier is a scheme, a colon and a value, such as iso3:TJK or wikidata:Q863.", null, text);
            return false;
        }

        return TryCreate(text![..colon], text[(colon + 1)..], out id, out error);
    }

    /// <summary>
    /// Makes an identifier of a known scheme and a value of its form; never throws. When it is not accepted, <paramref name="error"/> is a
    /// sentence for the writer, with the spelling or the scheme that was probably meant.
    /// </summary>
    public static bool TryCreate(string? scheme, string? value, out ActorIdentifier id, [NotNullWhen(false)] out Fault? error)
    {
        id = default;
        if (string.IsNullOrEmpty(scheme))
        {
            error = Wrong($"The scheme is empty; use one of {KnownCodes()}.", null, value);
            return false;
        }

        if (!Forms.TryGetValue(scheme, out var form))
        {
            var nearest = Suggest.Nearest(scheme, Schemes.Select(known => known.Code));
            error = Wrong(nearest is null
                ? $"Unknown scheme; use one of {KnownCodes()}."
                : $"Unknown scheme; did you mean {nearest}? The schemes are {KnownCodes()}.", scheme, value, nearest);
            return false;
        }

        if (string.IsNullOrEmpty(value))
        {
            error = Wrong($"The value is empty. {form.Scheme.Label}: {form.Scheme.Description}", scheme, value);
            return false;
        }

        if (value.Length > MaxValueLength)
        {
            error = new Fault(FaultCode.TooLong,
                $"The value of an identifier has at most {MaxValueLength} characters; this one has {value.Length}.",
                ("max", MaxValueLength));
            return false;
        }

        if (!form.Fits(value))
        {
            var spelling = form.OtherSpellingOrNull(value);
            error = Wrong(spelling is null
                ? $"The value does not have the form of the scheme {scheme}. {form.Scheme.Label}: {form.Scheme.Description}"
                : $"The value does not have the form of the scheme {scheme}; did you mean {scheme}:{spelling}? "
                    + $"{form.Scheme.Label}: {form.Scheme.Description}", scheme, value, spelling);
            return false;
        }

        id = new ActorIdentifier(form.Scheme.Code, value);
        error = null;
        return true;
    }

    /// <summary>Takes the identifier apart into its scheme and its value.</summary>
    public void Deconstruct(out string scheme, out string value) => (scheme, value) = (Scheme, Value);

    /// <summary>The identifier as it is written: <c>scheme:value</c>; empty for <c>default</c>.</summary>
    public override string ToString() => _scheme is null ? "" : $"{_scheme}:{_value}";

    private static Fault Wrong(string message, string? scheme, string? value, string? nearest = null) =>
        new(FaultCode.NotAnIdentifier, message, ("scheme", scheme), ("value", value), ("nearest", nearest));

    private static string KnownCodes() => string.Join(", ", Schemes.Select(scheme => scheme.Code));

    private sealed class Form(IdentifierScheme scheme)
    {
        // In .NET '$' also matches before a line feed at the end, which in ECMAScript it does not.
        private readonly Regex _pattern = new(scheme.Pattern[..^1] + @"\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

        public IdentifierScheme Scheme { get; } = scheme;

        public bool Fits(string value) => _pattern.IsMatch(value);

        /// <summary>The value in the spelling of the scheme where only capitals or leading zeros tell them apart.</summary>
        public string? OtherSpellingOrNull(string value)
        {
            ReadOnlySpan<string> spellings = [value.Trim().ToUpperInvariant(), value.Trim().PadLeft(3, '0'), value.Trim().TrimStart('0')];
            foreach (var spelling in spellings)
            {
                if (Fits(spelling))
                {
                    return spelling;
                }
            }

            return null;
        }
    }
}
