using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>The values of a statement. Text that a client sent gets into SQL in no other way.</summary>
public sealed class SqlParameters(AsOf? asOf = null)
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>Adds a value and gives the placeholder that stands for it; the same one for the same object, which is sent once.</summary>
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

    /// <summary>What stands for a table in a statement: the table, or, for a moment of the past, the table as it was.</summary>
    public string Table(string name) => asOf is null ? name : asOf.Of(name, this);

    /// <summary>Any of several texts; a single one is compared by equality, which lets an index give rows in its order.</summary>
    public string AnyOf(IReadOnlyList<string> values) =>
        values.Count == 1 ? $"= {Add(values[0], NpgsqlDbType.Text)}" : $"= any({Add(values.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)})";

    public void CopyTo(NpgsqlParameterCollection target)
    {
        foreach (var parameter in _parameters)
            target.Add(parameter);
    }
}
