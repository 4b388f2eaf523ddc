import type { ProblemRow } from './problem-row.ts';

/** Problems of centrelines: points that are in no lumen, and paths that are none. */
export const pathProblems = {
  PATH_GAP: {
    fault: 'user',
    zh: '第 {n} 段没有连续的管腔：约 {gapMm} mm 处于管腔之外，未连接。',
    en: 'Piece {n} has no continuous lumen: about {gapMm} mm lie outside it, so it was not joined.',
    adviceZh: '请在断开处的两侧加点；确属闭塞时可手动画线。',
    adviceEn: 'Add points on both sides of the gap; draw the line by hand across an occlusion.',
  },
  PATH_GEOMETRY_UNSAFE: {
    fault: 'file',
    zh: '这组图像的几何信息不可信，不能沿血管重建。',
    en: 'The geometry of these images cannot be trusted; nothing can be followed through them.',
    adviceZh: '请按单幅图像阅读。',
    adviceEn: 'Read them as single images.',
  },
  PATH_LEAVES_VOLUME: {
    fault: 'user',
    zh: '第 {n} 段离开了图像范围。',
    en: 'Piece {n} leaves the volume.',
    adviceZh: '请把点放在图像范围之内。',
    adviceEn: 'Place its points within the images.',
  },
  PATH_LOOP: {
    fault: 'user',
    zh: '第 {n} 段又沿前面的线走了约 {overlapMm} mm。',
    en: 'Piece {n} runs along the line before it again, for about {overlapMm} mm.',
    adviceZh: '请检查点的顺序，或把分支画成单独的线。',
    adviceEn: 'Check the order of the points, or make a branch a line of its own.',
  },
  PATH_NO_LUMEN: {
    fault: 'user',
    zh: '第 {n} 个点处没有可跟踪的管腔。',
    en: 'There is no lumen to follow at point {n}.',
    adviceZh: '请点在管腔中央，或手动画线。',
    adviceEn: 'Click into the middle of the lumen, or draw the line by hand.',
  },
  PATH_ONE_POINT: {
    fault: 'user',
    zh: '一个点还不是一条线。',
    en: 'One point is not a line yet.',
    adviceZh: '请再点一处。',
    adviceEn: 'Click a second place.',
  },
  PATH_POINT_IN_AIR: {
    fault: 'user',
    zh: '第 {n} 个点在空气中，不在血管内。',
    en: 'Point {n} lies in air, not in a vessel.',
    adviceZh: '请点在血管内；跟踪气道请选择气道。',
    adviceEn: 'Click into the vessel; to follow an airway, choose an airway.',
  },
  PATH_POINT_OUTSIDE: {
    fault: 'user',
    zh: '第 {n} 个点在图像范围之外。',
    en: 'Point {n} lies outside the images.',
    adviceZh: '请点在图像之内；坐标为患者坐标 LPS，单位 mm。',
    adviceEn: 'Click inside the images; coordinates are patient LPS in mm.',
  },
  PATH_SAME_POINT: {
    fault: 'user',
    zh: '第 {n} 个点与前一个点在同一位置。',
    en: 'Point {n} is in the same place as the one before it.',
    adviceZh: '请点在另一处。',
    adviceEn: 'Click another place.',
  },
  PATH_WEAK: {
    fault: 'user',
    zh: '第 {n} 段约有 {gapMm} mm 看不清管腔，以红色显示。',
    en: 'Along about {gapMm} mm of piece {n} the lumen is hardly visible; it is drawn in red.',
    adviceZh: '请核对此处，必要时移动或增加点。',
    adviceEn: 'Check that place; move or add points where needed.',
  },
  PATH_THIN: {
    fault: 'file',
    zh: '第 {n} 段约有 {thinMm} mm 的管腔不足一个体素宽，路径可能偏离血管，以红色显示。',
    en: 'Along about {thinMm} mm of piece {n} the lumen is less than a voxel across; the line may lie beside it and is drawn in red.',
    adviceZh: '请用更薄层的序列，或逐点核对并移动。',
    adviceEn: 'Use a series of thinner slices, or check the line point by point.',
  },
  LUMEN_WITHOUT_CONTRAST: {
    fault: 'user',
    zh: '血管内没有对比剂：血液与管壁无法区分，狭窄不作计算，直径只能算到外壁附近。',
    en: 'The vessel holds no contrast medium: blood and wall look alike, stenoses are not computed, and diameters are near those of the outer wall at best.',
    adviceZh: '请改用增强扫描的序列测量管腔。',
    adviceEn: 'Measure lumens in a series with contrast medium.',
  },
} as const satisfies Record<string, ProblemRow>;
