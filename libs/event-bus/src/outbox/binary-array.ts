/** Object ids of element types, fixed in PostgreSQL's catalogue (pg_type.dat). */
const elementTypes = { bytea: 17, smallint: 21, text: 25, uuid: 2950 } as const;

const headerBytes = 20;
const lengthBytes = 4;

/**
 * A one-dimensional array in PostgreSQL's binary format, to be given for a parameter such as `$1::text[]`: the driver sends
 * a Buffer as it is. Written as text, every quote and backslash of every element would be escaped here and read again
 * there, which for JSON costs more than storing it.
 * Source: `array_recv` in src/backend/utils/adt/arrayfuncs.c of PostgreSQL.
 */
function binaryArray(type: keyof typeof elementTypes, elements: readonly Uint8Array[]): Buffer {
  const array = Buffer.allocUnsafe(elements.reduce((bytes, element) => bytes + lengthBytes + element.length, headerBytes));
  array.writeInt32BE(elements.length === 0 ? 0 : 1, 0); // dimensions
  array.writeInt32BE(0, 4); // no element is null
  array.writeInt32BE(elementTypes[type], 8);
  array.writeInt32BE(elements.length, 12);
  array.writeInt32BE(1, 16); // the first index
  let offset = headerBytes;
  for (const element of elements) {
    offset = array.writeInt32BE(element.length, offset);
    array.set(element, offset);
    offset += element.length;
  }
  return elements.length === 0 ? array.subarray(0, 12) : array;
}

export function byteaArray(elements: readonly Uint8Array[]): Buffer {
  return binaryArray('bytea', elements);
}

export function textArray(elements: readonly string[]): Buffer {
  return binaryArray('text', elements.map((element) => Buffer.from(element)));
}

export function uuidArray(elements: readonly string[]): Buffer {
  return binaryArray('uuid', elements.map((element) => Buffer.from(element.replaceAll('-', ''), 'hex')));
}

export function smallintArray(elements: readonly number[]): Buffer {
  return binaryArray('smallint', elements.map((element) => {
    const bytes = Buffer.allocUnsafe(2);
    bytes.writeInt16BE(element);
    return bytes;
  }));
}
