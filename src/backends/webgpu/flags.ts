/* Numbers of WebGPU's specification, which Node has no globals for. */

export const COMPUTE = 0x4;
export const MAP_READ = 0x1;
export const COPY_SRC = 0x4;
export const COPY_DST = 0x8;
export const UNIFORM = 0x40;
export const STORAGE = 0x80;
