/** What kind of object a SOP class is, as lists and thumbnails tell them apart. */
export type SopCategory =
  | 'image'
  | 'video'
  | 'sr'
  | 'keyObjects'
  | 'presentation'
  | 'segmentation'
  | 'registration'
  | 'rt'
  | 'waveform'
  | 'document'
  | 'mesh'
  | 'raw'
  | 'directory'
  | 'other';

export interface SopClass {
  readonly uid: string;
  readonly category: SopCategory;
  readonly en: string;
  readonly zh: string;
}

/** Storage SOP classes (PS3.4 B.5): UID (from `storageRoot` when it starts with a dot), category, names. */
const rowsText = `.1|image|Computed Radiography Image|CR 图像
.1.1|image|Digital X-Ray Image, for presentation|DX 图像（供显示）
.1.1.1|image|Digital X-Ray Image, for processing|DX 图像（供处理）
.1.2|image|Digital Mammography Image, for presentation|乳腺 X 线图像（供显示）
.1.2.1|image|Digital Mammography Image, for processing|乳腺 X 线图像（供处理）
.1.3|image|Digital Intra-Oral X-Ray Image, for presentation|口内 X 线图像（供显示）
.1.3.1|image|Digital Intra-Oral X-Ray Image, for processing|口内 X 线图像（供处理）
.2|image|CT Image|CT 图像
.2.1|image|Enhanced CT Image|增强型 CT 图像
.2.2|image|Legacy Converted Enhanced CT Image|转换的增强型 CT 图像
.3|image|Ultrasound Multi-frame Image (retired)|超声多帧图像（旧）
.3.1|image|Ultrasound Multi-frame Image|超声多帧图像
.4|image|MR Image|MR 图像
.4.1|image|Enhanced MR Image|增强型 MR 图像
.4.2|raw|MR Spectroscopy|磁共振波谱
.4.3|image|Enhanced MR Color Image|增强型 MR 彩色图像
.4.4|image|Legacy Converted Enhanced MR Image|转换的增强型 MR 图像
.5|image|Nuclear Medicine Image (retired)|核医学图像（旧）
.6|image|Ultrasound Image (retired)|超声图像（旧）
.6.1|image|Ultrasound Image|超声图像
.6.2|image|Enhanced US Volume|增强型超声体数据
.6.3|image|Photoacoustic Image|光声图像
.7|image|Secondary Capture Image|二次获取图像
.7.1|image|Multi-frame Single Bit Secondary Capture Image|多帧单比特二次获取图像
.7.2|image|Multi-frame Grayscale Byte Secondary Capture Image|多帧 8 位灰度二次获取图像
.7.3|image|Multi-frame Grayscale Word Secondary Capture Image|多帧 16 位灰度二次获取图像
.7.4|image|Multi-frame True Color Secondary Capture Image|多帧彩色二次获取图像
.9.1.1|waveform|12-lead ECG Waveform|12 导联心电波形
.9.1.2|waveform|General ECG Waveform|心电波形
.9.1.3|waveform|Ambulatory ECG Waveform|动态心电波形
.9.1.4|waveform|General 32-bit ECG Waveform|32 位心电波形
.9.2.1|waveform|Hemodynamic Waveform|血流动力学波形
.9.3.1|waveform|Cardiac Electrophysiology Waveform|心脏电生理波形
.9.4.1|waveform|Basic Voice Audio Waveform|语音
.9.4.2|waveform|General Audio Waveform|音频
.9.5.1|waveform|Arterial Pulse Waveform|动脉脉搏波形
.9.6.1|waveform|Respiratory Waveform|呼吸波形
.9.6.2|waveform|Multi-channel Respiratory Waveform|多通道呼吸波形
.9.7.1|waveform|Routine Scalp EEG Waveform|头皮脑电波形
.9.7.2|waveform|Electromyogram Waveform|肌电波形
.9.7.3|waveform|Electrooculogram Waveform|眼电波形
.9.7.4|waveform|Sleep EEG Waveform|睡眠脑电波形
.9.8.1|waveform|Body Position Waveform|体位波形
.11.1|presentation|Grayscale Softcopy Presentation State|灰度显示状态
.11.2|presentation|Color Softcopy Presentation State|彩色显示状态
.11.3|presentation|Pseudo-Color Softcopy Presentation State|伪彩显示状态
.11.4|presentation|Blending Softcopy Presentation State|融合显示状态
.11.5|presentation|XA/XRF Grayscale Softcopy Presentation State|血管造影灰度显示状态
.11.6|presentation|Grayscale Planar MPR Volumetric Presentation State|灰度多平面体显示状态
.11.7|presentation|Compositing Planar MPR Volumetric Presentation State|合成多平面体显示状态
.11.8|presentation|Advanced Blending Presentation State|高级融合显示状态
.11.9|presentation|Volume Rendering Volumetric Presentation State|体绘制显示状态
.11.10|presentation|Segmented Volume Rendering Volumetric Presentation State|分割体绘制显示状态
.11.11|presentation|Multiple Volume Rendering Volumetric Presentation State|多体绘制显示状态
.11.12|presentation|Variable Modality LUT Softcopy Presentation State|可变模态查找表显示状态
.12.1|image|X-Ray Angiographic Image|血管造影图像
.12.1.1|image|Enhanced XA Image|增强型血管造影图像
.12.2|image|X-Ray Radiofluoroscopic Image|透视图像
.12.2.1|image|Enhanced XRF Image|增强型透视图像
.12.3|image|X-Ray Angiographic Bi-Plane Image (retired)|双平面血管造影图像（旧）
.13.1.1|image|X-Ray 3D Angiographic Image|三维血管造影图像
.13.1.2|image|X-Ray 3D Craniofacial Image|三维颅面 X 线图像
.13.1.3|image|Breast Tomosynthesis Image|乳腺断层图像
.13.1.4|image|Breast Projection X-Ray Image, for presentation|乳腺投影图像（供显示）
.13.1.5|image|Breast Projection X-Ray Image, for processing|乳腺投影图像（供处理）
.14.1|image|Intravascular OCT Image, for presentation|血管内 OCT 图像（供显示）
.14.2|image|Intravascular OCT Image, for processing|血管内 OCT 图像（供处理）
.20|image|Nuclear Medicine Image|核医学图像
.30|image|Parametric Map|参数图
.66|raw|Raw Data|原始数据
.66.1|registration|Spatial Registration|空间配准
.66.2|registration|Spatial Fiducials|空间标记点
.66.3|registration|Deformable Spatial Registration|形变配准
.66.4|segmentation|Segmentation|分割
.66.5|segmentation|Surface Segmentation|表面分割
.66.6|other|Tractography Results|纤维束追踪结果
.66.7|segmentation|Label Map Segmentation|标签图分割
.67|other|Real World Value Mapping|真实值映射
.68.1|mesh|Surface Scan Mesh|表面扫描网格
.68.2|other|Surface Scan Point Cloud|表面扫描点云
.77.1.1|image|VL Endoscopic Image|内镜图像
.77.1.1.1|video|Video Endoscopic Image|内镜视频
.77.1.2|image|VL Microscopic Image|显微图像
.77.1.2.1|video|Video Microscopic Image|显微视频
.77.1.3|image|VL Slide-Coordinates Microscopic Image|玻片坐标显微图像
.77.1.4|image|VL Photographic Image|照片
.77.1.4.1|video|Video Photographic Image|摄像视频
.77.1.5.1|image|Ophthalmic Photography 8 Bit Image|眼科照相 8 位图像
.77.1.5.2|image|Ophthalmic Photography 16 Bit Image|眼科照相 16 位图像
.77.1.5.3|other|Stereometric Relationship|立体关系
.77.1.5.4|image|Ophthalmic Tomography Image|眼科断层图像
.77.1.5.5|image|Wide Field Ophthalmic Photography Stereographic Projection Image|广域眼底立体投影图像
.77.1.5.6|image|Wide Field Ophthalmic Photography 3D Coordinates Image|广域眼底三维坐标图像
.77.1.5.7|image|Ophthalmic OCT En Face Image|眼科 OCT 正面图像
.77.1.5.8|other|Ophthalmic OCT B-scan Volume Analysis|眼科 OCT 体分析
.77.1.6|image|VL Whole Slide Microscopy Image|全玻片病理图像
.77.1.7|image|Dermoscopic Photography Image|皮肤镜图像
.77.1.8|image|Confocal Microscopy Image|共聚焦显微图像
.77.1.9|image|Confocal Microscopy Tiled Pyramidal Image|共聚焦显微金字塔图像
.78.1|other|Lensometry Measurements|镜片测量
.78.2|other|Autorefraction Measurements|自动验光测量
.78.3|other|Keratometry Measurements|角膜曲率测量
.78.4|other|Subjective Refraction Measurements|主观验光测量
.78.5|other|Visual Acuity Measurements|视力测量
.78.6|sr|Spectacle Prescription Report|配镜处方
.78.7|other|Ophthalmic Axial Measurements|眼轴测量
.78.8|other|Intraocular Lens Calculations|人工晶体计算
.79.1|sr|Macular Grid Thickness and Volume Report|黄斑厚度与体积报告
.80.1|other|Ophthalmic Visual Field Static Perimetry Measurements|静态视野测量
.81.1|image|Ophthalmic Thickness Map|眼科厚度图
.82.1|image|Corneal Topography Map|角膜地形图
.88.11|sr|Basic Text SR|基本文本结构化报告
.88.22|sr|Enhanced SR|增强型结构化报告
.88.33|sr|Comprehensive SR|综合结构化报告
.88.34|sr|Comprehensive 3D SR|综合三维结构化报告
.88.35|sr|Extensible SR|可扩展结构化报告
.88.40|sr|Procedure Log|操作日志
.88.50|sr|Mammography CAD SR|乳腺 CAD 报告
.88.59|keyObjects|Key Object Selection Document|关键图像
.88.65|sr|Chest CAD SR|胸部 CAD 报告
.88.67|sr|X-Ray Radiation Dose SR|X 线剂量报告
.88.68|sr|Radiopharmaceutical Radiation Dose SR|放射性药物剂量报告
.88.69|sr|Colon CAD SR|结肠 CAD 报告
.88.70|sr|Implantation Plan SR|植入计划报告
.88.71|sr|Acquisition Context SR|采集背景报告
.88.72|sr|Simplified Adult Echo SR|成人超声心动图报告
.88.73|sr|Patient Radiation Dose SR|患者剂量报告
.88.74|sr|Planned Imaging Agent Administration SR|造影剂计划报告
.88.75|sr|Performed Imaging Agent Administration SR|造影剂使用报告
.88.76|sr|Enhanced X-Ray Radiation Dose SR|增强型 X 线剂量报告
.90.1|sr|Content Assessment Results|内容评估结果
.91.1|other|Microscopy Bulk Simple Annotations|显微批量标注
.104.1|document|Encapsulated PDF|PDF 文档
.104.2|document|Encapsulated CDA|CDA 文档
.104.3|mesh|Encapsulated STL|STL 三维模型
.104.4|mesh|Encapsulated OBJ|OBJ 三维模型
.104.5|document|Encapsulated MTL|MTL 材质文件
.128|image|Positron Emission Tomography Image|PET 图像
.128.1|image|Legacy Converted Enhanced PET Image|转换的增强型 PET 图像
.129|other|Standalone PET Curve (retired)|PET 曲线（旧）
.130|image|Enhanced PET Image|增强型 PET 图像
.131|other|Basic Structured Display|基本结构化显示
.200.1|other|CT Defined Procedure Protocol|CT 定义协议
.200.2|other|CT Performed Procedure Protocol|CT 执行协议
.481.1|rt|RT Image|放疗图像
.481.2|rt|RT Dose|放疗剂量
.481.3|rt|RT Structure Set|放疗结构集
.481.4|rt|RT Beams Treatment Record|放疗射束治疗记录
.481.5|rt|RT Plan|放疗计划
.481.6|rt|RT Brachy Treatment Record|近距离治疗记录
.481.7|rt|RT Treatment Summary Record|放疗总结记录
.481.8|rt|RT Ion Plan|离子放疗计划
.481.9|rt|RT Ion Beams Treatment Record|离子治疗记录
.481.10|rt|RT Physician Intent|放疗医师意图
.481.11|rt|RT Segment Annotation|放疗分段标注
.481.12|rt|RT Radiation Set|放疗照射集
.481.13|rt|C-Arm Photon-Electron Radiation|C 臂光子电子照射
.481.23|image|Enhanced RT Image|增强型放疗图像
1.2.840.10008.1.3.10|directory|Media Storage Directory|光盘目录
1.2.840.10008.5.1.4.38.1|other|Hanging Protocol|挂片协议
1.2.840.10008.5.1.4.39.1|other|Color Palette|调色板
1.2.840.10008.5.1.4.43.1|other|Generic Implant Template|植入物模板
1.2.840.10008.5.1.4.45.1|other|Implant Template Group|植入物模板组
1.2.840.10008.5.1.4.34.7|other|RT Beams Delivery Instruction|放疗射束投照指令`;

const storageRoot = '1.2.840.10008.5.1.4.1.1';

/** Every SOP class Candela has a name for. Others are stored and shown too, by what they contain. */
export const sopClasses: readonly SopClass[] = rowsText.split('\n').map((line) => {
  const [uid = '', category = '', en = '', zh = ''] = line.split('|');
  return { uid: uid.startsWith('.') ? storageRoot + uid : uid, category: category as SopCategory, en, zh };
});

const byUid: ReadonlyMap<string, SopClass> = new Map(sopClasses.map((row) => [row.uid, row]));

/** The row of a SOP class UID; undefined for private and unknown classes. */
export const sopClassOf = (uid: string): SopClass | undefined => byUid.get(uid);
