import { main, type Api, type Problem, type Reply } from "./calls.js";
import { client } from "./generated/hey-api/client.gen.js";
import * as sdk from "./generated/hey-api/sdk.gen.js";

interface Result<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

async function reply<T>(result: Promise<Result<T>>): Promise<Reply<T>> {
  const { data, error, response } = await result;
  if (!response) throw error;
  return { status: response.status, headers: response.headers, data: data as Reply<T>["data"], problem: error as Problem | undefined };
}

await main((address, key): Api => {
  client.setConfig({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });
  return {
    listRelations: (query) => reply(sdk.listRelations({ query })),
    listActors: (query) => reply(sdk.listActors({ query })),
    getEvent: (id, query) => reply(sdk.getEvent({ path: { id }, query })),
    createActor: (body) => reply(sdk.createActor({ body })),
    createSource: (body) => reply(sdk.createSource({ body })),
    getSource: (id, query) => reply(sdk.getSource({ path: { id }, query: query ?? {} })),
    replaceSource: (id, { ifMatch, ifNoneMatch }, body) => reply(sdk.replaceSource({
      path: { id }, headers: { ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) }, body })),
    changeSource: (id, ifMatch, body) => reply(sdk.changeSource({ path: { id }, headers: { "If-Match": ifMatch }, body })),
    deleteSource: (id, ifMatch) => reply(sdk.deleteSource({ path: { id }, headers: { "If-Match": ifMatch } })),
    getSourceHistory: (id) => reply(sdk.getSourceHistory({ path: { id } })),
    writeBatch: (lines) => reply(sdk.writeBatch({ body: lines })),
    listChanges: (query) => reply(sdk.listChanges({ query })),
    search: (q) => reply(sdk.search({ query: { q } })),
  };
});
