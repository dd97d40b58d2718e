import type { Plugin } from 'vite';

/**
 * The permissions of the built page, directive by directive; everything else is refused.
 *
 * `'wasm-unsafe-eval'` lets WebAssembly compile, and nothing else: no `eval`, no inline script. No style may be inline
 * either: Mantine's variables are an adopted style sheet (src/ui/theme-variables.ts), and styles that React and canvas
 * code set through the object model are no inline style in the sense of the policy.
 */
const POLICY: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

const written = (policy: Readonly<Record<string, string>>) =>
  Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');

/**
 * Put the page in a process of its own, which lets its workers share memory. The page loads nothing of other origins, so
 * nothing is lost by it. Workers need the header of the page. The service worker sends the same (its own copy, as it is a
 * script of the page): hosts without headers are isolated from the second visit on.
 */
const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Headers for every file of the page. A worker follows the policy it was itself served with, not the page's, so these
 * have to come with the scripts too; `frame-ancestors` counts in a header only.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': written({ ...POLICY, 'frame-ancestors': "'none'" }),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  ...ISOLATION,
};

/**
 * Writes the policy into the built index.html, for hosts that send no headers of one's own, and all headers into
 * `_headers`, which Netlify, Cloudflare Pages and others read.
 */
export function securityHeaders(): Plugin {
  return {
    name: 'security-headers',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: written(POLICY) },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      const lines = Object.entries(SECURITY_HEADERS).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('\n')}\n` });
    },
  };
}
