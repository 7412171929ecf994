using System.Text.Json.Nodes;
using TajikTaliban.Api.Hosting.OpenApi;
using TajikTaliban.Api.Tests.Architecture;

namespace TajikTaliban.Api.Tests.Hosting;

/// <summary>Each change to a small contract is told, and which of them break clients; the committed contract equals itself.</summary>
public sealed class ContractComparisonTests
{
    private const string Contract =
        """
        {
          "paths": {
            "/things": {
              "get": {
                "operationId": "listThings",
                "parameters": [
                  { "$ref": "#/components/parameters/Limit" },
                  { "name": "kind", "in": "query", "style": "form", "schema": { "type": "array", "maxItems": 50,
                    "items": { "type": "string", "enum": ["a", "b"] } } }
                ],
                "responses": {
                  "200": { "headers": { "ETag": {} }, "content": { "application/json": { "schema": { "type": "array",
                    "items": { "$ref": "#/components/schemas/Thing" } } } } },
                  "404": { "$ref": "#/components/responses/Problem" },
                  "default": { "$ref": "#/components/responses/Problem" }
                }
              },
              "post": {
                "operationId": "addThing",
                "security": [{ "key": [] }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewThing" } } },
                  "x-other-content": { "application/x-ndjson": {} } },
                "responses": { "201": {}, "default": { "$ref": "#/components/responses/Problem" } }
              }
            }
          },
          "components": {
            "parameters": { "Limit": { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 1000,
              "default": 50 } } },
            "responses": { "Problem": { "content": { "application/problem+json": { "schema": { "type": "object" } } } } },
            "schemas": {
              "Thing": { "type": "object", "required": ["id", "kind"], "properties": {
                "id": { "type": "string" }, "kind": { "type": "string", "enum": ["a", "b"] },
                "name": { "type": "string", "nullable": true },
                "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } } } },
              "NewThing": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "string", "maxLength": 40 }, "kind": { "type": "string", "enum": ["a", "b"] },
                "name": { "type": "string", "nullable": true } } }
            }
          }
        }
        """;

    [Theory]
    // what clients ask for
    [InlineData("/paths/~1things/get", null, true, "/things get: is gone")]
    [InlineData("/paths/~1things/put", "{}", false, "/things put: is new")]
    [InlineData("/paths/~1more", "{}", false, "/more: is new")]
    [InlineData("/paths/~1things/get/operationId", "\"all\"", true, "/things get: operationId is all, was listThings")]
    [InlineData("/paths/~1things/get/security", "[{\"key\":[]}]", true, "/things get: a key is required")]
    [InlineData("/paths/~1things/post/security", "[]", false, null)]
    [InlineData("/components/parameters/Limit/name", "\"size\"", true, "/things get: parameter query limit is gone")]
    [InlineData("/components/parameters/Limit/required", "true", true, "/things get: parameter query limit is required")]
    [InlineData("/components/parameters/Limit/schema/maximum", "100", true, "/things get parameter query limit: maximum is 100, was 1000")]
    [InlineData("/components/parameters/Limit/schema/maximum", "9999", false,
        "/things get parameter query limit: maximum is 9999, was 1000")]
    [InlineData("/components/parameters/Limit/schema/minimum", "2", true, "/things get parameter query limit: minimum is 2, was 1")]
    [InlineData("/components/parameters/Limit/schema/type", "\"string\"", true,
        "/things get parameter query limit: type is \"string\", was \"integer\"")]
    [InlineData("/paths/~1things/get/parameters/1/schema/items/enum", """["a"]""", true,
        "/things get parameter query kind/*: value \"b\" is gone")]
    [InlineData("/paths/~1things/get/parameters/1/schema/items/enum", """["a","b","c"]""", false,
        "/things get parameter query kind/*: value \"c\" is new")]
    [InlineData("/paths/~1things/get/parameters/1/schema/maxItems", "10", true, "/things get parameter query kind: maxItems is 10, was 50")]
    [InlineData("/paths/~1things/get/parameters/1/explode", "true", true, "/things get parameter query kind: explode is true, was absent")]
    [InlineData("/components/parameters/Limit/schema/default", "10", true, "/things get parameter query limit: default is 10, was 50")]
    // what they send
    [InlineData("/components/schemas/NewThing/properties/name", null, true, "/things post body application/json/name: is gone")]
    [InlineData("/components/schemas/NewThing/properties/more", "{}", false, "/things post body application/json/more: is new")]
    [InlineData("/components/schemas/NewThing/required", """["id","kind"]""", true, "/things post body application/json/kind: is required")]
    [InlineData("/components/schemas/NewThing/required", "[]", false, "/things post body application/json/id: is no longer required")]
    [InlineData("/components/schemas/NewThing/properties/name/nullable", "false", true,
        "/things post body application/json/name: may no longer be null")]
    [InlineData("/components/schemas/NewThing/properties/id/pattern", "\"^a\"", true,
        "/things post body application/json/id: pattern is \"^a\", was absent")]
    [InlineData("/components/schemas/NewThing/properties/id/maxLength", null, false,
        "/things post body application/json/id: maxLength is absent, was 40")]
    [InlineData("/components/schemas/NewThing/properties/kind/enum", """["a"]""", true,
        "/things post body application/json/kind: value \"b\" is gone")]
    [InlineData("/paths/~1things/post/requestBody/required", "true", true, "/things post: body is required")]
    [InlineData("/paths/~1things/post/requestBody", null, true, "/things post: body is gone")]
    [InlineData("/paths/~1things/post/requestBody/x-other-content/application~1x-ndjson", null, true,
        "/things post body application/x-ndjson: is gone")]
    // what they get
    [InlineData("/paths/~1things/get/responses/202", "{}", true, "/things get 202: is new")]
    [InlineData("/paths/~1things/get/responses/404", null, false, "/things get 404: is gone")]
    [InlineData("/paths/~1things/get/responses/200", null, true, "/things get 200: is gone")]
    [InlineData("/paths/~1things/get/responses/410", "{}", false, "/things get 410: is new")]
    [InlineData("/paths/~1things/get/responses/default", null, false, "/things get default: is gone")]
    [InlineData("/paths/~1things/get/responses/200/headers/ETag", null, true, "/things get 200 header ETag: is gone")]
    [InlineData("/components/schemas/Thing/properties/name", null, true, "/things get 200 application/json/*/name: is gone")]
    [InlineData("/components/schemas/Thing/properties/more", "{}", false, "/things get 200 application/json/*/more: is new")]
    [InlineData("/components/schemas/Thing/properties/id/type", "\"integer\"", true,
        "/things get 200 application/json/*/id: type is \"integer\", was \"string\"")]
    [InlineData("/components/schemas/Thing/properties/id/nullable", "true", true, "/things get 200 application/json/*/id: may be null")]
    [InlineData("/components/schemas/Thing/properties/name/nullable", "false", false,
        "/things get 200 application/json/*/name: may no longer be null")]
    [InlineData("/components/schemas/Thing/required", """["id"]""", true, "/things get 200 application/json/*/kind: is no longer required")]
    [InlineData("/components/schemas/Thing/required", """["id","kind","name"]""", false,
        "/things get 200 application/json/*/name: is required")]
    [InlineData("/components/schemas/Thing/properties/kind/enum", """["a"]""", false,
        "/things get 200 application/json/*/kind: value \"b\" is gone")]
    [InlineData("/components/schemas/Thing/properties/kind/enum", """["a","b","c"]""", true,
        "/things get 200 application/json/*/kind: value \"c\" is new")]
    // texts
    [InlineData("/paths/~1things/get/description", "\"Other words.\"", false, null)]
    public void A_change_is_told(string pointer, string? value, bool isBreaking, string? told)
    {
        var (old, @new) = (JsonNode.Parse(Contract)!, JsonNode.Parse(Contract)!);
        Set(@new, pointer, value);

        var changes = ContractComparison.Of(old, @new);

        // another name of a parameter is also a new parameter
        Assert.Equal(told is null ? [] : [new ContractChange(isBreaking, told)], changes.Take(1));
        Assert.True(changes.Count <= 2);
    }

    [Fact]
    public void The_committed_contract_equals_itself()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "openapi", "v1.json"));
        Assert.Empty(ContractComparison.Of(JsonNode.Parse(text)!, JsonNode.Parse(text)!));
    }

    private static void Set(JsonNode contract, string pointer, string? value)
    {
        var steps = pointer[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal)).ToList();
        var node = contract;
        foreach (var step in steps.SkipLast(1))
            node = node is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        if (value is null)
            node.AsObject().Remove(steps[^1]);
        else
            node[steps[^1]] = JsonNode.Parse(value);
    }
}
