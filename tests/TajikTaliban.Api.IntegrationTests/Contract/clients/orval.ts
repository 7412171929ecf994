import { main, type Api, type Problem, type Reply } from "./calls.js";
import * as sdk from "./generated/orval/api.js";

interface Result {
  data: unknown;
  status: number;
  headers: Headers;
}
type Success<R> = R extends { data: infer D; status: 200 | 201 | 204 } ? D : never;

async function reply<R extends Result>(result: Promise<R>): Promise<Reply<Success<R>>> {
  const { data, status, headers } = await result;
  return status < 300 ? { status, headers, data: data as Reply<Success<R>>["data"] } : { status, headers, problem: data as Problem };
}

await main((address, key): Api => {
  // its functions have paths alone: the base is that of `fetch`
  const fetchOf = globalThis.fetch;
  globalThis.fetch = (input, init) => fetchOf(typeof input === "string" ? address + input : input, init);
  const headers = { Authorization: `Bearer ${key}` };
  return {
    listRelations: (query) => reply(sdk.listRelations(query, { headers })),
    listActors: (query) => reply(sdk.listActors(query, { headers })),
    getEvent: (id, query) => reply(sdk.getEvent(id, query, { headers })),
    createActor: (body) => reply(sdk.createActor(body, {}, { headers })),
    createSource: (body) => reply(sdk.createSource(body, {}, { headers })),
    getSource: (id, query) => reply(sdk.getSource(id, query, { headers })),
    replaceSource: (id, { ifMatch, ifNoneMatch }, body) => reply(sdk.replaceSource(id, body, {}, {
      headers: { ...headers, ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) } })),
    changeSource: (id, ifMatch, body) => reply(sdk.changeSource(id, body, {}, { headers: { ...headers, "If-Match": ifMatch } })),
    deleteSource: (id, ifMatch) => reply(sdk.deleteSource(id, {}, { headers: { ...headers, "If-Match": ifMatch } })),
    getSourceHistory: (id) => reply(sdk.getSourceHistory(id, {}, { headers })),
    writeBatch: (lines) => reply(sdk.writeBatch(lines, {}, { headers })),
    listChanges: (query) => reply(sdk.listChanges(query, { headers })),
    search: (q) => reply(sdk.search({ q }, { headers })),
  };
});
