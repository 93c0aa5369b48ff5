import { attentionTransfer2017 } from './attention-transfer-2017/paper.ts';
import { compactDnn } from './compact-dnn/paper.ts';
import { darkrank2018 } from './darkrank-2018/paper.ts';
import { fitnets2015 } from './fitnets-2015/paper.ts';
import { fsp2017 } from './fsp-2017/paper.ts';
import { headline } from './headline/paper.ts';
import { hinton2015 } from './hinton-2015/paper.ts';
import { manyClasses } from './many-classes/paper.ts';
import type { Paper } from './paper.ts';
import { squeezenet } from './squeezenet/paper.ts';
import { survey } from './survey/paper.ts';
import { threePercent } from './three-percent/paper.ts';
import { tiny } from './tiny/paper.ts';

/** In the order that they are listed. */
export const PAPERS: readonly Paper[] = [
  hinton2015,
  survey,
  threePercent,
  fitnets2015,
  attentionTransfer2017,
  fsp2017,
  darkrank2018,
  squeezenet,
  compactDnn,
  headline,
  tiny,
  manyClasses,
];
