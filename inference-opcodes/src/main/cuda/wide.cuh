/* Products of int16 or int8 with sums of 64 bits: wide_matmul and wide_dense. */
#pragma once
#include "device.cuh"

struct Wide {
    ref a, b, out, bias, multipliers, shifts;
    int bytesA, bytesB, zeroA, zeroB;
    int biasShift, channelStep; /* channelStep 0: one rescaling for all, no bias */
    int rows, columns, inner, columnStride, innerStride;
    int count, aStep, bStep;
    Range range;
};

const int WIDE_TILE = 32;
const int WIDE_DEPTH = 8;
const int WIDE_LINE = WIDE_TILE + 4;

/* A block of 64 threads computes 32 rows by 32 columns, a thread 4 by 4. */
KERNEL __launch_bounds__(64) wide(const Memory memory, const Wide p) {
    __shared__ __align__(16) int a[WIDE_DEPTH][WIDE_LINE];
    __shared__ __align__(16) int b[WIDE_DEPTH][WIDE_LINE];
    __shared__ int64 tile[WIDE_TILE][WIDE_TILE];
    int columnTiles = (p.columns + WIDE_TILE - 1) / WIDE_TILE;
    int rowTiles = (p.rows + WIDE_TILE - 1) / WIDE_TILE;
    int firstColumn = blockIdx.x % columnTiles * WIDE_TILE;
    int firstRow = blockIdx.x / columnTiles % rowTiles * WIDE_TILE;
    int product = blockIdx.x / columnTiles / rowTiles;
    const uint8 *left = at(memory, p.a);
    const uint8 *right = at(memory, p.b);
    int row = threadIdx.x / 8 * 4;
    int column = threadIdx.x % 8 * 4;
    int64 sums[4][4];
#pragma unroll
    for (int i = 0; i < 16; i++) {
        sums[i / 4][i % 4] = 0;
    }
    for (int k = 0; k < p.inner; k += WIDE_DEPTH) {
        for (int i = threadIdx.x; i < WIDE_DEPTH * WIDE_TILE; i += 64) {
            int term = i % WIDE_DEPTH;
            int line = i / WIDE_DEPTH;
            bool inside = k + term < p.inner;
            int x = 0;
            int w = 0;
            if (inside && firstRow + line < p.rows) {
                x = load(left, product * p.aStep + (firstRow + line) * p.inner + k + term, p.bytesA) - p.zeroA;
            }
            if (inside && firstColumn + line < p.columns) {
                int from = product * p.bStep + (firstColumn + line) * p.columnStride + (k + term) * p.innerStride;
                w = load(right, from, p.bytesB) - p.zeroB;
            }
            a[term][line] = x;
            b[term][line] = w;
        }
        __syncthreads();
#pragma unroll
        for (int term = 0; term < WIDE_DEPTH; term++) {
            int4 x = *(const int4 *) &a[term][row];
            int4 w = *(const int4 *) &b[term][column];
            int xs[4] = {x.x, x.y, x.z, x.w};
            int ws[4] = {w.x, w.y, w.z, w.w};
#pragma unroll
            for (int i = 0; i < 16; i++) {
                sums[i / 4][i % 4] += (int64) xs[i / 4] * ws[i % 4];
            }
        }
        __syncthreads();
    }
#pragma unroll
    for (int i = 0; i < 16; i++) {
        tile[row + i / 4][column + i % 4] = sums[i / 4][i % 4];
    }
    __syncthreads();
    for (int i = threadIdx.x; i < WIDE_TILE * WIDE_TILE; i += 64) {
        int r = firstRow + i / WIDE_TILE;
        int c = firstColumn + i % WIDE_TILE;
        if (r < p.rows && c < p.columns) {
            int64 v = tile[i / WIDE_TILE][i % WIDE_TILE];
            int channel = c * p.channelStep;
            if (p.channelStep) {
                v += (int64) ints(memory, p.bias)[c] << p.biasShift;
            }
            v = rescale(v, ints(memory, p.multipliers)[channel], ints(memory, p.shifts)[channel]);
            finish(out(memory, p.out), (product * p.rows + r) * p.columns + c, v, p.range);
        }
    }
}
