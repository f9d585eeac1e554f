/* Operators over rows of int16, part of each tier: plain loops that the compiler spreads over the tier's vectors. */

/* The largest whole number whose square is at most `value`, 0 ≤ value < 2^62: one binary digit at a time. */
static int64_t whole_root(int64_t value) {
    int64_t root = 0;
    for (int64_t bit = (int64_t) 1 << 60; bit; bit >>= 2) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

INLINE void normalise_row(const struct normalise *norm, const uint8_t *in, const int32_t *gains, const int32_t *biases,
                          uint8_t *out, int64_t bytes) {
    int64_t width = norm->width;
    int64_t sum = 0, squares = 0;
    for (int64_t i = 0; i < width; i++) {
        int64_t x = load_element(in, i, bytes) - norm->zero;
        sum += x;
        squares += x * x;
    }
    sum = norm->centred ? sum : 0;
    int64_t q = width * squares - sum * sum + norm->epsilon;
    int64_t v = 0, shift = 1;
    if (q) {
        int64_t k = (__builtin_clzll((uint64_t) q) - 2) / 2;
        int64_t root = whole_root(q << (2 * k));
        v = (((int64_t) 2 << 50) + root) / (2 * root);
        shift = 35 - k;
    }
    int64_t half = (int64_t) 1 << (shift - 1);
    for (int64_t i = 0; i < width; i++) {
        int64_t centred = width * (load_element(in, i, bytes) - norm->zero) - sum;
        int64_t value = ((centred * v + half) >> shift) * gains[i] + biases[i];
        value = bounded(rescale(value, norm->multiplier, norm->shift), &norm->range);
        store_element(out, i, norm->range.bytes, value);
    }
}

static void normalise(const struct step *step, const struct memory *memory, struct part part) {
    const struct normalise *norm = &step->normalise;
    const int32_t *gains = (const int32_t *) at(memory, norm->gains);
    const int32_t *biases = (const int32_t *) at(memory, norm->biases);
    for (int64_t row = part_begin(norm->rows, part); row < part_end(norm->rows, part); row++) {
        const uint8_t *in = at(memory, norm->in) + row * norm->width * norm->bytes;
        uint8_t *out = at(memory, norm->out) + row * norm->width * norm->range.bytes;
        if (norm->bytes == 2) {
            normalise_row(norm, in, gains, biases, out, 2);
        } else {
            normalise_row(norm, in, gains, biases, out, norm->bytes);
        }
    }
}

INLINE void interpolate_run(const struct interpolate *line, const uint8_t *in, const int32_t *table, uint8_t *out,
                            int64_t from, int64_t to, int64_t bytes) {
    for (int64_t i = from; i < to; i++) {
        int32_t u = (in[2 * i] ^ 0x80) << 8 | in[2 * i + 1];
        int32_t index = u >> 7, fraction = u & 127;
        int32_t value = table[index] * (128 - fraction) + table[index + 1] * fraction;
        store_element(out, i, bytes, bounded(rescale(value, line->multiplier, line->shift), &line->range));
    }
}

static void interpolate(const struct step *step, const struct memory *memory, struct part part) {
    const struct interpolate *line = &step->interpolate;
    const uint8_t *in = at(memory, line->in);
    const int32_t *table = (const int32_t *) at(memory, line->table);
    uint8_t *out = at(memory, line->out);
    int64_t from = part_begin(line->elements, part), to = part_end(line->elements, part);
    if (line->range.bytes == 2) {
        interpolate_run(line, in, table, out, from, to, 2);
    } else {
        interpolate_run(line, in, table, out, from, to, line->range.bytes);
    }
}

static void wide_softmax(const struct step *step, const struct memory *memory, struct part part) {
    const struct wide_softmax *softmax = &step->wide_softmax;
    const int32_t *coarse = (const int32_t *) at(memory, softmax->coarse);
    const int32_t *fine = (const int32_t *) at(memory, softmax->fine);
    const int64_t *dims = softmax->dims;
    int64_t width = dims[5];
    int64_t rows = dims[0] * dims[1] * dims[2] * dims[3] * dims[4];
    for (int64_t row = part_begin(rows, part); row < part_end(rows, part); row++) {
        const uint8_t *in = at(memory, softmax->in) + row * width * 2;
        const uint8_t *mask = NULL;
        if (softmax->masked) {
            mask = at(memory, softmax->mask);
            int64_t rest = row;
            for (int axis = 4; axis >= 0; axis--) {
                mask += rest % dims[axis] * softmax->mask_strides[axis];
                rest /= dims[axis];
            }
        }
        int64_t across = softmax->mask_strides[5];
        int32_t most = INT16_MIN;
        for (int64_t i = 0; i < width; i++) {
            int32_t x = (int16_t) (in[2 * i] << 8 | in[2 * i + 1]);
            most = (!mask || mask[i * across] != 128) && x > most ? x : most;
        }
        int64_t sum = 0;
        for (int64_t i = 0; i < width; i++) {
            if (!mask || mask[i * across] != 128) {
                int32_t below = most - (int16_t) (in[2 * i] << 8 | in[2 * i + 1]);
                sum += (int64_t) coarse[below >> 8] * fine[below & 255];
            }
        }
        uint8_t *out = at(memory, softmax->out);
        for (int64_t i = 0; i < width; i++) {
            int64_t value = 0;
            if (!mask || mask[i * across] != 128) {
                int32_t below = most - (int16_t) (in[2 * i] << 8 | in[2 * i + 1]);
                int64_t power = (int64_t) coarse[below >> 8] * fine[below & 255];
                value = (2 * power * softmax->numerator + sum) / (2 * sum);
            }
            store_element(out, row * width + i, softmax->range.bytes, bounded(value, &softmax->range));
        }
    }
}
