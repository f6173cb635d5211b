import { describe, expect, it } from '@jest/globals';
import { ChunkSize } from './chunk-size.ts';

describe('How many messages a transaction takes', () => {
  it('shrinks to what fits where they take long, and never to nothing', () => {
    const size = new ChunkSize();
    size.took(200, 500);
    expect(size.most).toBe(100);
    size.took(100, 60_000);
    expect(size.most).toBe(10);
  });

  it('grows again by chunks that were quick, also where none of them was full', () => {
    const size = new ChunkSize();
    size.took(100, 500);
    expect(size.most).toBe(50);
    size.took(40, 100);
    expect(size.most).toBe(100);
    size.took(90, 1);
    expect(size.most).toBe(360);
  });

  it('stays as it is where few were quick', () => {
    const size = new ChunkSize();
    size.took(3, 20);
    expect(size.most).toBe(250);
  });

  it('never grows without bounds', () => {
    const size = new ChunkSize();
    for (let round = 0; round < 5; round += 1) size.took(size.most, 1);
    expect(size.most).toBe(2_000);
  });

  it('lets a transaction take as long as messages gather', () => {
    const size = new ChunkSize(500);
    size.took(100, 500);
    expect(size.most).toBe(250);
    size.took(100, 1_000);
    expect(size.most).toBe(50);
  });
});
