import { main } from "./calls.js";
import * as kubb from "./generated/kubb/index.js";
import { apiOf } from "./zod.js";

await main(apiOf({
  listRelations: { query: kubb.listRelationsQueryParamsSchema, data: kubb.listRelationsQueryResponseSchema },
  listActors: { query: kubb.listActorsQueryParamsSchema, data: kubb.listActorsQueryResponseSchema },
  getEvent: { query: kubb.getEventQueryParamsSchema, data: kubb.getEventQueryResponseSchema },
  createActor: { body: kubb.createActorMutationRequestSchema, data: kubb.createActorMutationResponseSchema },
  createSource: { body: kubb.createSourceMutationRequestSchema, data: kubb.createSourceMutationResponseSchema },
  getSource: { query: kubb.getSourceQueryParamsSchema, data: kubb.getSourceQueryResponseSchema },
  replaceSource: { body: kubb.replaceSourceMutationRequestSchema, data: kubb.replaceSourceMutationResponseSchema },
  changeSource: { body: kubb.changeSourceMutationRequestSchema, data: kubb.changeSourceMutationResponseSchema },
  deleteSource: { data: kubb.deleteSourceMutationResponseSchema },
  getSourceHistory: { query: kubb.getSourceHistoryQueryParamsSchema, data: kubb.getSourceHistoryQueryResponseSchema },
  writeBatch: { body: kubb.writeBatchMutationRequestSchema, data: kubb.writeBatchMutationResponseSchema },
  listChanges: { query: kubb.listChangesQueryParamsSchema, data: kubb.listChangesQueryResponseSchema },
  search: { query: kubb.searchQueryParamsSchema, data: kubb.searchQueryResponseSchema },
}, kubb.problemSchema));
