import { Buffer } from 'node:buffer';
import { beforeAll, expect, test } from 'vitest';
import { brightest, heatDataUri } from '../../../../cli/report/page/heat.ts';
import { reportHtml } from '../../../../cli/report/page/report-html.ts';
import { fixture, INSIDE, mapOf } from './fixture.ts';

const headings = (page: string) =>
  [...page.matchAll(/<h2 id="[^"]*">([^<]*)</g)].map(([, text]) => text!).slice(2, -4);

let page: string;
beforeAll(async () => {
  page = await reportHtml(fixture({ inside: INSIDE }));
});

test('what is inside of teacher and student has its sections, between the curves and the confusions', () => {
  expect(headings(page)).toEqual([
    'The first stage',
    'Where they look',
    'Which images are alike',
    'What is nearest to what',
  ]);
  expect(page).not.toMatch(/undefined|NaN|\[object/);
  // Nothing that another file or the network would have to give.
  expect(
    page.replaceAll('http://www.w3.org/2000/svg', '').replaceAll('http://www.w3.org/1999/xlink', ''),
  ).not.toMatch(/https?:|<script/);
  for (const [, attributes] of page.matchAll(/<img ([^>]*)>/g)) expect(attributes).toMatch(/ alt="[^"]+"/);
});

test('a teacher that is no network has a map without a layer’s name', async () => {
  const { samples } = INSIDE.maps[0]!;
  const page = await reportHtml(fixture({ inside: { maps: [{ of: { student: 'conv1' }, samples }] } }));
  expect(page).toContain('Attention inside the teacher and of the student’s layer conv1');
  expect(page).not.toContain('undefined');
});

test('a report has those that there are', async () => {
  const { relations } = INSIDE;
  expect(headings(await reportHtml(fixture({ inside: { relations } })))).toEqual(['Which images are alike']);
});

test('the first stage’s curve is titled by what it learned', async () => {
  expect(page).toContain('<h3>Hints’ error by epoch</h3>');
  expect(page).toContain('From 6 after epoch 1 to 2 after 3 epochs.');
  const stages = ['fsp', 'attention'].map((name) => ({ ...INSIDE.stages[0]!, objectives: [name] }));
  const several = await reportHtml(fixture({ inside: { stages } }));
  expect(several).toContain('<h2 id="stages">The stages before</h2>');
  expect(several).toContain('<h3>FSP’s error by epoch <small>stage 1</small></h3>');
  expect(several).toContain('<h3>Error of attention by epoch <small>stage 2</small></h3>');
});

test('maps, matrices and neighbors say in words what they show', () => {
  expect(page).toContain('Attention of the teacher’s layer conv2 and the student’s layer conv1');
  expect(page).toContain('alt="Map of the teacher, test image 12 (4), brightest at the top left"');
  expect(page).toContain('alt="Map of the distilled student, test image 12 (4), brightest at the top right"');
  expect(page).toContain('alt="Map of the student on labels, test image 12 (4), brightest at the bottom"');
  expect(page).toContain('How much the loss depends on each pixel');
  expect(page).toContain('Differs from the teacher’s by 0.11 on average.');
  expect(page).toMatch(/Cosine of the angle between two: .*0\.12 <img[^>]*> 1</);
  // The nearest are bright.
  expect(page).toMatch(/Distance of two, in means of all: .*>1 <img[^>]*> 0\.12</);
  expect(page).toContain('for 90.0% of');
  expect(page).toMatch(/class="right".*?✓<\/span> 4/s);
  expect(page).toMatch(/class="wrong-class".*?✗<\/span> 9/s);
});

test('heat maps go from dark blue to bright yellow, and are as light as their numbers are large', () => {
  const ramp = {
    height: 1,
    width: 256,
    base64: Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('base64'),
  };
  const bmp = Buffer.from(heatDataUri(ramp).split(',')[1]!, 'base64');
  const color = (value: number) => [...bmp.subarray(54 + 4 * value, 54 + 4 * value + 3)].reverse();
  expect([color(0), color(255)]).toEqual([
    [0, 32, 77],
    [255, 234, 70],
  ]);
  const light = ([r, g, b]: number[]) => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  for (let value = 8; value < 256; value += 8)
    expect(light(color(value))).toBeGreaterThan(light(color(value - 8)));
});

test('a map is brightest where its greatest number is', () => {
  const found = Array.from({ length: 6 }, (_, i) => brightest(mapOf(i)));
  expect(found).toEqual(
    ['top left', 'top', 'top right', 'bottom left', 'bottom', 'bottom right'].map((at) => `at the ${at}`),
  );
  const square = { height: 3, width: 3, base64: Buffer.from([0, 0, 0, 0, 9, 0, 0, 0, 0]).toString('base64') };
  expect(brightest(square)).toBe('in the middle');
});
