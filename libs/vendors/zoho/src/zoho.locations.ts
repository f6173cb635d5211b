import { z } from 'zod';

/**
 * Accounts servers by `location`, as Zoho's callbacks name it.
 * Source: https://www.zoho.com/accounts/protocol/oauth/multi-dc.html
 */
export const accountsServers = {
  us: 'https://accounts.zoho.com',
  eu: 'https://accounts.zoho.eu',
  in: 'https://accounts.zoho.in',
  au: 'https://accounts.zoho.com.au',
  jp: 'https://accounts.zoho.jp',
  cn: 'https://accounts.zoho.com.cn',
  ca: 'https://accounts.zohocloud.ca',
  sa: 'https://accounts.zoho.sa',
  uk: 'https://accounts.zoho.uk',
} as const;
export type ZohoLocation = keyof typeof accountsServers;

export const locationSchema = z.enum(['us', 'eu', 'in', 'au', 'jp', 'cn', 'ca', 'sa', 'uk']);
