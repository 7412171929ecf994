import { main, type Api as Calls, type Problem, type Reply } from "./calls.js";
import { Api, type HttpResponse } from "./generated/swagger-typescript-api/Api.js";

async function reply<T>(result: Promise<HttpResponse<T, unknown>>): Promise<Reply<T>> {
  try {
    const response = await result;
    return { status: response.status, headers: response.headers, data: response.data as Reply<T>["data"] };
  } catch (refused) {
    const { status, headers, error } = refused as HttpResponse<T, Problem>;
    return { status, headers, problem: error };
  }
}

// it writes codes as enumerations of TypeScript, whose values are the texts
const coded = <T>(value: unknown): T => value as T;

await main((address, key): Calls => {
  const api = new Api({ baseUrl: address, baseApiParams: { headers: { Authorization: `Bearer ${key}` } } }).v1;
  const headers = (of: Record<string, string>) => ({ headers: of });
  return {
    listRelations: (query) => reply(api.listRelations(coded(query))),
    listActors: (query) => reply(api.listActors(coded(query))),
    getEvent: (id, query) => reply(api.getEvent(id, coded(query))),
    createActor: (body) => reply(api.createActor(coded(body))),
    createSource: (body) => reply(api.createSource(coded(body))),
    getSource: (id, query) => reply(api.getSource(id, query)),
    replaceSource: (id, { ifMatch, ifNoneMatch }, body) => reply(api.replaceSource(id, coded(body), {},
      headers({ ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) }))),
    changeSource: (id, ifMatch, body) => reply(api.changeSource(id, coded(body), {}, headers({ "If-Match": ifMatch }))),
    deleteSource: (id, ifMatch) => reply(api.deleteSource(id, {}, headers({ "If-Match": ifMatch }))),
    getSourceHistory: (id) => reply(api.getSourceHistory(id)),
    writeBatch: (lines) => reply(api.writeBatch(coded(lines))),
    listChanges: (query) => reply(api.listChanges(coded(query))),
    search: (q) => reply(api.search({ q })),
  };
});
