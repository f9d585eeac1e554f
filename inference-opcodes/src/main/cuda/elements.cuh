/* Each element from one element of each operand, and elements put elsewhere; a thread makes one. */
#pragma once
#include "device.cuh"

const int AXES = 6;

/* Coordinates of an element, outermost axis first; missing outer axes have dimension 1. */
struct Coordinates {
    int at[AXES];

    __device__ __forceinline__ Coordinates(const int (&dims)[AXES], int index) {
#pragma unroll
        for (int axis = AXES - 1; axis >= 0; axis--) {
            int rest = index / dims[axis];
            at[axis] = index - rest * dims[axis];
            index = rest;
        }
    }

    __device__ __forceinline__ int offset(const int (&strides)[AXES]) const {
        int offset = 0;
#pragma unroll
        for (int axis = 0; axis < AXES; axis++) {
            offset += at[axis] * strides[axis];
        }
        return offset;
    }
};

enum { BINARY_ADD, BINARY_MULTIPLY };

struct Binary {
    ref a, b, out;
    int function, bytesA, bytesB, elements;
    int flat; /* both operands lie like the result */
    int dims[AXES], stridesA[AXES], stridesB[AXES];
    int zeroA, multiplierA, zeroB, multiplierB, shift;
    Range range;
};

KERNEL binary(const Memory memory, const Binary p) {
    int index = thread();
    if (index >= p.elements) {
        return;
    }
    int fromA = index;
    int fromB = index;
    if (!p.flat) {
        Coordinates place(p.dims, index);
        fromA = place.offset(p.stridesA);
        fromB = place.offset(p.stridesB);
    }
    int64 a = (int64) load(at(memory, p.a), fromA, p.bytesA) - p.zeroA;
    int64 b = (int64) load(at(memory, p.b), fromB, p.bytesB) - p.zeroB;
    int64 v = p.function == BINARY_ADD
            ? (a * p.multiplierA + b * p.multiplierB + ((int64) 1 << (p.shift - 1))) >> p.shift
            : rescale(a * b, p.multiplierA, p.shift);
    finish(out(memory, p.out), index, v, p.range);
}

enum { UNARY_RESCALE, UNARY_CLAMP, UNARY_LOOKUP, UNARY_INTERPOLATE };

/* Elements in order, to runs of `inner` elements that start `outInner` apart, the first at `outStart`. */
struct Unary {
    ref in, out, table;
    int function, bytes, elements, inner, outInner, outStart;
    int zero, multiplier, shift;
    Range range;
};

KERNEL unary(const Memory memory, const Unary p) {
    int index = thread();
    if (index >= p.elements) {
        return;
    }
    int x = load(at(memory, p.in), index, p.bytes);
    int to = index / p.inner * p.outInner + index % p.inner + p.outStart;
    int64 v;
    switch (p.function) {
    case UNARY_RESCALE:
        v = rescale((int64) x - p.zero, p.multiplier, p.shift);
        break;
    case UNARY_CLAMP:
        v = x;
        break;
    case UNARY_LOOKUP:
        v = ((const int8 *) at(memory, p.table))[x + 128];
        break;
    default: {
        const int16 *table = (const int16 *) at(memory, p.table);
        int u = x + (1 << 15);
        int fraction = u & 127;
        int point = u >> 7;
        v = rescale(table[point] * (128 - fraction) + table[point + 1] * fraction, p.multiplier, p.shift);
    }
    }
    finish(out(memory, p.out), to, v, p.range);
}

/* Element c of the result is element `origin + Σ c·stride` of the operand where lo ≤ c < hi on all axes, else `value`. */
struct Move {
    ref in, out;
    int bytes, elements, origin, value;
    int dims[AXES], strides[AXES], lo[AXES], hi[AXES];
};

KERNEL move(const Memory memory, const Move p) {
    int index = thread();
    if (index >= p.elements) {
        return;
    }
    Coordinates place(p.dims, index);
    bool inside = true;
#pragma unroll
    for (int axis = 0; axis < AXES; axis++) {
        inside = inside && place.at[axis] >= p.lo[axis] && place.at[axis] < p.hi[axis];
    }
    int value = inside ? load(at(memory, p.in), p.origin + place.offset(p.strides), p.bytes) : p.value;
    store(out(memory, p.out), index, p.bytes, value);
}

/* Values [outer, size, inner] by indices [picks]. */
struct Gather {
    ref in, indices, out;
    int bytes, indexBytes, elements, size, inner, picks;
};

KERNEL gather(const Memory memory, const Gather p) {
    int index = thread();
    if (index >= p.elements) {
        return;
    }
    int run = index / p.inner;
    int pick = load(at(memory, p.indices), run % p.picks, p.indexBytes);
    int from = (run / p.picks * p.size + pick) * p.inner + index % p.inner;
    store(out(memory, p.out), index, p.bytes, load(at(memory, p.in), from, p.bytes));
}

/* Along one axis; dims are those of the result. */
struct Mean {
    ref in, mask, out;
    int bytes, elements, terms, masked, step, maskStep;
    int dims[AXES], strides[AXES], maskStrides[AXES];
    int zero, multiplier, shift;
    Range range;
};

KERNEL mean(const Memory memory, const Mean p) {
    int index = thread();
    if (index >= p.elements) {
        return;
    }
    Coordinates place(p.dims, index);
    int from = place.offset(p.strides);
    int maskFrom = place.offset(p.maskStrides);
    const int8 *mask = (const int8 *) at(memory, p.mask);
    int64 sum = 0;
    int64 kept = 0;
    for (int i = 0; i < p.terms; i++) {
        if (!p.masked || mask[maskFrom + i * p.maskStep] != 0) {
            sum += (int64) load(at(memory, p.in), from + i * p.step, p.bytes) - p.zero;
            kept++;
        }
    }
    int64 v = kept > 0 ? divide(sum * p.multiplier, kept << p.shift) : 0;
    finish(out(memory, p.out), index, v, p.range);
}
