using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>
/// GeoJSON (RFC 7946): a FeatureCollection with a feature for each record. Its geometry is the point of the record (WGS 84), null where the
/// place is not known; its properties are the record. The members <c>records</c> and <c>position</c> end the collection: one without them
/// was cut.
/// </summary>
internal sealed class GeoJsonFormat() : RecordFormat("geojson", "application/geo+json")
{
    public override bool Suits(Resource resource) => resource.Geometry is not null;

    public override IRecordSetWriter Open(RecordSet set, IBufferWriter<byte> output) => new Writer(set, output);

    private sealed class Writer : IRecordSetWriter
    {
        private readonly IReadOnlyList<string>? _fields;
        private readonly IBufferWriter<byte> _output;
        private readonly string[] _longitude;
        private readonly string[] _latitude;
        private bool _hasFeature;

        public Writer(RecordSet set, IBufferWriter<byte> output)
        {
            (_fields, _output) = (set.Fields, output);
            (_longitude, _latitude) = (set.Resource.Geometry!.Longitude.Split('.'), set.Resource.Geometry.Latitude.Split('.'));
            _output.Write("{\"type\":\"FeatureCollection\",\"features\":["u8);
        }

        public void Add(ReadOnlySpan<byte> document)
        {
            var reader = new Utf8JsonReader(document);
            using var record = JsonDocument.ParseValue(ref reader);
            _output.Write(_hasFeature ? ",\n{\"type\":\"Feature\",\"id\":"u8 : "\n{\"type\":\"Feature\",\"id\":"u8);
            Write(record.RootElement.GetProperty("id").GetRawText());
            _output.Write(",\"geometry\":"u8);
            if (NumberOrNull(record.RootElement, _longitude) is { } longitude
                && NumberOrNull(record.RootElement, _latitude) is { } latitude)
            {
                Write($"{{\"type\":\"Point\",\"coordinates\":[{longitude},{latitude}]}}");
            }
            else
            {
                _output.Write("null"u8);
            }

            _output.Write(",\"properties\":"u8);
            if (_fields is null)
                _output.Write(document);
            else
                Projection.Write(document, _fields, _output);
            _output.Write("}"u8);
            _hasFeature = true;
        }

        public void Complete(RecordSetEnd end) =>
            Write(string.Create(CultureInfo.InvariantCulture, $"\n],\"records\":{end.Records},\"position\":\"{end.Position}\"}}\n"));

        /// <summary>A number as it is in the document, with all its digits.</summary>
        private static string? NumberOrNull(JsonElement value, string[] path)
        {
            foreach (var field in path)
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(field, out value))
                    return null;
            }

            return value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
        }

        private void Write(string text) => Encoding.UTF8.GetBytes(text, _output);
    }
}
