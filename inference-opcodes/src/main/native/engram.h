/*
 * Integer kernels of the native back end. Java plans a run as a list of steps over one block of memory, the arena, and
 * one of constants; all that a step reads or writes lies inside them, as the checker's shapes prove.
 *
 * An int8 value x is kept as the byte x + 128 (x xor 0x80), wider values in their canonical big-endian form.
 */
#ifndef ENGRAM_H
#define ENGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes behind every buffer that vectors may read, never use. */
#define SLACK 64

/* A place: an offset in the arena when not negative, else the complement of an offset in the constants. */
typedef int64_t ref;

struct hasher;

struct memory {
    uint8_t *arena;
    uint8_t *constants;
    const struct hasher *hasher;
};

static inline uint8_t *at(const struct memory *memory, ref place) {
    return place >= 0 ? memory->arena + place : memory->constants + ~place;
}

/* Where results go: element bytes (1, 2 or 4), zero point, bounds. */
struct range {
    int64_t bytes, zero, lo, hi;
};

struct window {
    int64_t stride_y, stride_x, dilation_y, dilation_x, top, left;
};

/* Java numbers them alike. */
enum kind {
    KIND_NOTHING,
    KIND_GEMM,
    KIND_STAGE,
    KIND_DEPTHWISE,
    KIND_MAX_POOL,
    KIND_AVERAGE_POOL,
    KIND_ADD,
    KIND_ELEMENTWISE,
    KIND_MAP,
    KIND_COPY,
    KIND_FILL,
    KIND_SOFTMAX,
    KIND_ARGMAX,
    KIND_PACK,
    KIND_ROW_TERMS,
    KIND_FLIP,
    KIND_HASH_LEAVES,
    KIND_HASH_TOP,
    KIND_SPLIT,
    KIND_QUANTISE_ROWS,
    KIND_PACK_PARTS,
    KIND_WIDE_GEMM,
    KIND_NORMALISE,
    KIND_INTERPOLATE,
    KIND_WIDE_SOFTMAX,
    KIND_MEAN,
    KIND_GATHER,
    KIND_EVICT,
    KINDS
};

/*
 * Rows by packed columns. Row m starts at (m / width) * row_stride + (m % width) * column_stride and consists of
 * `segments` runs of `words` 32-bit groups at the byte offsets that `offsets` lists.
 */
struct gemm {
    ref in, out, weights, bias, finish, offsets, row_terms;
    int64_t has_row_terms, segments, words, rows, width, row_stride, column_stride, columns;
    int64_t out_stride; /* elements from row to row */
    int64_t count, in_step, weights_step, bias_step, terms_step, out_step; /* independent products, bytes between them */
    struct range range;
};

/* A copy of an image with padding around it, in the form that the products of a tier read. */
struct stage {
    ref in, out;
    int64_t height, width, channels, top, left, out_height, out_width, zero;
};

struct depthwise {
    ref in, out, weights, finish, padding;
    int64_t height, width, channels, out_height, out_width, kernel_height, kernel_width;
    struct window window;
    struct range range;
};

struct pool {
    ref in, out, table; /* table in the constants: 256 bytes that a maximum goes through; else there is none */
    int64_t height, width, channels, out_height, out_width, kernel_height, kernel_width;
    struct window window;
    int64_t zero, multiplier, shift; /* of an average */
    struct range range;
};

/* Sum of two int8 values of one shape; the shift is at least 10. */
struct add {
    ref a, b, out;
    int64_t elements, zero_a, multiplier_a, zero_b, multiplier_b, shift;
    struct range range;
};

enum function { FUNCTION_ADD, FUNCTION_MULTIPLY, FUNCTION_RESCALE, FUNCTION_CLAMP };

/* Any types; strides in elements, 0 where an operand is repeated, outermost axis first. */
struct elementwise {
    ref a, b, out;
    int64_t function, bytes_a, bytes_b;
    int64_t dims[6], strides_a[6], strides_b[6], strides_out[6];
    int64_t zero_a, multiplier_a, zero_b, multiplier_b, shift;
    struct range range;
};

/* out[i] = table[in[i]] on bytes. */
struct map {
    ref in, out, table;
    int64_t elements;
};

/* Elements moved; strides in elements. */
struct copy {
    ref in, out;
    int64_t bytes;
    int64_t dims[6], strides_in[6], strides_out[6];
};

struct fill {
    ref out;
    int64_t bytes, elements, pattern; /* the bytes of an element, first byte lowest */
};

struct softmax {
    ref in, out, table;
    int64_t rows, columns, numerator;
    struct range range;
};

struct argmax {
    ref in, out;
    int64_t rows, columns, bytes;
};

/* Packs the right side of products of activations, and the int32 that the sums of each column start from. */
struct pack {
    ref in, out, bias;
    int64_t columns, inner, column_stride, inner_stride, zero_a, zero_b;
    int64_t count, in_step, out_step, bias_step;
};

/* int32 factor · Σ row, for each row of bytes. */
struct row_terms {
    ref in, out;
    int64_t rows, inner, factor;
};

/*
 * Products of int16 by way of bytes. A left operand is one or two planes of bytes 0 … 255, A = Σ 256^p · A_p: the value plus
 * 128 or plus 32768. A right operand is one or two parts of bytes −128 … 127, B = Σ 256^q · B_q: the value, or an int16
 * minus 128. Each plane by each part has sums of 32 bits; their total has 64.
 */
struct split {
    ref in, out, terms; /* terms: for each row factor · Σ A, int64 */
    int64_t rows, inner, bytes, plane_step, has_terms, factor;
};

/* The rows of a dynamic dense layer: int16 to one plane, and the largest magnitude of each row as int64. */
struct quantise_rows {
    ref in, out, scales;
    int64_t rows, inner;
};

/* A right operand in parts, and for each column factor · Σ B + start, int64. */
struct pack_parts {
    ref in, out, columns_out;
    int64_t columns, inner, bytes, column_stride, inner_stride, factor, start;
    int64_t part_step, count, in_step, out_step, columns_step;
};

/*
 * Result = finish(rescale((Σ A·B + column + row term) · row scale + bias, M, s)), all in 64 bits. `column`, `bias`, M and s
 * are int64 for each column.
 */
struct wide_gemm {
    ref in, out, weights, column, bias, multipliers, shifts, row_terms, row_scales;
    int64_t has_terms, has_scales, rows, words, columns, planes, parts, plane_step, part_step, row_stride;
    int64_t count, in_step, weights_step, column_step, terms_step, out_step;
    struct range range;
};

/* Gains and biases int32. */
struct normalise {
    ref in, out, gains, biases;
    int64_t rows, width, bytes, centred, zero, epsilon, multiplier, shift;
    struct range range;
};

/* Table of 513 int32. */
struct interpolate {
    ref in, out, table;
    int64_t elements, multiplier, shift;
    struct range range;
};

/* Tables of 256 int32. The mask, int8, has strides in elements over the operand's axes; without one they are ignored. */
struct wide_softmax {
    ref in, out, coarse, fine, mask;
    int64_t masked, dims[6], mask_strides[6], numerator;
    struct range range;
};

/* Means over one axis; strides in elements, 0 for that axis in dims of 1. */
struct mean {
    ref in, out, mask;
    int64_t bytes, masked, dims[6], strides[6], mask_strides[6];
    int64_t terms, stride, mask_stride, zero, multiplier, shift;
    struct range range;
};

struct gather {
    ref in, indices, out;
    int64_t bytes, index_bytes, outer, size, inner, picks;
};

/* xor 0x80, in place. */
struct flip {
    ref in;
    int64_t bytes;
};

/* What is about to be written, for runs whose results another thread hashes: see evict.c. */
struct evict {
    ref out;
    int64_t bytes;
};

/*
 * A tree of RFC 6962 over chunks; `flipped` bytes are turned back by xor 0x80 on the way. `finished`, an int64 in the
 * arena, counts pieces where several threads share the leaves.
 */
struct hash {
    ref in, leaves, top, header, root;
    int64_t bytes, flipped, header_bytes;
    ref finished;
};

struct step {
    int64_t kind;
    int64_t divisible; /* worth splitting over threads */
    int64_t wait;      /* when hashing lags behind: steps before this index must have been hashed */
    union {
        struct gemm gemm;
        struct stage stage;
        struct depthwise depthwise;
        struct pool pool;
        struct add add;
        struct elementwise elementwise;
        struct map map;
        struct copy copy;
        struct fill fill;
        struct softmax softmax;
        struct argmax argmax;
        struct pack pack;
        struct row_terms row_terms;
        struct flip flip;
        struct hash hash;
        struct split split;
        struct quantise_rows quantise_rows;
        struct pack_parts pack_parts;
        struct wide_gemm wide_gemm;
        struct normalise normalise;
        struct interpolate interpolate;
        struct wide_softmax wide_softmax;
        struct mean mean;
        struct gather gather;
        struct evict evict;
        int64_t words[45];
    };
};

/* One part of a step that is split into equal ones. */
struct part {
    int64_t index, of;
};

static inline int64_t part_begin(int64_t total, struct part part) { return total * part.index / part.of; }
static inline int64_t part_end(int64_t total, struct part part) { return total * (part.index + 1) / part.of; }

static inline int64_t min64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t max64(int64_t a, int64_t b) { return a > b ? a : b; }

/* The cells of a window that lie inside: first and one past the last, for a window that starts at `start`. */
static inline int64_t first_cell(int64_t start, int64_t dilation) {
    return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
}
static inline int64_t end_cell(int64_t start, int64_t dilation, int64_t kernel, int64_t size) {
    return start >= size ? 0 : min64(kernel, (size - 1 - start) / dilation + 1);
}

/* (v·M + 2^(s−1)) >> s; the checker has proven that it fits. */
static inline int64_t rescale(int64_t v, int64_t multiplier, int64_t shift) {
    return (v * multiplier + ((int64_t) 1 << (shift - 1))) >> shift;
}

static inline int64_t bounded(int64_t v, const struct range *range) {
    return min64(max64(v + range->zero, range->lo), range->hi);
}

static inline int64_t load_element(const uint8_t *data, int64_t index, int64_t bytes) {
    const uint8_t *p = data + index * bytes;
    switch (bytes) {
    case 1: return (int64_t) p[0] - 128;
    case 2: return (int16_t) (p[0] << 8 | p[1]);
    default: return (int32_t) ((uint32_t) p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]);
    }
}

static inline void store_element(uint8_t *data, int64_t index, int64_t bytes, int64_t value) {
    uint8_t *p = data + index * bytes;
    uint32_t v = (uint32_t) value;
    switch (bytes) {
    case 1: p[0] = (uint8_t) (v + 128); break;
    case 2: p[0] = (uint8_t) (v >> 8); p[1] = (uint8_t) v; break;
    default: p[0] = (uint8_t) (v >> 24); p[1] = (uint8_t) (v >> 16); p[2] = (uint8_t) (v >> 8); p[3] = (uint8_t) v;
    }
}

typedef void (*kernel)(const struct step *, const struct memory *, struct part);

/* A constant set of rescalings, one for each channel, as Java gives them. */
struct channels {
    int64_t count;
    const int32_t *bias, *multipliers, *shifts;
    int64_t zero; /* of the result */
};

/* What differs between kinds of processors. */
struct tier {
    const char *name;
    int64_t staged_bytes; /* of an element of a staged row: 1, or 2 where products are of 16 bits */
    int64_t (*product_bytes)(int64_t columns, int64_t segments, int64_t length);
    void (*pack_product)(const int8_t *weights, int64_t columns, int64_t segments, int64_t length, uint8_t *out);
    int64_t (*finish_bytes)(int64_t channels);
    void (*pack_finish)(const struct channels *, uint8_t *out);
    int64_t (*depthwise_bytes)(int64_t channels, int64_t taps);
    void (*pack_depthwise)(const int8_t *weights, int64_t channels, int64_t taps, uint8_t *out);
    int64_t (*depthwise_finish_bytes)(int64_t channels);
    void (*pack_depthwise_finish)(const struct channels *, uint8_t *out);
    kernel kernels[KINDS]; /* those of its own; the others are common */
};

/* The tiers, best first. */
extern const struct tier tier_avx512vnni, tier_avxvnni, tier_avx512bw, tier_avx2;

extern const kernel common_kernels[KINDS];

/* SHA-256 of up to `lanes` messages of one length, each a prefix byte and then data; digests of 32 bytes. */
struct hasher {
    const char *name;
    int64_t lanes;
    int64_t worth; /* messages from which on a call with fewer than `lanes` pays */
    void (*hash)(uint8_t prefix, const uint8_t *const *data, int64_t length, int flipped, uint8_t *const *digests,
                 int64_t count);
    const struct hasher *rest; /* for fewer messages than are worth it */
};

extern const struct hasher hasher_avx512, hasher_avx2, hasher_sha_pairs, hasher_sha, hasher_avx512_sha;

int64_t chunks_of(int64_t bytes);
/* The leaves of chunks `begin` to `end`. */
void hash_chunks(const struct hasher *, const uint8_t *in, int64_t bytes, int flipped, uint8_t *leaves, int64_t begin,
                 int64_t end);
void hash_root(const struct hasher *, uint8_t *leaves, int64_t bytes, const uint8_t *header, int64_t header_bytes,
               uint8_t *root);
void hash_leaves(const struct step *, const struct memory *, struct part);
void hash_top(const struct step *, const struct memory *, struct part);

/* Whether this processor can do KIND_EVICT. */
int can_evict(void);
void evict(const struct step *, const struct memory *, struct part);

/* How the threads of a run keep in step. All start at 0. */
struct control {
    int64_t done;     /* steps before this index are done (hash steps: passed) */
    int64_t finished; /* parts that members other than the first have done */
    int64_t hashed;   /* hash steps before this index are done, as far as the first member knows; it alone writes this */
    int64_t stopped;  /* not 0: give up */
    int64_t divided;  /* split steps so far; the first member's */
    int64_t place;    /* the first member's processor plus one, 0 while not known */
    int64_t padding[2];
    int64_t piece;    /* the next piece of leaves that nobody has taken: see pieces.c */
    int64_t padding_of_piece[7];
};

/* Tells the others where the first member runs. */
void note_place(struct control *);
/* Takes this thread off the first member's processor, where there is another. */
void leave_place(const struct control *);

/* What the threads of a run work on. */
struct run {
    const struct step *steps;
    struct memory memory;
    struct control *control;
};

enum turn { TURN_NONE_LEFT, TURN_NONE_READY, TURN_DONE };

/* Takes and hashes one piece of the leaves of steps before `to`. */
enum turn hash_piece(const struct run *, int64_t to);
/* Whether all before step `to` is hashed; for the first member only. */
int hashed_before(const struct run *, int64_t to);
/* The roots of results that share the tree of another. */
void hash_shared_tops(const struct run *, int64_t to);

#endif
