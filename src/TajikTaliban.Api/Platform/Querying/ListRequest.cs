using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>A request for a single record.</summary>
/// <param name="Fields">The fields to show, or null for all.</param>
/// <param name="Expand">The references to expand.</param>
/// <param name="FieldsOf">The fields to show of expanded records, by table; all where there are none.</param>
/// <param name="Language">The language of labels; null is English.</param>
/// <param name="Version">The version that is asked for; null is the current one.</param>
/// <param name="AsOf">The value of <c>asOf</c> as sent.</param>
/// <param name="Text">The whole query.</param>
public sealed record RecordRequest(
    IReadOnlyList<string>? Fields,
    IReadOnlyList<ExpandDefinition> Expand,
    IReadOnlyDictionary<string, List<string>> FieldsOf,
    string? Language,
    int? Version,
    string? AsOf,
    QueryText Text);

/// <summary>A parsed list request.</summary>
/// <param name="Query">The query of the database.</param>
/// <param name="Fields">The fields to show, or null for all.</param>
/// <param name="Expand">The references to expand.</param>
/// <param name="FieldsOf">The fields to show of expanded records, by table; all where there are none.</param>
/// <param name="Language">The language of labels; null is English.</param>
/// <param name="Echo">The query as understood: name and value or values.</param>
/// <param name="Canonical">The filters and the order as one text, which a cursor belongs to.</param>
/// <param name="Cursor">The cursor as it was sent.</param>
/// <param name="Walk">The position that the pages of this walk show; null on the first page, and where none is promised.</param>
/// <param name="IsLive">Whether each page is to show the present (<c>consistency=live</c>).</param>
/// <param name="AsOf">The value of <c>asOf</c> as sent.</param>
/// <param name="Text">The whole query.</param>
public sealed record ListRequest(
    ListQuery Query,
    IReadOnlyList<string>? Fields,
    IReadOnlyList<ExpandDefinition> Expand,
    IReadOnlyDictionary<string, List<string>> FieldsOf,
    string? Language,
    IReadOnlyList<KeyValuePair<string, string[]>> Echo,
    string Canonical,
    string? Cursor,
    Position? Walk,
    bool IsLive,
    string? AsOf,
    QueryText Text)
{
    public const string ConsistencyParameter = "consistency";
    public const string OfPosition = "position";
    public const string Live = "live";

    /// <summary>Whether all records are asked for: neither <c>limit</c> nor <c>cursor</c> was sent.</summary>
    public bool IsWhole => Text["limit"] is null && Cursor is null;

    public const int DefaultLimit = 50;
    public const int MaxLimit = 1000;

    /// <summary>The field of a record that says how surely it is of the time that is asked for.</summary>
    public const string HoldsField = "holds";

    /// <summary>Maximum number of filters of a request; each value of a filter for all of several counts.</summary>
    public const int MaxFilters = 30;

    /// <summary>Characters of <c>q</c>.</summary>
    public const int MaxSearch = 200;

    /// <summary>Parameters of the JSON envelope, which other formats do not have.</summary>
    public static readonly IReadOnlyList<string> OfEnvelope = ["expand", "count", "facets"];

    private static readonly string[] General = ["limit", "cursor", "sort", "fields", "expand", QueryText.Words, "count", "facets",
        LabelLanguage.Parameter, AsOfParameter.Name, Edition.Parameter, ConsistencyParameter];

    /// <summary>The parameters besides filters that take a list.</summary>
    private static readonly string[] GeneralLists = ["sort", "fields", "expand", "facets"];

    private static readonly ConditionalWeakTable<ListDefinition, Parameters> ParametersOf = [];

    private static readonly Dictionary<string, List<string>> NoFields = [];

    public static IEnumerable<string> Known(ListDefinition list) => ParametersOf.GetValue(list, l => new Parameters(l)).Known;

    /// <summary>The parameter that chooses the fields of expanded records of a table.</summary>
    public static string FieldsOfName(string table) => $"fields.{table}";

    /// <summary>Reads the query of a list; <paramref name="ofFormats"/> names the parameters that belong to its formats.</summary>
    public static ListRequest Read(HttpRequest http, Resource resource, string? scope, IReadOnlyList<string>? ofFormats = null)
    {
        var list = resource.List;
        var errors = new Errors();
        var parameters = ParametersOf.GetValue(list, l => new Parameters(l));
        var text = QueryText.Read(http, parameters.Known, parameters.Lists, errors, ofFormats);

        var echo = new List<KeyValuePair<string, string[]>>();
        var conditions = new List<Condition>();
        var modes = new Dictionary<TimeRole, string[]>();
        foreach (var (name, value) in text.Parameters.DistinctBy(p => p.Name))
        {
            if (!parameters.Filters.TryGetValue(name, out var filter))
                continue;
            var read = !filter.IsList ? FilterValue.ReadOrNull(filter, value, errors)
                : text.List(name) is { } values ? FilterValue.ReadOrNull(filter, values, errors) : null;
            if (read is null)
                continue;
            if (filter.IsAllOf && text.List(name)!.Count > ValueList.MaxAllOf)
            {
                errors.Add($"/query/{name}",
                    Fault.TooMany(ValueList.MaxAllOf, "values", ": a record has to match all of them"));
                continue;
            }

            if (filter.Time is TimeRole.Holds or TimeRole.Match)
            {
                modes[filter.Time.Value] = (string[])read;
                echo.Add(new(name, FilterValue.Echo(read)));
                continue;
            }

            conditions.AddRange(filter.IsAllOf
                ? ((string[])read).Select(one => new Condition(filter, new[] { one })) : [new Condition(filter, read)]);
            echo.Add(new(name, FilterValue.Echo(read)));
        }

        if (conditions.Count > MaxFilters)
        {
            errors.Add("/query", new Fault(FaultCode.TooMany,
                $"At most {MaxFilters} filters are allowed, each value of `….all` counted; {conditions.Count} were sent.",
                ("max", MaxFilters), ("count", conditions.Count)));
        }

        CheckTexts(conditions, errors);
        var from = conditions.Find(c => c.Filter.Kind == FilterKind.FirstDay);
        var to = conditions.Find(c => c.Filter.Kind == FilterKind.LastDay);
        if (from is not null && to is not null && (DateOnly)from.Value > (DateOnly)to.Value)
        {
            errors.Add("/query/from", new Fault(FaultCode.EndsBeforeStart,
                $"`from` ({from.Value:yyyy-MM-dd}) is after `to` ({to.Value:yyyy-MM-dd}).",
                ("from", $"{from.Value:yyyy-MM-dd}"), ("to", $"{to.Value:yyyy-MM-dd}")));
        }

        var time = TimeOrNull(list, conditions, modes, errors);
        SearchWords? search = null;
        if (text[QueryText.Words] is { } words)
        {
            search = ReadWords(words, errors);
            if (search is not null)
                echo.Add(new(QueryText.Words, [search.Text]));
        }

        var isLive = text[ConsistencyParameter] == Live;
        if (text[ConsistencyParameter] is not null and not (Live or OfPosition))
            errors.Add($"/query/{ConsistencyParameter}", OneOfTwo(OfPosition, Live));
        if (isLive && text[AsOfParameter.Name] is not null)
        {
            errors.Add($"/query/{ConsistencyParameter}", Fault.Exclusive(
                $"Send either `{AsOfParameter.Name}` or `{ConsistencyParameter}={Live}`.", AsOfParameter.Name, ConsistencyParameter));
        }

        if (isLive)
            echo.Add(new(ConsistencyParameter, [Live]));

        var order = Sort(text.List("sort") ?? list.DefaultSort.Split(','), list, errors);
        echo.Add(new("sort", [.. order.Select(o => $"{(o.Descending ? "-" : "")}{o.Key.Name}")]));
        var canonical = new StringBuilder(list.Table).Append('/').Append(scope);
        foreach (var (name, values) in echo.OrderBy(e => e.Key, StringComparer.Ordinal))
            canonical.Append('&').Append(name).Append('=').Append(ValueList.Join(values));
        if (text[AsOfParameter.Name] is not null)
            canonical.Append('&').Append(AsOfParameter.Name);

        var limit = text.Limit(errors) ?? DefaultLimit;
        echo.Add(new("limit", [limit.ToString(CultureInfo.InvariantCulture)]));

        var count = text["count"] switch
        {
            null => CountMode.None,
            "exact" => CountMode.Exact,
            "estimated" => CountMode.Estimated,
            _ => (CountMode?)null,
        };
        if (count is null)
            errors.Add("/query/count", OneOfTwo("exact", "estimated"));
        var fields = Names(text, "fields", resource.Fields, f => f, errors);
        var expand = Names(text, "expand", list.Expands, e => e.Path, errors) ?? [];
        var fieldsOf = FieldsOfExpanded(http, text, parameters.FieldsOf, expand, errors);
        var language = LabelLanguage.ReadOrNull(text, errors);
        var facets = Names(text, "facets", list.Facets, f => f.Name, errors) ?? [];
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        // beside the time that is asked for, each record says how surely
        if (fields is not null && time is { Model.HasCourses: true } && !fields.Contains(HoldsField))
            fields.Add(HoldsField);

        var query = new ListQuery
        {
            Definition = list,
            Conditions = conditions,
            Time = time,
            Order = order,
            Limit = limit,
            Search = search,
            Count = count!.Value,
            Facets = facets,
            Scope = scope,
        };
        Position? walk = null;
        if (text["cursor"] is { } cursor)
        {
            var (keys, mode, position) = Querying.Cursor.Read(
                cursor, order, canonical.ToString(), Querying.Cursor.SecretsOf(http.HttpContext));
            query = query with { After = keys, SearchMode = mode };
            walk = position;
        }

        return new ListRequest(
            query, fields, expand, fieldsOf, language, echo, canonical.ToString(), text["cursor"], walk, isLive, text[AsOfParameter.Name],
            text);
    }

    /// <summary>The fields to show of expanded records. Where nothing of a table is expanded, they are refused.</summary>
    private static Dictionary<string, List<string>> FieldsOfExpanded(
        HttpRequest http, QueryText text, IReadOnlyDictionary<string, string> tables, List<ExpandDefinition> expand, Errors errors)
    {
        Dictionary<string, List<string>>? all = null;
        foreach (var (name, table) in tables)
        {
            if (text[name] is null)
                continue;
            var resource = http.HttpContext.RequestServices.GetRequiredService<ResourceCatalogue>().OfTable(table);
            if (Names(text, name, resource.Fields, f => f, errors) is { } fields)
                (all ??= [])[table] = fields;
            if (!expand.Exists(e => e.Table == table))
            {
                errors.Add($"/query/{name}", new Fault(FaultCode.Incomplete,
                    $"Send `expand` as well, with a reference to {table}.", ("with", (string[])["expand"])));
            }
        }

        return all ?? NoFields;
    }

    private static Fault OneOfTwo(string one, string other) =>
        new(FaultCode.UnknownValue, $"Use `{one}` or `{other}`.", ("allowed", (string[])[one, other]));

    /// <summary>The words of <c>q</c>; null after an error.</summary>
    public static SearchWords? ReadWords(string text, Errors errors)
    {
        if (text.Length <= MaxSearch && SearchWords.ReadOrNull(text) is { } words)
            return words;
        errors.Add("/query/q", new Fault(
            FaultCode.NotAWord, $"Send a word of letters or digits, in at most {MaxSearch} characters.", ("max", MaxSearch)));
        return null;
    }

    /// <summary>The question for a time; null if there is none. Modes without a time are refused.</summary>
    private static TimeQuestion? TimeOrNull(
        ListDefinition list, List<Condition> conditions, Dictionary<TimeRole, string[]> modes, Errors errors)
    {
        var asked = conditions.Where(c => c.Filter.Time is not null).ToList();
        if (asked.Count == 0)
        {
            foreach (var role in modes.Keys)
            {
                errors.Add($"/query/{list.Filters.First(f => f.Time == role).Name}",
                    new Fault(FaultCode.Incomplete, "Send the time as well: `validAt`, or `from` and `to`.",
                        ("with", (string[])["validAt", "from", "to"])));
            }

            return null;
        }

        var days = asked.Where(c => c.Filter.Time == TimeRole.At)
            .Select(c => ((DateOnly First, DateOnly Last))c.Value).Select(d => new AskedDays(d.First, d.Last)).ToList();
        var (from, to) = (asked.Find(c => c.Filter.Time == TimeRole.From), asked.Find(c => c.Filter.Time == TimeRole.To));
        if (from is not null || to is not null)
            days.Add(new AskedDays(from?.Value, to?.Value));
        var holds = modes.GetValueOrDefault(TimeRole.Holds)?.Select(text => Enum.Parse<Holds>(text, ignoreCase: true)).ToHashSet();
        return new TimeQuestion(
            list.Time!, days, holds ?? TimeQuestion.DefaultHolds, modes.GetValueOrDefault(TimeRole.Match) is ["within"]);
    }

    /// <summary>The parameters of a list, computed once per resource.</summary>
    private sealed class Parameters(ListDefinition list)
    {
        public Dictionary<string, FilterDefinition> Filters { get; } = list.Filters.Append(Storage.Listing.Filters.UpdatedAfter)
            .ToDictionary(f => f.Name, StringComparer.Ordinal);

        /// <summary>The parameters that choose fields of expanded records, each with the table of these.</summary>
        public IReadOnlyDictionary<string, string> FieldsOf { get; } =
            list.ExpandedTables.ToDictionary(FieldsOfName, table => table, StringComparer.Ordinal);

        public IReadOnlySet<string> Known { get; } = (HashSet<string>)[.. list.Filters.Select(f => f.Name),
            Storage.Listing.Filters.UpdatedAfter.Name, .. General, .. list.ExpandedTables.Select(FieldsOfName)];

        public IReadOnlySet<string> Lists { get; } = (HashSet<string>)[.. list.Filters.Where(f => f.IsList).Select(f => f.Name),
            .. GeneralLists, .. list.ExpandedTables.Select(FieldsOfName)];
    }

    /// <summary>The parameters of a single record: <c>fields</c>, <c>expand</c>, and its state (<c>asOf</c>, <c>version</c>).</summary>
    public static RecordRequest ReadForRecord(HttpRequest http, Resource resource, IReadOnlyList<string>? ofFormats = null)
    {
        if (!http.QueryString.HasValue)
            return new RecordRequest(null, [], NoFields, null, null, null, QueryText.Empty);
        var errors = new Errors();
        var fieldsOfTables = ParametersOf.GetValue(resource.List, l => new Parameters(l)).FieldsOf;
        var text = QueryText.Read(
            http, ["fields", "expand", .. fieldsOfTables.Keys, "version", LabelLanguage.Parameter, AsOfParameter.Name, Edition.Parameter],
            ["fields", "expand", .. fieldsOfTables.Keys], errors, ofFormats);
        var version = 0;
        if (text["version"] is { } number
            && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out version) || version is < 1 or int.MaxValue))
        {
            errors.Add("/query/version",
                Fault.OutOfRange("A version is a whole number from 1; the record's history lists them.", 1, null));
        }

        if (version > 0 && text[AsOfParameter.Name] is not null)
        {
            errors.Add("/query/version",
                Fault.Exclusive("Send either `version` or `asOf`, not both.", "version", AsOfParameter.Name));
        }

        var fields = Names(text, "fields", resource.Fields, f => f, errors);
        var expand = Names(text, "expand", resource.List.Expands, e => e.Path, errors) ?? [];
        var fieldsOf = FieldsOfExpanded(http, text, fieldsOfTables, expand, errors);
        var language = LabelLanguage.ReadOrNull(text, errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        return new RecordRequest(fields, expand, fieldsOf, language, version > 0 ? version : null, text[AsOfParameter.Name], text);
    }

    /// <summary>Refuses texts that no record can have, in the words of the rule for bodies.</summary>
    private static void CheckTexts(List<Condition> conditions, Errors errors)
    {
        IReadOnlyList<string> Sent(string name) =>
            [.. conditions.Where(c => c.Filter.Name == name).SelectMany(c => (string[])c.Value)];
        foreach (var (filter, value) in conditions)
        {
            if (filter.Rule is null)
                continue;
            foreach (var error in ((string[])value).Select(text => filter.Rule!(text, Sent)).OfType<Fault>())
                errors.Add($"/query/{filter.Name}", error);
        }
    }

    /// <summary>The order, made full by the id, which runs the way of the last key unless it is named.</summary>
    private static List<OrderBy> Sort(IReadOnlyList<string> keys, ListDefinition list, Errors errors)
    {
        var order = new List<OrderBy>();
        foreach (var part in keys)
        {
            var name = part.TrimStart('-');
            var key = list.AllSortKeys.FirstOrDefault(k => k.Name == name);
            if (key is null || part.Length - name.Length > 1)
            {
                errors.Add("/query/sort", Fault.UnknownValue(part, "a sort key", list.AllSortKeys.Select(k => k.Name)));
                continue;
            }

            if (order.Exists(o => o.Key == key))
                errors.Add("/query/sort", Fault.Duplicate($"'{name}' appears twice.", name));
            order.Add(new OrderBy(key, part.Length > name.Length));
        }

        // the id is unique, so keys after it have no effect
        var id = order.FindIndex(o => o.Key == ListDefinition.Id);
        if (id >= 0)
            order.RemoveRange(id + 1, order.Count - id - 1);
        else
            order.Add(new OrderBy(ListDefinition.Id, order.Count > 0 && order[^1].Descending));
        return order;
    }

    private static List<T>? Names<T>(QueryText text, string parameter, IReadOnlyList<T> known, Func<T, string> nameOf, Errors errors)
    {
        if (text.List(parameter) is not { } values)
            return null;
        var names = new List<T>();
        foreach (var name in values)
        {
            var index = -1;
            for (var i = 0; i < known.Count && index < 0; i++)
            {
                if (nameOf(known[i]) == name)
                    index = i;
            }

            if (index >= 0)
            {
                if (!names.Contains(known[index]))
                    names.Add(known[index]);
                continue;
            }

            errors.Add($"/query/{parameter}", known.Count == 0
                ? new Fault(FaultCode.UnknownValue, "The parameter has no possible values here.", ("value", name))
                : Fault.UnknownName(name, known.Select(nameOf)));
        }

        return names;
    }
}
