import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { addAnswerHeaders } from './answer-headers.ts';
import { deprecatedRoutes, deprecationHeaders, type DeprecatedRoute } from './deprecations.ts';

const halfAYearMs = 182 * 86_400_000;

const old: DeprecatedRoute = { method: 'GET', path: '/v1/old/:id', deprecatedAt: '2026-11-21T00:00:00.000Z', sunsetAt: '2027-06-01T00:00:00.000Z', successor: '/v1/new' };

Logger.overrideLogger(false);

@Controller('v1')
class Routes {
  @Get('old/:id')
  old(): unknown {
    return {};
  }

  @Get('new')
  new(): unknown {
    return {};
  }
}

@Module({ controllers: [Routes] })
class Interface {}

describe('a route that will go', () => {
  it('says so with each of its answers, and no other route does', async () => {
    const app = await NestFactory.create<NestFastifyApplication>(Interface, new FastifyAdapter());
    addAnswerHeaders(app, [old]);
    await app.init();
    const [going, staying] = await Promise.all(['/v1/old/1', '/v1/new'].map(async (url) => app.inject({ url })));
    await app.close();
    expect(going?.headers).toMatchObject(deprecationHeaders(old));
    expect(Object.keys(staying?.headers ?? {}).filter((name) => /deprecation|sunset|link/.test(name))).toEqual([]);
  });

  it('says since when, until when and what to use in its place', () => {
    expect(deprecationHeaders({ method: 'GET', path: '/v1/old', deprecatedAt: '2026-11-21T00:00:00.000Z', sunsetAt: '2027-06-01T00:00:00.000Z', successor: '/v1/new' })).toEqual({
      deprecation: '@1795219200', sunset: 'Tue, 01 Jun 2027 00:00:00 GMT', link: '</v1/docs>; rel="deprecation"; type="text/html", </v1/new>; rel="successor-version"',
    });
  });

  it('is there for half a year more', () => {
    expect(deprecatedRoutes.filter(({ deprecatedAt, sunsetAt }) => Date.parse(sunsetAt) - Date.parse(deprecatedAt) < halfAYearMs)).toEqual([]);
  });
});
