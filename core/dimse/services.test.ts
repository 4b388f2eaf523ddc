import { describe, expect, it } from 'vitest';
import { sopClasses } from '../dicom/tables/sop-classes.ts';
import { transferSyntaxes } from '../dicom/tables/transfer-syntaxes.ts';
import { mayBeStorage, plainServices, serviceClasses, serviceClassOf } from './service-table.ts';
import {
  type AcceptorOptions,
  acceptedClass,
  acceptedClasses,
  commitmentContexts,
  commitmentReportContexts,
  echoContexts,
  findContexts,
  getContexts,
  messageSyntaxes,
  moveContexts,
  sendContexts,
  storageSyntaxes,
  worklistContexts,
} from './services.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const us = '1.2.840.10008.5.1.4.1.1.3.1';
const commitment = '1.2.840.10008.1.20.1';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const jpegLossless = '1.2.840.10008.1.2.4.70';
const mpeg = '1.2.840.10008.1.2.4.102';
const all: AcceptorOptions = {
  unknownSopClasses: true,
  answersQueries: true,
  answersCommitment: true,
  takesProcedureSteps: true,
};
const none: AcceptorOptions = {
  unknownSopClasses: false,
  answersQueries: false,
  answersCommitment: false,
  takesProcedureSteps: false,
};

describe('the table of services', () => {
  it('has each class once, and every known storage class but DICOMDIR', () => {
    expect(new Set(serviceClasses.map(({ uid }) => uid)).size).toBe(serviceClasses.length);
    expect(serviceClasses.length).toBe(plainServices.length + sopClasses.length - 1);
    expect(serviceClassOf('1.2.840.10008.1.3.10')).toBeUndefined();
    expect(serviceClassOf(ct)).toMatchObject({ kind: 'storage', en: 'CT Image Storage' });
  });

  it('tells what may be a storage class', () => {
    expect(mayBeStorage('1.2.840.10008.5.1.4.1.1.999.1')).toBe(true);
    expect(mayBeStorage('1.3.12.2.1107.5.9.1')).toBe(true);
    expect(mayBeStorage(ct)).toBe(false);
    expect(mayBeStorage('1.2.840.10008.5.1.1.9')).toBe(false);
    expect(mayBeStorage('1.2.840.10008.5.1.4.1.1.200.4')).toBe(false);
    expect(mayBeStorage('../x')).toBe(false);
    expect(mayBeStorage('1'.repeat(65))).toBe(false);
  });
});

describe('what is accepted', () => {
  it('is everything of the table but the worklist, which we only ask for', () => {
    const uids = acceptedClasses(all).map(({ abstractSyntax }) => abstractSyntax);
    expect(uids.length).toBe(serviceClasses.length - 1);
    expect(uids).not.toContain('1.2.840.10008.5.1.4.31');
  });

  it('is echo, storage and reports of commitment with every switch off', () => {
    const kinds = new Set(acceptedClasses(none).map(({ kind }) => kind));
    expect([...kinds]).toEqual(['verification', 'commitment', 'storage']);
    expect(acceptedClass(commitment, none)).toMatchObject({ peerMayBeScu: false, peerMayBeScp: true });
    expect(acceptedClass(commitment, all)).toMatchObject({ peerMayBeScu: true, peerMayBeScp: true });
    expect(acceptedClass(ct, none)?.peerMayBeScp).toBe(false);
    expect(acceptedClass(ct, all)?.peerMayBeScp).toBe(true);
  });

  it('lets a peer be what its service makes of it', () => {
    const roles = (uid: string) => {
      const { peerMayBeScu, peerMayBeScp } = acceptedClass(uid, all)!;
      return [peerMayBeScu, peerMayBeScp];
    };
    expect(roles('1.2.840.10008.1.1')).toEqual([true, false]);
    expect(roles(ct)).toEqual([true, true]);
    for (const { uid } of plainServices.filter(({ kind }) =>
      ['find', 'move', 'get', 'procedureStep'].includes(kind),
    )) {
      expect(roles(uid)).toEqual([true, false]);
    }
    expect(acceptedClass(ct, none)?.peerMayBeScu).toBe(true);
  });

  it('takes unknown classes only when that is allowed', () => {
    expect(acceptedClass('1.3.12.2.1107.5.9.1', all)?.kind).toBe('storage');
    expect(acceptedClass('1.3.12.2.1107.5.9.1', none)).toBeUndefined();
    expect(acceptedClass('1.2.840.10008.5.1.1.9', all)).toBeUndefined();
  });

  it('takes objects in every syntax that can be kept, plain and lossless ones first', () => {
    expect([...storageSyntaxes].sort()).toEqual(transferSyntaxes.map(({ uid }) => uid).sort());
    const at = (uid: string) => storageSyntaxes.indexOf(uid);
    expect(storageSyntaxes.slice(0, 2)).toEqual([explicit, implicit]);
    expect(at(jpegLossless)).toBeLessThan(at('1.2.840.10008.1.2.4.50'));
    expect(at('1.2.840.10008.1.2.4.50')).toBeLessThan(at('1.2.840.10008.1.2.2'));
    // JPIP objects have no pixels of their own.
    expect(storageSyntaxes.slice(-2)).toEqual(['1.2.840.10008.1.2.4.94', '1.2.840.10008.1.2.4.95']);
  });
});

describe('what is proposed', () => {
  it('asks for services in the plain syntaxes', () => {
    const proposals = [
      echoContexts(),
      findContexts('patient'),
      moveContexts('study'),
      worklistContexts(),
      commitmentContexts(),
    ];
    expect(proposals.map(([context]) => context)).toEqual(
      [
        '1.2.840.10008.1.1',
        '1.2.840.10008.5.1.4.1.2.1.1',
        '1.2.840.10008.5.1.4.1.2.2.2',
        '1.2.840.10008.5.1.4.31',
        commitment,
      ].map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: messageSyntaxes })),
    );
    expect(commitmentReportContexts()[0]?.role).toEqual({ scu: false, scp: true });
  });

  it('sends each stored syntax in a context of its own, with a way out where there is one', () => {
    const contexts = sendContexts([
      { sopClassUid: ct, transferSyntaxUid: jpegLossless },
      { sopClassUid: ct, transferSyntaxUid: explicit },
      { sopClassUid: ct, transferSyntaxUid: explicit },
      { sopClassUid: us, transferSyntaxUid: mpeg },
      { sopClassUid: '1.2.840.10008.5.1.4.1.1.4', transferSyntaxUid: implicit },
      { sopClassUid: '1.2.840.10008.5.1.4.1.1.7', transferSyntaxUid: jpegLossless },
    ]);
    expect(contexts.map(({ abstractSyntax, transferSyntaxes: ts }) => [abstractSyntax, ts])).toEqual([
      [ct, [jpegLossless]],
      [ct, [explicit]],
      [ct, [implicit]],
      [us, [mpeg]],
      ['1.2.840.10008.5.1.4.1.1.4', [implicit]],
      ['1.2.840.10008.5.1.4.1.1.7', [jpegLossless]],
      ['1.2.840.10008.5.1.4.1.1.7', [explicit, implicit]],
    ]);
  });

  it('gets whatever comes within 128 contexts, as SCP of every storage class', () => {
    for (const contexts of [
      getContexts('study'),
      getContexts('study', [ct, us, ct]),
      getContexts('patient', [ct]),
    ]) {
      expect(contexts.length).toBeLessThanOrEqual(128);
      expect(contexts[0]?.role).toBeUndefined();
      for (const { abstractSyntax, role } of contexts.slice(1)) {
        expect(serviceClassOf(abstractSyntax)?.kind).toBe('storage');
        expect(role).toEqual({ scu: false, scp: true });
      }
      // One syntax a context for compressed pixels (L86).
      expect(contexts.every(({ transferSyntaxes: ts }) => ts.length === 1 || ts === messageSyntaxes)).toBe(
        true,
      );
    }
    expect(new Set(getContexts('study').map(({ abstractSyntax }) => abstractSyntax)).size).toBe(61);
  });

  it('asks for known classes in every syntax that can be kept, those that are shown first', () => {
    const syntaxes = getContexts('study', [ct]).flatMap(({ transferSyntaxes: ts }) => ts);
    expect(new Set(syntaxes)).toEqual(new Set(storageSyntaxes));
    expect(syntaxes.indexOf(jpegLossless)).toBeLessThan(syntaxes.indexOf(mpeg));
  });
});
