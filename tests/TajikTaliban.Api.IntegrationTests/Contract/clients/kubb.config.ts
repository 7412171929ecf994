import { defineConfig } from "@kubb/core";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginZod } from "@kubb/plugin-zod";

export default defineConfig({
  root: ".",
  input: { path: "../../../../openapi/v1.json" },
  output: { path: "./generated/kubb", clean: true, format: false },
  plugins: [pluginOas(), pluginZod()],
});
