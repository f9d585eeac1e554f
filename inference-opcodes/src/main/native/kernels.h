/*
 * The kernels of a tier, written over a vector type. The file that includes this one has defined
 *   vi, VB (bytes), VL (32-bit lanes), LOADU, STOREU, ZERO, SET1_8, SET1_32, SET1_64, ADD32, SUB32, ADD64, MAXU8, MINU8,
 *   MULS (even lanes, signed), MULU, SRL64_32, SRLV64, SRL64 and SLL64 (by count), HALVES (low half of each 64-bit lane from one
 *   vector, high half from another), UNPACK*, PACKS32, PACKUS16, CVT_U8_32 (VL bytes to 32-bit lanes), BROADCAST (32 bits
 *   from memory), SHIFTS (whether SRAV64, an arithmetic shift, exists), ORDER (of 64-bit or 32-bit parts after both
 *   packs), STORE_BYTES (the first `count` of a vector),
 *   DOT(sum, rows, columns): adds the products of the bytes, or 16-bit halves, of each 32-bit group,
 *   GROUP: terms of a 32-bit group (4 bytes, 2 halves), MAX_VECTORS of a panel, ROWS_1 … ROWS_4 (rows of a tile by its
 *   vectors), TIER (the symbol) and TIER_NAME.
 */
#include "engram.h"

#define INLINE static inline __attribute__((always_inline))

/* ---- Rescaling of sums ------------------------------------------------------------------------------------------- */

/*
 * For each vector of channels eight vectors: bias; M for even and odd lanes; what is added to products, even and odd; s of
 * even lanes and s − 32 of odd ones, whose result stays in the high half; what comes off results. With an arithmetic shift
 * 2^(s−1) + (zero point + 128)·2^s is added and nothing comes off. Without one 2^(s−1) + 2^63 is added, so that a logical
 * shift gives the arithmetic one plus 2^(63−s), and 2^(63−s) − zero point − 128 comes off. For 32 ≤ s the result fits 32
 * bits with room for the zero point; for s ≤ 53 the zero point fits the 64 bits. Behind them: multipliers and shifts as
 * int32, and for each vector whether a channel of it needs another shift.
 */
#define UNITS 8
#define LAST_SHIFT (SHIFTS ? 53 : 62)

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
    if (shift < 32 || shift > LAST_SHIFT) {
        slow[vector] = 1;
        shift = 32;
    }
    int32_t *words = (int32_t *) (packed + vector * UNITS * VB);
    words[lane] = from->bias[channel];
    int64_t odd = lane & 1;
    uint64_t *pairs = (uint64_t *) (packed + vector * UNITS * VB) + lane / 2;
    pairs[(1 + odd) * (VL / 2)] = (uint64_t) multiplier;
    pairs[(5 + odd) * (VL / 2)] = (uint64_t) (odd ? shift - 32 : shift);
#if SHIFTS
    pairs[(3 + odd) * (VL / 2)] = ((uint64_t) 1 << (shift - 1)) + ((uint64_t) (from->zero + 128) << shift);
#else
    pairs[(3 + odd) * (VL / 2)] = ((uint64_t) 1 << (shift - 1)) + ((uint64_t) 1 << 63);
    words[7 * VL + lane] = (int32_t) ((uint32_t) ((uint64_t) 1 << (63 - shift)) - (uint32_t) (from->zero + 128));
#endif
}

static int64_t finish_bytes(int64_t channels) { return finish_size(vectors_of(channels)); }

static void pack_finish(const struct channels *from, uint8_t *out) {
    int64_t vectors = vectors_of(from->count);
    memset(out, 0, (size_t) finish_size(vectors));
    for (int64_t channel = 0; channel < from->count; channel++) {
        pack_lane(out, vectors, channel / VL, channel % VL, from, channel);
    }
}

/* Sums, bias included, rescaled and with their zero point, plus 128; not clamped yet. */
INLINE vi finish_lanes(vi sums, const vi *unit) {
    vi even = ADD64(MULS(sums, unit[1]), unit[3]);
    vi odd = ADD64(MULS(SRL64_32(sums), unit[2]), unit[4]);
#if SHIFTS
    return HALVES(SRAV64(even, unit[5]), SRAV64(odd, unit[6]));
#else
    return SUB32(HALVES(SRLV64(even, unit[5]), SRLV64(odd, unit[6])), unit[7]);
#endif
}

/* Four vectors of such results as bytes; packing cuts them to 0 … 255, which holds the bounds. */
INLINE vi finish_bytes_of(vi a, vi b, vi c, vi d, vi lo, vi hi) {
    return MINU8(MAXU8(PACKUS16(PACKS32(a, b), PACKS32(c, d)), lo), hi);
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

/* The end of the rows of a product: what the sums become. */
struct ending {
    const struct gemm *gemm;
    struct finish finish;
    vi lo, hi;
};

#define MAX_ROWS 12

/* Some rows by one panel of columns. */
struct tile_work {
    const uint8_t *rows[MAX_ROWS];
    const int64_t *offsets;
    int64_t segments, words;
    const uint8_t *columns;
    const int32_t *bias;
    const int32_t *terms;        /* added to the sums of each row; or none */
    int32_t *sums;               /* where sums go; or none, and results go to `out` */
    const struct ending *ending; /* none where sums are wanted */
    int64_t first_vector;        /* of the panel */
    uint8_t *out;                /* of the first row's first column */
};

typedef void (*tile)(const struct tile_work *);

INLINE void tile_body(int count, int vectors, const struct tile_work *work) {
    vi acc[MAX_ROWS][4];
    _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { acc[r][v] = LOADU(work->bias + v * VL); }
    }
    const uint8_t *columns = work->columns;
    for (int64_t segment = 0; segment < work->segments; segment++) {
        int64_t offset = work->offsets[segment];
        int64_t end = offset + 4 * work->words;
        for (; offset < end; offset += 4) {
            vi column[4];
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { column[v] = LOADU(columns + v * VB); }
            columns += vectors * VB;
            _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
                vi row = BROADCAST(work->rows[r] + offset);
                _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { DOT(acc[r][v], row, column[v]); }
            }
        }
    }
    if (work->terms) {
        _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
            vi term = SET1_32(work->terms[r]);
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { acc[r][v] = ADD32(acc[r][v], term); }
        }
    }
    if (work->sums) {
        _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
                STOREU(work->sums + (r * vectors + v) * VL, acc[r][v]);
            }
        }
        return;
    }
    /* Straight from the registers: by way of memory, sums of 256 terms take a fifteenth longer. */
    const struct ending *ending = work->ending;
    const vi *units = ending->finish.blocks + work->first_vector * UNITS;
    int64_t width = min64(vectors * VL, ending->gemm->columns - work->first_vector * VL);
    int64_t stride = ending->gemm->out_stride;
    vi lo = ending->lo, hi = ending->hi;
    uint8_t *out = work->out;
    _Pragma("GCC unroll 12") for (int r = 0; r < count; r++) {
        vi lanes[4] = {ZERO(), ZERO(), ZERO(), ZERO()};
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            lanes[v] = finish_lanes(acc[r][v], units + v * UNITS);
        }
        vi bytes = finish_bytes_of(lanes[0], lanes[1], lanes[2], lanes[3], lo, hi);
        STORE_BYTES(out + r * stride, ORDER(bytes), width);
    }
}

#define TILE(R, V)                                                                                                     \
    static void tile_##R##_##V(const struct tile_work *work) { tile_body(R, V, work); }
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

/* Sums of a tile whose results are of another type than int8, or need another shift. */
static void finish_elements(const struct tile_work *work, int64_t rows, int64_t vectors) {
    const struct ending *ending = work->ending;
    const struct gemm *gemm = ending->gemm;
    int64_t column = work->first_vector * VL;
    int64_t count = min64(vectors * VL, gemm->columns - column);
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t i = 0; i < count; i++) {
            int64_t value = rescale(work->sums[r * vectors * VL + i], ending->finish.multipliers[column + i],
                                    ending->finish.shifts[column + i]);
            store_element(work->out, r * gemm->out_stride + i, gemm->range.bytes, bounded(value, &gemm->range));
        }
    }
}

/* Tiles of one panel of one product. */
static void gemm_panel(const struct ending *ending, const struct memory *memory, int64_t product, int64_t panel,
                       int64_t tile_count, int64_t from, int64_t to) {
    const struct gemm *gemm = ending->gemm;
    int64_t before = vectors_before(gemm->columns, panel);
    int64_t vectors = vectors_before(gemm->columns, panel + 1) - before;
    int slow = gemm->range.bytes != 1;
    for (int64_t v = 0; v < vectors; v++) {
        slow |= ending->finish.slow[before + v];
    }
    const uint8_t *in = at(memory, gemm->in) + product * gemm->in_step;
    const int32_t *terms =
        gemm->has_row_terms ? (const int32_t *) (at(memory, gemm->row_terms) + product * gemm->terms_step) : NULL;
    uint8_t *out = at(memory, gemm->out) + product * gemm->out_step + before * VL * gemm->range.bytes;
    int32_t sums[24 * VL] __attribute__((aligned(64)));
    struct tile_work work = {
        .offsets = (const int64_t *) at(memory, gemm->offsets),
        .segments = gemm->segments,
        .words = gemm->words,
        .columns =
            at(memory, gemm->weights) + product * gemm->weights_step + before * VB * gemm->segments * gemm->words,
        .bias = (const int32_t *) (at(memory, gemm->bias) + product * gemm->bias_step) + before * VL,
        .sums = slow ? sums : NULL,
        .ending = ending,
        .first_vector = before,
    };
    /* Tiles differ by one row at most. */
    int64_t each = gemm->rows / tile_count;
    int64_t higher = gemm->rows % tile_count;
    int64_t first = from * each + min64(from, higher);
    int64_t y = first / gemm->width;
    int64_t x = first - y * gemm->width;
    for (int64_t t = from; t < to; t++) {
        int64_t rows = each + (t < higher);
        for (int64_t r = 0; r < rows; r++) {
            work.rows[r] = in + y * gemm->row_stride + x * gemm->column_stride;
            if (++x == gemm->width) {
                x = 0;
                y++;
            }
        }
        work.terms = terms ? terms + first : NULL;
        work.out = out + first * gemm->out_stride * gemm->range.bytes;
        tiles[vectors - 1][rows - 1](&work);
        if (slow) {
            finish_elements(&work, rows, vectors);
        }
        first += rows;
    }
}

static void gemm(const struct step *step, const struct memory *memory, struct part part) {
    const struct gemm *gemm = &step->gemm;
    struct ending ending = {gemm, finish_view(at(memory, gemm->finish), vectors_of(gemm->columns)),
                            SET1_8((char) (gemm->range.lo + 128)), SET1_8((char) (gemm->range.hi + 128))};
    int64_t panels = panels_of(gemm->columns);
    /* Tiles of all panels of all products in one row; this part takes its share. */
    int64_t most = tile_rows[vectors_before(gemm->columns, 1) - 1];
    int64_t tile_count = (gemm->rows + most - 1) / most;
    int64_t end = part_end(gemm->count * panels * tile_count, part);
    for (int64_t t = part_begin(gemm->count * panels * tile_count, part); t < end;) {
        int64_t line = t / tile_count;
        int64_t from = t - line * tile_count;
        int64_t to = min64(tile_count, from + end - t);
        gemm_panel(&ending, memory, line / panels, line % panels, tile_count, from, to);
        t += to - from;
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
 * A block is VB bytes; interleaving the bytes of several taps inside 128-bit lanes gives four vectors of sums, lane L of
 * vector v holding bytes 16L + 4v to 16L + 4v + 3 of the block, and packing gives them back in order. Results that lie
 * side by side in a row, under stride 1, are one run of bytes that blocks follow each other in; after some of them, the
 * phases, the channels begin anew. Weights are packed for each phase.
 */
#define MAX_PHASES 16

static int64_t blocks_of(int64_t channels) { return (channels + VB - 1) / VB; }

/* Blocks after which a run is at its first channel again, or 0 when they are too many. */
static int64_t phases_of(int64_t channels) {
    int64_t common = VB;
    while (channels % common) {
        common /= 2;
    }
    return channels / common <= MAX_PHASES ? channels / common : 0;
}

/* Packed blocks; those of one result come first. */
static int64_t packed_blocks(int64_t channels) { return max64(blocks_of(channels), phases_of(channels)); }

static int64_t block_channel(int64_t block, int64_t i, int64_t channels) {
    int64_t place = block * VB + i % VL / 4 * 16 + i / VL * 4 + i % 4;
    return phases_of(channels) ? place % channels : place;
}

static int64_t depthwise_bytes(int64_t channels, int64_t taps) {
    return packed_blocks(channels) * words_of(taps) * 4 * VB;
}

static void pack_depthwise(const int8_t *weights, int64_t channels, int64_t taps, uint8_t *out) {
    memset(out, 0, (size_t) depthwise_bytes(channels, taps));
    int64_t words = words_of(taps);
    for (int64_t block = 0; block < packed_blocks(channels); block++) {
        for (int64_t i = 0; i < VB; i++) {
            int64_t channel = block_channel(block, i, channels);
            for (int64_t tap = 0; channel < channels && tap < taps; tap++) {
                put_term(out, (block * words + tap / GROUP) * 4 * VL + i, tap % GROUP, weights[tap * channels + channel]);
            }
        }
    }
}

static int64_t depthwise_finish_bytes(int64_t channels) { return finish_size(4 * packed_blocks(channels)); }

static void pack_depthwise_finish(const struct channels *from, uint8_t *out) {
    int64_t vectors = 4 * packed_blocks(from->count);
    memset(out, 0, (size_t) finish_size(vectors));
    for (int64_t block = 0; block < vectors / 4; block++) {
        for (int64_t i = 0; i < VB; i++) {
            int64_t channel = block_channel(block, i, from->count);
            if (channel < from->count) {
                pack_lane(out, vectors, 4 * block + i / VL, i % VL, from, channel);
            }
        }
    }
}

/* Taps of a kernel that are looked at together; more are refused by the planner. */
#define MAX_TAPS 256

/* What all blocks of a step share. */
struct depthwise_view {
    const struct depthwise *depthwise;
    const uint8_t *weights;
    struct finish finish;
    int64_t words;
    vi lo, hi;
};

/* The first `count` bytes' worth of a block of results, from the places of its taps. */
INLINE void depthwise_block(const struct depthwise_view *view, const uint8_t *const *taps, int64_t offset, int64_t block,
                            int64_t count, uint8_t *out) {
    const uint8_t *w = view->weights + block * view->words * 4 * VB;
    const vi *unit = view->finish.blocks + block * 4 * UNITS;
    vi s0 = unit[0], s1 = unit[UNITS], s2 = unit[2 * UNITS], s3 = unit[3 * UNITS];
    for (int64_t word = 0; word < view->words; word++, taps += GROUP, w += 4 * VB) {
        vi a = LOADU(taps[0] + offset);
        vi b = LOADU(taps[1] + offset);
        vi low = UNPACKLO8(a, b);
        vi high = UNPACKHI8(a, b);
#if GROUP == 4
        vi c = LOADU(taps[2] + offset);
        vi d = LOADU(taps[3] + offset);
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
    const struct range *range = &view->depthwise->range;
    const uint8_t *slow = view->finish.slow + 4 * block;
    if (range->bytes == 1 && !(slow[0] | slow[1] | slow[2] | slow[3])) {
        vi bytes = finish_bytes_of(finish_lanes(s0, unit), finish_lanes(s1, unit + UNITS),
                                   finish_lanes(s2, unit + 2 * UNITS), finish_lanes(s3, unit + 3 * UNITS), view->lo,
                                   view->hi);
        STORE_BYTES(out, bytes, count);
        return;
    }
    int32_t sums[4 * VL];
    STOREU(sums, s0);
    STOREU(sums + VL, s1);
    STOREU(sums + 2 * VL, s2);
    STOREU(sums + 3 * VL, s3);
    for (int64_t i = 0; i < 4 * VL; i++) {
        int64_t place = i % VL / 4 * 16 + i / VL * 4 + i % 4;
        if (place < count) {
            int64_t lane = block * 4 * VL + i;
            int64_t value = rescale(sums[i], view->finish.multipliers[lane], view->finish.shifts[lane]);
            store_element(out, place, range->bytes, bounded(value, range));
        }
    }
}

/* Results side by side whose windows lie inside the image: `bytes` of channels from the places of the first one. */
static void depthwise_run(const struct depthwise_view *view, const uint8_t *const *places, int64_t phases, int64_t bytes,
                          uint8_t *out) {
    int64_t phase = 0;
    for (int64_t offset = 0; offset < bytes; offset += VB) {
        depthwise_block(view, places, offset, phase, min64(VB, bytes - offset),
                        out + offset * view->depthwise->range.bytes);
        phase = phase + 1 < phases ? phase + 1 : 0;
    }
}

static void depthwise(const struct step *step, const struct memory *memory, struct part part) {
    const struct depthwise *depthwise = &step->depthwise;
    const struct window *window = &depthwise->window;
    const uint8_t *in = at(memory, depthwise->in);
    const uint8_t *padding = at(memory, depthwise->padding);
    int64_t channels = depthwise->channels;
    int64_t taps = depthwise->kernel_height * depthwise->kernel_width;
    int64_t phases = window->stride_x == 1 ? phases_of(channels) : 0;
    struct depthwise_view view = {depthwise,
                                  at(memory, depthwise->weights),
                                  finish_view(at(memory, depthwise->finish), 4 * packed_blocks(channels)),
                                  words_of(taps),
                                  SET1_8((char) (depthwise->range.lo + 128)),
                                  SET1_8((char) (depthwise->range.hi + 128))};
    const uint8_t *places[MAX_TAPS + GROUP];
    int64_t reach = (depthwise->kernel_width - 1) * window->dilation_x;
    int64_t down = (depthwise->kernel_height - 1) * window->dilation_y;
    int64_t end = part_end(depthwise->out_height, part);
    for (int64_t row = part_begin(depthwise->out_height, part); row < end; row++) {
        int64_t top = row * window->stride_y - window->top;
        int whole = top >= 0 && top + down < depthwise->height;
        uint8_t *out = at(memory, depthwise->out)
                + row * depthwise->out_width * channels * depthwise->range.bytes;
        int64_t columns;
        for (int64_t column = 0; column < depthwise->out_width; column += columns) {
            int64_t left = column * window->stride_x - window->left;
            int64_t tap = 0;
            for (int64_t ky = 0; ky < depthwise->kernel_height; ky++) {
                int64_t y = top + ky * window->dilation_y;
                int real = y >= 0 && y < depthwise->height;
                for (int64_t kx = 0; kx < depthwise->kernel_width; kx++, tap++) {
                    int64_t x = left + kx * window->dilation_x;
                    places[tap] = real && x >= 0 && x < depthwise->width
                            ? in + (y * depthwise->width + x) * channels
                            : padding;
                }
            }
            for (int64_t i = 0; i < GROUP; i++) {
                places[taps + i] = places[0]; /* of weight 0 */
            }
            columns = 1;
            if (phases && whole && left >= 0 && left + reach < depthwise->width) {
                columns = min64(depthwise->out_width - column, depthwise->width - left - reach);
            }
            depthwise_run(&view, places, phases ? phases : INT64_MAX, columns * channels, out);
            out += columns * channels * depthwise->range.bytes;
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

/* What the rescaled sum of each two bytes needs. */
struct sum {
    vi starts, ma, mb, less;
    int64_t shift, left, right; /* odd results stay in the high halves */
};

INLINE vi sum_lanes(const struct sum *sum, vi x, vi y) {
    vi even = ADD64(ADD64(MULU(x, sum->ma), MULU(y, sum->mb)), sum->starts);
    vi odd = ADD64(ADD64(MULU(SRL64_32(x), sum->ma), MULU(SRL64_32(y), sum->mb)), sum->starts);
    odd = SRL64(SLL64(odd, sum->left), sum->right);
    return SUB32(HALVES(SRL64(even, sum->shift), odd), sum->less);
}

static void add(const struct step *step, const struct memory *memory, struct part part) {
    const struct add *add = &step->add;
    const uint8_t *a = at(memory, add->a);
    const uint8_t *b = at(memory, add->b);
    uint8_t *out = at(memory, add->out);
    uint64_t start = ((uint64_t) 1 << 63) + ((uint64_t) 1 << (add->shift - 1))
            - (uint64_t) ((add->zero_a + 128) * add->multiplier_a) - (uint64_t) ((add->zero_b + 128) * add->multiplier_b);
    struct sum sum = {SET1_64((int64_t) start), SET1_64(add->multiplier_a), SET1_64(add->multiplier_b),
                      SET1_32((int32_t) ((uint32_t) ((uint64_t) 1 << (63 - add->shift))
                                         - (uint32_t) (add->range.zero + 128))),
                      add->shift, max64(0, 32 - add->shift), max64(0, add->shift - 32)};
    vi lo = SET1_8((char) (add->range.lo + 128));
    vi hi = SET1_8((char) (add->range.hi + 128));
    int64_t end = part_end(add->elements, part);
    for (int64_t i = part_begin(add->elements, part); i < end; i += VB) {
        vi lanes[4];
        _Pragma("GCC unroll 4") for (int v = 0; v < 4; v++) {
            lanes[v] = sum_lanes(&sum, CVT_U8_32(a + i + v * VL), CVT_U8_32(b + i + v * VL));
        }
        vi bytes = finish_bytes_of(lanes[0], lanes[1], lanes[2], lanes[3], lo, hi);
        STORE_BYTES(out + i, ORDER(bytes), min64(VB, end - i));
    }
}

#include "wide.h"
#include "rows.h"

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
            [KIND_SPLIT] = split,
            [KIND_QUANTISE_ROWS] = quantise_rows,
            [KIND_PACK_PARTS] = pack_parts,
            [KIND_WIDE_GEMM] = wide_gemm,
            [KIND_NORMALISE] = normalise,
            [KIND_INTERPOLATE] = interpolate,
            [KIND_WIDE_SOFTMAX] = wide_softmax,
        },
};
