using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>From the body of a request to a record, and from a record to its response. Each resource has one.</summary>
public abstract class RecordMapping<TRequest, TRecord, TResponse>
    where TRequest : class, IRecordRequest
    where TRecord : Record
    where TResponse : class
{
    /// <summary>The rules of the body, which the contract shows.</summary>
    public abstract IValidator<TRequest> Validator { get; }

    /// <summary>Every place in the body that refers to a record.</summary>
    public abstract IEnumerable<Reference> References(TRequest request);

    /// <summary>
    /// The records that this one relates to each other, such as the two of a relation or all participants of an event. Two of them that
    /// turn out to be one are not merged while a record relates them: it would relate one to itself.
    /// </summary>
    public virtual IEnumerable<Related> Related(TRecord record) => [];

    /// <summary>The record of a valid body. <paramref name="resolve"/> turns the text of a reference into the id.</summary>
    public abstract TRecord ToRecord(TRequest request, string id, Func<ReferenceTarget, string, string> resolve);

    public abstract TResponse ToResponse(TRecord record);

    /// <summary>The id of a record that was sent without one.</summary>
    public abstract string NaturalId(TRecord record);

    /// <summary>The texts that name a record, the most common one first. <c>/v1/search</c> shows the first and ranks by all.</summary>
    /// <remarks>A change to what is searched needs the next <see cref="SearchText.Edition"/>.</remarks>
    public abstract IEnumerable<string?> Names(TResponse response);

    /// <summary>A record among others, in a few words.</summary>
    public abstract RecordSummary Summarize(TResponse response);

    /// <summary>The other texts that <c>q</c> searches, besides the id.</summary>
    protected abstract IEnumerable<string?> Texts(TResponse response);

    /// <summary>The body at its path: a part of a parent takes the parent from there.</summary>
    /// <param name="request">The body.</param>
    /// <param name="parent">The id of the parent; null if the path names none.</param>
    /// <param name="errors">Takes the faults.</param>
    public virtual TRequest InScope(TRequest request, string? parent, Errors errors) => request;

    /// <summary>What lasts in the record: the record itself, or parts of it.</summary>
    public virtual IEnumerable<Course> Courses(TRecord record) => [];

    /// <summary>Sets the bounds of what lasts.</summary>
    /// <param name="record">The record.</param>
    /// <param name="publishedOrNull">The publication date of a source.</param>
    /// <param name="errors">Takes the faults.</param>
    public void SetBounds(TRecord record, Func<string, PartialDate?> publishedOrNull, Errors errors)
    {
        foreach (var course in Courses(record))
            course.SetBounds(publishedOrNull, errors);
        OnDated(record);
    }

    /// <summary>Repeats the record's bounds where it has to.</summary>
    protected virtual void OnDated(TRecord record)
    {
    }

    /// <summary>Takes over fields that the service sets and no body has.</summary>
    public virtual void KeepFrom(JsonElement stored, TRecord record)
    {
    }

    /// <summary>Checks rules that need resolved references: the same actor by id and by identifier.</summary>
    public virtual void Check(TRecord record, Errors errors)
    {
    }


    /// <summary>Whether the record vouches for the time of others by its date, and the date has changed.</summary>
    public virtual bool IsRedated(JsonElement stored, TRecord record) => false;

    /// <summary>
    /// What records share that an exclusion constraint keeps apart; null without one. They are written one after the other: each that is
    /// inserted at once with others waits for all of them, until the database fails all but one.
    /// </summary>
    public virtual string? Turn(TRecord record) => null;

    /// <summary>Finds records that exclude this one.</summary>
    public virtual Task FindConflictsAsync(RecordSession session, TRecord record, Errors conflicts, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>The violation of a constraint in terms of the body; null if the resource has no message for it.</summary>
    public virtual (string Pointer, Fault Fault)? Explain(string constraint) => null;

    /// <summary>
    /// The upgrades of older documents, oldest first: the first makes shape 2 of shape 1. An upgrade is needed only where a field was
    /// renamed, moved or changed its meaning. New fields, labels and derived fields need none: see <see cref="Upgrade"/>.
    /// </summary>
    protected virtual IReadOnlyList<Action<JsonObject>> Upgrades => [];

    /// <summary>The shape of the documents that are made now.</summary>
    public short Shape => (short)(Upgrades.Count + 1);

    /// <summary>The edition of the documents that are made now.</summary>
    public int Edition => DocumentEdition<TResponse>.Current;

    /// <summary>
    /// A document of any age as it would be made now. It is read as a response, so that new fields are there (empty), and written again, so
    /// that labels and other fields that follow from codes are those of the current code lists.
    /// </summary>
    public byte[] Upgrade(short shape, ReadOnlyMemory<byte> document) =>
        JsonSerializer.SerializeToUtf8Bytes(Read(shape, document), ApiJson.Options);

    /// <summary>The response of a document of any age.</summary>
    public TResponse Read(short shape, ReadOnlyMemory<byte> document)
    {
        if (shape == Shape)
            return JsonSerializer.Deserialize<TResponse>(document.Span, ApiJson.Lenient)!;
        var reader = new Utf8JsonReader(document.Span);
        var json = JsonNode.Parse(ref reader)!.AsObject();
        foreach (var upgrade in Upgrades.Skip(shape - 1))
            upgrade(json);
        return json.Deserialize<TResponse>(ApiJson.Lenient)!;
    }

    /// <summary>The search text of a record.</summary>
    public string SearchTextOf(string id, TResponse response) => SearchText.Of(Names(response), Texts(response).Prepend(id));

    /// <summary>Makes the document and the search text of a record whose other fields are set.</summary>
    public TRecord Finish(TRecord record)
    {
        var response = ToResponse(record);
        record.Document = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(response, ApiJson.Options));
        record.Shape = Shape;
        record.Edition = Edition;
        record.SearchText = SearchTextOf(record.Id, response);
        return record;
    }
}
