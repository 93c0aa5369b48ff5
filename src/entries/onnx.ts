/** ONNX models that teach. */
export type { OnnxTeacherFacts } from '../teachers/onnx/facts.js';
export { type OnnxTeacher, onnxTeacher } from '../teachers/onnx/onnx-teacher.js';
export type { OnnxTeacherOptions } from '../teachers/onnx/options.js';
