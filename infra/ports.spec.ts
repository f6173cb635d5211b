import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { choosePort, claimPortOffset } from './ports.ts';

const wish = { purpose: 'Kafka', variable: 'CROSSDOCK_KAFKA_PORT', preferred: 19_092 };
const nothingTaken = async (): Promise<boolean> => true;
const taken = (...ports: number[]) => async (port: number): Promise<boolean> => !ports.includes(port);

function listening(): { said: string[]; say: (sentence: string) => void } {
  const said: string[] = [];
  return { said, say: (sentence) => void said.push(sentence) };
}

describe('choosing a port', () => {
  it('takes the preferred one silently when it is free', async () => {
    const { said, say } = listening();
    expect(await choosePort(wish, {}, say, nothingTaken)).toBe(19_092);
    expect(said).toEqual([]);
  });

  it('steps around taken ones and says so', async () => {
    const { said, say } = listening();
    expect(await choosePort(wish, {}, say, taken(19_092, 19_192))).toBe(19_292);
    expect(said).toEqual(['Port 19092 is taken: Kafka uses 19292 (CROSSDOCK_KAFKA_PORT would fix it).']);
  });

  it('takes the configured one', async () => {
    const { say } = listening();
    expect(await choosePort(wish, { CROSSDOCK_KAFKA_PORT: '9092' }, say, nothingTaken)).toBe(9_092);
  });

  it('refuses a configured one that is taken instead of stepping around it', async () => {
    const { say } = listening();
    await expect(choosePort(wish, { CROSSDOCK_KAFKA_PORT: '9092' }, say, taken(9_092))).rejects.toThrow(
      'Port 9092 for Kafka is taken: stop what uses it, or set CROSSDOCK_KAFKA_PORT to a free one.',
    );
  });

  it.each(['0', '70000', 'kafka', '90.5'])('refuses %s as a port number', async (value) => {
    const { say } = listening();
    await expect(choosePort(wish, { CROSSDOCK_KAFKA_PORT: value }, say, nothingTaken)).rejects.toThrow('CROSSDOCK_KAFKA_PORT must be a port number');
  });

  it('gives up with a sentence when no port is free', async () => {
    const { say } = listening();
    await expect(choosePort(wish, {}, say, async () => false)).rejects.toThrow('No free port was found for Kafka');
  });

  it('sees a port that another process of the machine listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { say } = listening();
    const port = await choosePort({ ...wish, preferred: address.port }, {}, say);
    server.close();
    expect(port).not.toBe(address.port);
  });
});

describe('claiming ports for a run', () => {
  it('keeps two runs that start at the same moment apart', async () => {
    const { said, say } = listening();
    const offsets = await Promise.all([claimPortOffset(47_011, say), claimPortOffset(47_011, say)]);
    expect(new Set(offsets).size).toBe(2);
    expect(said.length).toBeGreaterThan(0);
  });
});
