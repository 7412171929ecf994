import { MutationObserver, QueryClient } from "@tanstack/react-query";
import axios, { isAxiosError, type AxiosResponse } from "axios";
import { main, type Api, type Problem, type Reply } from "./calls.js";
import * as sdk from "./generated/orval-react-query/api.js";

async function reply<T>(result: Promise<AxiosResponse<T>>): Promise<Reply<T>> {
  const { status, headers: sent, data } = await result.catch((refused: unknown) => {
    if (isAxiosError<T>(refused) && refused.response) return refused.response;
    throw refused;
  });
  const headers = new Headers(Object.entries(sent).map(([name, value]): [string, string] => [name, String(value)]));
  return status < 300 ? { status, headers, data: data as Reply<T>["data"] } : { status, headers, problem: data as Problem };
}

await main((address, key): Api => {
  axios.defaults.baseURL = address;
  axios.defaults.headers.common.Authorization = `Bearer ${key}`;
  // without it, axios names a list `type[]`, whatever the contract says
  axios.defaults.paramsSerializer = { indexes: null };
  const client = new QueryClient();
  // what the hooks of React do with the same options
  const one = <T, V>(options: ConstructorParameters<typeof MutationObserver<AxiosResponse<T>, Error, V>>[1], variables: V) =>
    reply(new MutationObserver<AxiosResponse<T>, Error, V>(client, options).mutate(variables));
  return {
    listRelations: (query) => reply(client.fetchQuery(sdk.getListRelationsQueryOptions(query))),
    listActors: (query) => reply(client.fetchQuery(sdk.getListActorsQueryOptions(query))),
    getEvent: (id, query) => reply(client.fetchQuery(sdk.getGetEventQueryOptions(id, query))),
    createActor: (data) => one(sdk.getCreateActorMutationOptions<Error>(), { data }),
    createSource: (data) => one(sdk.getCreateSourceMutationOptions<Error>(), { data }),
    getSource: (id, query) => reply(client.fetchQuery(sdk.getGetSourceQueryOptions(id, query))),
    replaceSource: (id, { ifMatch, ifNoneMatch }, data) => one(sdk.getReplaceSourceMutationOptions<Error>({ axios: {
      headers: { ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) } } }), { id, data }),
    changeSource: (id, ifMatch, data) => one(sdk.getChangeSourceMutationOptions<Error>({ axios: { headers: { "If-Match": ifMatch } } }), { id, data }),
    deleteSource: (id, ifMatch) => one(sdk.getDeleteSourceMutationOptions<Error>({ axios: { headers: { "If-Match": ifMatch } } }), { id }),
    getSourceHistory: (id) => reply(client.fetchQuery(sdk.getGetSourceHistoryQueryOptions(id))),
    writeBatch: (data) => one(sdk.getWriteBatchMutationOptions<Error>(), { data }),
    listChanges: (query) => reply(client.fetchQuery(sdk.getListChangesQueryOptions(query))),
    search: (q) => reply(client.fetchQuery(sdk.getSearchQueryOptions({ q }))),
  };
});
