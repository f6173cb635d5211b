import { Failure } from '@crossdock/contracts';
import { ConflictException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeProblem, wrongAt } from './problem.ts';

describe('the place of a request that is wrong', () => {
  const detail = 'There is a sync named Tea already.';

  it('is told in the same form whoever finds it: a schema, a service or a route', () => {
    const thrownBySchema = z.object({ sides: z.array(z.string()) }).safeParse({ sides: ['a', 1] }).error;
    expect(describeProblem(thrownBySchema)).toMatchObject({ status: 422, code: 'invalid', errors: [{ pointer: '/sides/1', detail: expect.any(String) }] });
    expect(describeProblem(new Failure('conflict', detail, { pointer: '/name' }))).toMatchObject({ status: 409, code: 'conflict', detail, errors: [{ pointer: '/name', detail }] });
    expect(describeProblem(new ConflictException(wrongAt('/name', detail)))).toMatchObject({ status: 409, detail, errors: [{ pointer: '/name', detail }] });
  });

  it('is a JSON pointer also where its name holds the signs of one', () => {
    const thrown = z.record(z.string(), z.number()).safeParse({ 'a/b~c': 'no number' }).error;
    expect(describeProblem(thrown)).toMatchObject({ errors: [{ pointer: '/a~1b~0c' }] });
  });

  it('is not told of a field of the vendor’s, which is none of the caller’s', () => {
    expect(describeProblem(new Failure('invalid', 'HubSpot has no such stage.', { field: 'dealstage' }))).not.toHaveProperty('errors');
  });

  it('tells nothing of a fault of ours', () => {
    expect(JSON.stringify(describeProblem(new Failure('unexpected', 'password hunter2', { pointer: '/name' })))).not.toContain('hunter2');
  });
});
