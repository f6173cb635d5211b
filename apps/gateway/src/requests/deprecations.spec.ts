import { describe, expect, it } from '@jest/globals';
import { deprecatedRoutes, deprecationHeaders } from './deprecations.ts';

const halfAYearMs = 182 * 86_400_000;

describe('a route that will go', () => {
  it('says since when, until when and what to use in its place', () => {
    expect(deprecationHeaders({ method: 'GET', path: '/v1/old', deprecatedAt: '2026-11-21T00:00:00.000Z', sunsetAt: '2027-06-01T00:00:00.000Z', successor: '/v1/new' })).toEqual({
      deprecation: '@1795219200', sunset: 'Tue, 01 Jun 2027 00:00:00 GMT', link: '</v1/docs>; rel="deprecation"; type="text/html", </v1/new>; rel="successor-version"',
    });
  });

  it('is there for half a year more', () => {
    expect(deprecatedRoutes.filter(({ deprecatedAt, sunsetAt }) => Date.parse(sunsetAt) - Date.parse(deprecatedAt) < halfAYearMs)).toEqual([]);
  });
});
