import type { ProblemRow } from './problem-row.ts';

/** Problems of curved pictures and of the lines that they follow. */
export const cprProblems = {
  CPR_BEYOND_LINE: {
    fault: 'user',
    zh: '这里在曲面图之外，没有图像，因此不能测量。',
    en: 'Beyond the end of the line there is no picture, so nothing is measured there.',
    adviceZh: '请在线的两端之间测量，或先延长这条线。',
    adviceEn: 'Measure between the ends of the line, or make the line longer first.',
  },
  CPR_NOT_TO_SCALE: {
    fault: 'user',
    zh: '投影式曲面图上的长度不成比例，不能测量长度。',
    en: 'Lengths in a projected CPR are not to scale, so none is measured.',
    adviceZh: '请在拉直或拉伸模式下测量长度。',
    adviceEn: 'Measure lengths in the straightened or stretched view.',
  },
  LINE_FILE_INVALID: {
    fault: 'user',
    zh: '这个文件不是中心线文件，错误位置：{where}。',
    en: 'This file is no centreline; the fault is at {where}.',
    adviceZh: '请使用 candela vessel --json 写出的文件，或由坐标点组成的 JSON 列表，单位毫米，LPS 坐标。',
    adviceEn: 'Use what candela vessel --json wrote, or a JSON list of points in millimetres, LPS.',
  },
  LINE_OUTSIDE: {
    fault: 'user',
    zh: '这条线完全在容积之外，没有可显示的图像。',
    en: 'The line lies outside of the volume altogether, so there is nothing to show.',
    adviceZh: '请检查坐标（毫米，LPS）以及线和序列是否属于同一检查。',
    adviceEn: 'Check its coordinates (millimetres, LPS) and that line and series belong together.',
  },
  LINE_TOO_SHORT: {
    fault: 'user',
    zh: '这条线没有长度：至少需要两个不同的点。',
    en: 'The line has no length: it needs at least two different points.',
    adviceZh: '请再加一个点。',
    adviceEn: 'Add another point.',
  },
} as const satisfies Record<string, ProblemRow>;
