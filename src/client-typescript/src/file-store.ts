import { readFile } from "node:fs/promises";
import { replaceFile } from "./files.js";
import type { PositionStore } from "./stores.js";

/** Keeps the position in a file, which is replaced as a whole. */
export function fileStore(path: string): PositionStore {
  return {
    load: async () => {
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT")
          return null;
        throw error;
      }
      const { position } = JSON.parse(text) as { position?: unknown };
      if (typeof position !== "string")
        throw new Error(`${path} holds no position`);
      return position;
    },
    save: (position) => replaceFile(path, (append) => append(`${JSON.stringify({ position })}\n`)),
  };
}
