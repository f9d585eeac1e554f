/*
 * What all kernels share. Values lie in one block of device memory, the arena, in the machine's byte order, row-major;
 * weights and tables in another, the constants. Integers only: the PTX of this file holds no floating-point instruction.
 *
 * Each kernel takes the two blocks and the record of a step, whose fields Java writes in the order given here. The
 * static check has proven that every index lies inside its buffer and that no sum or product overflows where it is said
 * so (docs/inference-spec.md).
 */
#pragma once

typedef signed char int8;
typedef unsigned char uint8;
typedef short int16;
typedef unsigned int uint32;
typedef long long int64;
typedef unsigned long long uint64;

#define KERNEL extern "C" __global__ void

/* A place in units of 16 bytes: in the arena when not negative, else the complement of one in the constants. */
typedef int ref;

struct Memory {
    uint8 *arena;
    const uint8 *constants;
};

/* Where results go: element bytes (1, 2 or 4), zero point, bounds. */
struct Range {
    int bytes, zero, lo, hi;
};

struct Window {
    int strideY, strideX, dilationY, dilationX, top, left;
};

const int WARP = 32;

static __device__ __forceinline__ const uint8 *at(const Memory &memory, ref place) {
    return place >= 0 ? memory.arena + (int64) place * 16 : memory.constants + (int64) ~place * 16;
}

static __device__ __forceinline__ uint8 *out(const Memory &memory, ref place) {
    return memory.arena + (int64) place * 16;
}

static __device__ __forceinline__ const int *ints(const Memory &memory, ref place) {
    return (const int *) at(memory, place);
}

/* The thread's number in a launch over one axis. */
static __device__ __forceinline__ int thread() { return blockIdx.x * blockDim.x + threadIdx.x; }

static __device__ __forceinline__ int load(const uint8 *data, int index, int bytes) {
    if (bytes == 1) {
        return ((const int8 *) data)[index];
    }
    return bytes == 2 ? ((const int16 *) data)[index] : ((const int *) data)[index];
}

static __device__ __forceinline__ void store(uint8 *data, int index, int bytes, int value) {
    if (bytes == 1) {
        data[index] = (uint8) value;
    } else if (bytes == 2) {
        ((int16 *) data)[index] = (int16) value;
    } else {
        ((int *) data)[index] = value;
    }
}

static __device__ __forceinline__ int64 smaller(int64 a, int64 b) { return a < b ? a : b; }
static __device__ __forceinline__ int64 larger(int64 a, int64 b) { return a > b ? a : b; }

/* (v·M + 2^(s−1)) >> s. */
static __device__ __forceinline__ int64 rescale(int64 v, int multiplier, int shift) {
    return (v * multiplier + ((int64) 1 << (shift - 1))) >> shift;
}

/* floor((2a + b) / 2b), b positive. */
static __device__ __forceinline__ int64 divide(int64 a, int64 b) {
    int64 n = 2 * a + b;
    int64 d = 2 * b;
    int64 quotient = n / d;
    return n - quotient * d < 0 ? quotient - 1 : quotient;
}

static __device__ __forceinline__ int bounded(int64 v, const Range &range) {
    return (int) smaller(larger(v + range.zero, range.lo), range.hi);
}

static __device__ __forceinline__ void finish(uint8 *data, int index, int64 v, const Range &range) {
    store(data, index, range.bytes, bounded(v, range));
}

/* The cells of a window that lie inside: first and one past the last, for a window that starts at `start`. */
static __device__ __forceinline__ int firstCell(int start, int dilation) {
    return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
}
static __device__ __forceinline__ int endCell(int start, int dilation, int kernel, int size) {
    return start >= size ? 0 : min(kernel, (size - 1 - start) / dilation + 1);
}

/* Reductions over the threads of a warp; every thread gets the result. */
static __device__ __forceinline__ int warpMax(int v) {
    for (int lane = WARP / 2; lane > 0; lane /= 2) {
        v = max(v, __shfl_xor_sync(0xffffffffu, v, lane));
    }
    return v;
}
static __device__ __forceinline__ int warpMin(int v) {
    for (int lane = WARP / 2; lane > 0; lane /= 2) {
        v = min(v, __shfl_xor_sync(0xffffffffu, v, lane));
    }
    return v;
}
static __device__ __forceinline__ int warpSum(int v) {
    for (int lane = WARP / 2; lane > 0; lane /= 2) {
        v += __shfl_xor_sync(0xffffffffu, v, lane);
    }
    return v;
}
static __device__ __forceinline__ int64 warpSum(int64 v) {
    for (int lane = WARP / 2; lane > 0; lane /= 2) {
        v += __shfl_xor_sync(0xffffffffu, v, lane);
    }
    return v;
}
