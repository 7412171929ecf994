import { addressOf, linkOf, type Parameters } from "./address.js";
import { edit } from "./edit.js";
import { isJson } from "./problem.js";
import { send, type Settings } from "./transport.js";
import type {
  Arguments, AsOfPath, CallOptions, EditBody, EditOptions, EditPath, Item, ListPath, Method, PathWith, ReadOptions, Reply, Result,
  WriteOptions,
} from "./types.js";

export interface ClientOptions {
  /** The address of the service, such as `https://example.org`. */
  baseUrl: string | URL;
  /** An API key. Reading needs none. */
  key?: string | undefined;
  /** In place of the global `fetch`. */
  fetch?: typeof fetch;
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds until an attempt is given up (default: 60,000). */
  timeout?: number;
  /** How often a request is sent again after a lost connection, 408, 429, 502, 503 and 504 (default: 3). */
  retries?: number;
  /** The longest wait in milliseconds before a request is sent again; if the service asks for more, the call fails (default: 60,000). */
  maxRetryWait?: number;
  /** Whether each write gets an `Idempotency-Key` of its own, so that it may be sent again (default: true). */
  idempotencyKeys?: boolean;
}

/** Reads of some paths; `Fixed` names the parameters that the reader sets. */
export interface Reader<Scope extends PathWith<"get">, Fixed extends string = never> {
  get<P extends Scope>(path: P, ...options: Arguments<ReadOptions<P, Fixed | "format">>): Promise<Reply<Result<P>>>;
  /** Null if the `ETag` is still current. */
  getIfChanged<P extends Scope>(
    path: P, etag: string, ...options: Arguments<ReadOptions<P, Fixed | "format">>): Promise<Reply<Result<P>> | null>;
  /** The response itself, for other formats (`query: { format: "csv" }`) and streams. It is a success. */
  response<P extends Scope>(path: P, ...options: Arguments<ReadOptions<P, Fixed>>): Promise<Response>;
  /** The records of all pages of a list. */
  all<P extends Scope & ListPath>(path: P, ...options: Arguments<ReadOptions<P, Fixed | "format">>): AsyncGenerator<Item<P>, void, void>;
  /** The pages of a list, for what they have beside records (`expanded`, `facets`). */
  pages<P extends Scope & ListPath>(
    path: P, ...options: Arguments<ReadOptions<P, Fixed | "format">>): AsyncGenerator<Result<P>, void, void>;
}

type Change<P extends EditPath, M extends "patch" | "put"> = EditBody<P, M> | undefined | Promise<EditBody<P, M> | undefined>;

export interface Client extends Reader<PathWith<"get">> {
  post<P extends PathWith<"post">>(path: P, ...options: Arguments<WriteOptions<P, "post">>): Promise<Reply<Result<P, "post">>>;
  put<P extends PathWith<"put">>(path: P, ...options: Arguments<WriteOptions<P, "put">>): Promise<Reply<Result<P, "put">>>;
  patch<P extends PathWith<"patch">>(path: P, ...options: Arguments<WriteOptions<P, "patch">>): Promise<Reply<Result<P, "patch">>>;
  delete<P extends PathWith<"delete">>(path: P, ...options: Arguments<WriteOptions<P, "delete">>): Promise<Reply<Result<P, "delete">>>;
  /**
   * Reads a record, and sends what `change` makes of it on the condition that nobody has changed it meanwhile (`If-Match`). If somebody
   * has (412), it reads and tries again. Nothing is sent if `change` returns undefined.
   */
  edit<P extends EditPath>(
    path: P, options: EditOptions<P, "put">, change: (record: Result<P>) => Change<P, "put">): Promise<Reply<Result<P> | Result<P, "put">>>;
  edit<P extends EditPath>(
    path: P, options: EditOptions<P, "patch">, change: (record: Result<P>) => Change<P, "patch">,
  ): Promise<Reply<Result<P> | Result<P, "patch">>>;
  /** A view whose reads are as of a position, an instant or a release. */
  asOf(moment: string): Reader<AsOfPath, "asOf">;
}

/** The options of a call without the types of its path. */
export interface AnyOptions extends CallOptions {
  path?: Parameters;
  query?: Parameters;
  headers?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  cache?: RequestCache;
}
type AnyPage = { items: unknown[]; next: string | null; complete?: boolean };

export function createClient(options: ClientOptions): Client {
  const base = new URL(options.baseUrl);
  const settings: Settings = {
    base,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    headers: new Headers({ ...options.headers, ...(options.key === undefined ? {} : { Authorization: `Bearer ${options.key}` }) }),
    timeout: options.timeout ?? 60_000,
    retries: options.retries ?? 3,
    maxRetryWait: options.maxRetryWait ?? 60_000,
  };

  async function request<T>(method: Method, url: URL, call: AnyOptions, read: (response: Response) => Promise<T>): Promise<T> {
    const headers = headersOf(settings.headers, call.headers);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    if (body !== undefined)
      headers.set("Content-Type", "application/json");
    if (method !== "get" && options.idempotencyKeys !== false && !headers.has("Idempotency-Key"))
      headers.set("Idempotency-Key", newKey());
    const { signal, timeout, cache } = call;
    return send(settings, { method: method.toUpperCase(), url, headers, body, signal, timeout, cache }, read);
  }

  const call = (method: Method, path: string, o: AnyOptions = {}): Promise<Reply<unknown>> =>
    request(method, addressOf(base, path, o.path, o.query), o, replyOf);

  function readerOf(fixed: Parameters): Reader<PathWith<"get">> {
    const address = (path: string, o: AnyOptions): URL => addressOf(base, path, o.path, { ...o.query, ...fixed });

    async function* pages(path: string, o: AnyOptions = {}): AsyncGenerator<AnyPage, void, void> {
      for (let url: URL | null = address(path, o); url !== null;) {
        const { data } = await request("get", url, o, replyOf) as Reply<AnyPage>;
        o.signal?.throwIfAborted();
        yield data;
        url = data.complete === true || data.next === null ? null : linkOf(base, data.next);
      }
    }

    async function* all(path: string, o: AnyOptions = {}): AsyncGenerator<unknown, void, void> {
      for await (const page of pages(path, o)) {
        for (const item of page.items) {
          o.signal?.throwIfAborted();
          yield item;
        }
      }
    }

    return {
      get: (path: string, o: AnyOptions = {}) => request("get", address(path, o), o, replyOf),
      getIfChanged: async (path: string, etag: string, o: AnyOptions = {}) => {
        const conditional = { ...o, headers: { ...o.headers, "If-None-Match": etag } };
        const reply = await request("get", address(path, o), conditional, replyOf);
        return reply.status === 304 ? null : reply;
      },
      response: (path: string, o: AnyOptions = {}) => request("get", address(path, o), o, (response) => Promise.resolve(response)),
      all,
      pages,
    } as unknown as Reader<PathWith<"get">>;
  }

  const client = {
    ...readerOf({}),
    post: (path: string, o?: AnyOptions) => call("post", path, o),
    put: (path: string, o?: AnyOptions) => call("put", path, o),
    patch: (path: string, o?: AnyOptions) => call("patch", path, o),
    delete: (path: string, o?: AnyOptions) => call("delete", path, o),
    edit: (path: string, o: AnyOptions & { method?: "patch" | "put"; attempts?: number }, change: (record: unknown) => unknown) =>
      edit(call, path, o, change),
    asOf: (moment: string) => readerOf({ asOf: moment }),
  };
  return client as unknown as Client;
}

async function replyOf(response: Response): Promise<Reply<unknown>> {
  const text = response.status === 304 ? "" : await response.text();
  return {
    data: text === "" ? undefined : isJson(response) ? JSON.parse(text) : text,
    status: response.status,
    headers: response.headers,
    etag: response.headers.get("ETag"),
    position: response.headers.get("Position"),
  };
}

/** `fetch` sends only Latin letters in headers: a note in another script is encoded as the contract describes. */
function headersOf(common: Headers, own: AnyOptions["headers"] = {}): Headers {
  const headers = new Headers(common);
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined)
      continue;
    if (name.toLowerCase() === "change-note" && /[^ -~]/.test(value))
      headers.set("Change-Note-Encoded", `UTF-8''${encodeURIComponent(value)}`);
    else
      headers.set(name, value);
  }
  return headers;
}

/** `crypto.randomUUID` is missing on pages without TLS. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
