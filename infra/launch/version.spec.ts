import { describe, expect, it } from '@jest/globals';
import { isAtLeast } from './version.mjs';

describe('comparing versions', () => {
  it.each([
    ['v24.21.0', '24.11.0', true],
    ['v24.11.0', '24.11.0', true],
    ['v24.9.0', '24.11.0', false],
    ['v20.20.2', '24.11.0', false],
    ['v26.0.0', '24.11.0', true],
    ['17.0.15', '17', true],
    ['1.8.0_452', '17', false],
    ['21', '17', true],
    ['17', '17.0.1', false],
    ['unknown', '1', false],
  ])('%s is at least %s: %s', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
