/* Operators over the last axis; a warp has one row. */
#pragma once
#include "device.cuh"
#include "elements.cuh"

struct Softmax {
    ref in, out, table;
    int rows, width, numerator;
    Range range;
};

KERNEL softmax(const Memory memory, const Softmax p) {
    int row = thread() / WARP;
    int lane = threadIdx.x % WARP;
    if (row >= p.rows) {
        return;
    }
    const int8 *in = (const int8 *) at(memory, p.in) + row * p.width;
    const int *table = ints(memory, p.table);
    int largest = -128;
    for (int i = lane; i < p.width; i += WARP) {
        largest = max(largest, (int) in[i]);
    }
    largest = warpMax(largest);
    int64 sum = 0;
    for (int i = lane; i < p.width; i += WARP) {
        sum += table[largest - in[i]];
    }
    sum = warpSum(sum);
    for (int i = lane; i < p.width; i += WARP) {
        int64 v = divide((int64) table[largest - in[i]] * p.numerator, sum);
        finish(out(memory, p.out), row * p.width + i, v, p.range);
    }
}

/* dims are those of the operand. */
struct WideSoftmax {
    ref in, out, coarse, fine, mask;
    int rows, width, masked, numerator;
    int dims[AXES], maskStrides[AXES];
    Range range;
};

static __device__ __forceinline__ int64 exponential(const int16 *coarse, const int16 *fine, int below) {
    return (int64) coarse[below >> 8] * fine[below & 255];
}

KERNEL wide_softmax(const Memory memory, const WideSoftmax p) {
    int row = thread() / WARP;
    int lane = threadIdx.x % WARP;
    if (row >= p.rows) {
        return;
    }
    const int16 *in = (const int16 *) at(memory, p.in) + row * p.width;
    const int16 *coarse = (const int16 *) at(memory, p.coarse);
    const int16 *fine = (const int16 *) at(memory, p.fine);
    const int8 *mask = (const int8 *) at(memory, p.mask);
    int maskStep = p.maskStrides[AXES - 1];
    if (p.masked) {
        Coordinates place(p.dims, row * p.width);
        mask += place.offset(p.maskStrides);
    }
    int largest = -32768;
    for (int i = lane; i < p.width; i += WARP) {
        if (!p.masked || mask[i * maskStep] != 0) {
            largest = max(largest, (int) in[i]);
        }
    }
    largest = warpMax(largest);
    int64 sum = 0;
    for (int i = lane; i < p.width; i += WARP) {
        if (!p.masked || mask[i * maskStep] != 0) {
            sum += exponential(coarse, fine, largest - in[i]);
        }
    }
    sum = warpSum(sum);
    for (int i = lane; i < p.width; i += WARP) {
        int64 v = 0;
        if (!p.masked || mask[i * maskStep] != 0) {
            v = divide(exponential(coarse, fine, largest - in[i]) * p.numerator, sum);
        }
        finish(out(memory, p.out), row * p.width + i, v, p.range);
    }
}

struct ArgMax {
    ref in, out;
    int rows, width, bytes;
};

KERNEL argmax(const Memory memory, const ArgMax p) {
    int row = thread() / WARP;
    int lane = threadIdx.x % WARP;
    if (row >= p.rows) {
        return;
    }
    const uint8 *in = at(memory, p.in);
    int largest = -2147483647 - 1;
    for (int i = lane; i < p.width; i += WARP) {
        largest = max(largest, load(in, row * p.width + i, p.bytes));
    }
    largest = warpMax(largest);
    int first = p.width;
    for (int i = lane; i < p.width; i += WARP) {
        if (load(in, row * p.width + i, p.bytes) == largest) {
            first = min(first, i);
        }
    }
    first = warpMin(first);
    if (lane == 0) {
        ((int *) out(memory, p.out))[row] = first;
    }
}

struct Normalise {
    ref in, out, gains, biases;
    int bytes, rows, width, centred, zero, epsilonMantissa, epsilonShift, multiplier, shift;
    Range range;
};

/* The largest whole number whose square is at most v; 0 ≤ v < 2^62. */
static __device__ __forceinline__ int64 root(int64 v) {
    int64 result = 0;
    for (int64 bit = (int64) 1 << 60; bit != 0; bit >>= 2) {
        if (v >= result + bit) {
            v -= result + bit;
            result = (result >> 1) + bit;
        } else {
            result >>= 1;
        }
    }
    return result;
}

KERNEL normalise(const Memory memory, const Normalise p) {
    int row = thread() / WARP;
    int lane = threadIdx.x % WARP;
    if (row >= p.rows) {
        return;
    }
    const uint8 *in = at(memory, p.in);
    int64 sum = 0;
    int64 squares = 0;
    for (int i = lane; i < p.width; i += WARP) {
        int64 x = (int64) load(in, row * p.width + i, p.bytes) - p.zero;
        sum += x;
        squares += x * x;
    }
    sum = p.centred ? warpSum(sum) : 0;
    squares = warpSum(squares);
    int64 q = p.width * squares - sum * sum + ((int64) p.epsilonMantissa << p.epsilonShift);
    int64 factor = 0;
    int factorShift = 1;
    if (q != 0) {
        int k = (__clzll(q) - 2) / 2;
        factor = divide((int64) 1 << 50, root(q << (2 * k)));
        factorShift = 35 - k;
    }
    const int16 *gains = (const int16 *) at(memory, p.gains);
    const int *biases = ints(memory, p.biases);
    for (int i = lane; i < p.width; i += WARP) {
        int64 centred = p.width * ((int64) load(in, row * p.width + i, p.bytes) - p.zero) - sum;
        int64 n = rescale(centred * factor, 1, factorShift);
        finish(out(memory, p.out), row * p.width + i, rescale(n * gains[i] + biases[i], p.multiplier, p.shift),
               p.range);
    }
}
