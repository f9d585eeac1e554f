/*
 * Products of int8 with sums of 32 bits: dense layers, matrix products and convolutions as implicit products of rows
 * (places in the result) and columns (output channels). A row consists of taps, one for each cell of the kernel, each of
 * `tapBytes` bytes next to each other; packed weights have every tap filled up with zeros to whole words.
 *
 * acc = start[column] + Σ x·w. A cell of padding holds the zero point; what the zero points add comes off `start` and
 * the row terms.
 */
#pragma once
#include "device.cuh"

struct Gemm {
    ref in, out, weights, start, multipliers, shifts, terms;
    int termMode;   /* TERM_… */
    int biasShift;  /* of TERM_FACTOR */
    int channelStep; /* from one column's multiplier to the next: 1, or 0 where there is one for all */
    int rows, columns, words; /* words of a row */
    int height, width, channels, outWidth, kernelWidth, tapBytes, tapWords;
    Window window;
    int padding;   /* a word of zero points */
    int aligned;   /* every tap starts at a whole word and ends with one */
    int outStride; /* elements from row to row */
    int count;     /* independent products, and the steps from one to the next: */
    int inStep, weightsStep, startStep, finishStep, termsStep, outStep; /* bytes, words, elements … */
    Range range;
};

enum {
    TERM_NONE,
    TERM_ADDED, /* an int32 for each row is added to the sum */
    TERM_FACTOR /* the sum is multiplied by an int32 of the row, then start·2^biasShift is added, in 64 bits */
};

/* Words of a row that are multiplied between two barriers. */
const int DEPTH = 8;

/* Four bytes of a tap, the missing ones zero. */
static __device__ __forceinline__ int gathered(const uint8 *from, int bytes) {
    uint32 word = from[0];
    if (bytes > 1) {
        word |= (uint32) from[1] << 8;
    }
    if (bytes > 2) {
        word |= (uint32) from[2] << 16;
    }
    if (bytes > 3) {
        word |= (uint32) from[3] << 24;
    }
    return (int) word;
}

/* Where a thread is in the words of its rows. */
struct Tap {
    int ky, kx, word;

    __device__ __forceinline__ void advance(const Gemm &p, int words) {
        word += words;
        while (word >= p.tapWords) {
            word -= p.tapWords;
            if (++kx == p.kernelWidth) {
                kx = 0;
                ky++;
            }
        }
    }
};

static __device__ __forceinline__ int cell(const Gemm &p, const uint8 *in, int top, int left, const Tap &tap) {
    int y = top + tap.ky * p.window.dilationY;
    int x = left + tap.kx * p.window.dilationX;
    if ((uint32) y >= (uint32) p.height || (uint32) x >= (uint32) p.width) {
        return p.padding;
    }
    const uint8 *from = in + (y * p.width + x) * p.channels + tap.word * 4;
    return p.aligned ? *(const int *) from : gathered(from, p.tapBytes - tap.word * 4);
}

/* The end of a product: what is added to a sum, rescaling, clamp. */
static __device__ __forceinline__ void finishSum(
        const Memory &memory, const Gemm &p, int product, int row, int column, int sum) {
    if (row >= p.rows || column >= p.columns) {
        return;
    }
    int start = ints(memory, p.start)[product * p.startStep + column];
    int64 v;
    if (p.termMode == TERM_FACTOR) {
        v = (int64) sum * ints(memory, p.terms)[product * p.termsStep + row] + ((int64) start << p.biasShift);
    } else {
        sum += start;
        if (p.termMode == TERM_ADDED) {
            sum += ints(memory, p.terms)[product * p.termsStep + row];
        }
        v = sum;
    }
    int channel = product * p.finishStep + column * p.channelStep;
    v = rescale(v, ints(memory, p.multipliers)[channel], ints(memory, p.shifts)[channel]);
    finish(out(memory, p.out), product * p.outStep + row * p.outStride + column, v, p.range);
}

/* Sums of a tile in a thread's registers, on the vector units: 4 rows by 4 columns. */
template <int SIZE>
struct VectorSums {
    static const int LINE = SIZE + 8;
    int sums[4][4];
    int row, column;

    __device__ __forceinline__ VectorSums() {
        row = threadIdx.x / (SIZE / 4) * 4;
        column = threadIdx.x % (SIZE / 4) * 4;
#pragma unroll
        for (int i = 0; i < 16; i++) {
            sums[i / 4][i % 4] = 0;
        }
    }

    __device__ __forceinline__ void add(const int (*a)[LINE], const int (*b)[LINE]) {
#pragma unroll
        for (int k = 0; k < DEPTH; k++) {
            int4 x = *(const int4 *) &a[k][row];
            int4 w = *(const int4 *) &b[k][column];
            int xs[4] = {x.x, x.y, x.z, x.w};
            int ws[4] = {w.x, w.y, w.z, w.w};
#pragma unroll
            for (int i = 0; i < 16; i++) {
                sums[i / 4][i % 4] = __dp4a(xs[i / 4], ws[i % 4], sums[i / 4][i % 4]);
            }
        }
    }

    __device__ __forceinline__ void put(int (*tile)[SIZE]) const {
#pragma unroll
        for (int i = 0; i < 16; i++) {
            tile[row + i / 4][column + i % 4] = sums[i / 4][i % 4];
        }
    }
};

/* The same on the tensor cores: a warp has 16 rows by 32 columns, four products of m16n8k32. */
template <int SIZE>
struct TensorSums {
    static const int LINE = SIZE + 8; /* the words that a warp reads at once lie in 32 different banks */
    int sums[4][4];
    int row, column, group, member;

    __device__ __forceinline__ TensorSums() {
        int warp = threadIdx.x / WARP;
        row = warp / (SIZE / 32) * 16;
        column = warp % (SIZE / 32) * 32;
        group = threadIdx.x % WARP / 4;
        member = threadIdx.x % 4;
#pragma unroll
        for (int i = 0; i < 16; i++) {
            sums[i / 4][i % 4] = 0;
        }
    }

    __device__ __forceinline__ void add(const int (*a)[LINE], const int (*b)[LINE]) {
        int x0 = a[member][row + group];
        int x1 = a[member][row + group + 8];
        int x2 = a[member + 4][row + group];
        int x3 = a[member + 4][row + group + 8];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int w0 = b[member][column + 8 * i + group];
            int w1 = b[member + 4][column + 8 * i + group];
            asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                "{%0, %1, %2, %3};"
                : "+r"(sums[i][0]), "+r"(sums[i][1]), "+r"(sums[i][2]), "+r"(sums[i][3])
                : "r"(x0), "r"(x1), "r"(x2), "r"(x3), "r"(w0), "r"(w1));
        }
    }

    __device__ __forceinline__ void put(int (*tile)[SIZE]) const {
#pragma unroll
        for (int i = 0; i < 16; i++) {
            tile[row + group + i % 4 / 2 * 8][column + i / 4 * 8 + member * 2 + i % 2] = sums[i / 4][i % 4];
        }
    }
};

/* A block computes SIZE rows by SIZE columns of one product with SIZE² / 16 threads. */
template <int SIZE, template <int> class Sums>
static __device__ __forceinline__ void tiled(const Memory &memory, const Gemm &p) {
    const int THREADS = SIZE * SIZE / 16;
    const int LINES = THREADS / DEPTH; /* rows that the threads load at once */
    const int LOADS = SIZE / LINES;
    const int LINE = Sums<SIZE>::LINE;
    __shared__ __align__(16) int a[DEPTH][LINE];
    __shared__ __align__(16) int b[DEPTH][LINE];
    __shared__ int tile[SIZE][SIZE];

    int columnTiles = (p.columns + SIZE - 1) / SIZE;
    int rowTiles = (p.rows + SIZE - 1) / SIZE;
    int firstColumn = blockIdx.x % columnTiles * SIZE;
    int firstRow = blockIdx.x / columnTiles % rowTiles * SIZE;
    int product = blockIdx.x / columnTiles / rowTiles;
    const uint8 *in = at(memory, p.in) + product * p.inStep;
    const int *weights = ints(memory, p.weights) + product * p.weightsStep;

    int word = threadIdx.x % DEPTH;
    int line = threadIdx.x / DEPTH;
    Tap tap = {0, 0, 0};
    tap.advance(p, word);
    int tops[LOADS], lefts[LOADS];
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
        int row = firstRow + line + i * LINES;
        /* Rows past the end read padding only. */
        tops[i] = row < p.rows ? row / p.outWidth * p.window.strideY - p.window.top : p.height;
        lefts[i] = row % p.outWidth * p.window.strideX - p.window.left;
    }

    Sums<SIZE> sums;
    int nextA[LOADS], nextB[LOADS];
    /* The words of the next step are on their way while those of this one are multiplied. */
    for (int k = -DEPTH; k < p.words; k += DEPTH) {
        int next = k + DEPTH + word;
        bool inside = next < p.words;
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int column = firstColumn + line + i * LINES;
            nextA[i] = inside ? cell(p, in, tops[i], lefts[i], tap) : 0;
            nextB[i] = inside && column < p.columns ? weights[column * p.words + next] : 0;
        }
        tap.advance(p, DEPTH);
        if (k >= 0) {
            sums.add(a, b);
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            a[word][line + i * LINES] = nextA[i];
            b[word][line + i * LINES] = nextB[i];
        }
        __syncthreads();
    }
    /* Through shared memory, so that neighbours write to neighbouring places. */
    sums.put(tile);
    __syncthreads();
    for (int i = threadIdx.x; i < SIZE * SIZE; i += THREADS) {
        finishSum(memory, p, product, firstRow + i / SIZE, firstColumn + i % SIZE, tile[i / SIZE][i % SIZE]);
    }
}

#ifdef ENGRAM_MMA
#define SUMS TensorSums
#else
#define SUMS VectorSums
#endif

KERNEL __launch_bounds__(256) gemm64(const Memory memory, const Gemm p) { tiled<64, SUMS>(memory, p); }

KERNEL __launch_bounds__(64) gemm32(const Memory memory, const Gemm p) { tiled<32, SUMS>(memory, p); }

/* Few rows of one tap: a warp for each element of the result. */
KERNEL __launch_bounds__(128) gemv(const Memory memory, const Gemm p) {
    int element = thread() / WARP;
    int lane = threadIdx.x % WARP;
    if (element >= p.count * p.rows * p.columns) {
        return;
    }
    int column = element % p.columns;
    int row = element / p.columns % p.rows;
    int product = element / p.columns / p.rows;
    const uint8 *in = at(memory, p.in) + product * p.inStep + row * p.channels;
    const int *weights = ints(memory, p.weights) + product * p.weightsStep + column * p.words;
    int sum = 0;
    for (int word = lane; word < p.words; word += WARP) {
        const uint8 *from = in + word * 4;
        int x = p.aligned ? *(const int *) from : gathered(from, p.tapBytes - word * 4);
        sum = __dp4a(x, weights[word], sum);
    }
    sum = warpSum(sum);
    if (lane == 0) {
        finishSum(memory, p, product, row, column, sum);
    }
}

/* The right side of a product of two activations, as weights are packed. */
struct Pack {
    ref in, out;
    int columns, inner, words, columnStride, innerStride, count, inStep;
};

KERNEL pack(const Memory memory, const Pack p) {
    int index = thread();
    if (index >= p.count * p.columns * p.words) {
        return;
    }
    int word = index % p.words;
    int column = index / p.words % p.columns;
    int product = index / p.words / p.columns;
    const uint8 *from = at(memory, p.in) + product * p.inStep + column * p.columnStride;
    uint32 packed = 0;
    for (int i = 0; i < 4 && word * 4 + i < p.inner; i++) {
        packed |= (uint32) from[(word * 4 + i) * p.innerStride] << (8 * i);
    }
    ((uint32 *) out(memory, p.out))[index] = packed;
}

/* factor · Σ x + constant for each line of int8: what a zero point of the other side adds. */
struct Sums {
    ref in, out;
    int lines, inner, lineStride, innerStride, count, inStep, factor, constant;
};

KERNEL sums(const Memory memory, const Sums p) {
    int index = thread() / WARP;
    if (index >= p.count * p.lines) {
        return;
    }
    const int8 *from = (const int8 *) at(memory, p.in) + index / p.lines * p.inStep + index % p.lines * p.lineStride;
    int sum = 0;
    for (int i = threadIdx.x % WARP; i < p.inner; i += WARP) {
        sum += from[i * p.innerStride];
    }
    sum = warpSum(sum);
    if (threadIdx.x % WARP == 0) {
        ((int *) out(memory, p.out))[index] = p.factor * sum + p.constant;
    }
}

/* Rows of int16 as int8 by their own largest magnitude (dynamic_dense). */
struct QuantiseRows {
    ref in, out, largest;
    int rows, inner, words;
};

KERNEL quantise_rows(const Memory memory, const QuantiseRows p) {
    int row = thread() / WARP;
    int lane = threadIdx.x % WARP;
    if (row >= p.rows) {
        return;
    }
    const int16 *from = (const int16 *) at(memory, p.in) + row * p.inner;
    int largest = 1;
    for (int i = lane; i < p.inner; i += WARP) {
        largest = max(largest, abs((int) from[i]));
    }
    largest = warpMax(largest);
    int factor = (int) divide((int64) 127 << 24, largest);
    int8 *to = (int8 *) out(memory, p.out) + row * p.words * 4;
    for (int i = lane; i < p.words * 4; i += WARP) {
        /* The static check of the operator says why this is an int32. */
        to[i] = i < p.inner ? (int8) ((from[i] * factor + (1 << 23)) >> 24) : 0;
    }
    if (lane == 0) {
        ((int *) out(memory, p.largest))[row] = largest;
    }
}
