import { configureStore } from "@reduxjs/toolkit";
import { main, type Api as Calls, type Problem, type Reply } from "./calls.js";
import { api } from "./generated/rtk-query/api.js";
import { service } from "./rtk-base.js";

interface Result {
  data?: unknown;
  error?: unknown;
}

// in its types, the records of `expanded` lack the fields that the contract has as read-only: the replies are those of the script
async function reply<T>(result: PromiseLike<Result>): Promise<Reply<T>> {
  const { data, error } = await result;
  if (!service.response) throw error;
  const { status, headers } = service.response;
  return error === undefined
    ? { status, headers, data: data as Reply<T>["data"] }
    : { status, headers, problem: (error as { data: Problem }).data };
}

await main((address, key): Calls => {
  Object.assign(service, { address, key });
  const { dispatch } = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (of) => of().concat(api.middleware),
  });
  const of = api.endpoints;
  const now = { forceRefetch: true, subscribe: false };
  return {
    listRelations: (query) => reply(dispatch(of.listRelations.initiate(query, now))),
    listActors: (query) => reply(dispatch(of.listActors.initiate(query, now))),
    getEvent: (id, query) => reply(dispatch(of.getEvent.initiate({ id, ...query }, now))),
    createActor: (body) => reply(dispatch(of.createActor.initiate({ actorRequest: body }))),
    createSource: (body) => reply(dispatch(of.createSource.initiate({ sourceRequest: body }))),
    getSource: (id, query) => reply(dispatch(of.getSource.initiate({ id, ...query }, now))),
    replaceSource: (id, { ifMatch, ifNoneMatch }, body) => reply(dispatch(of.replaceSource.initiate({
      id, sourceRequest: body, ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(ifNoneMatch ? { "If-None-Match": ifNoneMatch } : {}) }))),
    changeSource: (id, ifMatch, body) => reply(dispatch(of.changeSource.initiate({ id, "If-Match": ifMatch, sourcePatch: body }))),
    deleteSource: (id, ifMatch) => reply(dispatch(of.deleteSource.initiate({ id, "If-Match": ifMatch }))),
    getSourceHistory: (id) => reply(dispatch(of.getSourceHistory.initiate({ id }, now))),
    writeBatch: (lines) => reply(dispatch(of.writeBatch.initiate({ body: lines }))),
    listChanges: (query) => reply(dispatch(of.listChanges.initiate(query, now))),
    search: (q) => reply(dispatch(of.search.initiate({ q }, now))),
  };
});
// it keeps what was read for a minute, and with it the process
process.exit();
