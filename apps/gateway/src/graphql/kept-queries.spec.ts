import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { keptQueriesSetting, queryOf } from './kept-queries.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-queries-'));
afterAll(() => rmSync(folder, { recursive: true }));

const query = '{ orders { nodes { id } } }';
const hash = createHash('sha256').update(query).digest('hex');
const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { sha256Hash } } });

function fileOf(content: string): string {
  const file = join(folder, `${createHash('sha256').update(content).digest('hex')}.json`);
  writeFileSync(file, content);
  return file;
}

describe('documents that are kept', () => {
  const kept = keptQueriesSetting.parse(fileOf(JSON.stringify({ [hash]: query })));

  it('are served by their hash or their text, and nothing else is', () => {
    expect(queryOf(byHash(hash), kept)).toBe(query);
    expect(queryOf({ query }, kept)).toBe(query);
    expect(() => queryOf({ query: '{ connections { nodes { id } } }' }, kept)).toThrow('Only documents that are kept here are served');
    expect(() => queryOf(byHash('0'.repeat(64)), kept)).toThrow('Only documents that are kept here are served');
    expect(() => queryOf({ query: '{ __typename }', ...byHash(hash) }, kept)).toThrow('is not that of the query');
  });

  it('may be none, and then every document is served', () => {
    expect(queryOf({ query }, undefined)).toBe(query);
    expect(() => queryOf(byHash(hash), undefined)).toThrow('No documents are kept here');
    expect(() => queryOf({}, undefined)).toThrow('Send a query.');
  });

  it.each([
    ['is not there', join(folder, 'none.json')], ['is no JSON', fileOf('{')], ['has another form', fileOf('{"a": 1}')],
    ['holds a document under the hash of another', fileOf(JSON.stringify({ ['0'.repeat(64)]: query }))],
  ])('keep the gateway from starting where their file %s', (_, file) => {
    expect(keptQueriesSetting.safeParse(file).success).toBe(false);
  });
});
