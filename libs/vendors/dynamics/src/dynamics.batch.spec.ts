import { describe, expect, it } from '@jest/globals';
import { readBatch, writeBatch } from './dynamics.batch.ts';

describe('a batch', () => {
  it('is written as OData wants it: parts in order, each with its own request line, ended by its boundary', () => {
    const { contentType, body } = writeBatch('https://org.crm.dynamics.com/api/data/v9.2', [
      { method: 'PATCH', path: 'contacts(1)', headers: { Prefer: 'return=representation' }, body: { lastname: 'A' } }, { method: 'POST', path: 'WinOpportunity', body: {} },
    ]);
    const boundary = /boundary="(.+)"/.exec(contentType)?.[1] ?? '';
    expect(body.split('\r\n')).toEqual([
      `--${boundary}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '', 'PATCH https://org.crm.dynamics.com/api/data/v9.2/contacts(1) HTTP/1.1',
      'Content-Type: application/json', 'Prefer: return=representation', '', '{"lastname":"A"}',
      `--${boundary}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '', 'POST https://org.crm.dynamics.com/api/data/v9.2/WinOpportunity HTTP/1.1',
      'Content-Type: application/json', '', '{}', `--${boundary}--`, '',
    ]);
  });

  const part = (...lines: string[]): string => ['--b', 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '', ...lines, ''].join('\r\n');

  it('is read answer by answer, with headers and whatever stands in the body', () => {
    const text = `${part('HTTP/1.1 201 Created', 'OData-Version: 4.0', '', '{"note":"--b is no boundary here"}')}${part('HTTP/1.1 204 No Content', 'OData-EntityId: x', '')}${
      part('HTTP/1.1 429 Unknown Status Code', 'Retry-After: 7', '', '{"error":{}}')}--b--\r\n`;
    expect(readBatch('multipart/mixed; boundary=b', text.replace('--b is', 'b is'))?.map(({ status, body, headers }) => [status, body, headers.get('retry-after')])).toEqual([
      [201, '{"note":"b is no boundary here"}', null], [204, '', null], [429, '{"error":{}}', '7'],
    ]);
  });

  it('that is none is not taken for one', () => {
    expect(readBatch('application/json', '{}')).toBeUndefined();
    expect(readBatch('multipart/mixed; boundary=b', `${part('garbage')}--b--`)).toBeUndefined();
  });
});
