import type { Architecture } from '../../nn/specs.js';
import type { LayerPair } from '../maps.js';
import type { Objective } from '../objective.js';
import type { Ramp } from '../weighted-sum.js';
import type { Kind } from './kinds.js';
import type { Teaching } from './teaching.js';

/** What an objective can't do without. */
export interface Needs {
  /**
   * Of its teachers: nothing; their answers softened at T; their logits; numbers of a layer for each sample, of one
   * teacher; layers inside of one teacher, which therefore has to be a network of this library.
   */
  readonly teacher: 'none' | 'soft targets' | 'logits' | 'embeddings' | 'layers';
  /** Samples without a label teach nothing. */
  readonly labels?: true;
  /** Layers of images, [height, width, channels]. */
  readonly maps?: true;
  /** Samples in a batch, at least. */
  readonly batch?: number;
  /** As many channels in the student's layers as in the teacher's. */
  readonly equalChannels?: true;
  /** Trainings one after another: the first on this objective, the second on labels. */
  readonly stages?: 2;
}

export interface Source {
  readonly paper: string;
  readonly venue: string;
  readonly year: number;
}

/** One of an objective's options: a value of plain JSON. */
export interface CatalogOption<T> {
  /** Default: what `make` does without it; some have to be given. */
  readonly default?: T;
  readonly is: Kind;
}

/** An objective that a person can name. */
export interface CatalogEntry<O extends object> {
  /** Other names, as the field's tool boxes have them. */
  readonly aliases: readonly string[];
  /** One line: what the student does. */
  readonly line: string;
  readonly needs: Needs;
  readonly source: Source;
  /** What it counts in a sum unless told: the source's weight, or a smaller one where that harms small students. */
  readonly weight: number;
  /** The weight that labels have beside it unless told: 0 where it teaches alone, 'inside' where it has them itself. */
  readonly labels: number | 'inside';
  /** Of those that compare layers: which they take unless told, and the options that name them. */
  readonly taps?: {
    /** Without it `make` knows which. @throws DistillError 'mismatch' where no layers fit. */
    readonly choose?: (student: Architecture, teacher: Architecture) => readonly LayerPair[];
    /** Pairs that suit, as options. @throws DistillError 'bad-argument' for too many or too few. */
    readonly options: (pairs: readonly LayerPair[]) => Partial<O>;
  };
  /** Where the shape of kept numbers counts: the student's layer whose shape stands for it until the teacher is asked. */
  readonly likeKept?: (options: Partial<O>) => string | undefined;
  /** Of two stages: what the second learns unless told, beside labels; and up to which layer the first one trains. */
  readonly second?: {
    readonly terms: readonly {
      readonly weight: number | Ramp;
      readonly objective: string;
      readonly options?: object;
    }[];
    readonly upTo?: (options: O) => string;
  };
  readonly options: { readonly [K in keyof O]-?: CatalogOption<NonNullable<O[K]>> };
  /** @throws DistillError 'bad-argument', 'missing' where the teaching isn't of the kind that it needs. */
  readonly make: (options: O, teaching: Teaching) => Objective;
}
