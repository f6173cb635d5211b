import { text } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { onlyFileIn } from './zip-entry.ts';

/** An archive whose sizes stand in its directory alone, as programs write it that do not know them beforehand. */
function archiveOf(content: Buffer, { method, name = 'a.csv', extra = 'more' }: { method: number; name?: string; extra?: string }): Buffer {
  const local = Buffer.alloc(30);
  local.write('PK\x03\x04', 'latin1');
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(extra.length, 28);
  const entry = Buffer.alloc(46);
  entry.write('PK\x01\x02', 'latin1');
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(content.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + extra.length + content.length, 16);
  return Buffer.concat([local, Buffer.from(name + extra), content, entry, Buffer.from(name), end]);
}

describe('the file of a Zoho job', () => {
  it('is unpacked, compressed or not', async () => {
    const content = 'Id,Name\n1,Muster\n'.repeat(10_000);
    expect(await text(onlyFileIn(archiveOf(deflateRawSync(content), { method: 8 })))).toBe(content);
    expect(await text(onlyFileIn(archiveOf(Buffer.from(content), { method: 0 })))).toBe(content);
  });

  it('is refused where it is no archive, or one that was cut off or cannot be unpacked', async () => {
    const whole = archiveOf(deflateRawSync('Id\n1\n'), { method: 8 });
    for (const broken of [Buffer.alloc(0), Buffer.from('<html>No file</html>, and some more text'), whole.subarray(40), archiveOf(Buffer.from('x'), { method: 12 })]) {
      expect(() => onlyFileIn(broken)).toThrow('no ZIP archive of one file');
    }
    await expect(text(onlyFileIn(archiveOf(Buffer.from('no deflate'), { method: 8 })))).rejects.toThrow();
  });
});
