import { Buffer } from 'node:buffer';
import { describe, expect, it, vi } from 'vitest';
import { reportHtml } from '../../../../cli/report/page/report-html.ts';
import type { Report } from '../../../../cli/report/report.ts';
import { COMPARISON, confusionOf, fixture, IMAGE, model } from './fixture.ts';

function withErrors(hard: number, distilled: number, ensemble: number): Report {
  const { student } = fixture();
  return fixture({
    ensemble: { testErrors: ensemble, parameters: 1 },
    student: {
      hard: { ...student.hard, testErrors: hard },
      distilled: { ...student.distilled, testErrors: distilled },
    },
  });
}

function texts(page: string, element: string): string[] {
  const found = page.matchAll(new RegExp(`<${element}(?: [^>]*)?>([\\s\\S]*?)</${element}>`, 'g'));
  return [...found].map((match) =>
    match[1]!
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe('reportHtml', () => {
  it('says the result in a sentence', async () => {
    expect(texts(await reportHtml(fixture()), 'h1')).toEqual([
      'The distilled student makes 97 errors in 10,000 test images, 31 fewer than the same network trained on hard ' +
        'labels, at 12% of the ensemble’s forward cost.',
    ]);
  });

  it.each([
    [97, 128, 80, '31 more than the same network', 'closed none of the gap'],
    [97, 97, 80, 'as many as the same network', 'closed none of the gap'],
    [128, 70, 80, '58 fewer than the same network', 'better than its teachers together'],
    [80, 75, 90, '5 fewer than the same network', 'there was no gap to close'],
    [128, 1, 80, '1 error in 10,000', 'better than its teachers together'],
  ])('is honest: hard %i, distilled %i, ensemble %i', async (hard, distilled, ensemble, headline, lead) => {
    const page = await reportHtml(withErrors(hard, distilled, ensemble));
    expect(texts(page, 'h1')[0]).toContain(headline);
    expect(page).toContain(lead);
  });

  it('does not call networks the same whose layers differ', async () => {
    const report = fixture();
    report.student.hard.layers = [784, 400, 10];
    expect(texts(await reportHtml(report), 'h1')[0]).toContain(
      '31 fewer than the student trained on hard labels',
    );
  });

  it('has its sections, captions and labels', async () => {
    const page = await reportHtml(fixture());
    expect(texts(page, 'h2')).toEqual([
      'Models',
      'Learning curves',
      'Confusions',
      'Soft targets',
      'Mistakes of the distilled student',
      'How it was run',
    ]);
    expect(texts(page, 'caption')).toHaveLength(page.split('<table').length - 1);
    expect(page.match(/<svg/g)).toHaveLength(2 * 2 + 3);
    expect(page).toContain('aria-label="Confusion matrix of distilled: 7 mistakes. Most often: 4 → 9 (7)."');
    expect(page).toContain('aria-label="At T = 4: 0 with 90%, 1 with 9.9%, 2 with &lt;0.1%"');
    expect(page).toContain('4 → <b>9</b> <small>(87%)</small>');
    for (const text of [
      '1,275,210',
      '784–800–10',
      '0.97%',
      '4 min 05 s',
      '1 h 02 min',
      '20150309',
      'ab'.repeat(32),
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('tells who saw what, what went wrong, and how the teachers agree', async () => {
    const { student, curves } = fixture();
    const page = await reportHtml(
      fixture({
        student: { ...student, hard: { ...student.hard, collapsed: true } },
        warnings: ['hard has collapsed: <train> it'],
        saw: [{ name: 'student, distilled', samples: 2300, labeled: 1800, epochs: 60, soft: true }],
        validationSize: 300,
        curves: curves.map(({ name, points }) => ({
          name,
          points: points.map(({ testErrors, ...point }) => ({ ...point, validationErrors: testErrors! })),
        })),
        agreement: {
          ...{ unanimous: 9900, unanimousErrors: 31, noneRight: 41, errorsTogether: 80, disputed: 1 },
          ...{
            alike: [
              [10000, 9900],
              [9900, 10000],
            ],
            errors: [110, 112],
          },
          disputes: [{ index: 77, label: 5, decisions: [5, 3], together: 3 }],
        },
      }),
    );
    expect(page).toContain('hard <small>collapsed</small>');
    expect(page).toContain('Warning: hard has collapsed: &lt;train&gt; it.');
    expect(page).toContain(
      'student, distilled: 2,300 samples with soft targets, 1,800 of them labeled, 60 epochs',
    );
    expect(texts(page, 'h3')[0]).toMatch(/^Validation errors by epoch/);
    expect(texts(page, 'h2')).toContain('Teachers among themselves');
    expect(texts(page, 'tr').filter((row) => row.startsWith('teacher') || row.startsWith('#'))).toEqual(
      expect.arrayContaining(['teacher 1 10,000 9,900', '#77 5 5, 3 3']),
    );
    expect(texts(page, 'caption')).toHaveLength(page.split('<table').length - 1);
    expect(page).not.toMatch(/undefined|NaN/);
  });

  it('calls rows rows, and classes by their names', async () => {
    const names = Array.from({ length: 10 }, (_, label) => `kind ${label}`);
    const { examples } = fixture();
    const page = await reportHtml(
      fixture({
        data: {
          ...{
            kind: 'table',
            source: 'rows.csv',
            samples: { train: 9, test: 9 },
            shape: [2],
            values: 'numbers',
          },
          ...{ inputs: ['width', 'height'], label: 'kind', classes: 10, classNames: names, notes: [] },
        },
        examples: [{ ...examples[0]!, row: [1.5, -0.25] }].map(({ image: _, ...one }) => one),
        agreement: {
          ...{ unanimous: 2, unanimousErrors: 1, noneRight: 1, errorsTogether: 2, disputed: 1 },
          ...{
            alike: [
              [9, 2],
              [2, 9],
            ],
            errors: [3, 4],
          },
          disputes: [{ index: 77, label: 5, decisions: [5, 3], together: 3 }],
        },
      }),
    );
    expect(page).toContain('<span title="width">1.5,</span> <span title="height">-0.25</span> </small>');
    expect(page).toContain('<td>kind 5</td><td>kind 5, kind 3</td>');
    expect(page).toContain('1 row splits them');
    expect(page).toContain('Test rows on which two teachers decide alike');
    expect(page).not.toMatch(/>test image</);
  });

  it('compares teachers and students side by side, class by class and sample by sample', async () => {
    const { student, teachers } = fixture();
    const silent = { layer: '4', share: 0.86, epoch: 1 };
    const page = await reportHtml(
      fixture({
        comparison: COMPARISON,
        student: { ...student, hard: { ...student.hard, silent } },
        teachers,
        knownTeachers: [
          { file: 'big<1>.safetensors', part: 'test', samples: 30, errors: 12, constantErrors: 20 },
        ],
      }),
    );
    expect(texts(page, 'h2').slice(1, 6)).toEqual([
      'Side by side',
      'Learning curves',
      'Confusions',
      'Class by class',
      'Who gets what wrong',
    ]);
    expect(page).toContain('hard <small>layer 4 86% silent</small>');
    expect(page).toContain(
      'teacher big&lt;1&gt;.safetensors: 12 errors on 30 test samples (40.00%); always answering the most frequent class makes 20',
    );
    const rows = texts(page, 'tr');
    expect(rows).toEqual(
      expect.arrayContaining([
        'elsewhere 90.00% – – – –',
        'student, 8 bits 91.50% 1,200 51,234 0.0123 4.56',
        '4 100 90.0% 80.0% 85.0%',
        '4 → 9 3 9 5',
      ]),
    );
    expect(texts(page, 'h3')).toEqual(
      expect.arrayContaining(['Both 40, of which 1 are here', 'Only the student 0', 'Only the teachers 0']),
    );
    expect(page).toContain('<b>4</b> <small>teachers: 9</small>');
    expect(texts(page, 'caption')).toHaveLength(page.split('<table').length - 1);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('has the rows of a table under the names of their columns, and which of these matter', async () => {
    const sample = { index: 7, label: 4, ensemble: 9, distilled: 9, row: [1.5, -0.25] };
    const page = await reportHtml(
      fixture({
        data: {
          ...{
            kind: 'table',
            source: 'rows.csv',
            samples: { train: 9, test: 9 },
            shape: [2],
            values: 'numbers',
          },
          ...{ inputs: ['width', 'height'], label: 'kind', classes: 10, notes: [] },
        },
        comparison: {
          ...COMPARISON,
          wrong: { ...COMPARISON.wrong!, both: { count: 1, samples: [sample] } },
          importance: {
            ...{ rows: 9, shuffles: 3 },
            features: [
              { name: 'width', ensemble: -1, distilled: 0 },
              { name: 'height', ensemble: 4, distilled: 3.5 },
              { name: 'depth', distilled: 1 },
            ],
          },
        },
      }),
    );
    const rows = texts(page, 'tr');
    expect(rows).toContain('row label teachers student width height');
    expect(rows).toContain('#7 4 9 9 1.5 -0.25');
    // The most important first.
    const matter = rows.indexOf('height +4 +3.50');
    expect(rows.slice(matter, matter + 3)).toEqual(['height +4 +3.50', 'depth – +1', 'width −1 0']);
    expect(texts(page, 'caption').at(-1)).not.toBe('');
    expect(texts(page, 'caption')).toHaveLength(page.split('<table').length - 1);
  });

  it('lists the twenty classes that the student knows least, of many', async () => {
    const recall = Array.from({ length: 30 }, (_, label) => ({
      ...{ label, class: `kind ${label}`, samples: 10 },
      ...{ ensemble: 0.5, hard: 0.5, distilled: label / 30 },
    }));
    const page = await reportHtml(fixture({ comparison: { ...COMPARISON, recall } }));
    const listed = texts(page, 'th').filter((text) => text.startsWith('kind '));
    expect(listed).toEqual(Array.from({ length: 20 }, (_, label) => `kind ${label}`));
    expect(page).toContain('of the 20 that the student knows least');
  });

  it('needs nothing but itself', async () => {
    const page = await reportHtml(fixture());
    expect(page).not.toMatch(/<script|<link|@import|url\(/);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]!);
    expect(addresses.filter((address) => !address.startsWith('data:'))).toEqual([]);
  });

  it('escapes every text', async () => {
    const evil = `<script>alert("1")</script>'&`;
    const report = fixture({
      config: { [evil]: evil },
      environment: {
        ...{ backend: 'webgpu', adapter: evil, reason: evil, threads: 1, simd: false },
        ...{ node: evil, platform: evil, version: evil },
      },
      teachers: [{ ...model(evil, [784, 10], 1, 1), weightsSha256: evil }],
      curves: [{ name: evil, points: [{ epoch: 1, loss: 1, testErrors: 1 }] }],
      confusion: [{ name: evil, matrix: confusionOf(1) }],
      seconds: { [evil]: 1 },
    });
    const page = await reportHtml(report);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('alert("');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
  });

  it('is the same for the same report', async () => {
    const first = await reportHtml(fixture());
    await reportHtml(withErrors(3, 2, 1));
    expect(await reportHtml(fixture())).toBe(first);
  });

  it('bears a report in which nothing was recorded, and writes nothing to the console', async () => {
    const warn = vi.spyOn(console, 'warn');
    const nothing = {
      teachers: [],
      curves: [],
      confusion: [],
      examples: [],
      misclassified: [],
      config: {},
      seconds: {},
    };
    const page = await reportHtml(fixture(nothing));
    expect(texts(page, 'h2')).toHaveLength(6);
    expect(page).toContain('No images were recorded');
    expect(await reportHtml({ ...withErrors(0, 0, 0), ...nothing, testSize: 0 })).toContain(
      'every test image is classified',
    );
    await reportHtml(fixture({ curves: [{ name: 'hard', points: [] }] }));
    await reportHtml(
      fixture({ curves: [{ name: 'hard', points: [{ epoch: 1, loss: Number.NaN, testErrors: 0 }] }] }),
    );
    expect(await reportHtml(fixture())).not.toMatch(/NaN/);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('embeds images that decode to the same pixels', async () => {
    const page = await reportHtml(fixture());
    const images = [...page.matchAll(/src="data:image\/bmp;base64,([^"]*)"/g)].map((match) => match[1]!);
    expect(images).toHaveLength(2);
    expect(decodeBmp(Buffer.from(images[0]!, 'base64'))).toEqual([
      [0, 1, 2],
      [253, 254, 255],
    ]);
  });

  it('refuses an image with pixels missing', async () => {
    const image = { ...IMAGE, height: 3 };
    const misclassified = [{ index: 1, label: 1, predicted: 2, confidence: 1, image }];
    await expect(reportHtml(fixture({ misclassified }))).rejects.toThrow(
      'an image of 3 × 3 needs 9 bytes, not 6',
    );
  });
});

/** The grays of a palette BMP whose rows go from top to bottom. */
function decodeBmp(bmp: Buffer): number[][] {
  expect(bmp.toString('latin1', 0, 2)).toBe('BM');
  expect(bmp.readUInt32LE(2)).toBe(bmp.length);
  const start = bmp.readUInt32LE(10);
  const width = bmp.readInt32LE(18);
  const height = -bmp.readInt32LE(22);
  const stride = (width + 3) & ~3;
  const gray = (row: number, column: number) => {
    const color = bmp.subarray(54 + 4 * bmp[start + row * stride + column]!).subarray(0, 3);
    expect(new Set(color).size).toBe(1);
    return color[0]!;
  };
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => gray(row, column)),
  );
}
