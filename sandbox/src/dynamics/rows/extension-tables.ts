import { randomUUID } from 'node:crypto';
import type { Rows } from './rows.ts';
import { lookup, text, type Table } from './tables.ts';

/** Messages that a step can be registered for, by table. */
const messages: Readonly<Record<string, readonly string[]>> = {
  opportunity: ['Create', 'Update', 'Delete', 'Win', 'Lose'], contact: ['Create', 'Update', 'Delete', 'Merge'], account: ['Create', 'Update', 'Delete', 'Merge'],
};

/** The tables in which an environment keeps who is told of what. Nobody is told of changes in them. */
export function extensionTables(): Table[] {
  const table = (logicalName: string, required: string[], columns: Table['columns']): Table => (
    { logicalName, entitySet: `${logicalName}s`, primaryKey: `${logicalName}id`, alternateKeys: [], required, columns, isExtension: true }
  );
  return [
    table('sdkmessage', ['name'], { name: text(256) }),
    table('sdkmessagefilter', [], { primaryobjecttypecode: text(64), sdkmessageid: lookup('sdkmessages', 'sdkmessageid') }),
    table('serviceendpoint', ['name', 'contract'], {
      name: text(256), url: text(2_000), contract: { type: 'integer' }, authtype: { type: 'integer' }, authvalue: { type: 'text', maxLength: 2_048, isWriteOnly: true },
      messageformat: { type: 'integer' }, description: text(2_000),
    }),
    table('sdkmessageprocessingstep', ['name', 'stage', 'mode', 'sdkmessageid', 'eventhandler'], {
      name: text(256), description: text(256), stage: { type: 'integer' }, mode: { type: 'integer' }, rank: { type: 'integer' }, supporteddeployment: { type: 'integer' },
      statecode: { type: 'integer' }, statuscode: { type: 'integer' }, asyncautodelete: { type: 'boolean' }, filteringattributes: text(100_000),
      eventhandler: lookup('serviceendpoints', 'eventhandler_serviceendpoint'), sdkmessageid: lookup('sdkmessages', 'sdkmessageid'),
      sdkmessagefilterid: lookup('sdkmessagefilters', 'sdkmessagefilterid'),
    }),
  ];
}

/** What every environment has from its beginning. */
export function createMessages(rows: Rows): void {
  const ids = new Map([...new Set(Object.values(messages).flat())].map((name) => [name, rows.create(rows.tableOf('sdkmessages'), { name }).id]));
  for (const [primaryobjecttypecode, names] of Object.entries(messages)) {
    for (const name of names) rows.create(rows.tableOf('sdkmessagefilters'), { primaryobjecttypecode, sdkmessageid: ids.get(name) ?? randomUUID() });
  }
}
