using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Features.Audit;

/// <summary>The example of the audit log: a write, and before it the creation of its key.</summary>
internal static class AuditExamples
{
    public static JsonNode Page(RecordExamples examples)
    {
        var written = examples.Corrected();
        var resource = examples.Changed;
        var made = new StoredAuditEntry(1, RecordExamples.RecordedAt.UtcDateTime.AddHours(-1),
            new AuditEntry("keys.create", "key editor") { Address = "operator@server", Detail = "role editor, expires never" }, null);
        var change = new StoredAuditEntry(2, written.CommittedAt,
            new AuditEntry($"change{resource.Singular}", resource.PathOf(written.Id, written.Document!))
            {
                Key = "editor",
                Address = "192.0.2.7",
                Request = "0HNHV1K2J3L4M:00000002",
                Status = 200,
                Detail = "changed, version 2",
            }, written.Position.Whole);
        return ExampleJson.Of(new AuditResponse(
            [.. new[] { change, made }.Select(e => ListAudit.ResponseOf(e, name => KeyNames.PseudonymOf(name, RecordExamples.Secret)))],
            null));
    }
}
