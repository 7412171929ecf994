type Awaitable<T> = T | Promise<T>;

/** Where a follower keeps the position it has got to. */
export interface PositionStore {
  /** The position that was stored last; null at the first start. */
  load(): Awaitable<string | null>;
  /** Left out where the callbacks store the position themselves, together with their work. */
  save?(position: string): Awaitable<void>;
}

/** Keeps the position until the program ends. */
export function memoryStore(): PositionStore {
  let stored: string | null = null;
  return {
    load: () => stored,
    save: (position) => void (stored = position),
  };
}

/** Keeps the position in `localStorage`, `sessionStorage` or another `Storage`. */
export function webStore(storage: Pick<Storage, "getItem" | "setItem">, name = "tajik-taliban-position"): PositionStore {
  return {
    load: () => storage.getItem(name),
    save: (position) => storage.setItem(name, position),
  };
}
