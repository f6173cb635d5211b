import { Answers } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { AnswerCheckInterceptor } from './answer-check.interceptor.ts';

const treeSchema = z.object({ name: z.string(), plantedAt: z.date().transform((at) => at.toISOString()).pipe(z.iso.datetime()), tags: z.array(z.string()).readonly() }).meta({ id: 'Tree' });
const oak = { name: 'Oak', plantedAt: '2026-03-01T00:00:00.000Z', tags: [] };

Logger.overrideLogger(false);

@Controller()
class Trees {
  @Get('right')
  @Answers(treeSchema)
  right(): z.infer<typeof treeSchema> {
    return oak;
  }

  @Get('more')
  @Answers(treeSchema)
  more(): z.infer<typeof treeSchema> {
    const more = { ...oak, secret: 'x' };
    return more;
  }

  @Get('unread')
  @Answers(treeSchema)
  unread(): z.infer<typeof treeSchema> {
    return { ...oak, plantedAt: 'long ago' };
  }

  @Get('undeclared')
  undeclared(): unknown {
    return { anything: 1 };
  }

  // @ts-expect-error -- The decorator refuses a handler whose answer is of another shape than it says.
  @Answers(treeSchema)
  wrong(): { readonly name: number } {
    return { name: 1 };
  }
}

@Module({ controllers: [Trees] })
class Wood {}

async function answersOf(...paths: readonly string[]): Promise<Array<readonly [number, string]>> {
  const app = await NestFactory.create<NestFastifyApplication>(Wood, new FastifyAdapter());
  app.useGlobalInterceptors(new AnswerCheckInterceptor());
  await app.init();
  const answers = await Promise.all(paths.map(async (url) => app.inject({ url })));
  await app.close();
  return answers.map(({ statusCode, body }) => [statusCode, body] as const);
}

describe('the check of answers', () => {
  it('lets through what is as it was declared, and what nothing was said of', async () => {
    expect(await answersOf('/right', '/undeclared')).toEqual([[200, JSON.stringify(oak)], [200, '{"anything":1}']]);
  });

  it('refuses an answer that says more than was declared, or something else, and says where', async () => {
    expect(await answersOf('/more', '/unread')).toEqual([
      [500, expect.stringMatching(/Trees\.more does not answer as it declares: .*secret/)], [500, expect.stringMatching(/Trees\.unread .*plantedAt/)],
    ]);
  });
});
