import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';
import { precompress } from './precompress.ts';

/** Where `vite` (the development server) finds a running API. The built page asks the server it came from. */
const LOCAL_API = 'http://127.0.0.1:8080';

export default defineConfig(({ mode }) => {
  const { MINGZAO_API } = loadEnv(mode, '.', 'MINGZAO_');
  // The API takes changes only from its own page: the host must stay the one that the browser sees.
  const api = { target: MINGZAO_API ?? LOCAL_API, changeOrigin: false };
  return {
    plugins: [react(), precompress()],
    build: {
      // WebViews of phones that are a few years old, WeChat's among them; the page's own top-level await needs no less.
      target: ['chrome90', 'safari15'],
      // The page is served under a strict content security policy: no inlined data: scripts or fonts.
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              {
                name: 'react',
                test: /node_modules[\\/](react|react-dom|scheduler|i18next|react-i18next|@tanstack)[\\/]/,
              },
            ],
          },
        },
      },
    },
    server: { proxy: { '/api': api, '/files': api } },
  };
});
