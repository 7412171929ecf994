import type { components, paths } from "./contract.js";

type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type FieldError = Schemas["FieldError"];
export type Resource = Schemas["ResourceName"];

export type Method = "get" | "post" | "put" | "patch" | "delete";

type Operation<P extends keyof paths, M extends Method> = paths[P][M];

/** The paths of the contract that have a method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: Operation<P, M> extends { responses: unknown } ? P : never;
}[keyof paths];

type PathParameters<O> = O extends { parameters: { path: infer T } } ? T : never;
type Query<O> = O extends { parameters: { query?: infer T } } ? NonNullable<T> : never;
type Headers<O> = O extends { parameters: { header?: infer T } } ? NonNullable<T> : never;
type Content<T> = T extends { content: infer C } ? C[keyof C] : undefined;

/** The body that an operation takes. */
export type Body<P extends keyof paths, M extends Method> = Operation<P, M> extends { requestBody: infer T } ? Content<T> : never;

/** The body of a successful response. */
export type Result<P extends keyof paths, M extends Method = "get"> = Operation<P, M> extends { responses: infer R }
  ? Content<R[Extract<keyof R, 200 | 201 | 202 | 204>]>
  : never;

type Field<Name extends string, T> = [T] extends [never] ? unknown
  : Partial<T> extends T ? { [K in Name]?: T }
  : { [K in Name]: T };

export interface CallOptions {
  /** Cancels the call, its retries included. */
  signal?: AbortSignal | undefined;
  /** Milliseconds until an attempt is given up (default: that of the client). */
  timeout?: number;
}

/** `get` sends conditions only with `getIfChanged`, and other formats are for `response`. */
type ReadHeaders<O> = [Headers<O>] extends [never] ? never : Omit<Headers<O>, "If-None-Match" | "If-Modified-Since" | "Last-Event-ID">;
type ReadQuery<O, Without extends string> = [Query<O>] extends [never] ? never : Omit<Query<O>, Without>;

/** The parameters of a GET; `Fixed` names those that a view sets. */
export type ReadOptions<P extends PathWith<"get">, Fixed extends string = never> = CallOptions
  & Field<"path", PathParameters<Operation<P, "get">>>
  & Field<"query", ReadQuery<Operation<P, "get">, Fixed>>
  & Field<"headers", ReadHeaders<Operation<P, "get">>>;

/** The parameters and the body of an operation that writes. */
export type WriteOptions<P extends keyof paths, M extends Method> = CallOptions
  & Field<"path", PathParameters<Operation<P, M>>>
  & Field<"query", Query<Operation<P, M>>>
  & Field<"headers", Headers<Operation<P, M>>>
  & ([Body<P, M>] extends [never] ? unknown : { body: Body<P, M> });

/** Options may be left out where none of them is required. */
export type Arguments<T> = {} extends T ? [options?: T] : [options: T];

/** The paths of lists: what `all` and `pages` walk. */
export type ListPath = {
  [P in PathWith<"get">]: Result<P> extends { items: readonly unknown[] } ? P : never;
}[PathWith<"get">];

export type Item<P extends PathWith<"get">> = Result<P> extends { items: readonly (infer T)[] } ? T : never;

/** The paths whose reads take `asOf`. */
export type AsOfPath = {
  [P in PathWith<"get">]: "asOf" extends keyof Query<Operation<P, "get">> ? P : never;
}[PathWith<"get">];

/** The paths of records that are changed with `If-Match`. */
export type EditPath = {
  [P in PathWith<"get"> & PathWith<"patch"> & PathWith<"put">]:
    Operation<P, "patch"> extends { parameters: { header: { "If-Match": string } } } ? P : never;
}[PathWith<"get"> & PathWith<"patch"> & PathWith<"put">];

/** What `edit` sends; by index, so that literals of codes keep their types. */
export type EditBody<P extends EditPath, M extends "patch" | "put"> = EditBodies[M][P];
interface EditBodies {
  patch: { [P in EditPath]: paths[P]["patch"]["requestBody"]["content"]["application/json"] };
  put: { [P in EditPath]: paths[P]["put"]["requestBody"]["content"]["application/json"] };
}

export type EditOptions<P extends EditPath, M extends "patch" | "put"> = CallOptions
  & Field<"path", PathParameters<Operation<P, "get">>>
  & {
    /** How often the change is tried in all when others change the record meanwhile (default: 5). */
    attempts?: number;
    headers?: Omit<Headers<Operation<P, M>>, "If-Match" | "If-None-Match" | "Idempotency-Key">;
  }
  /** `patch` (default) sends changed fields, `put` the whole record. */
  & (M extends "put" ? { method: M } : { method?: M });

/** The type of the records of a resource. */
export type RecordOf<R extends Resource> = R extends "observations"
  ? Item<"/v1/indicators/{indicator}/observations">
  : Item<`/v1/${Exclude<R, "observations">}`>;

/** A record of the snapshot; `resource` tells its type. */
export type SnapshotRecord = {
  [R in Resource]: { resource: R; id: string; version: number; record: RecordOf<R> };
}[Resource];

/** A change of the feed; `resource` tells the type of its record. */
export type Change = {
  [R in Resource]: Omit<Schemas["Change"], "resource" | "record"> & { resource: R; record: RecordOf<R> | null };
}[Resource];

/** A successful response. */
export interface Reply<T> {
  data: T;
  status: number;
  headers: globalThis.Headers;
  /** For `If-Match` and `getIfChanged`. */
  etag: string | null;
  /** Minimum ledger position that the response reflects; of a write, its own. For `asOf` and `Min-Position`. */
  position: string | null;
}
