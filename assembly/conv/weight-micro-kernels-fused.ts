// Made by scripts/generate-micro-kernels.mjs: change that, not this.

function taps_1x4(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0);
    let x: v128, b0: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 16;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 4;
      let b = panel + <usize>load<u32>(table, 4) * 16;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 16; b < whole; ) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        if (b == 1) break;
        p += 4;
        b0 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        if (b == 3) break;
        p += 4;
        b0 = v128.load(b, 32);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        if (b == 5) break;
        p += 4;
        b0 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        p += 4;
        b += 64;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        p += 4;
        b += 16;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    } else {
      v128.store(c, c00, 0);
    }
    if (--taps == 0) break;
    c += tap;
  }
}

function taps_1x8(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
    let x: v128, b0: v128, b1: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 32;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 4;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 32; b < whole; ) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        if (b == 1) break;
        p += 4;
        b0 = v128.load(b, 32);
        b1 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        if (b == 3) break;
        p += 4;
        b0 = v128.load(b, 64);
        b1 = v128.load(b, 80);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        if (b == 5) break;
        p += 4;
        b0 = v128.load(b, 96);
        b1 = v128.load(b, 112);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        p += 4;
        b += 128;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        p += 4;
        b += 32;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    } else {
      v128.store(c, c00, 0);
      v128.store(c, c01, 16);
    }
    if (--taps == 0) break;
    c += tap;
  }
}

function taps_2x4(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let x: v128, b0: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 16;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 8;
      let b = panel + <usize>load<u32>(table, 4) * 16;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 16; b < whole; ) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 1) break;
        p += 8;
        b0 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 3) break;
        p += 8;
        b0 = v128.load(b, 32);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 5) break;
        p += 8;
        b0 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        p += 8;
        b += 64;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        p += 8;
        b += 16;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    } else {
      v128.store(c, c00, 0);
      c += ldc;
      v128.store(c, c10, 0);
    }
    if (--taps == 0) break;
    c += tap - 1 * ldc;
  }
}

function taps_2x8(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
    let x: v128, b0: v128, b1: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 32;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 8;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 32; b < whole; ) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 1) break;
        p += 8;
        b0 = v128.load(b, 32);
        b1 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 3) break;
        p += 8;
        b0 = v128.load(b, 64);
        b1 = v128.load(b, 80);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 5) break;
        p += 8;
        b0 = v128.load(b, 96);
        b1 = v128.load(b, 112);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        p += 8;
        b += 128;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        p += 8;
        b += 32;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    } else {
      v128.store(c, c00, 0);
      v128.store(c, c01, 16);
      c += ldc;
      v128.store(c, c10, 0);
      v128.store(c, c11, 16);
    }
    if (--taps == 0) break;
    c += tap - 1 * ldc;
  }
}

function taps_3x4(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let x: v128, b0: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 16;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 12;
      let b = panel + <usize>load<u32>(table, 4) * 16;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 16; b < whole; ) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        if (b == 1) break;
        p += 12;
        b0 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        if (b == 3) break;
        p += 12;
        b0 = v128.load(b, 32);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        if (b == 5) break;
        p += 12;
        b0 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        p += 12;
        b += 64;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        p += 12;
        b += 16;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    } else {
      v128.store(c, c00, 0);
      c += ldc;
      v128.store(c, c10, 0);
      c += ldc;
      v128.store(c, c20, 0);
    }
    if (--taps == 0) break;
    c += tap - 2 * ldc;
  }
}

function taps_3x8(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
    let x: v128, b0: v128, b1: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 32;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 12;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 32; b < whole; ) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        if (b == 1) break;
        p += 12;
        b0 = v128.load(b, 32);
        b1 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        if (b == 3) break;
        p += 12;
        b0 = v128.load(b, 64);
        b1 = v128.load(b, 80);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        if (b == 5) break;
        p += 12;
        b0 = v128.load(b, 96);
        b1 = v128.load(b, 112);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        p += 12;
        b += 128;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        p += 12;
        b += 32;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    } else {
      v128.store(c, c00, 0);
      v128.store(c, c01, 16);
      c += ldc;
      v128.store(c, c10, 0);
      v128.store(c, c11, 16);
      c += ldc;
      v128.store(c, c20, 0);
      v128.store(c, c21, 16);
    }
    if (--taps == 0) break;
    c += tap - 2 * ldc;
  }
}

function taps_4x4(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let x: v128, b0: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 16;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 16;
      let b = panel + <usize>load<u32>(table, 4) * 16;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 16; b < whole; ) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 1) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 3) break;
        p += 16;
        b0 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 5) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 7) break;
        p += 16;
        b0 = v128.load(b, 32);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 9) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 11) break;
        p += 16;
        b0 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 13) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        p += 16;
        b += 64;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 15) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        p += 16;
        b += 16;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    } else {
      v128.store(c, c00, 0);
      c += ldc;
      v128.store(c, c10, 0);
      c += ldc;
      v128.store(c, c20, 0);
      c += ldc;
      v128.store(c, c30, 0);
    }
    if (--taps == 0) break;
    c += tap - 3 * ldc;
  }
}

function taps_4x8(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
    let x: v128, b0: v128, b1: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 32;
    table += 8;
    if (bytes == 256) do {
      let p = a + <usize>load<u32>(table) * 16;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 3) break;
      p += 16;
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 5) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 7) break;
      p += 16;
      b0 = v128.load(b, 64);
      b1 = v128.load(b, 80);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 9) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 11) break;
      p += 16;
      b0 = v128.load(b, 96);
      b1 = v128.load(b, 112);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 13) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 15) break;
      p += 16;
      b0 = v128.load(b, 128);
      b1 = v128.load(b, 144);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 17) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 19) break;
      p += 16;
      b0 = v128.load(b, 160);
      b1 = v128.load(b, 176);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 21) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 23) break;
      p += 16;
      b0 = v128.load(b, 192);
      b1 = v128.load(b, 208);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 25) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 27) break;
      p += 16;
      b0 = v128.load(b, 224);
      b1 = v128.load(b, 240);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 29) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      p += 16;
    } while (--runs > 0);
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 16;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 32; b < whole; ) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 1) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 3) break;
        p += 16;
        b0 = v128.load(b, 32);
        b1 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 5) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 7) break;
        p += 16;
        b0 = v128.load(b, 64);
        b1 = v128.load(b, 80);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 9) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 11) break;
        p += 16;
        b0 = v128.load(b, 96);
        b1 = v128.load(b, 112);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 13) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        p += 16;
        b += 128;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 15) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        p += 16;
        b += 32;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    } else {
      v128.store(c, c00, 0);
      v128.store(c, c01, 16);
      c += ldc;
      v128.store(c, c10, 0);
      v128.store(c, c11, 16);
      c += ldc;
      v128.store(c, c20, 0);
      v128.store(c, c21, 16);
      c += ldc;
      v128.store(c, c30, 0);
      v128.store(c, c31, 16);
    }
    if (--taps == 0) break;
    c += tap - 3 * ldc;
  }
}

function taps_5x4(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c40 = f32x4.splat(0);
    let x: v128, b0: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 16;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 20;
      let b = panel + <usize>load<u32>(table, 4) * 16;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 16; b < whole; ) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 1) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 3) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        if (b == 5) break;
        p += 20;
        b0 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 7) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 9) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        if (b == 11) break;
        p += 20;
        b0 = v128.load(b, 32);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 13) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 15) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        if (b == 17) break;
        p += 20;
        b0 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 19) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 21) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        p += 20;
        b += 64;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 23) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 25) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        p += 20;
        b += 16;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    } else {
      v128.store(c, c00, 0);
      c += ldc;
      v128.store(c, c10, 0);
      c += ldc;
      v128.store(c, c20, 0);
      c += ldc;
      v128.store(c, c30, 0);
      c += ldc;
      v128.store(c, c40, 0);
    }
    if (--taps == 0) break;
    c += tap - 4 * ldc;
  }
}

function taps_5x8(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
    let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
    let x: v128, b0: v128, b1: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 32;
    table += 8;
    if (bytes == 256) do {
      let p = a + <usize>load<u32>(table) * 20;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 3) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 5) break;
      p += 20;
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 7) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 9) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 11) break;
      p += 20;
      b0 = v128.load(b, 64);
      b1 = v128.load(b, 80);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 13) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 15) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 17) break;
      p += 20;
      b0 = v128.load(b, 96);
      b1 = v128.load(b, 112);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 19) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 21) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 23) break;
      p += 20;
      b0 = v128.load(b, 128);
      b1 = v128.load(b, 144);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 25) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 27) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 29) break;
      p += 20;
      b0 = v128.load(b, 160);
      b1 = v128.load(b, 176);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 31) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 33) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 35) break;
      p += 20;
      b0 = v128.load(b, 192);
      b1 = v128.load(b, 208);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 37) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 39) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 41) break;
      p += 20;
      b0 = v128.load(b, 224);
      b1 = v128.load(b, 240);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 43) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 45) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      p += 20;
    } while (--runs > 0);
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 20;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 32; b < whole; ) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 1) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 3) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        if (b == 5) break;
        p += 20;
        b0 = v128.load(b, 32);
        b1 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 7) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 9) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        if (b == 11) break;
        p += 20;
        b0 = v128.load(b, 64);
        b1 = v128.load(b, 80);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 13) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 15) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        if (b == 17) break;
        p += 20;
        b0 = v128.load(b, 96);
        b1 = v128.load(b, 112);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 19) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 21) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        p += 20;
        b += 128;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 23) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 25) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        p += 20;
        b += 32;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
    } else {
      v128.store(c, c00, 0);
      v128.store(c, c01, 16);
      c += ldc;
      v128.store(c, c10, 0);
      v128.store(c, c11, 16);
      c += ldc;
      v128.store(c, c20, 0);
      v128.store(c, c21, 16);
      c += ldc;
      v128.store(c, c30, 0);
      v128.store(c, c31, 16);
      c += ldc;
      v128.store(c, c40, 0);
      v128.store(c, c41, 16);
    }
    if (--taps == 0) break;
    c += tap - 4 * ldc;
  }
}

function taps_6x4(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c40 = f32x4.splat(0);
    let c50 = f32x4.splat(0);
    let x: v128, b0: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 16;
    table += 8;
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 24;
      let b = panel + <usize>load<u32>(table, 4) * 16;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 16; b < whole; ) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 1) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 3) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        if (b == 5) break;
        p += 24;
        b0 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 7) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 9) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        if (b == 11) break;
        p += 24;
        b0 = v128.load(b, 32);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 13) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 15) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        if (b == 17) break;
        p += 24;
        b0 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 19) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 21) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        p += 24;
        b += 64;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        if (b == 23) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        if (b == 25) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        p += 24;
        b += 16;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
    } else {
      v128.store(c, c00, 0);
      c += ldc;
      v128.store(c, c10, 0);
      c += ldc;
      v128.store(c, c20, 0);
      c += ldc;
      v128.store(c, c30, 0);
      c += ldc;
      v128.store(c, c40, 0);
      c += ldc;
      v128.store(c, c50, 0);
    }
    if (--taps == 0) break;
    c += tap - 5 * ldc;
  }
}

function taps_6x8(taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  while (true) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
    let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
    let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
    let x: v128, b0: v128, b1: v128;
    let runs = load<i32>(table);
    const bytes = <usize>load<u32>(table, 4) * 32;
    table += 8;
    if (bytes == 256) do {
      let p = a + <usize>load<u32>(table) * 24;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 3) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 5) break;
      p += 24;
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 7) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 9) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 11) break;
      p += 24;
      b0 = v128.load(b, 64);
      b1 = v128.load(b, 80);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 13) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 15) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 17) break;
      p += 24;
      b0 = v128.load(b, 96);
      b1 = v128.load(b, 112);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 19) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 21) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 23) break;
      p += 24;
      b0 = v128.load(b, 128);
      b1 = v128.load(b, 144);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 25) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 27) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 29) break;
      p += 24;
      b0 = v128.load(b, 160);
      b1 = v128.load(b, 176);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 31) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 33) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 35) break;
      p += 24;
      b0 = v128.load(b, 192);
      b1 = v128.load(b, 208);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 37) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 39) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 41) break;
      p += 24;
      b0 = v128.load(b, 224);
      b1 = v128.load(b, 240);
      x = v128.load32_splat(p, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(p, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 43) break;
      x = v128.load32_splat(p, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(p, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 45) break;
      x = v128.load32_splat(p, 16);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(p, 20);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      p += 24;
    } while (--runs > 0);
    for (; runs > 0; runs--) {
      let p = a + <usize>load<u32>(table) * 24;
      let b = panel + <usize>load<u32>(table, 4) * 32;
      table += 8;
      const end = b + bytes;
      for (const whole = end - 3 * 32; b < whole; ) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 1) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 3) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        c51 = f32x4.relaxed_madd(x, b1, c51);
        if (b == 5) break;
        p += 24;
        b0 = v128.load(b, 32);
        b1 = v128.load(b, 48);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 7) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 9) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        c51 = f32x4.relaxed_madd(x, b1, c51);
        if (b == 11) break;
        p += 24;
        b0 = v128.load(b, 64);
        b1 = v128.load(b, 80);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 13) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 15) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        c51 = f32x4.relaxed_madd(x, b1, c51);
        if (b == 17) break;
        p += 24;
        b0 = v128.load(b, 96);
        b1 = v128.load(b, 112);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 19) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 21) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        c51 = f32x4.relaxed_madd(x, b1, c51);
        p += 24;
        b += 128;
      }
      while (b < end) {
        b0 = v128.load(b, 0);
        b1 = v128.load(b, 16);
        x = v128.load32_splat(p, 0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        x = v128.load32_splat(p, 4);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        if (b == 23) break;
        x = v128.load32_splat(p, 8);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        x = v128.load32_splat(p, 12);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        if (b == 25) break;
        x = v128.load32_splat(p, 16);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        x = v128.load32_splat(p, 20);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        c51 = f32x4.relaxed_madd(x, b1, c51);
        p += 24;
        b += 32;
      }
    }
    if (accumulate) {
      v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
      c += ldc;
      v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
      v128.store(c, f32x4.add(v128.load(c, 16), c51), 16);
    } else {
      v128.store(c, c00, 0);
      v128.store(c, c01, 16);
      c += ldc;
      v128.store(c, c10, 0);
      v128.store(c, c11, 16);
      c += ldc;
      v128.store(c, c20, 0);
      v128.store(c, c21, 16);
      c += ldc;
      v128.store(c, c30, 0);
      v128.store(c, c31, 16);
      c += ldc;
      v128.store(c, c40, 0);
      v128.store(c, c41, 16);
      c += ldc;
      v128.store(c, c50, 0);
      v128.store(c, c51, 16);
    }
    if (--taps == 0) break;
    c += tap - 5 * ldc;
  }
}

/**
 * C[tap][rows, 4·vectors] (+)= the sums of `taps` taps, whose rows of C are `tap` bytes apart.
 */
export function by_taps(rows: i32, vectors: i32, taps: i32, table: usize, a: usize, panel: usize, tap: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return taps_1x4(taps, table, a, panel, tap, c, ldc, accumulate);
    case 6: return taps_1x8(taps, table, a, panel, tap, c, ldc, accumulate);
    case 9: return taps_2x4(taps, table, a, panel, tap, c, ldc, accumulate);
    case 10: return taps_2x8(taps, table, a, panel, tap, c, ldc, accumulate);
    case 13: return taps_3x4(taps, table, a, panel, tap, c, ldc, accumulate);
    case 14: return taps_3x8(taps, table, a, panel, tap, c, ldc, accumulate);
    case 17: return taps_4x4(taps, table, a, panel, tap, c, ldc, accumulate);
    case 18: return taps_4x8(taps, table, a, panel, tap, c, ldc, accumulate);
    case 21: return taps_5x4(taps, table, a, panel, tap, c, ldc, accumulate);
    case 22: return taps_5x8(taps, table, a, panel, tap, c, ldc, accumulate);
    case 25: return taps_6x4(taps, table, a, panel, tap, c, ldc, accumulate);
    case 26: return taps_6x8(taps, table, a, panel, tap, c, ldc, accumulate);
  }
}

function rows_1x4(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      if (b == 1) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      b += ldb;
      a0 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      b += ldb;
      a0 += 4;
    }
    a0 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
  } else {
    v128.store(c, c00, 0);
  }
}

function rows_1x8(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      if (b == 1) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      b += ldb;
      a0 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      b += ldb;
      a0 += 4;
    }
    a0 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
  }
}

function rows_2x4(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 1) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      b += ldb;
      a0 += 16; a1 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      b += ldb;
      a0 += 4; a1 += 4;
    }
    a0 += jump; a1 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
  }
}

function rows_2x8(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      b += ldb;
      a0 += 16; a1 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      b += ldb;
      a0 += 4; a1 += 4;
    }
    a0 += jump; a1 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
  }
}

function rows_3x4(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      if (b == 1) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
  }
}

function rows_3x8(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      if (b == 1) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
  }
}

function rows_4x4(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  let a3 = from + <usize>load<u32>(table, 12);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 1) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 5) break;
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 7) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 9) break;
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 11) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 13) break;
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 15) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4; a3 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
  }
}

function rows_4x8(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  let a3 = from + <usize>load<u32>(table, 12);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 3) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 5) break;
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 7) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 9) break;
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 11) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 13) break;
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 15) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4; a3 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
  }
}

function rows_5x4(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  let a3 = from + <usize>load<u32>(table, 12);
  let a4 = from + <usize>load<u32>(table, 16);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 1) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 3) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 7) break;
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 9) break;
      x = v128.load32_splat(a4, 4);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      if (b == 11) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 13) break;
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 15) break;
      x = v128.load32_splat(a4, 8);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      if (b == 17) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 19) break;
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 21) break;
      x = v128.load32_splat(a4, 12);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; a4 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 23) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 25) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump; a4 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
  }
}

function rows_5x8(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  let a3 = from + <usize>load<u32>(table, 12);
  let a4 = from + <usize>load<u32>(table, 16);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 3) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 7) break;
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 9) break;
      x = v128.load32_splat(a4, 4);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 11) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 13) break;
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 15) break;
      x = v128.load32_splat(a4, 8);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      if (b == 17) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 19) break;
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 21) break;
      x = v128.load32_splat(a4, 12);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; a4 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 23) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 25) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump; a4 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
  }
}

function rows_6x4(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let x: v128, b0: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  let a3 = from + <usize>load<u32>(table, 12);
  let a4 = from + <usize>load<u32>(table, 16);
  let a5 = from + <usize>load<u32>(table, 20);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 1) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 3) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      x = v128.load32_splat(a5, 0);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 7) break;
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 9) break;
      x = v128.load32_splat(a4, 4);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      x = v128.load32_splat(a5, 4);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      if (b == 11) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 13) break;
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 15) break;
      x = v128.load32_splat(a4, 8);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      x = v128.load32_splat(a5, 8);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      if (b == 17) break;
      b += ldb;
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 19) break;
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 21) break;
      x = v128.load32_splat(a4, 12);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      x = v128.load32_splat(a5, 12);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; a4 += 16; a5 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      if (b == 23) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      if (b == 25) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      x = v128.load32_splat(a5, 0);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump; a4 += jump; a5 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
  } else {
    v128.store(c, c00, 0);
    c += ldc;
    v128.store(c, c10, 0);
    c += ldc;
    v128.store(c, c20, 0);
    c += ldc;
    v128.store(c, c30, 0);
    c += ldc;
    v128.store(c, c40, 0);
    c += ldc;
    v128.store(c, c50, 0);
  }
}

function rows_6x8(runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let x: v128, b0: v128, b1: v128;
  let a0 = from + <usize>load<u32>(table, 0);
  let a1 = from + <usize>load<u32>(table, 4);
  let a2 = from + <usize>load<u32>(table, 8);
  let a3 = from + <usize>load<u32>(table, 12);
  let a4 = from + <usize>load<u32>(table, 16);
  let a5 = from + <usize>load<u32>(table, 20);
  for (; runs > 0; runs--) {
    const end = b + <usize>length * ldb;
    for (const whole = end - 3 * ldb; b < whole; ) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 1) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 3) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(a5, 0);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 5) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 4);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 4);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 7) break;
      x = v128.load32_splat(a2, 4);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 4);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 9) break;
      x = v128.load32_splat(a4, 4);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(a5, 4);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 11) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 8);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 8);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 13) break;
      x = v128.load32_splat(a2, 8);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 8);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 15) break;
      x = v128.load32_splat(a4, 8);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(a5, 8);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      if (b == 17) break;
      b += ldb;
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 12);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 12);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 19) break;
      x = v128.load32_splat(a2, 12);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 12);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 21) break;
      x = v128.load32_splat(a4, 12);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(a5, 12);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      b += ldb;
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; a4 += 16; a5 += 16;
    }
    while (b < end) {
      b0 = v128.load(b, 0);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a0, 0);
      c00 = f32x4.relaxed_madd(x, b0, c00);
      c01 = f32x4.relaxed_madd(x, b1, c01);
      x = v128.load32_splat(a1, 0);
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      if (b == 23) break;
      x = v128.load32_splat(a2, 0);
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      x = v128.load32_splat(a3, 0);
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      if (b == 25) break;
      x = v128.load32_splat(a4, 0);
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      x = v128.load32_splat(a5, 0);
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      b += ldb;
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump; a4 += jump; a5 += jump;
  }
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c, 0), c00), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c10), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c20), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c30), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c40), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c41), 16);
    c += ldc;
    v128.store(c, f32x4.add(v128.load(c, 0), c50), 0);
    v128.store(c, f32x4.add(v128.load(c, 16), c51), 16);
  } else {
    v128.store(c, c00, 0);
    v128.store(c, c01, 16);
    c += ldc;
    v128.store(c, c10, 0);
    v128.store(c, c11, 16);
    c += ldc;
    v128.store(c, c20, 0);
    v128.store(c, c21, 16);
    c += ldc;
    v128.store(c, c30, 0);
    v128.store(c, c31, 16);
    c += ldc;
    v128.store(c, c40, 0);
    v128.store(c, c41, 16);
    c += ldc;
    v128.store(c, c50, 0);
    v128.store(c, c51, 16);
  }
}

/**
 * C[rows, 4·vectors] (+)= the sums over `runs` runs of `length` pixels; row i of A begins table[i] bytes after `from`, and a
 * run `jump` bytes after the last one's end.
 */
export function by_rows(rows: i32, vectors: i32, runs: i32, length: i32, from: usize, table: usize, jump: usize, b: usize, ldb: usize, c: usize, ldc: usize, accumulate: bool): void {
  switch (rows * 4 + vectors) {
    case 5: return rows_1x4(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 6: return rows_1x8(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 9: return rows_2x4(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 10: return rows_2x8(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 13: return rows_3x4(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 14: return rows_3x8(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 17: return rows_4x4(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 18: return rows_4x8(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 21: return rows_5x4(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 22: return rows_5x8(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 25: return rows_6x4(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
    case 26: return rows_6x8(runs, length, from, table, jump, b, ldb, c, ldc, accumulate);
  }
}
