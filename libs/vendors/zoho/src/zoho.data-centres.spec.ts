import { describe, expect, it } from '@jest/globals';
import { fileAddressOf, uploadServerOf } from './zoho.data-centres.ts';

describe('the files of a Zoho organisation', () => {
  it.each([
    ['https://www.zohoapis.com', 'https://upload.zoho.com'], ['https://www.zohoapis.eu', 'https://upload.zoho.eu'], ['https://www.zohoapis.com.cn', 'https://upload.zoho.com.cn'],
    ['https://www.zohoapis.ca', 'https://upload.zohocloud.ca'], ['http://127.0.0.1:8080/zoho/apis/eu', 'http://127.0.0.1:8080/zoho/apis/eu'],
  ])('of %s are brought to %s', (apiDomain, server) => {
    expect(uploadServerOf(apiDomain)).toBe(server);
  });

  it('are fetched from Zoho alone, since its token goes along', () => {
    const apiDomain = 'https://www.zohoapis.eu';
    expect(fileAddressOf(apiDomain, 'https://download-accl.zoho.eu/v2/crm/1/bulk-write/2.zip')).toBe('https://download-accl.zoho.eu/v2/crm/1/bulk-write/2.zip');
    expect(fileAddressOf(apiDomain, '/crm/bulk/v8/read/1/result')).toBe('https://www.zohoapis.eu/crm/bulk/v8/read/1/result');
    for (const other of ['https://zoho.eu.example.com/x', 'http://download.zoho.eu/x', 'https://evilzoho.eu/x', '//example.com/x']) {
      expect(() => fileAddressOf(apiDomain, other)).toThrow('none of its own');
    }
  });
});
