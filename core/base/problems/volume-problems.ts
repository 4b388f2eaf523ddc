import type { ProblemRow } from './problem-row.ts';

export const volumeProblems = {
  DRAWING_FAILED: {
    fault: 'program',
    zh: '绘图线程反复出错（{detail}），这个序列的重建图像无法显示，已打叉。',
    en: 'What draws reconstructed pictures failed again and again ({detail}); those of this series are crossed out.',
    adviceZh: '请关闭此检查后重新打开，已做的测量和标记都会保留；如再次出现，请把此信息告诉支持人员。',
    adviceEn: 'Close the study and open it again, nothing of yours is lost; if it returns, tell support.',
  },
  GEOMETRY_SET_UNEVEN: {
    fault: 'file',
    zh: '同一组期相、回波、b 值或时间点的图像范围不一致（本组 {own} 层，其他 {others} 层），不能一起播放。',
    en: 'This stack does not cover the same slices as others of its phases, echoes, b-values or times ({own} here, {others} there), so they do not play together.',
    adviceZh: '请核对图像数量；请补齐缺少的图像。',
    adviceEn: 'Check the number of images, and fetch those that are missing.',
  },
  GEOMETRY_FROM_THICKNESS: {
    fault: 'file',
    zh: '文件没有给出层间距，以层厚 {mm} mm 代替：如果层间有间隙或重叠，沿层面方向的长度不准确。',
    en: 'The file does not state how far apart slices lie; their thickness, {mm} mm, stands in for it: lengths along the stack are wrong where slices overlap or leave gaps.',
    adviceZh: '请在层面内测量；请与发送方核对层间距。',
    adviceEn: 'Measure within slices; check the distance of slices with the sender.',
  },
  GEOMETRY_TURNS_VARY: {
    fault: 'file',
    zh: '各幅图像的方向略有不同；图像边缘最多偏离 {mm} mm。',
    en: 'The images are turned a little against each other; at the edge they lie up to {mm} mm apart.',
    adviceZh: '测量请以原始层面为准。',
    adviceEn: 'Measure on the original slices.',
  },
  GEOMETRY_UNORDERED: {
    fault: 'file',
    zh: '每个位置有多幅图像，编号、时间和序列属性都不能说明哪些属于同一组：一个体数据中可能混有不同组的图像。',
    en: 'Every position has several images, and neither attributes nor numbers or times tell which belong together: one volume may mix images of several.',
    adviceZh: '请查看逐层图像；请向原设备取带编号或时间的图像。',
    adviceEn:
      'Read the slices one by one, or fetch the images with their numbers or times from where they were made.',
  },
  PRESET_SHOWS_NOTHING: {
    fault: 'user',
    zh: '三维图像是空的：这组图像的数值（{min} 至 {max}）都在预设的可见范围之外。',
    en: 'The 3D picture is empty: all values of the images ({min} to {max}) lie outside of what the preset shows.',
    adviceZh: '请换一个预设，或移动它的阈值。',
    adviceEn: 'Choose another preset, or move its threshold.',
  },
  GEOMETRY_ONE_POSITION: {
    fault: 'file',
    zh: '文件中各帧只有一个共同的位置，没有说明各层向哪一侧排列，不能做多平面和三维重建。',
    en: 'The file gives one position for all its frames and does not tell which way they follow each other, so no planes or 3D can be made.',
    adviceZh: '请逐幅阅读，或请对方导出带有各层位置的图像。',
    adviceEn: 'Scroll through them, or ask for an export with a position for each slice.',
  },
  GEOMETRY_CURVED: {
    fault: 'file',
    zh: '图像为曲面重建：像素不对应患者中的直线位置，不能再做多平面和三维重建。',
    en: 'The images are curved reformats: what is straight in them is not so in the patient, so no planes or 3D can be made.',
    adviceZh: '请逐幅阅读；重建请打开原始序列。',
    adviceEn: 'Read them as single images; open the series they were made of for planes and 3D.',
  },
  NIFTI_TOO_LONG: {
    fault: 'user',
    zh: 'NIfTI 文件每个方向最多 32767 个体素，此体数据有 {count} 个。',
    en: 'NIfTI files hold at most 32,767 voxels along an axis; this volume has {count}.',
    adviceZh: '请改写为 .nrrd 文件。',
    adviceEn: 'Write it as .nrrd instead.',
  },
  VOLUME_NEEDS_REDUCING: {
    fault: 'environment',
    zh: '体数据解码后共 {megabytes} MB，无法整体重建。',
    en: 'The volume takes {megabytes} MB decoded, too much to be reconstructed as a whole.',
    adviceZh:
      'slice、render、turntable、reformat 和 cpr 加 --reduce {factor} 可降采样画图（每 {factor} × {factor} 个像素取平均）；volume 可写出完整数据；render --view stack 画单幅图像。',
    adviceEn:
      'Commands slice, render, turntable, reformat and cpr draw it reduced with --reduce {factor} ({factor} × {factor} pixels averaged); volume writes it whole, render --view stack draws single images.',
  },
} as const satisfies Record<string, ProblemRow>;
