using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Platform.Evidence;

/// <summary>
/// The parts of a record that citations support: JSON Pointers (RFC 6901), in which a member of a list is named by its key and never by its
/// place, so that the pointer stays right when the list changes.
/// </summary>
internal static class SupportedParts
{
    private const string Citations = "citations";

    /// <summary>The lists whose keys name an actor, and where in the key.</summary>
    private static readonly Dictionary<string, ActorInKey> ActorLists = new()
    {
        ["participants"] = ActorInKey.BeforeLastColon,
        ["subjects"] = ActorInKey.All,
        ["statuses"] = ActorInKey.BetweenStatusAndDate,
    };

    private enum ActorInKey
    {
        All,
        BeforeLastColon,
        BetweenStatusAndDate,
    }

    /// <summary>The actor that a pointer names, by id or identifier; null if it names none.</summary>
    public static string? ActorOrNull(string? pointer) => pointer is not null && Split(pointer) is { } parts ? parts.Actor : null;

    /// <summary>The pointer with the id of the actor that it names.</summary>
    public static string Resolve(string pointer, Func<ReferenceTarget, string, string> resolve)
    {
        if (Split(pointer) is not { } parts)
            return pointer;
        var id = resolve(ReferenceTarget.Actor, parts.Actor);
        return $"/{parts.List}/{JsonPointer.Escape(parts.StartOfKey + id + parts.RestOfKey)}{parts.Below}";
    }

    /// <summary>Adds a fault for each pointer at which the record has nothing that a body gives.</summary>
    /// <typeparam name="TRequest">The type of the body.</typeparam>
    /// <param name="record">The record.</param>
    /// <param name="response">Makes the response of the record.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void Check<TRequest>(Record record, Func<object> response, Errors errors)
    {
        if (record is not CitedRecord cited || cited.Citations.TrueForAll(c => c.Supports.Count == 0))
            return;
        var document = JsonSerializer.SerializeToElement(response(), ApiJson.Options);
        foreach (var list in cited.Citations.GroupBy(c => c.Part))
        {
            foreach (var (i, citation) in list.Index())
            {
                for (var j = 0; j < citation.Supports.Count; j++)
                {
                    if (!Exists(document, typeof(TRequest), list.Key ?? "", citation.Supports[j]))
                    {
                        errors.Add($"{list.Key}/citations/{i}/supports/{j}", new Fault(FaultCode.UnknownPart,
                            $"The record has nothing at '{citation.Supports[j]}'. Name a field that is not null, such as /from, and "
                            + "members of a list by their key, such as /participants/taliban:target.",
                            ("value", citation.Supports[j])));
                    }
                }
            }
        }
    }

    /// <param name="document">The record.</param>
    /// <param name="type">The type of its body.</param>
    /// <param name="part">The part that has the citation, by place: <c>/statuses/0</c>.</param>
    /// <param name="pointer">The pointer, from the part on.</param>
    private static bool Exists(JsonElement document, Type type, string part, string pointer)
    {
        var (value, info) = (document, ApiJson.Options.GetTypeInfo(type));
        foreach (var step in part.Split('/').Skip(1))
        {
            (value, info) = value.ValueKind == JsonValueKind.Array
                ? (value[int.Parse(step, null)], ApiJson.Options.GetTypeInfo(info.ElementType!))
                : (value.GetProperty(step), ApiJson.Options.GetTypeInfo(info.Properties.First(p => p.Name == step).PropertyType));
        }

        var steps = pointer.Split('/').Skip(1).Select(JsonPointer.Unescape).ToList();
        if (steps[0] is Citations or "id")
            return false;
        foreach (var step in steps)
        {
            if (value.ValueKind == JsonValueKind.Array && info.ElementType is not null)
            {
                info = ApiJson.Options.GetTypeInfo(info.ElementType);
                value = value.EnumerateArray().FirstOrDefault(member => MemberKeys.KeyOrNull(member) == step);
            }
            else if (value.ValueKind == JsonValueKind.Object && info.Properties.FirstOrDefault(p => p.Name == step) is { } field
                && value.TryGetProperty(step, out var next))
            {
                (value, info) = (next, ApiJson.Options.GetTypeInfo(field.PropertyType));
            }
            else
            {
                return false;
            }
        }

        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)
            && (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 0);
    }

    private static (string List, string StartOfKey, string Actor, string RestOfKey, string Below)? Split(string pointer)
    {
        var steps = pointer.Split('/', 4);
        if (steps.Length < 3 || !ActorLists.TryGetValue(steps[1], out var place))
            return null;
        var key = JsonPointer.Unescape(steps[2]);
        var (start, end) = place switch
        {
            ActorInKey.All => (0, key.Length),
            ActorInKey.BeforeLastColon => (0, key.LastIndexOf(':')),
            _ => OfStatus(key),
        };
        return end <= start ? null : (steps[1], key[..start], key[start..end], key[end..], steps.Length > 3 ? $"/{steps[3]}" : "");
    }

    /// <summary>Where the actor by whom it is a status begins and ends in <c>status:by:from</c>, of which the last two may be
    /// absent.</summary>
    private static (int Start, int End) OfStatus(string key)
    {
        var (start, last) = (key.IndexOf(':') + 1, key.LastIndexOf(':'));
        if (start == 0)
            return (0, 0);
        var hasDate = CourseEnd.IsValid(key[(last + 1)..], out _);
        return (start, !hasDate ? key.Length : last < start ? start : last);
    }
}
