import { networkCliTerms, networkCommandTerms, networkOptionTerms } from './cli-network.ts';
import type { Term, TermTable } from './term.ts';

/** What each command does, in one line of help. */
export const commandTerms = {
  ...networkCommandTerms,
  import: {
    zh: '导入文件、文件夹、ZIP 和光盘，并给出回执',
    en: 'Imports files, folders, ZIPs and discs, and gives a receipt',
  },
  list: {
    zh: '列出检查；可按姓名、拼音、编号或描述查找',
    en: 'Lists studies; finds them by name, pinyin, ID or description',
  },
  show: {
    zh: '显示一个检查的序列、几何信息和体数据分组',
    en: 'Shows the series of a study with their geometry and volume groups',
  },
  frame: {
    zh: '解码图像，给出大小、范围和散列值',
    en: 'Decodes pictures and gives their size, range and hash',
  },
  volume: {
    zh: '把序列写成 NRRD 或 NIfTI 体数据文件，数值已换算',
    en: 'Writes a series as an NRRD or NIfTI volume of rescaled values',
  },
  render: {
    zh: '把一幅图像、一个平面或三维视图画成 PNG，不需要浏览器和显卡',
    en: 'Draws an image, a plane or a 3D view as a PNG, without a browser or GPU',
  },
  slice: {
    zh: '按患者坐标切出一个平面或层块，写成 NRRD 数值或 PNG 图像',
    en: 'Cuts a plane or slab at patient coordinates, as NRRD values or a PNG',
  },
  turntable: {
    zh: '把三维视图转一圈拍成影片：PNG 文件夹、AVI、DICOM、MP4 或 WebM',
    en: 'Films one turn of the 3D view: a folder of PNGs, AVI, DICOM, MP4 or WebM',
  },
  reformat: {
    zh: '把一批平面（平行或放射状）切成新的 DICOM 序列',
    en: 'Cuts a batch of planes, parallel or radial, as a new DICOM series',
  },
  vessel: {
    zh: '沿血管、气道或骨穿过给定的点画线，并测量沿线的管腔',
    en: 'Follows a vessel, airway or bone through points and measures its lumen along the way',
  },
  cpr: {
    zh: '沿中心线把血管或骨展平成曲面重建图像，写成 NRRD 数值或 PNG 图像',
    en: 'Lays the surroundings of a centreline flat (CPR), as NRRD values or a PNG',
  },
  segment: {
    zh: '找出人体、检查床、骨骼、肺、气道或某一数值范围，给出体积，写成 DICOM SEG 或 NRRD',
    en: 'Finds body, table, bones, lungs, airways or a range of values; gives its volume and writes DICOM SEG or NRRD',
  },
  verify: {
    zh: '校验数据库和每个已存储的文件',
    en: 'Checks the database and every stored file against its hash',
  },
  rebuild: {
    zh: '从文件重建索引，与现有索引比较后切换',
    en: 'Makes the index again from the files, compares it and swaps it in',
  },
  backup: {
    zh: '把存储备份到文件夹（只复制新的），或校验其中的备份',
    en: 'Backs the store up to a folder, copying what is new, or checks the backup in it',
  },
  restore: {
    zh: '用备份建立一个新的数据文件夹并逐一校验，或换用这样的文件夹',
    en: 'Makes a new data folder of a backup, every file checked, or puts one in use',
  },
  serve: {
    zh: '启动浏览器界面，按 Ctrl+C 结束',
    en: 'Starts the browser shell, until Ctrl+C',
  },
  demo: { zh: '生成并导入演示检查', en: 'Makes and imports the demo study' },
  phantom: {
    zh: '写出体模 DICOM 序列，并给出已知答案',
    en: 'Writes a phantom as a DICOM series, with its known answers',
  },
  doctor: {
    zh: '检查本机：哪些正常，哪些不正常，该怎么办',
    en: 'Looks at this machine: what is fine, what is not, what to do',
  },
  bench: { zh: '测量速度和内存（需要源代码目录）', en: 'Measures speed and memory (in a clone)' },
} as const satisfies TermTable;

/** What each option does; a key with a command's name goes before the plain one. */
export const optionTerms: Readonly<Record<string, Term>> = {
  ...networkOptionTerms,
  json: { zh: '在标准输出上打印一个 JSON 文档', en: 'print one JSON document on stdout' },
  quiet: {
    zh: '标准错误上不显示进度；问题和说明照常显示',
    en: 'no progress on stderr; problems and notes still appear there',
  },
  data: {
    zh: '数据文件夹；默认取 CANDELA_DATA，再取用户的默认文件夹',
    en: "the data folder; CANDELA_DATA, else the user's own, when left out",
  },
  help: { zh: '显示此帮助', en: 'show this help' },
  'backup.verify': {
    zh: '不备份，只重新读取并校验最新的备份',
    en: 'back nothing up: read the newest backup again and check it',
  },
  'passphrase-file': {
    zh: '存有加密口令的文件；不给则不加密',
    en: 'a file with the passphrase that encrypts the backup; in clear when left out',
  },
  'restore.use': {
    zh: '换用此文件夹（由 --to 建立）：原有数据保留在数据文件夹的 before-restore-… 中；须先退出 Candela',
    en: 'use this folder, made with --to: the data of before stay in the data folder, in before-restore-…; quit Candela first',
  },
  'restore.to': { zh: '新的数据文件夹；须为空或不存在', en: 'the new data folder: empty, or not there yet' },
  frame: { zh: '只取这一帧，从 1 开始', en: 'this frame only, counted from 1' },
  'volume.out': {
    zh: '要写的文件，由扩展名决定格式；不给则只显示几何信息和可信度',
    en: 'the file to write, its extension says the format; without it, only the geometry and its verdict are told',
  },
  'render.out': { zh: '要写的 PNG 文件', en: 'the PNG file to write' },
  'phantom.out': { zh: '要写入的文件夹', en: 'the folder to write into' },
  group: {
    zh: '体数据分组的名称、编号或序号（从 1 起，见 show）；默认取最适合做体数据的',
    en: 'the volume group by name, id or number from 1 (see show); the one that makes the best volume when left out',
  },
  reduce: {
    zh: '降采样：每层 N × N 个像素取平均（2 至 16），用于超出内存的序列；默认不降采样',
    en: 'read it reduced: the mean of N × N pixels of a slice (2 to 16), for what does not fit into memory; not reduced when left out',
  },
  view: {
    zh: '平面，或从一侧看的三维（单词或字母）；默认 3d，从前方看；stack 为序列中的一幅图像，不能组成体数据的序列也可以',
    en: 'a plane, or 3D from a side by word or letter; 3d, from the front, when left out; stack is one image of the series, volume or not',
  },
  slice: {
    zh: '--view stack 的第几幅，从 1 开始；默认中间一幅',
    en: 'which image of --view stack, counted from 1; the middle one when left out',
  },
  'slice.out': {
    zh: '要写的文件：.nrrd 为数值（NaN 表示无数据），.png 为窗位后的图像',
    en: 'the file to write: .nrrd holds values (NaN = no data), .png the windowed picture',
  },
  'turntable.out': {
    zh: '文件夹（PNG）或文件，由扩展名决定格式；MP4 和 WebM 由已安装的 Chrome、Chromium 或 Edge 编码',
    en: 'a folder (PNGs) or a file, its extension says the format; an installed Chrome, Chromium or Edge encodes MP4 and WebM',
  },
  'turntable.size': {
    zh: '图像的宽和高，单位像素；默认 512x512；MP4 和 WebM 只用偶数',
    en: 'width and height in pixels, 512x512 when left out; even numbers for MP4 and WebM',
  },
  'turntable.view': {
    zh: '从哪一侧开始；默认 anterior',
    en: 'the side to begin with; anterior when left out',
  },
  frames: { zh: '一圈的帧数；默认 90', en: 'frames of one turn; 90 when left out' },
  seconds: { zh: '一圈的秒数；默认 6', en: 'seconds that one turn takes; 6 when left out' },
  axis: {
    zh: '转动的轴：head 为头足方向（默认），left 为左右方向，anterior 为前后方向',
    en: 'the axis to turn about: head to feet (when left out), left to right, anterior to posterior',
  },
  'reformat.out': {
    zh: '新序列的文件夹；没有则新建',
    en: 'the folder of the new series, made when missing',
  },
  'reformat.center': {
    zh: '中间平面的中心，LPS 毫米',
    en: 'the center of the middle plane, in LPS mm',
  },
  'reformat.size': { zh: '每幅图像的宽和高，单位像素', en: 'width and height of each image in pixels' },
  'reformat.spacing': { zh: '像素间距，毫米', en: 'distance of pixels in mm' },
  count: { zh: '平行平面的个数', en: 'number of parallel planes' },
  step: {
    zh: '相邻平行平面的距离，毫米；正值离开观察者',
    en: 'distance of parallel planes in mm, away from the viewer when above 0',
  },
  through: {
    zh: '线经过的点（LPS 毫米），至少两个，以分号隔开；每个点先移到管腔中央',
    en: 'the points to pass, in LPS mm, two at least, between semicolons; each is moved to the middle of the lumen',
  },
  'vessel.kind': {
    zh: '线的种类；默认 vessel。只有血管和气道测量管腔，只有血管计算狭窄',
    en: 'what is followed; vessel when left out. Only vessels and airways have a lumen to measure, only vessels a stenosis',
  },
  'vessel.step': { zh: '相邻截面的距离，毫米；默认 1', en: 'distance of sections in mm; 1 when left out' },
  'vessel.width': {
    zh: '截面的宽度，毫米：管腔不会更宽；默认 40，脊柱 80',
    en: 'width of the sections in mm: no lumen is wider; 40 when left out, 80 for the spine',
  },
  'vessel.name': {
    zh: '血管名的代号，如 rca、lad、left-internal-carotid：决定报告中的名称、线的种类和截面宽度',
    en: 'the name of the vessel by its id, as rca, lad, left-internal-carotid: for the report, and for the kind and the width to start with',
  },
  'vessel.report': {
    zh: '一页的血管报告：.pdf 由已安装的 Chrome、Chromium 或 Edge 打印，.html 为网页',
    en: 'the vessel report of one page: .pdf is printed by an installed Chrome, Chromium or Edge, .html is a web page',
  },
  'vessel.sr': {
    zh: '把测量结果写成 DICOM 结构化报告（Comprehensive 3D SR，TID 1500）',
    en: 'writes the measurements as a DICOM structured report (Comprehensive 3D SR, TID 1500)',
  },
  'vessel.language': {
    zh: '报告的语言；默认随系统',
    en: 'language of the report; that of the system when left out',
  },
  what: {
    zh: '要找什么；threshold 的两个数值都包括在内。除 threshold 外只用于 CT',
    en: 'what to find; both values of threshold are included. All but threshold need CT',
  },
  'segment.out': {
    zh: '要写的文件：.dcm 为 DICOM 分割（SEG），.nrrd 为标签；不给则只给出体积',
    en: 'the file to write: .dcm is a DICOM Segmentation, .nrrd holds labels; without it, only the volume is told',
  },
  line: {
    zh: '中心线文件：candela vessel --json 的输出，或坐标点 [x,y,z] 的 JSON 列表（LPS 毫米）',
    en: 'the centreline: what candela vessel --json printed, or a JSON list of points [x,y,z] in LPS mm',
  },
  'cpr.out': {
    zh: '要写的文件：.nrrd 为数值（NaN 表示无数据）和每一行在患者中的位置，.png 为窗位后的图像',
    en: 'the file to write: .nrrd holds values (NaN = no data) and where each row lies, .png the windowed picture',
  },
  'cpr.mode': {
    zh: '拉直（默认，沿线长度真实）、拉伸（长度真实，保留弯曲）或投影（长度不成比例）',
    en: 'straightened (when left out; true length along the line), stretched (true lengths, keeps the bend) or projected (not to scale)',
  },
  angle: {
    zh: '绕线（拉直）或绕线的走向（拉伸、投影）转动的角度；默认 0',
    en: 'turn about the line (straightened) or its course (stretched, projected) in degrees; 0 when left out',
  },
  'cpr.slab': { zh: '厚度，毫米；默认 0', en: 'thickness in mm; 0 when left out' },
  'slab-mode': {
    zh: '层块的投影方式；默认 mip',
    en: 'projection through the slab; mip when left out',
  },
  'cpr.width': {
    zh: '图像的宽度，毫米，默认 50；拉伸和投影时为线的四周所留的宽度',
    en: 'width in mm, 50 when left out; of stretched and projected pictures what they show around the line',
  },
  'cpr.spacing': {
    zh: '像素间距，毫米；默认 0.5',
    en: 'distance of pixels in mm; 0.5 when left out',
  },
  radial: {
    zh: '绕竖直中线放射状平面的个数，代替 --count 和 --step',
    en: 'number of planes turned about the vertical middle line, instead of --count and --step',
  },
  'slice.center': { zh: '图像的中心，LPS 毫米', en: 'the middle of the picture, in LPS mm' },
  right: { zh: '图像向右的方向（LPS）', en: 'the direction to the right of the picture (LPS)' },
  up: {
    zh: '图像向上的方向（LPS）；自动改为与 --right 垂直，不能与之平行',
    en: 'the direction up the picture (LPS), made perpendicular to --right; not parallel to it',
  },
  'slice.size': { zh: '图像的宽和高，单位像素', en: 'width and height in pixels' },
  'slice.spacing': { zh: '像素间距，毫米', en: 'distance of pixels in mm' },
  interpolation: {
    zh: '体素之间的插值；默认 linear，层块不用 cubic',
    en: 'between voxels; linear when left out, slabs are never cubic',
  },
  scene: {
    zh: 'Candela 保存的场景文件；同时给出的其他选项改写其中相应的部分',
    en: 'a scene that Candela saved; other options given replace their part of it',
  },
  'render.size': {
    zh: '图像的宽和高，单位像素；默认 512x512',
    en: 'width and height in pixels; 512x512 when left out',
  },
  preset: { zh: '三维预设：{presets}', en: '3D preset: {presets}' },
  background: { zh: '三维的背景：{backgrounds}', en: 'what lies behind 3D: {backgrounds}' },
  window: { zh: '窗宽和窗位', en: 'window width and center' },
  'render.window': {
    zh: '窗宽和窗位，用于平面、单张图像和三维投影',
    en: 'window width and center, of planes, images and projections in 3D',
  },
  center: {
    zh: '平面经过的点，LPS 毫米',
    en: 'the point that the plane goes through, in LPS mm',
  },
  slab: { zh: '平面的层厚，毫米', en: 'thickness of the plane in mm' },
  mode: { zh: '层块的投影方式；有 --slab 时默认 mip', en: 'projection through the slab; mip when left out' },
  port: { zh: '端口；默认用上次的', en: 'the port; the last one when left out' },
  open: { zh: '打开默认浏览器', en: 'open the default browser' },
  'phantom.size': { zh: '列数和行数', en: 'columns and rows' },
  'phantom.center': { zh: '扫描块的中心，LPS 毫米', en: 'the middle of the scanned block, in LPS mm' },
  slices: { zh: '层数', en: 'number of slices' },
  spacing: {
    zh: '行、列间距，可再加层间距，毫米',
    en: 'row and column spacing, and the gap between slices if given, in mm',
  },
  gaps: {
    zh: '每两层之间的距离，毫米；不等即为不均匀',
    en: 'the gap after each slice in mm; unlike ones make an uneven series',
  },
  thickness: { zh: '层厚，毫米', en: 'slice thickness in mm' },
  orientation: { zh: '扫描平面', en: 'plane of the slices' },
  tilt: { zh: '机架倾角，度，最多 45', en: 'gantry tilt in degrees, at most 45' },
  phases: {
    zh: '心动周期的期相数；左心室随之收缩，各期相在同一序列中',
    en: 'phases of a heartbeat, in which the left ventricle contracts; all in one series',
  },
  gpu: {
    zh: '另测显卡上的帧率；没有显卡时写明未测',
    en: 'frame rates on a graphics card too; says so where there is none',
  },
  reversed: { zh: '层按相反顺序编号', en: 'number the slices the other way round' },
  contrast: { zh: '对比：CT、类 MR 或类 PET', en: 'CT, MR-like or PET-like contrast' },
  noise: { zh: '噪声的标准差，HU', en: 'standard deviation of the noise in HU' },
  seed: {
    zh: '噪声的种子：相同的种子给出相同的文件',
    en: 'seed of the noise: the same seed, the same files',
  },
  syntax: { zh: '传输语法', en: 'transfer syntax' },
  beads: { zh: '用已知位置的小球代替人体', en: 'beads at known places instead of a body' },
};

/** Other words of the command line. */
export const cliTerms = {
  ...networkCliTerms,
  'cli.commands': { zh: '命令：', en: 'Commands:' },
  'cli.options': { zh: '选项：', en: 'Options:' },
  'cli.everywhere': {
    zh: '每个命令都有 --json、--quiet、--data DIR 和 --help。STUDY、SERIES 和实例可以是数据文件夹中的 UID，也可以是文件或文件夹的路径（就地读取，不导入）。',
    en: 'Every command takes --json, --quiet, --data DIR and --help. A STUDY, SERIES or instance is a UID of the data folder, or the path of a file or folder (read in place, not imported).',
  },
  'cli.exitCodes': {
    zh: '退出码：0 完成，1 失败，2 用法错误，3 完成但有问题。',
    en: 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with problems.',
  },
  'cli.more': {
    zh: 'candela help COMMAND 显示一个命令的全部选项。',
    en: 'candela help COMMAND shows all options of a command.',
  },
  'cli.unknownCommand': { zh: '没有这个命令：{name}', en: 'There is no command {name}' },
  'cli.wrongCount': {
    zh: '参数的个数不对，或有空参数。',
    en: 'The number of arguments is not right, or one is empty.',
  },
  'cli.mistake.unknown': { zh: '没有这个选项。', en: 'There is no such option.' },
  'cli.mistake.value': { zh: '缺少这个选项的值。', en: 'Its value is missing.' },
  'cli.mistake.twice': { zh: '这个选项只能给一次。', en: 'It can be given once only.' },
  'cli.mistake.missing': { zh: '必须给出这个选项。', en: 'This option is needed.' },
  'cli.filesDone': { zh: '已处理 {done} 个文件', en: '{done} files' },
  'cli.picturesOf': { zh: '{done} / {total} 幅图像', en: '{done} of {total} {total|picture|pictures}' },
  'cli.filesOf': { zh: '已处理 {done} / {total} 个文件', en: '{done} of {total} files' },
  'cli.receipt': {
    zh: '{files} = 存储 {stored} + 重复 {duplicates} + 非 DICOM {notDicom} + 损坏 {broken}',
    en: '{files} = {stored} stored + {duplicates} duplicates + {notDicom} not DICOM + {broken} broken',
  },
  'cli.rebuilt': {
    zh: '索引已由 {files} 个对象重建',
    en: 'The index was made again from {files} {files|object|objects}',
  },
  'cli.backedUp': {
    zh: '{folder}：共 {files} 个文件，本次复制 {stored} 个，{broken} 个无法备份',
    en: '{folder}: {files} {files|file|files}, {stored} copied now, {broken} could not be backed up',
  },
  'cli.backupChecked': {
    zh: '{folder}：已校验 {files} 个文件，{broken} 个损坏',
    en: '{folder}: {files} {files|file|files} checked, {broken} damaged',
  },
  'cli.restored': {
    zh: '{target}：{files} 个文件，均已校验；用 --data 或 CANDELA_DATA 打开',
    en: '{target}: {files} {files|file|files}, all checked; open it with --data or CANDELA_DATA',
  },
  'cli.restoredInUse': {
    zh: '{folder} 已换用恢复的数据；原有数据保留在 {kept}',
    en: '{folder} holds the restored data now; those of before are kept in {kept}',
  },
  'cli.percentDone': { zh: '已完成 {percent}%', en: '{percent}% done' },
  'cli.lineLength': { zh: '长度 {mm} mm', en: '{mm} mm long' },
  'cli.stenosis': {
    zh: '{s} mm 处狭窄：直径 {percent}%，面积 {area}%',
    en: 'stenosis at {s} mm: {percent}% of the diameter, {area}% of the area',
  },
  'cli.notToScale': { zh: '投影图像：长度不成比例', en: 'projected: lengths are not to scale' },
  'cli.folded': {
    zh: '有些列因弯曲过急而折叠，重复显示了同一处组织（见 --json 的 folded）',
    en: 'some columns fold where the line bends sharply and show the same tissue twice (folded in --json)',
  },
  'cli.verified': {
    zh: '已校验 {files} 个文件，{problems} 个问题',
    en: '{files} {files|file|files} checked, {problems} {problems|problem|problems}',
  },
  'cli.alike': {
    zh: '另有 {left} 个相同（--json 列出全部）',
    en: 'and {left} more alike (--json lists all)',
  },
  'cli.groupTaken': {
    zh: '该序列有 {groups} 组图像，现取第 {number} 组：{name}。用 --group 加名称或序号可取另一组（见 candela show）。',
    en: 'the series holds {groups} stacks of images; number {number} is taken: {name}. --group with a name or number takes another (see candela show).',
  },
  'cli.seriesTaken': {
    zh: '共有 {count} 个序列，现取 {series}。给出 SeriesInstanceUID 或其文件夹可取另一个。',
    en: 'there are {count} series; {series} is taken. Name another by its SeriesInstanceUID or its folder.',
  },
  'cli.written': { zh: '{out}：{files} 个文件', en: '{out}: {files} {files|file|files}' },
  'cli.portBusy': {
    zh: '端口 {port} 不可用，请用 --port 指定另一个。',
    en: 'Port {port} cannot be used; choose another with --port.',
  },
} as const satisfies TermTable;
