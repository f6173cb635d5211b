import type { FastifyRequest } from 'fastify';

/** Where Zoho keeps organisations: the `location` of its callbacks. */
export const locations = ['us', 'eu', 'in', 'au', 'jp', 'cn', 'ca', 'sa', 'uk'] as const;
export type Location = (typeof locations)[number];

/** Stands for `https://accounts.zoho.com`, `https://accounts.zoho.eu`, … */
export const accountsUrlOf = (request: FastifyRequest, location: Location): string =>
  `${request.protocol}://${request.host}/zoho/accounts/${location}`;

/** Stands for `https://www.zohoapis.com`, `https://www.zohoapis.eu`, …: the `api_domain` of token answers. */
export const apiUrlOf = (request: FastifyRequest, location: Location): string =>
  `${request.protocol}://${request.host}/zoho/apis/${location}`;
