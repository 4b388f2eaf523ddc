/** Thumbnails of a study with many series: fetched as they come into sight, so that the first image waits for none out of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFolder } from '../fixtures/phantom-folder.ts';
import { writeStudy } from '../fixtures/small-study.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');
const many = 80;

describe.skipIf(reason !== null)(`a study of ${many} series${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  const folder = mkdtempSync(join(tmpdir(), 'candela-many-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    writeStudy(join(folder, 'in'), { uid: '1.2.3.80', series: many, images: 1 });
    importFolder(dataFolder, join(folder, 'in'));
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    await openFirst(app.page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('has pictures of the series in sight, and of no others', async () => {
    const thumbnail = (nth: number) => app.page.locator('.slot:not(.ahead) .sth').nth(nth);
    const picture = (nth: number) => thumbnail(nth).locator('img');
    await picture(0).waitFor();
    await thumbnail(many - 1).scrollIntoViewIfNeeded();
    await picture(many - 1).waitFor();
    // They are asked for in their order: this one would be there before the last.
    expect(await picture(many / 2).count()).toBe(0);
    await thumbnail(many / 2).scrollIntoViewIfNeeded();
    await picture(many / 2).waitFor();
  });
});
