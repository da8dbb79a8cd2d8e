import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const api = "http://127.0.0.1:8787";

export default defineConfig({
  plugins: [
    // A line break between two words of a template is a space, as in HTML.
    vue({ template: { compilerOptions: { whitespace: "preserve" } } }),
  ],
  build: {
    target: "es2022",
    // Nothing inline: the server sends a Content-Security-Policy that allows files of its own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
  },
  worker: { format: "es" },
  // The words of the codes lie beside the C++ sources.
  server: { proxy: { "/api": api }, fs: { allow: [".."] } },
});
