import createClient from "openapi-fetch";
import { main, type Api, type Problem, type Reply } from "./calls.js";
import type { paths } from "./generated/openapi-fetch/api.js";

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function reply<T>(result: Promise<Result<T>>): Promise<Reply<T>> {
  const { data, error, response } = await result;
  return { status: response.status, headers: response.headers, data: data as Reply<T>["data"], problem: error as Problem | undefined };
}

await main((address, key): Api => {
  const client = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });
  const one = (id: string) => ({ path: { id } });
  return {
    listRelations: (query) => reply(client.GET("/v1/relations", { params: { query } })),
    listActors: (query) => reply(client.GET("/v1/actors", { params: { query } })),
    getEvent: (id, query) => reply(client.GET("/v1/events/{id}", { params: { ...one(id), query } })),
    createActor: (body) => reply(client.POST("/v1/actors", { body })),
    createSource: (body) => reply(client.POST("/v1/sources", { body })),
    getSource: (id, query) => reply(client.GET("/v1/sources/{id}", { params: { ...one(id), query: query ?? {} } })),
    replaceSource: (id, { ifMatch, ifNoneMatch }, body) => reply(client.PUT("/v1/sources/{id}", {
      params: { ...one(id), header: { ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) } }, body })),
    changeSource: (id, ifMatch, body) => reply(client.PATCH("/v1/sources/{id}", { params: { ...one(id), header: { "If-Match": ifMatch } }, body })),
    deleteSource: (id, ifMatch) => reply(client.DELETE("/v1/sources/{id}", { params: { ...one(id), header: { "If-Match": ifMatch } } })),
    getSourceHistory: (id) => reply(client.GET("/v1/sources/{id}/history", { params: one(id) })),
    writeBatch: (lines) => reply(client.POST("/v1/batch", { body: lines })),
    listChanges: (query) => reply(client.GET("/v1/changes", { params: { query } })),
    search: (q) => reply(client.GET("/v1/search", { params: { query: { q } } })),
  };
});
