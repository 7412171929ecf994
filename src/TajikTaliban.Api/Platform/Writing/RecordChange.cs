using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The operation of a change.</summary>
public enum ChangeOperation
{
    /// <summary>Creates the record or replaces it with the body.</summary>
    Upsert,

    /// <summary>A merge patch (RFC 7396).</summary>
    Patch,

    Delete,
}

/// <summary>Where a change was read: a line of a request, a record of a file.</summary>
/// <param name="Name">The request or file.</param>
/// <param name="Number">The line or record in it, from 1.</param>
public sealed record ChangeSource(string Name, int Number);

/// <summary>The reason of a change; null if the reason of the batch applies.</summary>
public sealed record ChangeReason(string? Cause, string? Note);

/// <summary>A change of one record, its form checked and its content not.</summary>
/// <param name="Source">Where it was read.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Resource">The resource of the record.</param>
/// <param name="Id">The id or an identifier of the record; null for an upsert of a record whose id is made from its content.</param>
/// <param name="Body">The record or the patch; undefined for a deletion.</param>
/// <param name="Version">The version that the record has to be at; 0: it must not exist; null: any.</param>
/// <param name="Reason">The reason.</param>
public sealed record RecordChange(
    ChangeSource Source, ChangeOperation Operation, Resource Resource, string? Id, JsonElement Body, int? Version, ChangeReason Reason)
{
    /// <summary>The identifier that stated the record, once <see cref="Id"/> is its id.</summary>
    internal string? Identifier { get; init; }

    internal RecordTarget Target => new(Id!, Condition) { Identifier = Identifier };

    private WriteCondition Condition => Version switch
    {
        null => WriteCondition.Any,
        0 => WriteCondition.MustNotExist,
        { } version => WriteCondition.AtVersion(version),
    };
}

/// <summary>The outcome of a change.</summary>
/// <param name="Change">The change.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Version">The version that the record is at now; 0 if it was left and does not exist.</param>
public sealed record ChangeOutcome(RecordChange Change, WriteOutcome Outcome, string Id, int Version);

/// <summary>A change that was rejected, with its problem.</summary>
public sealed record ChangeFault(RecordChange Change, ProblemException Problem);

/// <summary>Some changes of a batch cannot be made. Nothing of the batch may be committed.</summary>
public sealed class BatchRefusedException(IReadOnlyList<ChangeFault> faults) : Exception("The batch was rejected.")
{
    /// <summary>The faults in the order of writing, at most <see cref="RecordBatch.MaxFaults"/>.</summary>
    public IReadOnlyList<ChangeFault> Faults { get; } = faults;
}
