export { fileStore } from "./file-store.js";
export { openFileCopy, type FileCopy } from "./file-copy.js";
