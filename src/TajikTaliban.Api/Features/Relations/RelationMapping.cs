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
        Earliest = Validity.Earliest(request.From),
        Latest = Validity.Latest(request.To),
        Summary = request.Summary,
        Citations = [.. request.Citations.ToCitations(text => resolve(ReferenceTarget.Source, text))],
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
        Earliest = Validity.Bound(record.Earliest),
        Latest = Validity.Bound(record.Latest),
        Summary = record.Summary,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    public override IEnumerable<Reference> References(RelationRequest request) =>
    [
        new("/subject", ReferenceTarget.Actor, request.Subject),
        new("/object", ReferenceTarget.Actor, request.Object),
        .. request.Citations.ToReferences(),
    ];

    public override IEnumerable<Related> Related(Relation record) => [new(ReferenceTarget.Actor, [record.SubjectId, record.ObjectId])];

    public override string NaturalId(Relation record) => RecordId.Slug(record.SubjectId, record.Type, record.ObjectId);

    protected override IEnumerable<string?> SearchTexts(Relation record) =>
        [record.Summary, Lists.RelationTypes.LabelOf(record.Type), record.SubjectId.Replace('-', ' '), record.ObjectId.Replace('-', ' ')];

    public override void Check(Relation record, Errors errors)
    {
        if (record.SubjectId == record.ObjectId)
            errors.Add("/object", "Subject and object must differ.");
    }

    public override (string Pointer, string Message)? Explain(string constraint) => constraint == "ex_relations_overlap"
        ? ("/from", "The two actors already have a relation of this type with an overlapping validity.")
        : null;
}
