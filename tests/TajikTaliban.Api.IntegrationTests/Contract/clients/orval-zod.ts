import { main, type Problem } from "./calls.js";
import * as orval from "./generated/orval-zod/api.js";
import { apiOf } from "./zod.js";

// it writes schemas of responses with the status 200 alone: a created record is read by the schema of a read one, a problem by none
await main(apiOf({
  listRelations: { query: orval.listRelationsQueryParams, data: orval.listRelationsResponse },
  listActors: { query: orval.listActorsQueryParams, data: orval.listActorsResponse },
  getEvent: { query: orval.getEventQueryParams, data: orval.getEventResponse },
  createActor: { body: orval.createActorBody, data: orval.getActorResponse },
  createSource: { body: orval.createSourceBody, data: orval.getSourceResponse },
  getSource: { query: orval.getSourceQueryParams, data: orval.getSourceResponse },
  replaceSource: { body: orval.replaceSourceBody, data: orval.replaceSourceResponse },
  changeSource: { body: orval.changeSourceBody, data: orval.changeSourceResponse },
  deleteSource: { data: { parse: (nothing) => nothing } },
  getSourceHistory: { query: orval.getSourceHistoryQueryParams, data: orval.getSourceHistoryResponse },
  writeBatch: { body: orval.writeBatchBody, data: orval.writeBatchResponse },
  listChanges: { query: orval.listChangesQueryParams, data: orval.listChangesResponse },
  search: { query: orval.searchQueryParams, data: orval.searchResponse },
}, { parse: (problem) => problem as Problem }));
