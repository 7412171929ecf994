using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Statements;

/// <summary>The values of a statement. Text that a client sent gets into SQL in no other way.</summary>
public sealed class SqlParameters(AsOf? asOf = null)
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>Adds a value and returns its placeholder. The same object is sent once and has one placeholder.</summary>
    public string Add(object value, NpgsqlDbType type)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (ReferenceEquals(_parameters[i].Value, value) && _parameters[i].NpgsqlDbType == type)
                return $"${i + 1}";
        }

        _parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return $"${_parameters.Count}";
    }

    /// <summary>Adds a value whose type in the database follows from its own.</summary>
    public string Add(object value) => Add(value, value switch
    {
        string => NpgsqlDbType.Text,
        decimal => NpgsqlDbType.Numeric,
        bool => NpgsqlDbType.Boolean,
        long => NpgsqlDbType.Bigint,
        DateOnly => NpgsqlDbType.Date,
        DateTime => NpgsqlDbType.TimestampTz,
        string[] => NpgsqlDbType.Array | NpgsqlDbType.Text,
        short[] => NpgsqlDbType.Array | NpgsqlDbType.Smallint,
        _ => throw new ArgumentOutOfRangeException(nameof(value), $"The type {value.GetType()} has no database type."),
    });

    /// <summary>A table in a statement: the table itself or, in an as-of query, its rows as of the position.</summary>
    public string Table(string name) => asOf is null ? name : asOf.Of(name, this);

    /// <summary>
    /// The same as tables that together have the rows, for statements that read them in the order of an index: as of a new position, the
    /// rows that are still current and the few that were replaced since.
    /// </summary>
    public IReadOnlyList<string> Tables(string name) => asOf is null ? [name]
        : asOf is { IsNew: true, Horizon: > 0 } ? [asOf.Standing(name, this), asOf.Replaced(name, this)] : [asOf.Of(name, this)];

    /// <summary>Any of several texts. A single one is compared by equality, so that an index returns rows in its order.</summary>
    public string AnyOf(IReadOnlyList<string> values) => values.Count == 1 ? $"= {Add(values[0])}" : $"= any({Add(values.ToArray())})";

    /// <summary>
    /// A <c>tsquery</c> of all words. Each is there in one of its forms as stored, or in another form of the English word. Words have
    /// letters and digits only, so that none is an operator.
    /// </summary>
    /// <param name="words">The words.</param>
    /// <param name="beginning">The last word, where any that begins with it stands for it.</param>
    public string WordsQuery(SearchWords words, string? beginning = null)
    {
        return $"({string.Join(" && ", words.Words.Select(OneOf))})";

        string OneOf(WordForms word, int i)
        {
            var asStored = string.Join(" | ", word.Others.Prepend(word.Word).Select(Quoted));
            if (beginning is not null && i == words.Words.Count - 1)
                asStored += $" | {Quoted(beginning)}:*";
            return $"({Add(asStored)}::tsquery || to_tsquery('english', {Add(Quoted(word.Word))}))";
        }

        static string Quoted(string word) => $"'{word}'";
    }

    public void CopyTo(NpgsqlParameterCollection target)
    {
        foreach (var parameter in _parameters)
            target.Add(parameter);
    }
}
