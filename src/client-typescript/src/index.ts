export { createClient, type Client, type ClientOptions, type Reader } from "./client.js";
export { currentRecord, follow, type FollowOptions } from "./follow.js";
export { readLines } from "./lines.js";
export { ConnectionError, ProblemError } from "./problem.js";
export { memoryStore, webStore, type PositionStore } from "./stores.js";
export type { components, operations, paths } from "./contract.js";
export type {
  AsOfPath, Body, CallOptions, Change, EditOptions, EditPath, FieldError, Item, ListPath, Method, PathWith, Problem, ReadOptions, RecordOf,
  Reply, Resource, Result, SnapshotRecord, WriteOptions,
} from "./types.js";
