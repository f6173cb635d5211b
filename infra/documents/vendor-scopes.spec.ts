import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { OutboundHttp } from '@crossdock/outbound-http';
import { vendorAppsShape, vendorAuthorisations } from '../../apps/gateway/src/connections/vendor-authorisations.ts';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';

/** Every vendor's app is set up, so that every vendor is there. */
const everyApp = z.object(vendorAppsShape).parse(
  Object.fromEntries(Object.keys(vendorAppsShape).filter((name) => /Client(Id|Secret)$/.test(name)).map((name) => [name, 'app'])));
const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: false });
const vendors = Object.values(vendorAuthorisations(http, everyApp));

describe.each(vendors)('the page of $vendor', ({ vendor, scopes }) => {
  const page = readFileSync(join(ROOT, 'docs/vendors', `${vendor}.md`), 'utf8');

  it('names each permission that is asked for with its reason, and no other', () => {
    const [, chapter = ''] = /\n## Scopes\n([\s\S]*?)(\n## |$)/.exec(page) ?? [];
    const rows = [...chapter.matchAll(/^\| `([^`]+)`([^|]*)\| (.+) \|$/gm)].map(([, name, more = '', reason = '']) => ({ name, isReasoned: reason.length > 10, isOptional: more.includes('(optional)') }));
    expect(rows).toEqual(scopes.map(({ name, isOptional = false }) => ({ name, isReasoned: true, isOptional })));
  });
});
