import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { zohoAppShape } from './zoho.app.ts';

const read = (zohoClientSecrets?: string) => z.object(zohoAppShape).safeParse({ zohoClientId: 'id', zohoClientSecret: 'one', zohoClientSecrets });

describe('the settings of the Zoho app', () => {
  it('may name a secret for each data centre, also one with a colon', () => {
    expect(read('eu:secret of Europe, in:a:b').data?.zohoClientSecrets).toEqual({ eu: 'secret of Europe', in: 'a:b' });
    expect(read().data?.zohoClientSecrets).toBeUndefined();
  });

  it('say which entry is wrong, and nothing of its value', () => {
    const fault = read('eu:right,moon:hidden').error?.issues[0]?.message;
    expect(fault).toContain('entry 2');
    expect(fault).not.toContain('hidden');
    expect(read('just-a-secret').success).toBe(false);
  });
});
