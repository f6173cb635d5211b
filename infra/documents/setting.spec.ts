import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { settingsOf } from './setting.ts';

describe('a setting', () => {
  it('is required where the schema takes nothing for an answer', () => {
    expect(settingsOf(z.object({ ordersUrl: z.url().describe('Where orders is.') }))).toEqual([
      { variable: 'ORDERS_URL', description: 'Where orders is.', isRequired: true },
    ]);
  });

  it('is shown with its default and its bounds', () => {
    expect(settingsOf(z.object({
      poolSize: z.coerce.number().int().min(2).max(200).default(10).describe('Connections.'),
      logLevel: z.enum(['info', 'warn']).default('info').describe('Level.'),
      allowPrivate: z.stringbool().default(false).describe('For development.'),
      rows: z.coerce.number().int().min(100).default(1_000).describe('Rows.'),
    })).map(({ variable, isRequired, defaultValue, bounds }) => [variable, isRequired, defaultValue, bounds])).toEqual([
      ['POOL_SIZE', false, '10', '2 to 200'],
      ['LOG_LEVEL', false, 'info', '`info`, `warn`'],
      ['ALLOW_PRIVATE', false, 'false', '`true`, `false`'],
      ['ROWS', false, '1000', 'at least 100'],
    ]);
  });

  it('that is optional is described by what it would be', () => {
    expect(settingsOf(z.object({ clientId: z.string().describe('The app.') }).partial())).toEqual([
      { variable: 'CLIENT_ID', description: 'The app.', isRequired: false },
    ]);
  });

  it('must say what it is', () => {
    expect(() => settingsOf(z.object({ ordersUrl: z.url() }))).toThrow('ORDERS_URL has no description');
  });
});
