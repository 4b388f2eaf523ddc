import { constants, existsSync, readFileSync } from 'node:fs';
import { access, open, rm, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { Settings } from '../../../core/contract/settings.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import type { DataFolder } from '../folder.ts';

type Finding = CallOutput<'app.doctor'>[number];
const gib = 1024 ** 3;

/** Looks at what Candela needs of a machine, and says what to do where it lacks. */
export async function examine(folder: DataFolder, trial: Settings['gpuTrial']): Promise<Finding[]> {
  return [
    node(),
    await writable(folder),
    await space(folder),
    await network(folder),
    await syncTime(folder),
    memory(),
    await loopback(),
    graphics(trial),
    electron(),
  ];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isGood = major > 22 || (major === 22 && minor >= 22);
  return {
    id: 'node',
    state: isGood ? 'ok' : 'bad',
    zh: `Node ${process.versions.node}`,
    en: `Node ${process.versions.node}`,
    adviceZh: isGood ? '' : '需要 Node 22.22 或更新版本：请用 npm start 启动，它会自动获取。',
    adviceEn: isGood ? '' : 'Node 22.22 or newer is needed: start with npm start, which gets one.',
  };
}

async function writable({ root }: DataFolder): Promise<Finding> {
  const isGood = await access(root, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return {
    id: 'dataFolder',
    state: isGood ? 'ok' : 'bad',
    zh: isGood ? `数据文件夹可写：${root}` : `数据文件夹不可写：${root}`,
    en: isGood ? `The data folder can be written: ${root}` : `The data folder cannot be written: ${root}`,
    adviceZh: isGood ? '' : '请检查文件夹权限，或用 --data 选择另一个文件夹。',
    adviceEn: isGood ? '' : 'Check its permissions, or choose another folder with --data.',
  };
}

async function space({ root }: DataFolder): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(root);
  const freeBytes = bavail * bsize;
  const warnBelow = Math.max(10 * gib, 0.05 * blocks * bsize);
  const state = freeBytes < 2 * gib ? 'bad' : freeBytes < warnBelow ? 'warn' : 'ok';
  const free = formatBytes(freeBytes);
  return {
    id: 'space',
    state,
    zh: `可用空间 ${free}`,
    en: `${free} free`,
    adviceZh: state === 'ok' ? '' : '请腾出空间：少于 2 GB 时停止导入和接收。',
    adviceEn: state === 'ok' ? '' : 'Make room: below 2 GB importing and receiving stop.',
  };
}

/** Magic numbers of NFS, SMB, CIFS, 9p, AFS and FUSE in statfs(2). */
const networkTypes = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x5346414f, 0x65735546]);

async function network({ root }: DataFolder): Promise<Finding> {
  const { type } = await statfs(root);
  const isRemote = process.platform === 'linux' && networkTypes.has(type >>> 0);
  return {
    id: 'fileSystem',
    state: isRemote ? 'bad' : 'ok',
    zh: isRemote ? '数据文件夹在网络文件系统上' : '数据文件夹在本机磁盘上',
    en: isRemote ? 'The data folder is on a network file system' : 'The data folder is on a local disk',
    adviceZh: isRemote ? '请把数据文件夹移到本机磁盘：网络盘上数据库可能损坏。' : '',
    adviceEn: isRemote ? 'Move it to a local disk: a database on a network share can be damaged.' : '',
  };
}

/** Median time of writing 4 KiB durably; importing pays it once per batch. */
async function syncTime({ incoming }: DataFolder): Promise<Finding> {
  const path = join(incoming, `doctor-${process.pid}.part`);
  const times: number[] = [];
  try {
    const file = await open(path, 'w', 0o600);
    for (let round = 0; round < 9; round += 1) {
      const start = performance.now();
      await file.write(new Uint8Array(4096), 0, 4096, 0);
      await file.sync();
      times.push(performance.now() - start);
    }
    await file.close();
  } catch {
    times.push(Number.POSITIVE_INFINITY);
  } finally {
    await rm(path, { force: true });
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const state = median < 20 ? 'ok' : median < 200 ? 'warn' : 'bad';
  const shown = Number.isFinite(median) ? `${median.toFixed(1)} ms` : '–';
  return {
    id: 'fsync',
    state,
    zh: `安全写入一次需 ${shown}`,
    en: `One safe write takes ${shown}`,
    adviceZh: state === 'ok' ? '' : '磁盘较慢，导入会变慢；建议使用本机固态硬盘。',
    adviceEn: state === 'ok' ? '' : 'The disk is slow and imports will be; a local SSD is better.',
  };
}

function memory(): Finding {
  const total = formatBytes(totalmem());
  const free = formatBytes(freemem());
  const state = totalmem() < 4 * gib ? 'bad' : totalmem() < 7.5 * gib ? 'warn' : 'ok';
  return {
    id: 'memory',
    state,
    zh: `内存 ${total}，空闲 ${free}`,
    en: `${total} of memory, ${free} free`,
    adviceZh: state === 'ok' ? '' : '大型序列的三维重建建议 8 GB 以上内存。',
    adviceEn: state === 'ok' ? '' : '8 GB or more are advised for 3D of large series.',
  };
}

async function loopback(): Promise<Finding> {
  const port = await new Promise<number>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
  return {
    id: 'port',
    state: port > 0 ? 'ok' : 'bad',
    zh: port > 0 ? '本机端口可用' : '无法打开本机端口',
    en: port > 0 ? 'A loopback port can be opened' : 'No loopback port can be opened',
    adviceZh: port > 0 ? '' : '请检查防火墙或安全软件：浏览器方式需要 127.0.0.1。',
    adviceEn: port > 0 ? '' : 'Check the firewall or security software: the browser shell needs 127.0.0.1.',
  };
}

/** Where 3D is drawn: known once a page has tried the graphics card. */
function graphics(trial: Settings['gpuTrial']): Finding {
  const device = trial?.device ?? '';
  const words = {
    none: {
      zh: '尚未试过显卡：打开一次阅片后可知',
      en: 'The graphics card has not been tried: open a study once',
    },
    gpu: { zh: `三维由显卡绘制：${device}`, en: `3D is drawn by the graphics card: ${device}` },
    cpu: { zh: `三维由处理器绘制：${device}`, en: `3D is drawn by the processor: ${device}` },
  }[trial?.road ?? 'none'];
  return { id: 'graphics', state: 'ok', ...words, adviceZh: '', adviceEn: '' };
}

/** Whether the desktop shell can start; without it the browser shell does the same. */
function electron(): Finding {
  const isHere = process.versions['electron'] !== undefined || hasElectronBinary();
  return {
    id: 'electron',
    state: 'ok',
    zh: isHere ? '已有 Electron：以桌面窗口运行' : '没有 Electron：在浏览器中运行，功能相同',
    en: isHere
      ? 'Electron is there: Candela runs in a desktop window'
      : 'Electron is not there: Candela runs in the browser, with the same features',
    adviceZh: '',
    adviceEn: '',
  };
}

/** Looks without importing: the package tries to download itself when loaded without its binary. */
function hasElectronBinary(): boolean {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    return existsSync(join(folder, 'dist', name));
  } catch {
    return false;
  }
}
