/* Windows over each channel by itself; a thread makes one element of the result. */
#pragma once
#include "device.cuh"

struct Image {
    ref in, out;
    int height, width, channels, outHeight, outWidth, kernelHeight, kernelWidth;
    Window window;
    int zero;
    Range range;
};

/* The real cells of an element's window. */
struct Cells {
    int channel, top, left, firstY, endY, firstX, endX;

    __device__ __forceinline__ Cells(const Image &p, int index) {
        channel = index % p.channels;
        int place = index / p.channels;
        top = place / p.outWidth * p.window.strideY - p.window.top;
        left = place % p.outWidth * p.window.strideX - p.window.left;
        firstY = firstCell(top, p.window.dilationY);
        endY = endCell(top, p.window.dilationY, p.kernelHeight, p.height);
        firstX = firstCell(left, p.window.dilationX);
        endX = endCell(left, p.window.dilationX, p.kernelWidth, p.width);
    }

    __device__ __forceinline__ int index(const Image &p, int ky, int kx) const {
        int y = top + ky * p.window.dilationY;
        int x = left + kx * p.window.dilationX;
        return (y * p.width + x) * p.channels + channel;
    }
};

static __device__ __forceinline__ bool isPast(const Image &p, int index) {
    return index >= p.outHeight * p.outWidth * p.channels;
}

struct Depthwise {
    Image image;
    ref weights, bias, multipliers, shifts;
};

KERNEL depthwise(const Memory memory, const Depthwise d) {
    const Image &p = d.image;
    int index = thread();
    if (isPast(p, index)) {
        return;
    }
    Cells cells(p, index);
    const int8 *in = (const int8 *) at(memory, p.in);
    const int8 *weights = (const int8 *) at(memory, d.weights) + cells.channel;
    int sum = ints(memory, d.bias)[cells.channel];
    for (int ky = cells.firstY; ky < cells.endY; ky++) {
        for (int kx = cells.firstX; kx < cells.endX; kx++) {
            sum += (in[cells.index(p, ky, kx)] - p.zero) * weights[(ky * p.kernelWidth + kx) * p.channels];
        }
    }
    int multiplier = ints(memory, d.multipliers)[cells.channel];
    int shift = ints(memory, d.shifts)[cells.channel];
    finish(out(memory, p.out), index, rescale(sum, multiplier, shift), p.range);
}

struct Pool {
    Image image;
    int multiplier, shift;
};

KERNEL max_pool(const Memory memory, const Pool pool) {
    const Image &p = pool.image;
    int index = thread();
    if (isPast(p, index)) {
        return;
    }
    Cells cells(p, index);
    const int8 *in = (const int8 *) at(memory, p.in);
    int largest = -128;
    for (int ky = cells.firstY; ky < cells.endY; ky++) {
        for (int kx = cells.firstX; kx < cells.endX; kx++) {
            largest = max(largest, (int) in[cells.index(p, ky, kx)]);
        }
    }
    finish(out(memory, p.out), index, rescale(largest - p.zero, pool.multiplier, pool.shift), p.range);
}

KERNEL average_pool(const Memory memory, const Pool pool) {
    const Image &p = pool.image;
    int index = thread();
    if (isPast(p, index)) {
        return;
    }
    Cells cells(p, index);
    const int8 *in = (const int8 *) at(memory, p.in);
    int sum = 0;
    for (int ky = cells.firstY; ky < cells.endY; ky++) {
        for (int kx = cells.firstX; kx < cells.endX; kx++) {
            sum += in[cells.index(p, ky, kx)] - p.zero;
        }
    }
    int64 count = (int64) (cells.endY - cells.firstY) * (cells.endX - cells.firstX);
    finish(out(memory, p.out), index, divide((int64) sum * pool.multiplier, count << pool.shift), p.range);
}
