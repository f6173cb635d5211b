import 'reflect-metadata';
import { callPriority } from '@crossdock/rate-budgets';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { InteractiveCalls } from './interactive-calls.ts';

const begun = Promise.withResolvers<undefined>();
const goOn = Promise.withResolvers<undefined>();

@Controller()
class PriorityController {
  @Get('priority')
  async priority(): Promise<{ priority: string }> {
    begun.resolve(undefined);
    await goOn.promise;
    return { priority: callPriority.current() };
  }
}

@Module({ controllers: [PriorityController], providers: [{ provide: APP_INTERCEPTOR, useClass: InteractiveCalls }] })
class PriorityModule {}

let app: NestFastifyApplication;

beforeAll(async () => {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options as a class and documents them as an object.
  app = await NestFactory.create<NestFastifyApplication>(PriorityModule, new FastifyAdapter(), { logger: false });
  await app.init();
});
afterAll(() => app.close());

describe('the priority of vendor calls', () => {
  it('is interactive for what an HTTP request asks for, to the end of its work, also where something else lets it go on', async () => {
    const answer = Promise.resolve(app.inject({ url: '/priority' }));
    await begun.promise;
    expect(callPriority.current()).toBe('background');
    goOn.resolve(undefined);
    expect((await answer).json()).toEqual({ priority: 'interactive' });
  });

  it('is background for everything else', () => {
    expect(callPriority.current()).toBe('background');
  });
});
