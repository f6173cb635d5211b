import { describe, expect, it } from '@jest/globals';
import { ApiProblem } from './api-problem.ts';
import { wrongPlaces } from './wrong-places.ts';

const refused = (...errors: ReadonlyArray<readonly [pointer: string, detail: string]>): ApiProblem =>
  new ApiProblem({ status: 422, code: 'invalid', detail: 'Some fields are missing or wrong.', errors: errors.map(([pointer, detail]) => ({ pointer, detail })) });

describe('what is wrong with a request', () => {
  it('stands at the place that it is about, or that it lies within', () => {
    const { at, isAll } = wrongPlaces(refused(['/name', 'is taken'], ['/sides/0', 'is no CRM'], ['/sides/1/reads', 'is missing']), ['/name', '/sides']);
    expect([...at]).toEqual([['/name', 'is taken'], ['/sides', 'is no CRM is missing']]);
    expect(isAll).toBe(true);
  });

  it('stands at the first place within what it is about as a whole', () => {
    expect([...wrongPlaces(refused(['/credentials', 'are refused']), ['/settings/shopUrl', '/credentials/key', '/credentials/secret']).at]).toEqual([['/credentials/key', 'are refused']]);
  });

  it('is not all told by its places where some of it is about another one, or where nothing is named', () => {
    expect(wrongPlaces(refused(['/name', 'is taken'], ['/names', 'is unknown']), ['/name'])).toEqual({ at: new Map([['/name', 'is taken']]), isAll: false });
    expect(wrongPlaces(refused(), ['/name'])).toEqual({ at: new Map(), isAll: false });
    expect(wrongPlaces(new Error('no problem document'), ['/name'])).toEqual({ at: new Map(), isAll: false });
  });
});
