import type { Problem } from '../../../core/base/problem.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { type Command, type CommandContext, CommandFailure, exitCodes, need } from '../command.ts';

type Finding = CallOutput<'app.doctor'>[number];

const marks = { ok: '✓', warn: '!', bad: '✗' } as const;

/** What is fine on this machine, what is not, and what to do. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: '[--json] [--data DIR]',
  options: [],
  positionals: { least: 0, most: 0 },
  async run(_args, context) {
    const findings = await examined(context);
    const chinese = context.language === 'zh-CN';
    const lines = findings.map((finding) => {
      const advice = chinese ? finding.adviceZh : finding.adviceEn;
      return `${marks[finding.state]} ${chinese ? finding.zh : finding.en}${advice && finding.state !== 'ok' ? ` ${advice}` : ''}`;
    });
    const bad = findings.some((finding) => finding.state === 'bad');
    return { exitCode: bad ? exitCodes.failed : exitCodes.done, json: findings, text: lines.join('\n') };
  },
};

async function examined(context: CommandContext): Promise<Finding[]> {
  try {
    const host = await context.host();
    return need(await host.call('app.doctor', {}));
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const host = await context.scratchHost();
    const findings = need(await host.call('app.doctor', {}));
    const shut = shutFolder(context.dataDir, error.problem);
    return findings.flatMap((finding) =>
      finding.id === 'dataFolder' ? [shut] : ofFolder.has(finding.id) ? [] : [finding],
    );
  }
}

/** What is found of the folder itself: of another one it would say nothing. */
const ofFolder = new Set(['space', 'fileSystem', 'fsync']);

/** A data folder that cannot be opened costs its own findings, not those of the machine. */
function shutFolder(dataDir: string, problem: Problem): Finding {
  const zh = problemText('zh-CN', problem);
  const en = problemText('en', problem);
  return {
    id: 'dataFolder',
    state: 'bad',
    zh: `数据文件夹打不开：${dataDir}。${zh.sentence}`,
    en: `The data folder cannot be opened: ${dataDir}. ${en.sentence}`,
    adviceZh: `${zh.advice}也可以用 --data 选择另一个文件夹。`,
    adviceEn: `${en.advice} Or choose another folder with --data.`,
  };
}
