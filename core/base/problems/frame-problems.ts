import type { ProblemRow } from './problem-row.ts';

/** Problems of the frames of an object: where they begin, how many there are, what is left of them. */
export const frameProblems = {
  COLOURS_LEFT_OUT: {
    fault: 'file',
    zh: '文件用附加调色板给部分像素着色，这里只显示为灰度。',
    en: 'The file gives some pixels colours by a supplemental palette; here they are shown as greys.',
    adviceZh: '需要看颜色（如血流、激活区）时，请在原设备上查看。',
    adviceEn: 'Where colours matter (flow, activation), look at them on the modality.',
  },
  FRAME_BOUNDARY_GUESSED: {
    fault: 'file',
    zh: '文件没有标明各帧的界线，已按压缩数据推断。',
    en: 'The file does not mark where frames begin; this was inferred from the compressed data.',
    adviceZh: '请核对帧数和画面是否连续。',
    adviceEn: 'Check the number of frames and that they follow each other.',
  },
  FRAME_COUNT_MISMATCH: {
    fault: 'file',
    zh: '实际帧数与文件声明的不一致。',
    en: 'The file holds another number of frames than it declares.',
    adviceZh: '可能缺图，或有图像未显示，请核实。',
    adviceEn: 'Images may be missing, or not all be shown, so verify.',
  },
  FRAME_MORE_PICTURES: {
    fault: 'file',
    zh: '该帧的数据中不止一幅图像，只显示第一幅。',
    en: 'The data of this frame holds more than one picture; only the first is shown.',
    adviceZh: '可能有图像未显示；请核对帧数，必要时请重新发送。',
    adviceEn: 'Pictures may be missing; check the number of frames and have the file sent again.',
  },
  FRAME_PARTIAL: {
    fault: 'file',
    zh: '该帧数据不完整，只能部分显示。',
    en: 'The frame is incomplete and only partly shown.',
    adviceZh: '请勿据此诊断；请重新获取原始文件。',
    adviceEn: 'Do not diagnose from it; get the original file again.',
  },
  FRAME_RANGE: {
    fault: 'user',
    zh: '没有这一帧。',
    en: 'There is no such frame.',
    adviceZh: '请输入有效的帧号。',
    adviceEn: 'Enter a valid frame number.',
  },
  FRAME_TOO_LARGE: {
    fault: 'file',
    zh: '图像尺寸过大，无法显示。',
    en: 'The picture is too large to be shown.',
    adviceZh: '文件已保留；请用专门软件查看或索取较小的版本。',
    adviceEn: 'The file is kept; use a special viewer or ask for a smaller version.',
  },
  FRAME_UNDECODABLE: {
    fault: 'file',
    zh: '该帧无法解码。',
    en: 'The frame cannot be decoded.',
    adviceZh: '请重新获取文件；其余帧可照常查看。',
    adviceEn: 'Get the file again; the other frames can be viewed.',
  },
  RESCALE_NO_SLOPE: {
    fault: 'file',
    zh: '文件有截距而没有斜率，像素值按斜率 1 换算。',
    en: 'The file has a rescale intercept without its slope; pixel values are rescaled with a slope of 1.',
    adviceZh: '请核对数值；必要时向设备方索取正确的文件。',
    adviceEn: 'Check the values; ask the sender for a correct file where they matter.',
  },
} as const satisfies Record<string, ProblemRow>;
