/*
 * The kernels of a tier, written over a vector type. The file that includes this one has defined
 *   vi, VB (bytes), VL (32-bit lanes), LOADU, STOREU, ZERO, SET1_32, SET1_64, ADD32, SUB32, ADD64, MAX32, MIN32, MAXU8,
 *   MULS (even lanes, signed), MULU, SRL64_32, SRLV64, SRL64 (by count), MERGE_ODD, UNPACK*, PACKS32, PACKUS16,
 *   CVT_U8_32 (VL bytes to 32-bit lanes), STORE_LOW_BYTES (VL low bytes, count of them), BROADCAST (32 bits from memory),
 *   DOT(sum, rows, columns): adds the products of the bytes, or 16-bit halves, of each 32-bit group,
 *   GROUP: terms of a 32-bit group (4 bytes, 2 halves), MAX_VECTORS of a panel, ROWS_1 … ROWS_4 (rows of a tile by its
 *   vectors), TIER (the symbol) and TIER_NAME.
 */
#include "engram.h"

#define INLINE static inline __attribute__((always_inline))

/* ---- Rescaling of sums ------------------------------------------------------------------------------------------- */

/*
 * For each vector of channels eight vectors: bias; M for even and odd lanes; 2^(s−1) + 2^63, even and odd; s, even and
 * odd; 2^(63−s) − zero point − 128. With 2^63 added, a logical shift gives the arithmetic one plus 2^(63−s). For 32 ≤ s
 * the result fits 32 bits with room for the zero point. Behind them: multipliers and shifts as int32, and for each vector
 * whether a channel of it needs a smaller shift.
 */
#define UNITS 8

struct finish {
    const vi *blocks;
    const int32_t *multipliers, *shifts;
    const uint8_t *slow;
};

static int64_t vectors_of(int64_t channels) { return (channels + VL - 1) / VL; }

static int64_t finish_size(int64_t vectors) { return vectors * (UNITS * VB + 2 * VB + 1) + VB; }

INLINE struct finish finish_view(const uint8_t *packed, int64_t vectors) {
    struct finish view;
    view.blocks = (const vi *) packed;
    view.multipliers = (const int32_t *) (packed + vectors * UNITS * VB);
    view.shifts = view.multipliers + vectors * VL;
    view.slow = (const uint8_t *) (view.shifts + vectors * VL);
    return view;
}

static void pack_lane(uint8_t *packed, int64_t vectors, int64_t vector, int64_t lane, const struct channels *from,
                      int64_t channel) {
    int64_t multiplier = from->multipliers[channel];
    int64_t shift = from->shifts[channel];
    int32_t *natural = (int32_t *) (packed + vectors * UNITS * VB) + vector * VL + lane;
    natural[0] = (int32_t) multiplier;
    natural[vectors * VL] = (int32_t) shift;
    while (shift < 32 && multiplier < (int64_t) 1 << 30) {
        multiplier *= 2;
        shift++;
    }
    uint8_t *slow = (uint8_t *) ((int32_t *) (packed + vectors * UNITS * VB) + 2 * vectors * VL);
    if (shift < 32) {
        slow[vector] = 1;
        shift = 32;
    }
    int32_t *words = (int32_t *) (packed + vector * UNITS * VB);
    words[lane] = from->bias[channel];
    int64_t odd = lane & 1;
    uint64_t *pairs = (uint64_t *) (packed + vector * UNITS * VB) + lane / 2;
    pairs[(1 + odd) * (VL / 2)] = (uint64_t) multiplier;
    pairs[(3 + odd) * (VL / 2)] = ((uint64_t) 1 << (shift - 1)) + ((uint64_t) 1 << 63);
    pairs[(5 + odd) * (VL / 2)] = (uint64_t) shift;
    words[7 * VL + lane] = (int32_t) ((uint32_t) ((uint64_t) 1 << (63 - shift)) - (uint32_t) (from->zero + 128));
}

static int64_t finish_bytes(int64_t channels) { return finish_size(vectors_of(channels)); }

static void pack_finish(const struct channels *from, uint8_t *out) {
    int64_t vectors = vectors_of(from->count);
    memset(out, 0, (size_t) finish_size(vectors));
    for (int64_t channel = 0; channel < from->count; channel++) {
        pack_lane(out, vectors, channel / VL, channel % VL, from, channel);
    }
}

/* Sums, bias included, to bytes in 32-bit lanes. */
INLINE vi finish_lanes(vi sums, vi even_m, vi odd_m, vi even_h, vi odd_h, vi even_s, vi odd_s, vi less, vi lo, vi hi) {
    vi even = SRLV64(ADD64(MULS(sums, even_m), even_h), even_s);
    vi odd = SRLV64(ADD64(MULS(SRL64_32(sums), odd_m), odd_h), odd_s);
    return MIN32(MAX32(SUB32(MERGE_ODD(even, odd), less), lo), hi);
}

INLINE vi finish_block(vi sums, const vi *unit, vi lo, vi hi) {
    return finish_lanes(sums, unit[1], unit[2], unit[3], unit[4], unit[5], unit[6], unit[7], lo, hi);
}

/* ---- Products ---------------------------------------------------------------------------------------------------- */

static int64_t panels_of(int64_t columns) { return (vectors_of(columns) + MAX_VECTORS - 1) / MAX_VECTORS; }

/* Vectors before a panel; panels differ by one vector at most, wide ones first. */
static int64_t vectors_before(int64_t columns, int64_t panel) {
    int64_t vectors = vectors_of(columns);
    int64_t panels = panels_of(columns);
    return panel * (vectors / panels) + min64(panel, vectors % panels);
}

static int64_t words_of(int64_t length) { return (length + GROUP - 1) / GROUP; }

static int64_t product_bytes(int64_t columns, int64_t segments, int64_t length) {
    return vectors_of(columns) * VB * segments * words_of(length);
}

/* Where the group of a column lies in the packed form, in 32-bit words. */
INLINE int64_t packed_at(int64_t columns, int64_t words, int64_t panel, int64_t word, int64_t column) {
    int64_t before = vectors_before(columns, panel);
    int64_t vectors = vectors_before(columns, panel + 1) - before;
    return (before * words + word * vectors) * VL + column - before * VL;
}

INLINE void put_term(uint8_t *out, int64_t word, int64_t term, int64_t value) {
#if GROUP == 4
    ((int8_t *) out)[word * 4 + term] = (int8_t) value;
#else
    ((int16_t *) out)[word * 2 + term] = (int16_t) value;
#endif
}

static void pack_product(const int8_t *weights, int64_t columns, int64_t segments, int64_t length, uint8_t *out) {
    int64_t words = words_of(length);
    memset(out, 0, (size_t) product_bytes(columns, segments, length));
    for (int64_t panel = 0; panel < panels_of(columns); panel++) {
        int64_t end = min64(columns, vectors_before(columns, panel + 1) * VL);
        for (int64_t column = vectors_before(columns, panel) * VL; column < end; column++) {
            for (int64_t segment = 0; segment < segments; segment++) {
                const int8_t *from = weights + (column * segments + segment) * length;
                for (int64_t i = 0; i < length; i++) {
                    int64_t word = packed_at(columns, segments * words, panel, segment * words + i / GROUP, column);
                    put_term(out, word, i % GROUP, from[i]);
                }
            }
        }
    }
}

/* The right side of a product of activations. With bytes for terms the zero points go into the start of the sums. */
static void pack_activations(const struct step *step, const struct memory *memory, struct part part) {
    const struct pack *pack = &step->pack;
    int64_t words = words_of(pack->inner);
    int64_t size = vectors_of(pack->columns) * VL;
    for (int64_t n = part_begin(pack->count, part); n < part_end(pack->count, part); n++) {
        const uint8_t *in = at(memory, pack->in) + n * pack->in_step;
        uint8_t *out = at(memory, pack->out) + n * pack->out_step;
        int32_t *bias = (int32_t *) (at(memory, pack->bias) + n * pack->bias_step);
        memset(out, 0, (size_t) (size * 4 * words));
        memset(bias, 0, (size_t) size * 4);
        for (int64_t panel = 0; panel < panels_of(pack->columns); panel++) {
            int64_t end = min64(pack->columns, vectors_before(pack->columns, panel + 1) * VL);
            for (int64_t word = 0; word < words; word++) {
                int64_t first = vectors_before(pack->columns, panel) * VL;
                uint8_t *to = out + 4 * packed_at(pack->columns, words, panel, word, first);
                int64_t terms = min64(GROUP, pack->inner - word * GROUP);
                for (int64_t term = 0; term < terms; term++) {
                    const uint8_t *from = in + (word * GROUP + term) * pack->inner_stride;
                    for (int64_t column = first; column < end; column++) {
                        int32_t value = from[column * pack->column_stride] - 128;
#if GROUP == 4
                        bias[column] -= (int32_t) (pack->zero_a + 128) * (value - (int32_t) pack->zero_b);
                        put_term(to, column - first, term, value);
#else
                        put_term(to, column - first, term, value - (int32_t) pack->zero_b);
#endif
                    }
                }
            }
        }
    }
}

typedef void (*tile)(const uint8_t *const *rows, const int64_t *offsets, int64_t segments, int64_t words,
                     const uint8_t *columns, int32_t *sums);

INLINE void tile_body(int count, int vectors, const uint8_t *const *rows, const int64_t *offsets, int64_t segments,
                      int64_t words, const uint8_t *columns, int32_t *sums) {
    vi acc[12][4];
    _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { acc[r][v] = ZERO(); }
    }
    for (int64_t segment = 0; segment < segments; segment++) {
        int64_t offset = offsets[segment];
        int64_t end = offset + 4 * words;
        for (; offset < end; offset += 4) {
            vi column[4];
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { column[v] = LOADU(columns + v * VB); }
            columns += vectors * VB;
            _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
                vi row = BROADCAST(rows[r] + offset);
                _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { DOT(acc[r][v], row, column[v]); }
            }
        }
    }
    _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            STOREU((uint8_t *) sums + (r * vectors + v) * VB, acc[r][v]);
        }
    }
}

#define TILE(R, V)                                                                                                     \
    static void tile_##R##_##V(const uint8_t *const *rows, const int64_t *offsets, int64_t segments, int64_t words,   \
                               const uint8_t *columns, int32_t *sums) {                                                \
        tile_body(R, V, rows, offsets, segments, words, columns, sums);                                                \
    }
#define TILES_6(V) TILE(1, V) TILE(2, V) TILE(3, V) TILE(4, V) TILE(5, V) TILE(6, V)
#define TILES_8(V) TILES_6(V) TILE(7, V) TILE(8, V)
#define TILES_12(V) TILES_8(V) TILE(9, V) TILE(10, V) TILE(11, V) TILE(12, V)
#define NAMES_6(V) tile_1_##V, tile_2_##V, tile_3_##V, tile_4_##V, tile_5_##V, tile_6_##V
#define NAMES_8(V) NAMES_6(V), tile_7_##V, tile_8_##V
#define NAMES_12(V) NAMES_8(V), tile_9_##V, tile_10_##V, tile_11_##V, tile_12_##V

TILES_12(1)
#if MAX_VECTORS == 4
TILES_12(2)
TILES_8(3)
TILES_6(4)
static const tile tiles[4][12] = {{NAMES_12(1)}, {NAMES_12(2)}, {NAMES_8(3)}, {NAMES_6(4)}};
static const int64_t tile_rows[4] = {12, 12, 8, 6};
#else
TILES_6(2)
static const tile tiles[2][12] = {{NAMES_12(1)}, {NAMES_6(2)}};
static const int64_t tile_rows[2] = {12, 6};
#endif

/* The end of the rows of one tile: what the sums become. */
static void finish_tile(const struct gemm *gemm, const struct finish *finish, const int32_t *bias, const int32_t *terms,
                        const int32_t *sums, int64_t rows, int64_t first_vector, int64_t vectors, uint8_t *out) {
    vi lo = SET1_32((int32_t) gemm->range.lo + 128);
    vi hi = SET1_32((int32_t) gemm->range.hi + 128);
    int64_t bytes = gemm->range.bytes;
    for (int64_t v = 0; v < vectors; v++) {
        int64_t column = (first_vector + v) * VL;
        int64_t count = min64(VL, gemm->columns - column);
        if (bytes == 1 && !finish->slow[first_vector + v]) {
            const vi *unit = finish->blocks + (first_vector + v) * UNITS;
            vi start = LOADU(bias + column);
            vi u1 = unit[1], u2 = unit[2], u3 = unit[3], u4 = unit[4], u5 = unit[5], u6 = unit[6], u7 = unit[7];
            for (int64_t r = 0; r < rows; r++) {
                vi sum = ADD32(LOADU(sums + (r * vectors + v) * VL), start);
                if (terms) {
                    sum = ADD32(sum, SET1_32(terms[r]));
                }
                STORE_LOW_BYTES(out + r * gemm->out_stride + column,
                                finish_lanes(sum, u1, u2, u3, u4, u5, u6, u7, lo, hi), count);
            }
            continue;
        }
        for (int64_t r = 0; r < rows; r++) {
            for (int64_t i = 0; i < count; i++) {
                uint32_t sum = (uint32_t) sums[(r * vectors + v) * VL + i] + (uint32_t) bias[column + i];
                if (terms) {
                    sum += (uint32_t) terms[r];
                }
                int64_t value =
                    rescale((int32_t) sum, finish->multipliers[column + i], finish->shifts[column + i]);
                store_element(out, r * gemm->out_stride + column + i, bytes, bounded(value, &gemm->range));
            }
        }
    }
}

static void gemm(const struct step *step, const struct memory *memory, struct part part) {
    const struct gemm *gemm = &step->gemm;
    struct finish finish = finish_view(at(memory, gemm->finish), vectors_of(gemm->columns));
    const int64_t *offsets = (const int64_t *) at(memory, gemm->offsets);
    int64_t panels = panels_of(gemm->columns);
    /* Tiles of all panels of all products in one row; this part takes its share. */
    int64_t widest = vectors_before(gemm->columns, 1);
    int64_t most = tile_rows[widest - 1];
    int64_t tile_count = (gemm->rows + most - 1) / most;
    int64_t end = part_end(gemm->count * panels * tile_count, part);
    int32_t sums[24 * VL] __attribute__((aligned(64)));
    for (int64_t t = part_begin(gemm->count * panels * tile_count, part); t < end; t++) {
        int64_t product = t / (panels * tile_count);
        int64_t panel = t / tile_count % panels;
        int64_t index = t % tile_count;
        int64_t first = gemm->rows * index / tile_count;
        int64_t rows = gemm->rows * (index + 1) / tile_count - first;
        int64_t before = vectors_before(gemm->columns, panel);
        int64_t vectors = vectors_before(gemm->columns, panel + 1) - before;
        const uint8_t *in = at(memory, gemm->in) + product * gemm->in_step;
        const uint8_t *weights = at(memory, gemm->weights) + product * gemm->weights_step
                + before * VB * gemm->segments * gemm->words;
        const uint8_t *starts[12];
        int64_t y = first / gemm->width;
        int64_t x = first - y * gemm->width;
        for (int64_t r = 0; r < rows; r++) {
            starts[r] = in + y * gemm->row_stride + x * gemm->column_stride;
            if (++x == gemm->width) {
                x = 0;
                y++;
            }
        }
        tiles[vectors - 1][rows - 1](starts, offsets, gemm->segments, gemm->words, weights, sums);
        const int32_t *bias = (const int32_t *) (at(memory, gemm->bias) + product * gemm->bias_step);
        const int32_t *terms = gemm->has_row_terms
                ? (const int32_t *) (at(memory, gemm->row_terms) + product * gemm->terms_step) + first
                : NULL;
        uint8_t *out = at(memory, gemm->out) + product * gemm->out_step
                + first * gemm->out_stride * gemm->range.bytes;
        finish_tile(gemm, &finish, bias, terms, sums, rows, before, vectors, out);
    }
}

static void stage(const struct step *step, const struct memory *memory, struct part part) {
    const struct stage *stage = &step->stage;
    int64_t row_bytes = stage->width * stage->channels;
    int64_t left = min64(stage->left, stage->out_width);
    int64_t copied = max64(0, min64(stage->width, stage->out_width - stage->left)) * stage->channels;
    int64_t total = stage->out_width * stage->channels;
    for (int64_t y = part_begin(stage->out_height, part); y < part_end(stage->out_height, part); y++) {
        int64_t from = y - stage->top;
        int64_t before = from >= 0 && from < stage->height ? left * stage->channels : total;
        int64_t middle = before == total ? 0 : copied;
        const uint8_t *in = at(memory, stage->in) + (middle ? from * row_bytes : 0);
#if GROUP == 4
        uint8_t *out = at(memory, stage->out) + y * total;
        memset(out, (int) (stage->zero + 128), (size_t) before);
        memcpy(out + before, in, (size_t) middle);
        memset(out + before + middle, (int) (stage->zero + 128), (size_t) (total - before - middle));
#else
        int16_t *out = (int16_t *) at(memory, stage->out) + y * total;
        int16_t zero = (int16_t) (stage->zero + 128);
        memset(out, 0, (size_t) before * 2);
        for (int64_t i = 0; i < middle; i++) {
            out[before + i] = (int16_t) (in[i] - zero);
        }
        memset(out + before + middle, 0, (size_t) (total - before - middle) * 2);
#endif
    }
}

/* ---- Convolution of each channel by itself ----------------------------------------------------------------------- */

/*
 * A block is VB channels; interleaving the bytes of several taps inside 128-bit lanes gives four vectors of sums, lane L
 * of vector v holding channels 16L + 4v to 16L + 4v + 3 of the block, and packing gives them back in order. The last
 * block overlaps the one before.
 */
static int64_t blocks_of(int64_t channels) { return (channels + VB - 1) / VB; }

static int64_t block_start(int64_t channels, int64_t block) {
    return channels < VB ? 0 : min64(block * VB, channels - VB);
}

static int64_t block_channel(int64_t vector, int64_t lane) { return lane / 4 * 16 + vector * 4 + lane % 4; }

static int64_t depthwise_bytes(int64_t channels, int64_t taps) { return blocks_of(channels) * words_of(taps) * 4 * VB; }

static void pack_depthwise(const int8_t *weights, int64_t channels, int64_t taps, uint8_t *out) {
    memset(out, 0, (size_t) depthwise_bytes(channels, taps));
    int64_t words = words_of(taps);
    for (int64_t block = 0; block < blocks_of(channels); block++) {
        for (int64_t tap = 0; tap < taps; tap++) {
            for (int64_t i = 0; i < VB; i++) {
                int64_t channel = block_start(channels, block) + block_channel(i / VL, i % VL);
                if (channel < channels) {
                    put_term(out, (block * words + tap / GROUP) * 4 * VL + i, tap % GROUP,
                             weights[tap * channels + channel]);
                }
            }
        }
    }
}

static int64_t depthwise_finish_bytes(int64_t channels) { return finish_size(4 * blocks_of(channels)); }

static void pack_depthwise_finish(const struct channels *from, uint8_t *out) {
    int64_t vectors = 4 * blocks_of(from->count);
    memset(out, 0, (size_t) finish_size(vectors));
    for (int64_t block = 0; block < vectors / 4; block++) {
        for (int64_t i = 0; i < VB; i++) {
            int64_t channel = block_start(from->count, block) + block_channel(i / VL, i % VL);
            if (channel < from->count) {
                pack_lane(out, vectors, 4 * block + i / VL, i % VL, from, channel);
            }
        }
    }
}

/* Taps of a kernel that are looked at together; more are refused by the planner. */
#define MAX_TAPS 256

/* One block of channels of one result, from the places of its taps. */
INLINE void depthwise_block(const struct depthwise *depthwise, const uint8_t *const *taps, int64_t words, int64_t block,
                            const uint8_t *weights, const struct finish *finish, vi lo, vi hi, uint8_t *out) {
    int64_t channel = block_start(depthwise->channels, block);
    const uint8_t *w = weights + block * words * 4 * VB;
    const vi *unit = finish->blocks + block * 4 * UNITS;
    vi s0 = unit[0], s1 = unit[UNITS], s2 = unit[2 * UNITS], s3 = unit[3 * UNITS];
    for (int64_t word = 0; word < words; word++, taps += GROUP, w += 4 * VB) {
        vi a = LOADU(taps[0] + channel);
        vi b = LOADU(taps[1] + channel);
        vi low = UNPACKLO8(a, b);
        vi high = UNPACKHI8(a, b);
#if GROUP == 4
        vi c = LOADU(taps[2] + channel);
        vi d = LOADU(taps[3] + channel);
        vi low2 = UNPACKLO8(c, d);
        vi high2 = UNPACKHI8(c, d);
        DOT(s0, UNPACKLO16(low, low2), LOADU(w));
        DOT(s1, UNPACKHI16(low, low2), LOADU(w + VB));
        DOT(s2, UNPACKLO16(high, high2), LOADU(w + 2 * VB));
        DOT(s3, UNPACKHI16(high, high2), LOADU(w + 3 * VB));
#else
        vi zero = ZERO();
        DOT(s0, UNPACKLO8(low, zero), LOADU(w));
        DOT(s1, UNPACKHI8(low, zero), LOADU(w + VB));
        DOT(s2, UNPACKLO8(high, zero), LOADU(w + 2 * VB));
        DOT(s3, UNPACKHI8(high, zero), LOADU(w + 3 * VB));
#endif
    }
    int64_t count = min64(VB, depthwise->channels - channel);
    const uint8_t *slow = finish->slow + 4 * block;
    if (depthwise->range.bytes == 1 && !(slow[0] | slow[1] | slow[2] | slow[3])) {
        vi r01 = PACKS32(finish_block(s0, unit, lo, hi), finish_block(s1, unit + UNITS, lo, hi));
        vi r23 = PACKS32(finish_block(s2, unit + 2 * UNITS, lo, hi), finish_block(s3, unit + 3 * UNITS, lo, hi));
        vi bytes = PACKUS16(r01, r23); /* of values inside 0 to 255: nothing is cut off */
        if (count == VB) {
            STOREU(out + channel, bytes);
        } else {
            uint8_t all[VB];
            STOREU(all, bytes);
            memcpy(out + channel, all, (size_t) count);
        }
        return;
    }
    int32_t sums[4 * VL];
    STOREU(sums, s0);
    STOREU(sums + VL, s1);
    STOREU(sums + 2 * VL, s2);
    STOREU(sums + 3 * VL, s3);
    for (int64_t i = 0; i < 4 * VL; i++) {
        int64_t inside = block_channel(i / VL, i % VL);
        if (inside < count) {
            int64_t lane = block * 4 * VL + i;
            int64_t value = rescale(sums[i], finish->multipliers[lane], finish->shifts[lane]);
            store_element(out, channel + inside, depthwise->range.bytes, bounded(value, &depthwise->range));
        }
    }
}

static void depthwise(const struct step *step, const struct memory *memory, struct part part) {
    const struct depthwise *depthwise = &step->depthwise;
    const struct window *window = &depthwise->window;
    const uint8_t *in = at(memory, depthwise->in);
    const uint8_t *padding = at(memory, depthwise->padding);
    const uint8_t *weights = at(memory, depthwise->weights);
    int64_t channels = depthwise->channels;
    int64_t blocks = blocks_of(channels);
    struct finish finish = finish_view(at(memory, depthwise->finish), 4 * blocks);
    int64_t taps = depthwise->kernel_height * depthwise->kernel_width;
    int64_t words = words_of(taps);
    vi lo = SET1_32((int32_t) depthwise->range.lo + 128);
    vi hi = SET1_32((int32_t) depthwise->range.hi + 128);
    const uint8_t *places[MAX_TAPS + GROUP];
    for (int64_t i = 0; i < GROUP; i++) {
        places[taps + i] = padding; /* of weight 0 */
    }
    int64_t reach = (depthwise->kernel_width - 1) * window->dilation_x;
    int64_t end = part_end(depthwise->out_height, part);
    for (int64_t row = part_begin(depthwise->out_height, part); row < end; row++) {
        int64_t top = row * window->stride_y - window->top;
        uint8_t *out = at(memory, depthwise->out)
                + row * depthwise->out_width * channels * depthwise->range.bytes;
        int inside_before = 0;
        for (int64_t column = 0; column < depthwise->out_width; column++) {
            int64_t left = column * window->stride_x - window->left;
            int inside = left >= 0 && left + reach < depthwise->width;
            int64_t tap = 0;
            for (int64_t ky = 0; ky < depthwise->kernel_height; ky++) {
                int64_t y = top + ky * window->dilation_y;
                int real = y >= 0 && y < depthwise->height;
                for (int64_t kx = 0; kx < depthwise->kernel_width; kx++, tap++) {
                    int64_t x = left + kx * window->dilation_x;
                    if (real && inside_before) {
                        places[tap] += window->stride_x * channels;
                    } else {
                        places[tap] = real && x >= 0 && x < depthwise->width
                                ? in + (y * depthwise->width + x) * channels
                                : padding;
                    }
                }
            }
            /* Only from one inside position to the next do all places move alike. */
            int64_t next = left + window->stride_x;
            inside_before = inside && next + reach < depthwise->width;
            for (int64_t block = 0; block < blocks; block++) {
                depthwise_block(depthwise, places, words, block, weights, &finish, lo, hi, out);
            }
            out += channels * depthwise->range.bytes;
        }
    }
}

/* ---- Pools and element-wise operators ---------------------------------------------------------------------------- */

static void max_pool(const struct step *step, const struct memory *memory, struct part part) {
    const struct pool *pool = &step->pool;
    const struct window *window = &pool->window;
    int64_t channels = pool->channels;
    const uint8_t *table = pool->table < 0 ? at(memory, pool->table) : NULL;
    for (int64_t row = part_begin(pool->out_height, part); row < part_end(pool->out_height, part); row++) {
        int64_t top = row * window->stride_y - window->top;
        int64_t first_y = first_cell(top, window->dilation_y);
        int64_t end_y = end_cell(top, window->dilation_y, pool->kernel_height, pool->height);
        for (int64_t column = 0; column < pool->out_width; column++) {
            int64_t left = column * window->stride_x - window->left;
            int64_t first_x = first_cell(left, window->dilation_x);
            int64_t end_x = end_cell(left, window->dilation_x, pool->kernel_width, pool->width);
            uint8_t *out = at(memory, pool->out) + (row * pool->out_width + column) * channels;
            const uint8_t *origin = at(memory, pool->in)
                    + ((top + first_y * window->dilation_y) * pool->width + left + first_x * window->dilation_x)
                            * channels;
            for (int64_t channel = 0; channel < channels; channel += VB) {
                const uint8_t *line = origin + channel;
                vi most = LOADU(line);
                for (int64_t ky = first_y; ky < end_y; ky++) {
                    const uint8_t *cell = line;
                    for (int64_t kx = first_x; kx < end_x; kx++) {
                        most = MAXU8(most, LOADU(cell));
                        cell += window->dilation_x * channels;
                    }
                    line += window->dilation_y * pool->width * channels;
                }
                if (channel + VB <= channels) {
                    STOREU(out + channel, most);
                } else {
                    uint8_t all[VB];
                    STOREU(all, most);
                    memcpy(out + channel, all, (size_t) (channels - channel));
                }
            }
            if (table) {
                for (int64_t channel = 0; channel < channels; channel++) {
                    out[channel] = table[out[channel]];
                }
            }
        }
    }
}

static void add(const struct step *step, const struct memory *memory, struct part part) {
    const struct add *add = &step->add;
    const uint8_t *a = at(memory, add->a);
    const uint8_t *b = at(memory, add->b);
    uint8_t *out = at(memory, add->out);
    uint64_t start = ((uint64_t) 1 << 63) + ((uint64_t) 1 << (add->shift - 1))
            - (uint64_t) ((add->zero_a + 128) * add->multiplier_a) - (uint64_t) ((add->zero_b + 128) * add->multiplier_b);
    vi starts = SET1_64((int64_t) start);
    vi ma = SET1_64(add->multiplier_a);
    vi mb = SET1_64(add->multiplier_b);
    vi less = SET1_32((int32_t) ((uint32_t) ((uint64_t) 1 << (63 - add->shift)) - (uint32_t) (add->range.zero + 128)));
    vi lo = SET1_32((int32_t) add->range.lo + 128);
    vi hi = SET1_32((int32_t) add->range.hi + 128);
    int64_t end = part_end(add->elements, part);
    for (int64_t i = part_begin(add->elements, part); i < end; i += VL) {
        vi x = CVT_U8_32(a + i);
        vi y = CVT_U8_32(b + i);
        vi even = ADD64(ADD64(MULU(x, ma), MULU(y, mb)), starts);
        vi odd = ADD64(ADD64(MULU(SRL64_32(x), ma), MULU(SRL64_32(y), mb)), starts);
        even = SRL64(even, add->shift);
        odd = SRL64(odd, add->shift);
        vi sum = MIN32(MAX32(SUB32(MERGE_ODD(even, odd), less), lo), hi);
        STORE_LOW_BYTES(out + i, sum, min64(VL, end - i));
    }
}

const struct tier TIER = {
    .name = TIER_NAME,
    .staged_bytes = 4 / GROUP,
    .product_bytes = product_bytes,
    .pack_product = pack_product,
    .finish_bytes = finish_bytes,
    .pack_finish = pack_finish,
    .depthwise_bytes = depthwise_bytes,
    .pack_depthwise = pack_depthwise,
    .depthwise_finish_bytes = depthwise_finish_bytes,
    .pack_depthwise_finish = pack_depthwise_finish,
    .kernels =
        {
            [KIND_GEMM] = gemm,
            [KIND_STAGE] = stage,
            [KIND_DEPTHWISE] = depthwise,
            [KIND_MAX_POOL] = max_pool,
            [KIND_ADD] = add,
            [KIND_PACK] = pack_activations,
        },
};
