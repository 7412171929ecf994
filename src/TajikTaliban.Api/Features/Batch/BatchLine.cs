using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Batch;

/// <summary>A line of a batch.</summary>
public sealed record BatchLineRequest
{
    /// <summary>`upsert` (default): add or replace the record; `patch`: change it by a merge patch (RFC 7396); `delete`.</summary>
    [Values("BatchOperation", "The operation of a batch line.", "upsert", "patch", "delete")]
    public string Op { get; init; } = "upsert";

    /// <summary>The resource of the record.</summary>
    [ResourceName]
    public required string Resource { get; init; }

    /// <summary>The id of the record, or an identifier (`iso3:TJK`). For `upsert` it may be in the record, or absent: then it is made from
    /// the record.</summary>
    public string? Id { get; init; }

    /// <summary>The record as in a POST, or the patch; absent for `delete`. A part names its parent, such as an observation its
    /// indicator.</summary>
    public object? Record { get; init; }

    /// <summary>The required current version of the record; 0: the record must not exist.</summary>
    public int? Version { get; init; }

    /// <summary>The cause (default: the header `Change-Cause`).</summary>
    [CodesOf("change-causes")]
    public string? Cause { get; init; }

    /// <summary>The reason in words (default: the header `Change-Note`).</summary>
    public string? Note { get; init; }
}

/// <summary>A line of a batch, as the change that it states.</summary>
internal static class BatchLine
{
    /// <summary>The name of the lines in a <see cref="ChangeSource"/> and in the pointers of faults.</summary>
    public const string Source = "lines";

    private static readonly string[] Fields = ["op", "resource", "id", "record", "version", "cause", "note"];
    private static readonly string[] Operations = ["upsert", "patch", "delete"];

    /// <summary>Reads a line. Faults of its form are added to the errors, below <c>/lines/{number}</c>; the result is then null.</summary>
    public static RecordChange? ReadOrNull(JsonElement line, int number, ResourceCatalogue catalogue, Errors errors)
    {
        var at = $"/{Source}/{number}";
        if (line.ValueKind != JsonValueKind.Object)
        {
            errors.Add(at, new Fault(FaultCode.WrongType,
                "A line must be a JSON object: {\"resource\":\"actors\",\"record\":{…}}.", ("expected", "object")));
            return null;
        }

        var before = errors.Count;
        foreach (var field in line.EnumerateObject())
        {
            if (!Fields.Contains(field.Name))
                errors.Add($"{at}/{JsonPointer.Escape(field.Name)}", Fault.UnknownField(field.Name, Fields));
        }

        string? Text(string name)
        {
            if (!line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
                return null;
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString();
            errors.Add($"{at}/{name}", new Fault(FaultCode.WrongType, "Must be a string.", ("expected", "string")));
            return null;
        }

        var operation = Text("op") switch
        {
            null or "upsert" => ChangeOperation.Upsert,
            "patch" => ChangeOperation.Patch,
            "delete" => ChangeOperation.Delete,
            var other => Wrong(other),
        };
        ChangeOperation Wrong(string other)
        {
            errors.Add($"{at}/op", Fault.UnknownValue(other, "an operation", Operations));
            return ChangeOperation.Upsert;
        }

        var name = Text("resource");
        var resource = catalogue.All.FirstOrDefault(r => r.Name == name);
        if (resource is null)
            errors.Add($"{at}/resource", name is null ? Fault.Required : catalogue.UnknownName(name));

        var hasRecord = line.TryGetProperty("record", out var record) && record.ValueKind != JsonValueKind.Null;
        if (operation == ChangeOperation.Delete && hasRecord)
            errors.Add($"{at}/record", Fault.NotAllowedWith("Omit the field for a deletion.", "op"));
        else if (operation != ChangeOperation.Delete && (!hasRecord || record.ValueKind != JsonValueKind.Object))
            errors.Add($"{at}/record", new Fault(FaultCode.Required, "The field is required; send an object."));
        int? version = null;
        if (line.TryGetProperty("version", out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var at0) && at0 >= 0)
            {
                version = at0;
            }
            else
            {
                errors.Add($"{at}/version", Fault.OutOfRange(
                    "Send a whole number: the current version of the record, or 0 if it must not exist.", 0, null));
            }
        }

        var (cause, note) = (Text("cause"), Text("note"));
        if (Positions.WhatIsWrongWithCause(cause) is { } wrongCause)
            errors.Add($"{at}/cause", wrongCause);
        if (Positions.WhatIsWrongWithNote(note) is { } wrongNote)
            errors.Add($"{at}/note", wrongNote);
        var id = Text("id");
        if (id is null && operation == ChangeOperation.Upsert && hasRecord && record.ValueKind == JsonValueKind.Object
            && record.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String)
        {
            id = own.GetString();
        }

        if (id is null && operation != ChangeOperation.Upsert)
            errors.Add($"{at}/id", Fault.Required);
        if (id is not null && id.Any(char.IsControl))
        {
            errors.Add($"{at}/{(Text("id") is null ? "record/id" : "id")}",
                new Fault(FaultCode.ControlCharacter, "An id has no control characters."));
        }

        return errors.Count > before || resource is null ? null
            : new RecordChange(new ChangeSource(Source, number), operation, resource, id, record, version, new ChangeReason(cause, note));
    }
}
