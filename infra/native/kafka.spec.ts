import { describe, expect, it } from '@jest/globals';
import { serverProperties } from './kafka.ts';

describe("Kafka's settings", () => {
  const settings = serverProperties({ port: 19_092, controllerPort: 19_093, dataFolder: '/data' }).split('\n');

  it('bind every listener to the loopback address', () => {
    expect(settings).toContain('listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093');
    expect(settings).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:19092');
  });

  it('create no topic that nobody declared', () => {
    expect(settings).toContain('auto.create.topics.enable=false');
  });
});
