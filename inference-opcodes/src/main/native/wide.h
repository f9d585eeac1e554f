/* Products of int16, part of each tier; see struct split in engram.h. */

INLINE int64_t load_wide(const uint8_t *in, int64_t index, int64_t bytes) {
    return bytes == 1 ? in[index] : ((in[2 * index] ^ 0x80) << 8 | in[2 * index + 1]);
}

/* One byte of a plane in the form that products read. */
INLINE void put_plane(uint8_t *plane, int64_t index, int64_t value) {
#if GROUP == 4
    plane[index] = (uint8_t) value;
#else
    ((int16_t *) plane)[index] = (int16_t) value;
#endif
}

static void split(const struct step *step, const struct memory *memory, struct part part) {
    const struct split *split = &step->split;
    int64_t inner = split->inner;
    for (int64_t row = part_begin(split->rows, part); row < part_end(split->rows, part); row++) {
        const uint8_t *in = at(memory, split->in) + row * inner * split->bytes;
        uint8_t *low = at(memory, split->out) + row * inner * (4 / GROUP);
        uint8_t *high = low + split->plane_step;
        int64_t sum = 0;
        if (split->bytes == 1) {
            for (int64_t i = 0; i < inner; i++) {
                put_plane(low, i, in[i]);
                sum += in[i];
            }
        } else {
            for (int64_t i = 0; i < inner; i++) {
                int64_t value = load_wide(in, i, 2);
                put_plane(low, i, value & 255);
                put_plane(high, i, value >> 8);
                sum += value;
            }
        }
        if (split->has_terms) {
            ((int64_t *) at(memory, split->terms))[row] = sum * split->factor;
        }
    }
}

/* See dynamic_dense in docs/inference-spec.md: all numbers fit 32 bits. */
static void quantise_rows(const struct step *step, const struct memory *memory, struct part part) {
    const struct quantise_rows *rows = &step->quantise_rows;
    int64_t inner = rows->inner;
    for (int64_t row = part_begin(rows->rows, part); row < part_end(rows->rows, part); row++) {
        const uint8_t *in = at(memory, rows->in) + row * inner * 2;
        uint8_t *out = at(memory, rows->out) + row * inner * (4 / GROUP);
        int32_t largest = 1;
        for (int64_t i = 0; i < inner; i++) {
            int32_t x = (int16_t) (in[2 * i] << 8 | in[2 * i + 1]);
            int32_t magnitude = x < 0 ? -x : x;
            largest = magnitude > largest ? magnitude : largest;
        }
        int32_t factor = (int32_t) (((int64_t) 2 * 127 * (1 << 24) + largest) / (2 * (int64_t) largest));
        for (int64_t i = 0; i < inner; i++) {
            int32_t x = (int16_t) (in[2 * i] << 8 | in[2 * i + 1]);
            put_plane(out, i, ((x * factor + (1 << 23)) >> 24) + 128);
        }
        ((int64_t *) at(memory, rows->scales))[row] = largest;
    }
}

static void pack_parts(const struct step *step, const struct memory *memory, struct part part) {
    const struct pack_parts *pack = &step->pack_parts;
    int64_t words = words_of(pack->inner);
    int64_t parts = pack->bytes;
    for (int64_t n = part_begin(pack->count, part); n < part_end(pack->count, part); n++) {
        const uint8_t *in = at(memory, pack->in) + n * pack->in_step;
        uint8_t *out = at(memory, pack->out) + n * pack->out_step;
        int64_t *sums = (int64_t *) (at(memory, pack->columns_out) + n * pack->columns_step);
        for (int64_t p = 0; p < parts; p++) {
            memset(out + p * pack->part_step, 0, (size_t) product_bytes(pack->columns, 1, pack->inner));
        }
        for (int64_t panel = 0; panel < panels_of(pack->columns); panel++) {
            int64_t end = min64(pack->columns, vectors_before(pack->columns, panel + 1) * VL);
            for (int64_t column = vectors_before(pack->columns, panel) * VL; column < end; column++) {
                int64_t sum = 0;
                for (int64_t i = 0; i < pack->inner; i++) {
                    int64_t value = load_element(in, column * pack->column_stride + i * pack->inner_stride, parts);
                    value -= parts == 2 ? 128 : 0;
                    int64_t word = packed_at(pack->columns, words, panel, i / GROUP, column);
                    int64_t high = (value + 128) >> 8;
                    put_term(out, word, i % GROUP, value - 256 * (parts == 2 ? high : 0));
                    if (parts == 2) {
                        put_term(out + pack->part_step, word, i % GROUP, high);
                    }
                    sum += value;
                }
                sums[column] = sum * pack->factor + pack->start;
            }
        }
    }
}

/* The end of one row of a tile. */
INLINE void finish_wide(const struct wide_gemm *gemm, const struct memory *memory, int64_t n, int64_t row, int64_t column,
                        int64_t count, int64_t *restrict totals) {
    const int64_t *columns = (const int64_t *) (at(memory, gemm->column) + n * gemm->column_step) + column;
    const int64_t *bias = (const int64_t *) at(memory, gemm->bias) + column;
    const int64_t *multipliers = (const int64_t *) at(memory, gemm->multipliers) + column;
    const int64_t *shifts = (const int64_t *) at(memory, gemm->shifts) + column;
    int64_t term = gemm->has_terms ? ((const int64_t *) (at(memory, gemm->row_terms) + n * gemm->terms_step))[row] : 0;
    int64_t scale = gemm->has_scales ? ((const int64_t *) at(memory, gemm->row_scales))[row] : 1;
    int64_t zero = gemm->range.zero, lo = gemm->range.lo, hi = gemm->range.hi;
    for (int64_t i = 0; i < count; i++) {
        int64_t value = (totals[i] + columns[i] + term) * scale + bias[i];
        value = (value * multipliers[i] + ((int64_t) 1 << (shifts[i] - 1))) >> shifts[i];
        totals[i] = min64(max64(value + zero, lo), hi);
    }
    uint8_t *out = at(memory, gemm->out) + n * gemm->out_step;
    int64_t first = row * gemm->columns + column;
    switch (gemm->range.bytes) {
    case 1:
        for (int64_t i = 0; i < count; i++) {
            store_element(out, first + i, 1, totals[i]);
        }
        break;
    case 2:
        for (int64_t i = 0; i < count; i++) {
            store_element(out, first + i, 2, totals[i]);
        }
        break;
    default:
        for (int64_t i = 0; i < count; i++) {
            store_element(out, first + i, 4, totals[i]);
        }
    }
}

static void wide_gemm(const struct step *step, const struct memory *memory, struct part part) {
    static const int64_t no_offset = 0;
    static const int32_t no_bias[MAX_VECTORS * VL];
    const struct wide_gemm *gemm = &step->wide_gemm;
    int64_t panels = panels_of(gemm->columns);
    int64_t most = tile_rows[vectors_before(gemm->columns, 1) - 1];
    int64_t tile_count = (gemm->rows + most - 1) / most;
    int32_t sums[24 * VL] __attribute__((aligned(64)));
    int64_t totals[24 * VL] __attribute__((aligned(64)));
    struct tile_work work = {
        .offsets = &no_offset, .segments = 1, .words = gemm->words, .bias = no_bias, .sums = sums};
    int64_t end = part_end(gemm->count * panels * tile_count, part);
    for (int64_t t = part_begin(gemm->count * panels * tile_count, part); t < end; t++) {
        int64_t n = t / (panels * tile_count);
        int64_t panel = t / tile_count % panels;
        int64_t first = gemm->rows * (t % tile_count) / tile_count;
        int64_t rows = gemm->rows * (t % tile_count + 1) / tile_count - first;
        int64_t before = vectors_before(gemm->columns, panel);
        int64_t vectors = vectors_before(gemm->columns, panel + 1) - before;
        int64_t lanes = rows * vectors * VL;
        for (int64_t plane = 0; plane < gemm->planes; plane++) {
            for (int64_t r = 0; r < rows; r++) {
                work.rows[r] = at(memory, gemm->in) + n * gemm->in_step + plane * gemm->plane_step
                        + (first + r) * gemm->row_stride;
            }
            for (int64_t p = 0; p < gemm->parts; p++) {
                work.columns = at(memory, gemm->weights) + n * gemm->weights_step + p * gemm->part_step
                        + before * VB * gemm->words;
                tiles[vectors - 1][rows - 1](&work);
                int64_t places = 8 * (plane + p);
                if (plane + p == 0) {
                    for (int64_t i = 0; i < lanes; i++) {
                        totals[i] = sums[i];
                    }
                } else {
                    for (int64_t i = 0; i < lanes; i++) {
                        totals[i] += (int64_t) sums[i] << places;
                    }
                }
            }
        }
        int64_t count = min64(vectors * VL, gemm->columns - before * VL);
        for (int64_t r = 0; r < rows; r++) {
            finish_wide(gemm, memory, n, first + r, before * VL, count, totals + r * vectors * VL);
        }
    }
}
