import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { thirdPartyNotices } from './scripts/notices.ts';
import { offline, SERVICE_WORKER } from './scripts/offline.ts';
import { SECURITY_HEADERS, securityHeaders } from './scripts/security-headers.ts';
import { withoutEval } from './scripts/without-eval.ts';

const notices = thirdPartyNotices();

export default defineConfig({
  // Relative addresses, so that the built page works from any folder of any host.
  base: './',
  plugins: [react(), withoutEval(), securityHeaders(), notices.modules(), notices.file, offline()],
  worker: { format: 'es', plugins: () => [withoutEval(), notices.modules()] },
  preview: { headers: { ...SECURITY_HEADERS } },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { index: 'index.html', 'service-worker': 'src/worker/offline/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? SERVICE_WORKER : 'assets/[name]-[hash].js'),
      },
    },
  },
});
