import { defineConfig } from 'vite';

/** The gateway serves what is built below `/console` and lets it run its own files alone, so nothing is put into the page itself. JSX is read as tsconfig.json says. */
export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Libraries mark what a server may not run; here nothing runs on one.
      onLog: (level, log, defaultHandler) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') defaultHandler(level, log);
      },
    },
  },
});
