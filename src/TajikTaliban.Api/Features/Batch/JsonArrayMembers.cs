using System.Buffers;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Features.Batch;

/// <summary>Takes the members of a JSON array one by one from a body that arrives in parts.</summary>
internal sealed class JsonArrayMembers
{
    // a body that is nested deeper is reported with the member that is
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 1000 });
    private bool _hasBegun;

    /// <summary>Takes the next member off the buffer; false where it has not arrived as a whole, or the array has ended.</summary>
    /// <exception cref="ProblemException">The body is not a JSON array.</exception>
    public bool Take(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> member)
    {
        member = default;
        try
        {
            var reader = new Utf8JsonReader(buffer, isLast, _state);
            while (reader.Read())
            {
                if (!_hasBegun)
                {
                    if (reader.TokenType != JsonTokenType.StartArray)
                    {
                        throw new ProblemException(ProblemType.InvalidBody, "", new Fault(FaultCode.WrongType,
                            "The body is not an array; send an array of JSON objects.", ("expected", "array")));
                    }

                    _hasBegun = true;
                }
                else if (reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = reader.TokenStartIndex;
                    if (!reader.TrySkip())
                        return false;
                    member = buffer.Slice(start, reader.BytesConsumed - start);
                    Keep(reader, ref buffer);
                    return true;
                }

                Keep(reader, ref buffer);
                // also where the array has ended: what follows it is no JSON
                reader = new Utf8JsonReader(buffer, isLast, _state);
            }

            return false;
        }
        catch (JsonException e)
        {
            throw new ProblemException(ProblemType.InvalidBody, "", BodyReader.NotJson(e));
        }
    }

    private void Keep(in Utf8JsonReader reader, ref ReadOnlySequence<byte> buffer)
    {
        _state = reader.CurrentState;
        buffer = buffer.Slice(reader.Position);
    }
}
