using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Relations;

internal sealed class RelationMapping : RecordMapping<RelationRequest, Relation, RelationResponse>
{
    public override IValidator<RelationRequest> Validator { get; } = new RelationValidator();

    public override Relation ToRecord(RelationRequest request, string id, Func<ReferenceTarget, string, string> resolve) => new()
    {
        Id = id,
        Type = request.Type,
        SubjectId = resolve(ReferenceTarget.Actor, request.Subject),
        ObjectId = resolve(ReferenceTarget.Actor, request.Object),
        Stance = request.Stance,
        From = request.From,
        To = request.To,
        Summary = request.Summary,
        Citations = [.. request.Citations.ToCitations(resolve)],
    };

    public override RelationResponse ToResponse(Relation record) => new()
    {
        Id = record.Id,
        Type = record.Type,
        Directed = Lists.RelationTypes.FindOrNull(record.Type)?.MappingOrNull("directed") == "true",
        Subject = record.SubjectId,
        Object = record.ObjectId,
        Stance = record.Stance,
        From = record.From,
        To = record.To,
        Earliest = Bounds.Shown(record.Earliest),
        Latest = Bounds.Shown(record.Latest),
        Summary = record.Summary,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    /// <summary>In shape 2, the bounds are those of what is known, as far as the document tells.</summary>
    protected override IReadOnlyList<Action<JsonObject>> Upgrades { get; } = [CourseJson.SetBounds];

    public override IEnumerable<Course> Courses(Relation record) => [new(record, record.Citations)];

    public override IEnumerable<Reference> References(RelationRequest request) =>
    [
        new("/subject", ReferenceTarget.Actor, request.Subject),
        new("/object", ReferenceTarget.Actor, request.Object),
        .. request.Citations.ToReferences(),
    ];

    public override IEnumerable<Related> Related(Relation record) => [new(ReferenceTarget.Actor, [record.SubjectId, record.ObjectId])];

    public override string NaturalId(Relation record) => RecordId.Slug(record.SubjectId, record.Type, record.ObjectId);

    public override IEnumerable<string?> Names(RelationResponse response) => [response.Summary];

    public override RecordSummary Summarize(RelationResponse response) =>
        new(response.Summary ?? $"{response.Subject}, {response.Object}: {response.TypeLabel}", response.Type, response.TypeLabel);

    protected override IEnumerable<string?> Texts(RelationResponse response) =>
        [response.TypeLabel, response.StanceLabel, response.Subject, response.Object];

    public override void Check(Relation record, Errors errors)
    {
        if (record.SubjectId == record.ObjectId)
            errors.Add("/object", RelationValidator.OneActor);
    }

    public override string? Turn(Relation record) =>
        record.Type is "membership" or "part-of" ? $"{record.Type}/{record.SubjectId}/{record.ObjectId}" : null;

    public override (string Pointer, Fault Fault)? Explain(string constraint) => constraint == "ex_relations_overlap"
        ? ("/from", new Fault(FaultCode.Overlap, "The two actors already have a relation of this type with an overlapping validity."))
        : null;
}
