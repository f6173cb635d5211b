import { createHash } from 'node:crypto';
import { escapeHtml, pageHeaders } from '../html-page.ts';

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h2{margin-top:2.5rem}summary{cursor:pointer}details{border-top:1px solid #ccc;padding:.4rem 0}pre{overflow:auto;background:#f4f4f4;padding:.5rem}code,pre{font-size:.9em}.verb{display:inline-block;min-width:4.5rem;font-weight:600}`;

/** Headers of a page about the interface: it loads and runs nothing, and its own style is named by its hash. */
export const interfacePageHeaders = {
  ...pageHeaders,
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/** A page about the interface. @param content HTML that is written already */
export function interfacePage(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head>`
    + `<body><main><h1>${escapeHtml(title)}</h1>${content}</main></body></html>`;
}

/** What such a page looks like. */
export const interfacePageExample = interfacePage('Crossdock 1.0.0', '<h2>Orders</h2>');

/** Text with code between backticks. */
export function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** A JSON document as people read it. */
export function jsonBlock(document: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(document, undefined, 2))}</pre>`;
}
