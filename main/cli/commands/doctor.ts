import { type Command, exitCodes, need } from '../command.ts';

const marks = { ok: '✓', warn: '!', bad: '✗' } as const;

/** What is fine on this machine, what is not, and what to do. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: '[--json] [--data DIR]',
  options: [],
  positionals: { least: 0, most: 0 },
  async run(_args, context) {
    const host = await context.host();
    const findings = need(await host.call('app.doctor', {}));
    const chinese = context.language === 'zh-CN';
    const lines = findings.map((finding) => {
      const advice = chinese ? finding.adviceZh : finding.adviceEn;
      return `${marks[finding.state]} ${chinese ? finding.zh : finding.en}${advice && finding.state !== 'ok' ? ` ${advice}` : ''}`;
    });
    const bad = findings.some((finding) => finding.state === 'bad');
    return { exitCode: bad ? exitCodes.failed : exitCodes.done, json: findings, text: lines.join('\n') };
  },
};
