import { size } from '../graph/shape.js';
import type { Samples } from './dataset.js';

/**
 * Finds samples by their content, whatever set they are in and in whatever order: each distinct one has a number, from 0
 * in the order in which they came. They are known by a hash of 64 bits, by which two different ones of a million are
 * mixed up once in 40 million such sets.
 */
export class SampleIndex {
  /** Two words for each distinct sample, in order: all that tells them apart. */
  readonly hashes: Int32Array;
  /** The number of each of the samples that it was made of. */
  readonly numbers: Int32Array;
  /** Numbers by hash, −1 where there is none: half of the places at least are free. */
  readonly #places: Int32Array;
  #count = 0;

  constructor(samples: Samples) {
    const count = countOf(samples);
    const hashes = new Int32Array(2 * count);
    this.#places = new Int32Array(placesFor(count)).fill(-1);
    this.hashes = hashes;
    this.numbers = new Int32Array(count);
    eachHash(samples, (i, low, high) => {
      const place = this.#placeOf(low, high);
      if (this.#places[place]! < 0) {
        hashes[2 * this.#count] = low;
        hashes[2 * this.#count + 1] = high;
        this.#places[place] = this.#count++;
      }
      this.numbers[i] = this.#places[place]!;
    });
    this.hashes = hashes.subarray(0, 2 * this.#count);
  }

  /** How many distinct samples there are. */
  get size(): number {
    return this.#count;
  }

  /** The number of each sample, −1 of those that aren't among those it was made of. */
  find(samples: Samples): Int32Array {
    const found = new Int32Array(countOf(samples));
    eachHash(samples, (i, low, high) => {
      found[i] = this.#places[this.#placeOf(low, high)]!;
    });
    return found;
  }

  /** Where the number of such a sample is, or would be. */
  #placeOf(low: number, high: number): number {
    const { hashes } = this;
    const mask = this.#places.length - 1;
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const number = this.#places[place]!;
      if (number < 0 || (hashes[2 * number] === low && hashes[2 * number + 1] === high)) return place;
    }
  }
}

/** A power of two, at least twice as many as there are samples. */
function placesFor(count: number): number {
  let places = 2;
  while (places < 2 * count) places *= 2;
  return places;
}

function countOf({ shape, values }: Samples): number {
  return values.length / size(shape);
}

/** Two words of hash of each sample's bytes: two lanes, after MurmurHash3 (Appleby 2011), that mix with each other. */
function eachHash({ shape, values }: Samples, see: (i: number, low: number, high: number) => void): void {
  const length = size(shape) * values.BYTES_PER_ELEMENT;
  const bytes = new DataView(values.buffer, values.byteOffset, values.byteLength);
  for (let i = 0; (i + 1) * length <= bytes.byteLength; i++) {
    let low = length;
    let high = 0x9e3779b9;
    const end = (i + 1) * length;
    for (let at = i * length; at < end; at += 4) {
      const word = at + 4 <= end ? bytes.getInt32(at, true) : tail(bytes, at, end);
      low = (Math.imul(rotated(low ^ scrambled(word, 0xcc9e2d51, 0x1b873593), 13), 5) + high) | 0;
      high = (Math.imul(rotated(high ^ scrambled(word, 0xab0e9789, 0x38b34ae5), 17), 5) + low) | 0;
    }
    low = (low + high) | 0;
    high = (high + low) | 0;
    low = finished(low);
    high = finished(high);
    see(i, (low + high) | 0, high);
  }
}

/** The last bytes, where they are fewer than four. */
function tail(bytes: DataView, from: number, to: number): number {
  let word = 0;
  for (let at = from; at < to; at++) word |= bytes.getUint8(at) << (8 * (at - from));
  return word;
}

function scrambled(word: number, one: number, other: number): number {
  return Math.imul(rotated(Math.imul(word, one), 15), other);
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Lets each bit depend on all others. */
function finished(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
