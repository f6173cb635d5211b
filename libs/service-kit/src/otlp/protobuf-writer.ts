/** How a value stands in a message: as a number of seven bits a byte, or with its length before it. */
const [varintType, fixed64Type, lengthType, fixed32Type] = [0, 1, 2, 5];
const leastBytes = 4_096;
const largestVarintBytes = 10;
const largestUtf8Bytes = 3;
const twoTo32 = 2 ** 32;

/**
 * Writes protobuf messages into a buffer that grows and is used again: fields one after the other, each by its number. A message within a message is begun, written
 * and ended; only then its length is known, for which one byte is left. [Encoding](https://protobuf.dev/programming-guides/encoding/)
 */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafeSlow(leastBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written, valid until more is written. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Begins a message, whose fields come next. @returns what `end` is told */
  begin(field: number): number {
    this.#tag(field, lengthType);
    this.#reserve(1);
    this.#length += 1;
    return this.#length;
  }

  end(begin: number): void {
    const length = this.#length - begin;
    const moved = sizeOfVarint(length) - 1;
    if (moved > 0) {
      this.#reserve(moved);
      this.#bytes.copyWithin(begin + moved, begin, this.#length);
    }
    this.#length = begin - 1;
    this.#varint(length);
    this.#length += length;
  }

  /** A number without a fraction, from 0 to 2^32 - 1. */
  uint32(field: number, value: number): void {
    this.#tag(field, varintType);
    this.#varint(value);
  }

  int64(field: number, value: number): void {
    if (value >= 0 && value < twoTo32) return this.uint32(field, value);
    this.#tag(field, varintType);
    let left = BigInt.asUintN(64, BigInt(value));
    for (; left > 127n; left >>= 7n) this.#bytes[this.#length++] = Number(left & 127n) | 128;
    this.#bytes[this.#length++] = Number(left);
  }

  double(field: number, value: number): void {
    this.#tag(field, fixed64Type);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, fixed32Type);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** A time as a number of nanoseconds, which no number of JavaScript holds exactly. */
  nanoseconds(field: number, [seconds, nanoseconds]: readonly [seconds: number, nanoseconds: number]): void {
    this.#tag(field, fixed64Type);
    const upper = Math.floor(seconds / 65_536) * 1e9;
    const lower = (upper % 65_536) * 65_536 + (seconds % 65_536) * 1e9 + nanoseconds;
    this.#length = this.#bytes.writeUInt32LE(lower % twoTo32, this.#length);
    this.#length = this.#bytes.writeUInt32LE(Math.floor(upper / 65_536) + Math.floor(lower / twoTo32), this.#length);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, lengthType);
    this.#varint(value.length);
    this.fields(value);
  }

  /** Fields that were written elsewhere. */
  fields(written: Uint8Array): void {
    this.#reserve(written.length);
    this.#bytes.set(written, this.#length);
    this.#length += written.length;
  }

  /** Bytes that are given by their hexadecimal digits. */
  hex(field: number, digits: string): void {
    this.#tag(field, lengthType);
    this.#varint(digits.length / 2);
    this.#reserve(digits.length / 2);
    for (let at = 0; at < digits.length; at += 2) {
      this.#bytes[this.#length++] = valueOfDigit(digits.charCodeAt(at)) << 4 | valueOfDigit(digits.charCodeAt(at + 1));
    }
  }

  string(field: number, value: string): void {
    this.#tag(field, lengthType);
    this.#reserve(largestVarintBytes + value.length * largestUtf8Bytes);
    const begin = this.#length;
    this.#varint(value.length);
    for (let at = 0; at < value.length; at += 1) {
      const code = value.charCodeAt(at);
      if (code > 127) {
        this.#length = begin;
        this.#varint(Buffer.byteLength(value));
        this.#length += this.#bytes.write(value, this.#length);
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  /** The number of a field with the type of its value, and room for a value of a bounded size. */
  #tag(field: number, type: number): void {
    this.#reserve(2 * largestVarintBytes);
    this.#varint(field << 3 | type);
  }

  #varint(value: number): void {
    let left = value;
    for (; left > 127; left = left >>> 7) this.#bytes[this.#length++] = left & 127 | 128;
    this.#bytes[this.#length++] = left;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.written);
    this.#bytes = larger;
  }
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let left = value; left > 127; left >>>= 7) size += 1;
  return size;
}

/** Of `0` to `9` the four lower bits, of `a` to `f` and `A` to `F` nine more. */
function valueOfDigit(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}
