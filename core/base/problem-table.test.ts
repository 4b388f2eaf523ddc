import { describe, expect, it } from 'vitest';
import { problemTable } from './problem-table.ts';
import { boneProblems } from './problems/bone-problems.ts';
import { cprProblems } from './problems/cpr-problems.ts';
import { frameProblems } from './problems/frame-problems.ts';
import { keyProblems } from './problems/key-problems.ts';
import { maskProblems } from './problems/mask-problems.ts';
import { messageProblems } from './problems/message-problems.ts';
import { networkProblems } from './problems/network-problems.ts';
import { nodeProblems } from './problems/node-problems.ts';
import { operationProblems } from './problems/operation-problems.ts';
import { pathProblems } from './problems/path-problems.ts';
import { pictureProblems } from './problems/picture-problems.ts';
import { remoteProblems } from './problems/remote-problems.ts';
import { reportProblems } from './problems/report-problems.ts';
import { storageProblems } from './problems/storage-problems.ts';
import { structureProblems } from './problems/structure-problems.ts';
import { volumeProblems } from './problems/volume-problems.ts';
import { webProblems } from './problems/web-problems.ts';

const places = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

describe('problemTable', () => {
  it('has every code once', () => {
    const parts = [
      structureProblems,
      pictureProblems,
      frameProblems,
      nodeProblems,
      operationProblems,
      messageProblems,
      networkProblems,
      keyProblems,
      maskProblems,
      pathProblems,
      cprProblems,
      boneProblems,
      reportProblems,
      storageProblems,
      volumeProblems,
      webProblems,
      remoteProblems,
    ];
    const count = parts.reduce((sum, part) => sum + Object.keys(part).length, 0);
    expect(Object.keys(problemTable)).toHaveLength(count);
  });

  it.each(Object.entries(problemTable))(
    '%s tells what happened and what to do, in both languages',
    (_, row) => {
      for (const text of [row.zh, row.adviceZh]) {
        expect(text).toMatch(/[。！？]$/);
        expect(text).toMatch(/[\u4e00-\u9fff]/);
        expect(text).not.toMatch(/[,;:!?()]/);
      }
      for (const text of [row.en, row.adviceEn]) {
        expect(text).toMatch(/^[A-Z].*\.$/);
        expect(text).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      }
      expect(places(row.zh)).toEqual(places(row.en));
    },
  );
});
