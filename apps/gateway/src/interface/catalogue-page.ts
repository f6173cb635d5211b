import { escapeHtml } from '../html-page.ts';
import type { CataloguedEndpoint, CataloguedEvent, DeprecationState } from './interface-catalogue.ts';
import { inline, interfacePage, jsonBlock } from './interface-page.ts';

/** What services and callers tell each other, as a page for people. */
export function renderCatalogue({ events, endpoints }: { readonly events: readonly CataloguedEvent[]; readonly endpoints: readonly CataloguedEndpoint[] }): string {
  return interfacePage('Catalogue of Crossdock’s interfaces',
    '<p>Generated from the contracts and routes of this very version. The same for programs: <a href="/v1/catalogue.json">JSON</a>. How to call: <a href="/v1/docs">the interface</a>.</p>'
    + `<h2>Events</h2>${events.map(renderEvent).join('')}<h2>Endpoints</h2>${endpoints.map(renderEndpoint).join('')}`);
}

function renderEvent({ type, version, owners, consumers, description, schema, deprecation }: CataloguedEvent): string {
  return `<details><summary><code>${escapeHtml(type)}</code> – ${inline(description)}</summary>`
    + `<p>Said by ${inline(owners.join(', '))}. Heard by ${inline(consumers.join(', '))}. Version ${inline(version)}, ${stateOf(deprecation)}.</p>${jsonBlock(schema)}</details>`;
}

function renderEndpoint({ method, path, version, owner, consumers, scopes, description, schema, deprecation }: CataloguedEndpoint): string {
  return `<details><summary><span class="verb">${escapeHtml(method)}</span> <code>${escapeHtml(path)}</code> – ${inline(description)}</summary>`
    + `<p>Owned by ${inline(owner)}. For ${consumers}${scopes.map((scope) => `, <code>${escapeHtml(scope)}</code>`).join('')}. Version ${inline(version)}, ${stateOf(deprecation)}.</p>`
    + `${schema === undefined ? '' : jsonBlock(schema)}</details>`;
}

function stateOf(deprecation: DeprecationState): string {
  if (deprecation.state === 'current') return 'current';
  return deprecation.successor === undefined ? 'deprecated' : `deprecated in favour of <code>${escapeHtml(deprecation.successor)}</code>`;
}
