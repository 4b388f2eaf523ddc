/** Our DICOMweb client against servers that lie, stall, redirect and ask for logins; each is a few lines of HTTP. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { remoteQuery } from '../../core/contract/remote.ts';
import type { WebAccess } from '../../main/host/web/credentials.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { element, file, meta, sliceWith } from '../fixtures/raw-dicom.ts';
import { openWebPeer, sendObject, webAccess } from '../fixtures/web-peer.ts';

const folder = temporaryFolder();
const servers: Server[] = [];
let taskId = 0;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const peer = openWebPeer(folder.path, { connectMs: 10_000, idleMs: 3000, pausesMs: [10, 10] });
const task = (access: WebAccess) => ({ taskId: ++taskId, access });
const search = async (access: WebAccess): Promise<string> => {
  const found = await peer.operations.search({ ...task(access), query: v.parse(remoteQuery, {}) });
  return found.ok ? `${found.value.rows.length}` : found.problem.code;
};
const retrieve = async (url: string) => {
  const items = [{ studyInstanceUID: '1.2.3' }];
  const access = webAccess({ url });
  return peer.operations.retrieve({ ...task(access), items, expected: null, sourceAeTitle: '' });
};
const failure = async (url: string): Promise<string> => {
  const got = await retrieve(url);
  return got.ok ? `completed ${got.value.completed} failed ${got.value.failed}` : got.problem.code;
};
const rows: Answer = (_request, response) => {
  response.setHeader('content-type', 'application/dicom+json');
  response.end('[{"0020000D":{"vr":"UI","Value":["1.2.3"]}}]');
};
const object = (n: number): Uint8Array =>
  file(sliceWith(element(0x8, 0x18, 'UI', '1.2.3.4'), element(0x20, 0x13, 'IS', String(n))));
const multipart = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      Buffer.concat([Buffer.from('\r\n--b\r\nContent-Type: application/dicom\r\n\r\n'), Buffer.from(part)]),
    ),
  );
const dicomParts = 'multipart/related; type="application/dicom"; boundary=b';

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
afterAll(() => folder.remove());

describe('redirects', () => {
  it('are followed on the same host only, with the login', async () => {
    const seen: string[] = [];
    const other = await serve((request, response) => {
      seen.push(String(request.headers.authorization));
      rows(request, response);
    });
    const same = await serve((request, response) => {
      if (request.url?.startsWith('/old')) {
        const place = request.url.replace('/old', '/new');
        response.writeHead(302, { location: place }).end();
      } else if (request.headers.authorization === 'Bearer s') rows(request, response);
      else response.writeHead(401).end();
    });
    const away = await serve((request, response) => {
      response.writeHead(302, { location: `${other}${request.url}` }).end();
    });
    const loop = await serve((request, response) => {
      response.writeHead(302, { location: request.url }).end();
    });
    const bearer = (url: string) => webAccess({ url, authentication: 'bearer' }, 's');
    expect(await search(bearer(`${same}/old`))).toBe('1');
    expect(await search(bearer(away))).toBe('WEB_REDIRECTED');
    expect(await search(bearer(loop))).toBe('WEB_REDIRECTED');
    expect(seen).toEqual([]);
  });
});

describe('logins', () => {
  it('gets an OAuth token once, and a new one when it is no longer taken', async () => {
    const tokens: string[] = [];
    const forms: string[] = [];
    const root = await serve((request, response) => {
      if (request.url === '/token') {
        let form = '';
        request.on('data', (bytes: Buffer) => {
          form += bytes.toString();
        });
        request.on('end', () => {
          forms.push(`${request.headers.authorization} ${form}`);
          tokens.push(`t${tokens.length + 1}`);
          response.setHeader('content-type', 'application/json');
          response.end(
            JSON.stringify({ access_token: tokens.at(-1), expires_in: 3600, token_type: 'Bearer' }),
          );
        });
        return;
      }
      // Each token lasts for two requests.
      const isGood = request.headers.authorization === `Bearer ${tokens.at(-1)}` && asked < 2;
      asked = isGood ? asked + 1 : 0;
      if (isGood) rows(request, response);
      else response.writeHead(401).end();
    });
    let asked = 0;
    const node = {
      url: root,
      authentication: 'oauth',
      user: 'cl:ient',
      tokenUrl: `${root}/token`,
      scope: 'read',
    } as const;
    const query = v.parse(remoteQuery, { text: 'someone' });
    // Three requests of one task: name, ID, accession number.
    const found = await peer.operations.search({ ...task(webAccess(node, 'p w')), query });
    expect(found.ok && found.value.rows.length).toBe(1);
    expect(tokens).toEqual(['t1', 't2']);
    const login = Buffer.from('cl%3Aient:p+w').toString('base64');
    expect(forms[0]).toBe(`Basic ${login} grant_type=client_credentials&scope=read`);
  });

  it('says when there is no token, or it does not help', async () => {
    const root = await serve((request, response) => {
      if (request.url !== '/token') response.writeHead(403).end();
      else if (refuses) response.writeHead(401).end('{"error":"invalid_client"}');
      else response.end('{"access_token":"t"}');
    });
    let refuses = true;
    const access = webAccess(
      { url: root, authentication: 'oauth', user: 'c', tokenUrl: `${root}/token` },
      's',
    );
    expect(await search(access)).toBe('WEB_TOKEN_FAILED');
    refuses = false;
    expect(await search(access)).toBe('WEB_LOGIN_FAILED');
  });
});

describe('answers', () => {
  it.each<[string, Answer, string]>([
    ['HTML', (_q, r) => r.setHeader('content-type', 'text/html').end('<html>'), 'WEB_ANSWER_INVALID'],
    [
      'no boundary',
      (_q, r) => r.setHeader('content-type', 'multipart/related').end('x'),
      'WEB_ANSWER_INVALID',
    ],
    ['nothing at all', (_q, r) => r.socket?.end('garbage\r\n\r\n'), 'WEB_ANSWER_INVALID'],
    ['404', (_q, r) => r.writeHead(404).end(), 'WEB_NOT_FOUND'],
    ['406', (_q, r) => r.writeHead(406).end(), 'WEB_FORM_REFUSED'],
    ['500', (_q, r) => r.writeHead(500).end(), 'WEB_STATUS_FAILED'],
    ['503 again and again', (_q, r) => r.writeHead(503).end(), 'WEB_BUSY'],
    ['silence', () => undefined, 'PEER_TIMEOUT'],
    ['a reset', (_q, r) => r.socket?.destroy(), 'CONNECTION_LOST'],
    ['no content', (_q, r) => r.writeHead(204).end(), 'completed 0 failed 0'],
    [
      'a part that is no DICOM',
      (_q, r) =>
        r
          .setHeader('content-type', dicomParts)
          .end(Buffer.concat([multipart('hello', object(1)), Buffer.from('\r\n--b--')])),
      'completed 1 failed 1',
    ],
    [
      'a part without meta information',
      (_q, r) =>
        r
          .setHeader('content-type', dicomParts)
          .end(Buffer.concat([multipart(Buffer.from(meta())), Buffer.from('\r\n--b--')])),
      'completed 0 failed 1',
    ],
    [
      'a body that ends too soon',
      (_q, r) => r.setHeader('content-type', dicomParts).end(multipart(object(2), object(3))),
      'WEB_ANSWER_INVALID',
    ],
    [
      'a connection that ends in the middle of an object',
      (_q, r) => {
        r.writeHead(200, { 'content-type': dicomParts, 'content-length': 100_000 });
        r.write(multipart(object(4), object(5)), () => r.socket?.destroy());
      },
      'CONNECTION_LOST',
    ],
    [
      'an answer without a length whose connection ends in the middle of an object',
      (_q, r) => {
        r.socket?.write(`HTTP/1.1 200 OK\r\nContent-Type: ${dicomParts}\r\nConnection: close\r\n\r\n`);
        r.socket?.end(multipart(object(9), object(10).subarray(0, 200)));
      },
      'CONNECTION_LOST',
    ],
    [
      'a stall in the middle of an object',
      (_q, r) => {
        r.writeHead(200, { 'content-type': dicomParts, 'content-length': 100_000 });
        r.write(multipart(object(6)));
      },
      'PEER_TIMEOUT',
    ],
    [
      'one file alone',
      (_q, r) => r.setHeader('content-type', 'application/dicom').end(object(7)),
      'completed 1 failed 0',
    ],
  ])('%s', async (_what, answer, expected) => {
    expect(await failure(await serve(answer))).toBe(expected);
    // Nothing half received stays.
    const { incomingDir } = peer.places;
    expect(readdirSync(incomingDir)).toEqual([]);
  });

  it('is asked again when it was busy, not when it was wrong', async () => {
    const asked = { busy: 0, wrong: 0 };
    const url = await serve((request, response) => {
      asked.busy += 1;
      if (asked.busy < 3) response.writeHead(503, { 'retry-after': '0' }).end();
      else rows(request, response);
    });
    expect(await search(webAccess({ url }))).toBe('1');
    const wrong = await serve((_request, response) => {
      asked.wrong += 1;
      response.writeHead(400).end();
    });
    expect(await search(webAccess({ url: wrong }))).toBe('WEB_STATUS_FAILED');
    expect(asked).toEqual({ busy: 3, wrong: 1 });
  });

  it('ends at once when it is cancelled', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': dicomParts });
      response.write(multipart(object(8)));
    });
    const before = peer.kept.length;
    const running = retrieve(url);
    const cancelled = taskId;
    await new Promise((resolve) => setTimeout(resolve, 200));
    peer.operations.cancel({ taskId: cancelled });
    const got = await running;
    expect(got.ok ? 'done' : got.problem.code).toBe('CANCELLED');
    expect(peer.kept).toHaveLength(before);
  });

  it('names what is wrong with an address', async () => {
    const codes: string[] = [];
    for (const url of [
      'ftp://x',
      'http://u:p@127.0.0.1/',
      'http://127.0.0.1:1/',
      'http://no-such-host.invalid/',
    ])
      codes.push(await search(webAccess({ url })));
    expect(codes.slice(0, 3)).toEqual(['NODE_ADDRESS_INVALID', 'NODE_ADDRESS_INVALID', 'CONNECTION_REFUSED']);
    expect(codes[3]).toBe('HOST_UNKNOWN');
  });
});

describe('sending', () => {
  const objects = () => {
    const made = join(folder.path, 'send');
    mkdirSync(made, { recursive: true });
    return [1, 2, 3].map((n) => {
      const path = join(made, `${n}.dcm`);
      writeFileSync(path, file(sliceWith(element(0x8, 0x18, 'UI', `1.9.${n}`))));
      return sendObject(path)!;
    });
  };
  const sentTo = async (answer: Answer) => {
    const access = webAccess({ url: await serve(answer) });
    const before = peer.outcomes.length;
    const result = await peer.operations.send({
      ...task(access),
      objects: objects(),
      sourceAeTitle: 'CANDELA',
    });
    const outcomes = peer.outcomes.slice(before);
    return [
      result.ok ? 'ok' : result.problem.code,
      ...outcomes
        .map((one) => `${one.sopInstanceUID} ${one.state} ${one.problem?.code ?? ''} ${one.mayRetry}`)
        .sort(),
    ];
  };
  const whole =
    (answer: (uids: string[], response: ServerResponse) => void): Answer =>
    (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (bytes: Buffer) => parts.push(bytes));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString('latin1');
        answer([...new Set(text.match(/1\.9\.\d/g))], response);
      });
    };
  const item = (uid: string, more: object = {}) => ({ '00081155': { vr: 'UI', Value: [uid] }, ...more });

  it('tells each object’s outcome', async () => {
    const reason = (code: number) => ({ '00081197': { vr: 'US', Value: [code] } });
    const outcomes = await sentTo(
      whole((_uids, response) => {
        response.writeHead(202, { 'content-type': 'application/dicom+json' });
        const failed = [item('1.9.1', reason(0xa700)), item('1.9.2', reason(0x0122))];
        const body = {
          '00081198': { vr: 'SQ', Value: failed },
          '00081199': { vr: 'SQ', Value: [item('1.9.3')] },
        };
        response.end(JSON.stringify(body));
      }),
    );
    expect(outcomes).toEqual([
      'ok',
      '1.9.1 failed PEER_OUT_OF_RESOURCES true',
      '1.9.2 failed PEER_CLASS_UNSUPPORTED false',
      '1.9.3 done  false',
    ]);
  });

  it('waits as long as a busy server says, and sends again', async () => {
    let asked = 0;
    const outcomes = await sentTo(
      whole((_uids, response) => {
        asked += 1;
        if (asked > 1) response.writeHead(200).end();
        else response.writeHead(429, { 'retry-after': '1' }).end();
      }),
    );
    expect([asked, ...outcomes]).toEqual([2, 'ok', ...[1, 2, 3].map((n) => `1.9.${n} done  false`)]);
  });

  it('tries again what a server could not process, as over DIMSE', async () => {
    const reason = (code: number) => ({ '00081197': { vr: 'US', Value: [code] } });
    const outcomes = await sentTo(
      whole((_uids, response) => {
        response.writeHead(409, { 'content-type': 'application/dicom+json' });
        const failed = [item('1.9.1', reason(0x0110)), item('1.9.2', reason(0xc000)), item('1.9.3')];
        response.end(JSON.stringify({ '00081198': { vr: 'SQ', Value: failed } }));
      }),
    );
    expect(outcomes).toEqual([
      'ok',
      '1.9.1 failed PEER_STATUS_FAILED true',
      '1.9.2 failed PEER_CANNOT_UNDERSTAND false',
      '1.9.3 failed PEER_STATUS_FAILED false',
    ]);
  });

  it('takes 200 without a word for all, and 409 without one for none', async () => {
    expect(await sentTo(whole((_uids, response) => response.end()))).toEqual([
      'ok',
      '1.9.1 done  false',
      '1.9.2 done  false',
      '1.9.3 done  false',
    ]);
    expect((await sentTo(whole((_uids, response) => response.writeHead(409).end())))[1]).toBe(
      '1.9.1 failed WEB_ANSWER_INVALID false',
    );
  });

  it('finds the one object that a server cannot take', async () => {
    const sizes: number[] = [];
    const outcomes = await sentTo(
      whole((uids, response) => {
        sizes.push(uids.length);
        response.writeHead(uids.includes('1.9.2') ? 413 : 200).end();
      }),
    );
    expect(outcomes).toEqual([
      'ok',
      '1.9.1 done  false',
      '1.9.2 failed WEB_STATUS_FAILED false',
      '1.9.3 done  false',
    ]);
    expect(sizes).toEqual([3, 2, 1, 1, 1]);
  });

  it('fails as a whole when nobody is there', async () => {
    expect(await sentTo((_request, response) => response.writeHead(503).end())).toEqual(['WEB_BUSY']);
    expect(await sentTo((_request, response) => response.writeHead(401).end())).toEqual(['WEB_LOGIN_FAILED']);
  });
});
