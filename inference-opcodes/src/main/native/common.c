/* Kernels that are the same for all tiers; the compiler makes what it can of them. */
#pragma GCC target("avx2")
#include "engram.h"

static void average_pool(const struct step *step, const struct memory *memory, struct part part) {
    enum { BLOCK = 256 };
    const struct pool *pool = &step->pool;
    const struct window *window = &pool->window;
    int64_t channels = pool->channels;
    uint32_t sums[BLOCK];
    for (int64_t row = part_begin(pool->out_height, part); row < part_end(pool->out_height, part); row++) {
        int64_t top = row * window->stride_y - window->top;
        int64_t first_y = first_cell(top, window->dilation_y);
        int64_t end_y = end_cell(top, window->dilation_y, pool->kernel_height, pool->height);
        for (int64_t column = 0; column < pool->out_width; column++) {
            int64_t left = column * window->stride_x - window->left;
            int64_t first_x = first_cell(left, window->dilation_x);
            int64_t end_x = end_cell(left, window->dilation_x, pool->kernel_width, pool->width);
            int64_t cells = (end_y - first_y) * (end_x - first_x);
            for (int64_t start = 0; start < channels; start += BLOCK) {
                int64_t count = min64(BLOCK, channels - start);
                memset(sums, 0, sizeof sums);
                for (int64_t ky = first_y; ky < end_y; ky++) {
                    for (int64_t kx = first_x; kx < end_x; kx++) {
                        const uint8_t *cell = at(memory, pool->in) + start
                                + ((top + ky * window->dilation_y) * pool->width + left + kx * window->dilation_x)
                                        * channels;
                        for (int64_t i = 0; i < count; i++) {
                            sums[i] += cell[i];
                        }
                    }
                }
                for (int64_t i = 0; i < count; i++) {
                    int64_t sum = (int64_t) sums[i] - cells * (pool->zero + 128);
                    /* floor((2a + b) / 2b) with a = sum·M, b = cells·2^s, the shift done first. */
                    int64_t scaled = (sum * pool->multiplier + cells * ((int64_t) 1 << (pool->shift - 1))) >> pool->shift;
                    int64_t value = scaled / cells - (scaled % cells < 0);
                    int64_t index = (row * pool->out_width + column) * channels + start + i;
                    store_element(at(memory, pool->out), index, pool->range.bytes, bounded(value, &pool->range));
                }
            }
        }
    }
}

static inline int64_t combine(const struct elementwise *e, int64_t a, int64_t b) {
    switch (e->function) {
    case FUNCTION_ADD:
        return bounded(((a - e->zero_a) * e->multiplier_a + (b - e->zero_b) * e->multiplier_b
                        + ((int64_t) 1 << (e->shift - 1)))
                               >> e->shift,
                       &e->range);
    case FUNCTION_MULTIPLY:
        return bounded(rescale((a - e->zero_a) * (b - e->zero_b), e->multiplier_a, e->shift), &e->range);
    case FUNCTION_RESCALE:
        return bounded(rescale(a - e->zero_a, e->multiplier_a, e->shift), &e->range);
    default:
        return min64(max64(a, e->range.lo), e->range.hi);
    }
}

static inline __attribute__((always_inline)) void run_of(const struct elementwise *e, const uint8_t *a, const uint8_t *b,
                                                        uint8_t *out, int64_t bytes_a, int64_t bytes_b,
                                                        int64_t bytes_out) {
    for (int64_t i = 0; i < e->dims[5]; i++) {
        int64_t x = load_element(a, i * e->strides_a[5], bytes_a);
        int64_t y = load_element(b, i * e->strides_b[5], bytes_b);
        store_element(out, i * e->strides_out[5], bytes_out, combine(e, x, y));
    }
}

static void elementwise(const struct step *step, const struct memory *memory, struct part part) {
    const struct elementwise *e = &step->elementwise;
    int64_t lines = e->dims[0] * e->dims[1] * e->dims[2] * e->dims[3] * e->dims[4];
    for (int64_t line = part_begin(lines, part); line < part_end(lines, part); line++) {
        int64_t rest = line;
        int64_t at_a = 0, at_b = 0, at_out = 0;
        for (int axis = 4; axis >= 0; axis--) {
            int64_t i = rest % e->dims[axis];
            rest /= e->dims[axis];
            at_a += i * e->strides_a[axis];
            at_b += i * e->strides_b[axis];
            at_out += i * e->strides_out[axis];
        }
        const uint8_t *a = at(memory, e->a) + at_a * e->bytes_a;
        const uint8_t *b = at(memory, e->b) + at_b * e->bytes_b;
        uint8_t *out = at(memory, e->out) + at_out * e->range.bytes;
        if (e->bytes_a == 1 && e->bytes_b == 1 && e->range.bytes == 1) {
            run_of(e, a, b, out, 1, 1, 1);
        } else if (e->bytes_a == 2 && e->bytes_b == 2 && e->range.bytes == 2) {
            run_of(e, a, b, out, 2, 2, 2);
        } else {
            run_of(e, a, b, out, e->bytes_a, e->bytes_b, e->range.bytes);
        }
    }
}

static void map(const struct step *step, const struct memory *memory, struct part part) {
    const struct map *map = &step->map;
    const uint8_t *in = at(memory, map->in);
    const uint8_t *table = at(memory, map->table);
    uint8_t *out = at(memory, map->out);
    for (int64_t i = part_begin(map->elements, part); i < part_end(map->elements, part); i++) {
        out[i] = table[in[i]];
    }
}

static void copy(const struct step *step, const struct memory *memory, struct part part) {
    const struct copy *c = &step->copy;
    int64_t lines = c->dims[0] * c->dims[1] * c->dims[2] * c->dims[3] * c->dims[4];
    int64_t bytes = c->bytes;
    for (int64_t line = part_begin(lines, part); line < part_end(lines, part); line++) {
        int64_t rest = line;
        int64_t at_in = 0, at_out = 0;
        for (int axis = 4; axis >= 0; axis--) {
            int64_t i = rest % c->dims[axis];
            rest /= c->dims[axis];
            at_in += i * c->strides_in[axis];
            at_out += i * c->strides_out[axis];
        }
        const uint8_t *in = at(memory, c->in) + at_in * bytes;
        uint8_t *out = at(memory, c->out) + at_out * bytes;
        int64_t count = c->dims[5];
        if (c->strides_in[5] == 1 && c->strides_out[5] == 1) {
            memcpy(out, in, (size_t) (count * bytes));
            continue;
        }
        int64_t step_in = c->strides_in[5] * bytes;
        int64_t step_out = c->strides_out[5] * bytes;
        for (int64_t i = 0; i < count; i++, in += step_in, out += step_out) {
            switch (bytes) {
            case 1: *out = *in; break;
            case 2: memcpy(out, in, 2); break;
            default: memcpy(out, in, 4);
            }
        }
    }
}

static void fill(const struct step *step, const struct memory *memory, struct part part) {
    const struct fill *fill = &step->fill;
    uint8_t *out = at(memory, fill->out);
    uint8_t pattern[4];
    for (int i = 0; i < 4; i++) {
        pattern[i] = (uint8_t) (fill->pattern >> (8 * i));
    }
    for (int64_t i = part_begin(fill->elements, part); i < part_end(fill->elements, part); i++) {
        memcpy(out + i * fill->bytes, pattern, (size_t) fill->bytes);
    }
}

static void softmax(const struct step *step, const struct memory *memory, struct part part) {
    const struct softmax *softmax = &step->softmax;
    const int32_t *table = (const int32_t *) at(memory, softmax->table);
    for (int64_t row = part_begin(softmax->rows, part); row < part_end(softmax->rows, part); row++) {
        const uint8_t *in = at(memory, softmax->in) + row * softmax->columns;
        uint8_t most = 0;
        for (int64_t i = 0; i < softmax->columns; i++) {
            most = in[i] > most ? in[i] : most;
        }
        int64_t sum = 0;
        for (int64_t i = 0; i < softmax->columns; i++) {
            sum += table[most - in[i]];
        }
        /* Few different elements make a long row: each result is computed once. */
        uint8_t known[256] = {0};
        int64_t results[256];
        for (int64_t i = 0; i < softmax->columns; i++) {
            uint8_t below = (uint8_t) (most - in[i]);
            if (!known[below]) {
                known[below] = 1;
                int64_t value = (2 * (int64_t) table[below] * softmax->numerator + sum) / (2 * sum);
                results[below] = bounded(value, &softmax->range);
            }
            store_element(at(memory, softmax->out), row * softmax->columns + i, softmax->range.bytes, results[below]);
        }
    }
}

static void argmax(const struct step *step, const struct memory *memory, struct part part) {
    const struct argmax *argmax = &step->argmax;
    for (int64_t row = part_begin(argmax->rows, part); row < part_end(argmax->rows, part); row++) {
        const uint8_t *in = at(memory, argmax->in) + row * argmax->columns * argmax->bytes;
        int64_t best = 0;
        for (int64_t i = 1; i < argmax->columns; i++) {
            if (load_element(in, i, argmax->bytes) > load_element(in, best, argmax->bytes)) {
                best = i;
            }
        }
        store_element(at(memory, argmax->out), row, 4, best);
    }
}

static void row_terms(const struct step *step, const struct memory *memory, struct part part) {
    const struct row_terms *terms = &step->row_terms;
    int32_t *out = (int32_t *) at(memory, terms->out);
    for (int64_t row = part_begin(terms->rows, part); row < part_end(terms->rows, part); row++) {
        const uint8_t *in = at(memory, terms->in) + row * terms->inner;
        uint32_t sum = 0;
        for (int64_t i = 0; i < terms->inner; i++) {
            sum += in[i];
        }
        out[row] = (int32_t) (sum * (uint32_t) terms->factor);
    }
}

static void flip(const struct step *step, const struct memory *memory, struct part part) {
    uint8_t *data = at(memory, step->flip.in);
    for (int64_t i = part_begin(step->flip.bytes, part); i < part_end(step->flip.bytes, part); i++) {
        data[i] ^= 0x80;
    }
}

/* Where the element of a number lies in an operand with these strides. */
static int64_t place(int64_t number, const int64_t *dims, const int64_t *strides) {
    int64_t offset = 0;
    for (int axis = 5; axis >= 0; axis--) {
        offset += number % dims[axis] * strides[axis];
        number /= dims[axis];
    }
    return offset;
}

static void mean(const struct step *step, const struct memory *memory, struct part part) {
    const struct mean *mean = &step->mean;
    const int64_t *dims = mean->dims;
    int64_t results = dims[0] * dims[1] * dims[2] * dims[3] * dims[4] * dims[5];
    for (int64_t i = part_begin(results, part); i < part_end(results, part); i++) {
        const uint8_t *in = at(memory, mean->in) + place(i, dims, mean->strides) * mean->bytes;
        const uint8_t *mask = mean->masked ? at(memory, mean->mask) + place(i, dims, mean->mask_strides) : NULL;
        int64_t sum = 0, kept = 0;
        for (int64_t term = 0; term < mean->terms; term++) {
            if (!mask || mask[term * mean->mask_stride] != 128) {
                sum += load_element(in, term * mean->stride, mean->bytes) - mean->zero;
                kept++;
            }
        }
        int64_t value = 0;
        if (kept) {
            /* floor((2a + b) / 2b) with a = sum·M, b = kept·2^s, the shift done first. */
            int64_t scaled = (sum * mean->multiplier + kept * ((int64_t) 1 << (mean->shift - 1))) >> mean->shift;
            value = scaled / kept - (scaled % kept < 0);
        }
        store_element(at(memory, mean->out), i, mean->range.bytes, bounded(value, &mean->range));
    }
}

static void gather(const struct step *step, const struct memory *memory, struct part part) {
    const struct gather *gather = &step->gather;
    const uint8_t *in = at(memory, gather->in);
    const uint8_t *indices = at(memory, gather->indices);
    uint8_t *out = at(memory, gather->out);
    int64_t run = gather->inner * gather->bytes;
    int64_t runs = gather->outer * gather->picks;
    for (int64_t i = part_begin(runs, part); i < part_end(runs, part); i++) {
        int64_t index = load_element(indices, i % gather->picks, gather->index_bytes);
        memcpy(out + i * run, in + (i / gather->picks * gather->size + index) * run, (size_t) run);
    }
}

const kernel common_kernels[KINDS] = {
    [KIND_AVERAGE_POOL] = average_pool,
    [KIND_ELEMENTWISE] = elementwise,
    [KIND_MAP] = map,
    [KIND_COPY] = copy,
    [KIND_FILL] = fill,
    [KIND_SOFTMAX] = softmax,
    [KIND_ARGMAX] = argmax,
    [KIND_ROW_TERMS] = row_terms,
    [KIND_FLIP] = flip,
    [KIND_HASH_LEAVES] = hash_leaves,
    [KIND_HASH_TOP] = hash_top,
    [KIND_MEAN] = mean,
    [KIND_GATHER] = gather,
    [KIND_EVICT] = evict,
};
