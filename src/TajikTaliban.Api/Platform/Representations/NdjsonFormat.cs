using System.Buffers;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>Newline-delimited JSON: each record, as its own address gives it, on a line that ends with LF.</summary>
internal sealed class NdjsonFormat : RecordFormat
{
    public NdjsonFormat()
        : base(Lines.Name, Lines.MediaType) => Synonyms = Lines.Synonyms;

    public override IRecordSetWriter Open(RecordSet set, IBufferWriter<byte> output) => new Writer(set.Fields, output);

    private sealed class Writer(IReadOnlyList<string>? fields, IBufferWriter<byte> output) : IRecordSetWriter
    {
        public void Add(ReadOnlySpan<byte> document)
        {
            if (fields is null)
                output.Write(document);
            else
                Projection.Write(document, fields, output);
            output.Write("\n"u8);
        }

        public void Complete(RecordSetEnd end)
        {
            // a line has no end of the set: the framing and the trailers have it
        }
    }
}
