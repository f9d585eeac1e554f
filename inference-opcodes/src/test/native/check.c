/*
 * Runs every kernel of every tier on operands of random sizes, each in a block of memory of its own that is exactly as
 * long as the contract says, and compares the tiers. Made for AddressSanitizer and UndefinedBehaviorSanitizer: see the
 * profile asan in pom.xml. Arguments: rounds, seed.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "engram.h"

int64_t engram_tiers(void);
int64_t engram_hashers(void);
int64_t engram_run(int64_t tier, int64_t hasher, const struct step *steps, int64_t from, int64_t to, uint8_t *arena,
                   uint8_t *constants, struct control *control, int64_t role, int64_t member, int64_t members);

enum { MAX_BUFFERS = 64, MAX_COMPARED = 1 << 20 };

static const struct tier *const tiers[] = {&tier_avx512vnni, &tier_avxvnni, &tier_avx512bw, &tier_avx2};
static const struct hasher *const hashers[] = {&hasher_avx512_sha, &hasher_avx512, &hasher_sha_pairs, &hasher_sha,
                                               &hasher_avx2};

/* Places are distances from here; the heap lies above. */
static uint8_t origin[64] __attribute__((aligned(64)));
static void *buffers[MAX_BUFFERS];
static int buffer_count;
static uint64_t state;

static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int64_t between(int64_t low, int64_t high) { return low + (int64_t) (next() % (uint64_t) (high - low + 1)); }

static int64_t one_of(int64_t a, int64_t b, int64_t c) {
    int64_t all[] = {a, b, c};
    return all[between(0, 2)];
}

static uint8_t *exact(int64_t bytes) {
    void *p;
    if (buffer_count == MAX_BUFFERS || posix_memalign(&p, 64, (size_t) bytes)) {
        abort();
    }
    buffers[buffer_count++] = p;
    memset(p, 0xa5, (size_t) bytes);
    return p;
}

/* The same for each tier, while what a tier packs has its own size. */
static uint8_t *given(int64_t bytes) {
    uint8_t *p = exact(bytes + SLACK);
    for (int64_t i = 0; i < bytes; i++) {
        p[i] = (uint8_t) next();
    }
    return p;
}

static void release(void) {
    while (buffer_count) {
        free(buffers[--buffer_count]);
    }
}

static ref active(const void *p) { return (const uint8_t *) p - origin; }
static ref constant(const void *p) { return ~((const uint8_t *) p - origin); }

static ref activation(int64_t bytes) { return active(given(bytes)); }

/* Room for what a step makes for the next one. */
static ref between_steps(int64_t bytes) { return active(exact(bytes + SLACK)); }

static ref int32s(int64_t count, int64_t padding, int64_t low, int64_t high) {
    int32_t *p = (int32_t *) exact((count + padding) * 4 + SLACK);
    for (int64_t i = 0; i < count + padding; i++) {
        p[i] = i < count ? (int32_t) between(low, high) : 0;
    }
    return constant(p);
}

static ref int64s(int64_t count, int64_t low, int64_t high) {
    int64_t *p = (int64_t *) exact(count * 8 + SLACK);
    for (int64_t i = 0; i < count; i++) {
        p[i] = between(low, high);
    }
    return constant(p);
}

static struct range random_range(void) {
    static const int64_t tops[] = {0, 127, 32767, 0, INT32_MAX};
    int64_t bytes = one_of(1, 1, one_of(1, 2, 4));
    return (struct range){bytes, between(-128, 127), -tops[bytes], tops[bytes]};
}

static ref finish(const struct tier *tier, int64_t channels, struct range range, int of_depthwise) {
    int32_t *numbers = (int32_t *) exact(3 * channels * 4);
    int64_t least = one_of(1, 32, 36);
    for (int64_t i = 0; i < channels; i++) {
        numbers[i] = (int32_t) between(-100000, 100000);
        numbers[channels + i] = (int32_t) between(0, INT32_MAX);
        numbers[2 * channels + i] = (int32_t) between(least, 62);
    }
    struct channels from = {channels, numbers, numbers + channels, numbers + 2 * channels, range.zero};
    uint8_t *packed;
    if (of_depthwise) {
        packed = exact(tier->depthwise_finish_bytes(channels) + SLACK);
        tier->pack_depthwise_finish(&from, packed);
    } else {
        packed = exact(tier->finish_bytes(channels) + SLACK);
        tier->pack_finish(&from, packed);
    }
    return constant(packed);
}

static void run(const struct tier *tier, const struct step *step) {
    struct memory memory = {origin, origin, hashers[0]};
    kernel kernel = tier->kernels[step->kind] ? tier->kernels[step->kind] : common_kernels[step->kind];
    int64_t parts = 1 + step->kind % 3;
    for (int64_t i = 0; i < parts; i++) {
        kernel(step, &memory, (struct part){i, parts});
    }
}

static struct step of_kind(enum kind kind) {
    struct step step;
    memset(&step, 0, sizeof step);
    step.kind = kind;
    return step;
}

/* The result of a case: where it is and its length. */
struct result {
    ref place;
    int64_t bytes;
};

/* Rows of a tier: the image itself, or a staged copy with padding. */
static ref staged(const struct tier *tier, ref in, int64_t height, int64_t width, int64_t channels, int64_t top,
                  int64_t left, int64_t out_height, int64_t out_width) {
    struct step step = of_kind(KIND_STAGE);
    ref out = between_steps(out_height * out_width * channels * tier->staged_bytes);
    step.stage = (struct stage){in, out, height, width, channels, top, left, out_height, out_width, between(-128, 127)};
    run(tier, &step);
    return out;
}

static struct result product(const struct tier *tier) {
    int64_t element = tier->staged_bytes;
    int64_t height = between(1, 9), width = between(1, 9), channels = between(1, 70), kernel = between(1, 3);
    int64_t stride = between(1, 2), columns = between(1, 150), pad = kernel / 2;
    int64_t out_height = (height + 2 * pad - kernel) / stride + 1, out_width = (width + 2 * pad - kernel) / stride + 1;
    if (height + 2 * pad < kernel || width + 2 * pad < kernel) {
        return (struct result){active(origin), 0};
    }
    int64_t tall = (out_height - 1) * stride + kernel, wide = (out_width - 1) * stride + kernel;
    ref in = activation(height * width * channels);
    in = staged(tier, in, height, width, channels, pad, pad, tall, wide);
    int64_t length = kernel * channels;
    int8_t *weights = (int8_t *) given(columns * kernel * length);
    uint8_t *packed = exact(tier->product_bytes(columns, kernel, length) + SLACK);
    tier->pack_product(weights, columns, kernel, length, packed);
    int64_t *offsets = (int64_t *) exact(kernel * 8 + SLACK);
    for (int64_t i = 0; i < kernel; i++) {
        offsets[i] = i * wide * channels * element;
    }
    struct step step = of_kind(KIND_GEMM);
    struct gemm *gemm = &step.gemm;
    gemm->range = random_range();
    gemm->in = in;
    gemm->out = active(exact(out_height * out_width * columns * gemm->range.bytes));
    gemm->weights = constant(packed);
    gemm->bias = int32s(columns, 64, -1000, 1000);
    gemm->finish = finish(tier, columns, gemm->range, 0);
    gemm->offsets = constant(offsets);
    gemm->segments = kernel;
    gemm->words = (length * element + 3) / 4;
    gemm->rows = out_height * out_width;
    gemm->width = out_width;
    gemm->row_stride = stride * wide * channels * element;
    gemm->column_stride = stride * channels * element;
    gemm->columns = columns;
    gemm->out_stride = columns;
    gemm->count = 1;
    if (element == 2) {
        /* What byte products leave to the bias; only sizes are compared where it differs. */
        run(tier, &step);
        return (struct result){gemm->out, 0};
    }
    run(tier, &step);
    return (struct result){gemm->out, gemm->rows * columns * gemm->range.bytes};
}

static struct result activations(const struct tier *tier) {
    int64_t element = tier->staged_bytes;
    int64_t count = between(1, 3), rows = between(1, 20), inner = between(1, 100), columns = between(1, 150);
    int64_t zero_a = between(-128, 127), zero_b = between(-128, 127);
    ref a = activation(count * rows * inner), b = activation(count * inner * columns);
    if (element == 2) {
        struct step stage = of_kind(KIND_STAGE);
        ref out = between_steps(count * rows * inner * 2);
        stage.stage = (struct stage){a, out, count * rows, 1, inner, 0, 0, count * rows, 1, zero_a};
        run(tier, &stage);
        a = out;
    }
    int64_t packed_bytes = (tier->product_bytes(columns, 1, inner) + 63) & -64;
    int64_t bias_bytes = ((columns + 64) * 4 + 63) & -64;
    struct step step = of_kind(KIND_PACK);
    step.pack = (struct pack){b,      between_steps(count * packed_bytes), between_steps(count * bias_bytes), columns, inner, 1,
                              columns, zero_a, zero_b, count, inner * columns, packed_bytes, bias_bytes};
    ref packed = step.pack.out, bias = step.pack.bias;
    run(tier, &step);
    ref terms = between_steps(count * rows * 4);
    if (element == 1) {
        step = of_kind(KIND_ROW_TERMS);
        step.row_terms = (struct row_terms){a, terms, count * rows, inner, -zero_b};
        run(tier, &step);
    }
    int64_t zero = 0;
    int64_t *offsets = (int64_t *) exact(8 + SLACK);
    *offsets = zero;
    step = of_kind(KIND_GEMM);
    struct range range = random_range();
    step.gemm = (struct gemm){a, 0, packed, bias, finish(tier, columns, range, 0), constant(offsets), terms,
                              element == 1, 1, (inner * element + 3) / 4, rows, 1, inner * element, 0, columns, columns,
                              count, rows * inner * element, packed_bytes, bias_bytes, rows * 4,
                              rows * columns * range.bytes, range};
    step.gemm.out = active(exact(count * rows * columns * range.bytes));
    run(tier, &step);
    return (struct result){step.gemm.out, count * rows * columns * range.bytes};
}

static struct result depthwise(const struct tier *tier) {
    int64_t height = between(1, 9), width = between(1, 12), channels = one_of(16, 32, between(1, 150));
    int64_t kernel = between(1, 3), stride = between(1, 2), pad = kernel / 2;
    if (height + 2 * pad < kernel || width + 2 * pad < kernel) {
        return (struct result){active(origin), 0};
    }
    struct step step = of_kind(KIND_DEPTHWISE);
    struct depthwise *d = &step.depthwise;
    int8_t *weights = (int8_t *) given(kernel * kernel * channels);
    uint8_t *packed = exact(tier->depthwise_bytes(channels, kernel * kernel) + SLACK);
    tier->pack_depthwise(weights, channels, kernel * kernel, packed);
    d->range = random_range();
    d->in = activation(height * width * channels);
    d->weights = constant(packed);
    d->finish = finish(tier, channels, d->range, 1);
    uint8_t *padding = exact(channels + SLACK);
    memset(padding, (int) between(0, 255), (size_t) channels);
    d->padding = constant(padding);
    d->height = height;
    d->width = width;
    d->channels = channels;
    d->out_height = (height + 2 * pad - kernel) / stride + 1;
    d->out_width = (width + 2 * pad - kernel) / stride + 1;
    d->kernel_height = d->kernel_width = kernel;
    d->window = (struct window){stride, stride, 1, 1, pad, pad};
    int64_t bytes = d->out_height * d->out_width * channels * d->range.bytes;
    d->out = active(exact(bytes));
    run(tier, &step);
    return (struct result){d->out, bytes};
}

static struct result pool(const struct tier *tier) {
    int64_t height = between(2, 9), width = between(2, 9), channels = between(1, 150), kernel = 2;
    struct step step = of_kind(between(0, 1) ? KIND_MAX_POOL : KIND_AVERAGE_POOL);
    struct pool *p = &step.pool;
    p->in = activation(height * width * channels);
    p->table = step.kind == KIND_MAX_POOL && between(0, 1) ? constant(given(256)) : 0;
    p->height = height;
    p->width = width;
    p->channels = channels;
    p->out_height = height - 1;
    p->out_width = width - 1;
    p->kernel_height = p->kernel_width = kernel;
    p->window = (struct window){1, 1, 1, 1, 0, 0};
    p->zero = between(-128, 127);
    p->multiplier = between(0, INT32_MAX);
    p->shift = between(31, 40);
    p->range = (struct range){1, 0, -128, 127};
    int64_t bytes = p->out_height * p->out_width * channels;
    p->out = active(exact(bytes));
    run(tier, &step);
    return (struct result){p->out, bytes};
}

static struct result add(const struct tier *tier) {
    int64_t elements = between(1, 700);
    struct step step = of_kind(KIND_ADD);
    step.add = (struct add){activation(elements), activation(elements), active(exact(elements)), elements,
                            between(-128, 127), between(0, 1 << 30), between(-128, 127), between(0, 1 << 30),
                            between(10, 40), {1, between(-128, 127), -128, 127}};
    run(tier, &step);
    return (struct result){step.add.out, elements};
}

static struct result elementwise(const struct tier *tier) {
    int64_t bytes_a = one_of(1, 2, 4), bytes_b = one_of(1, 2, 4), rows = between(1, 5), width = between(1, 70);
    struct step step = of_kind(KIND_ELEMENTWISE);
    struct elementwise *e = &step.elementwise;
    e->a = activation(rows * width * bytes_a);
    e->b = activation(width * bytes_b); /* repeated for each row */
    e->function = between(FUNCTION_ADD, FUNCTION_CLAMP);
    e->bytes_a = bytes_a;
    e->bytes_b = bytes_b;
    for (int i = 0; i < 6; i++) {
        e->dims[i] = i == 4 ? rows : i == 5 ? width : 1;
    }
    e->strides_a[4] = e->strides_out[4] = width;
    e->strides_a[5] = e->strides_b[5] = e->strides_out[5] = 1;
    e->multiplier_a = between(0, 1 << 20);
    e->multiplier_b = between(0, 1 << 20);
    e->shift = between(1, 40);
    e->range = random_range();
    int64_t bytes = rows * width * e->range.bytes;
    e->out = active(exact(bytes));
    run(tier, &step);
    return (struct result){e->out, bytes};
}

static struct result moves(const struct tier *tier) {
    int64_t bytes = one_of(1, 2, 4), rows = between(1, 20), width = between(1, 40), elements = rows * width;
    struct step step = of_kind(KIND_FILL);
    step.fill = (struct fill){active(exact(elements * bytes)), bytes, elements, (int64_t) next() & 0xffffffff};
    ref out = step.fill.out;
    run(tier, &step);
    step = of_kind(KIND_COPY);
    struct copy *copy = &step.copy;
    *copy = (struct copy){activation(elements * bytes), out, bytes, {1, 1, 1, 1, rows, width}, {0}, {0}};
    copy->strides_in[4] = width;
    copy->strides_in[5] = 1;
    copy->strides_out[4] = 1; /* turned */
    copy->strides_out[5] = rows;
    run(tier, &step);
    if (bytes == 1) {
        ref in = out;
        step = of_kind(KIND_MAP);
        out = active(exact(elements));
        step.map = (struct map){in, out, constant(given(256)), elements};
        run(tier, &step);
        step = of_kind(KIND_FLIP);
        step.flip = (struct flip){out, elements};
        run(tier, &step);
    }
    return (struct result){out, elements * bytes};
}

static struct result softmax(const struct tier *tier) {
    int64_t rows = between(1, 9), columns = between(1, 60);
    struct step step = of_kind(KIND_SOFTMAX);
    step.softmax = (struct softmax){activation(rows * columns), 0, int32s(256, 0, 1, 1 << 24), rows, columns, 256,
                                    random_range()};
    int64_t bytes = rows * columns * step.softmax.range.bytes;
    step.softmax.out = active(exact(bytes));
    run(tier, &step);
    struct step most = of_kind(KIND_ARGMAX);
    most.argmax = (struct argmax){step.softmax.in, active(exact(rows * 4)), rows, columns, 1};
    run(tier, &most);
    return (struct result){step.softmax.out, bytes};
}

static struct result wide(const struct tier *tier) {
    int64_t element = tier->staged_bytes, count = between(1, 3), rows = between(1, 20), inner = between(1, 90);
    int64_t columns = between(1, 100), bytes_a = between(1, 2), bytes_b = between(1, 2);
    int64_t alpha = between(-200, 40000), beta = between(-200, 200);
    int64_t step_a = (count * rows * inner * element + SLACK + 63) & -64;
    int64_t step_b = (tier->product_bytes(columns, 1, inner) + 63) & -64;
    struct step step = of_kind(KIND_SPLIT);
    step.split = (struct split){activation(count * rows * inner * bytes_a), between_steps(bytes_a * step_a),
                                between_steps(count * rows * 8), count * rows, inner, bytes_a, step_a, 1, -beta};
    struct split split = step.split;
    run(tier, &step);
    step = of_kind(KIND_PACK_PARTS);
    step.pack_parts =
        (struct pack_parts){activation(count * inner * columns * bytes_b), between_steps(count * bytes_b * step_b),
                            between_steps(count * columns * 8), columns, inner, bytes_b, inner, 1, -alpha,
                            inner * alpha * beta, step_b, count, inner * columns * bytes_b, bytes_b * step_b,
                            columns * 8};
    struct pack_parts pack = step.pack_parts;
    run(tier, &step);
    step = of_kind(KIND_WIDE_GEMM);
    struct range range = random_range();
    step.wide_gemm = (struct wide_gemm){split.out, 0, pack.out, pack.columns_out, int64s(columns, -1000, 1000),
                                        int64s(columns, 0, 1 << 15), int64s(columns, 1, 62), split.terms, 0, 1, 0, rows,
                                        (inner * element + 3) / 4, columns, bytes_a, bytes_b, step_a, step_b,
                                        inner * element, count, rows * inner * element, bytes_b * step_b, columns * 8,
                                        rows * 8, rows * columns * range.bytes, range};
    int64_t bytes = count * rows * columns * range.bytes;
    step.wide_gemm.out = active(exact(bytes));
    run(tier, &step);
    return (struct result){step.wide_gemm.out, bytes};
}

static struct result dynamic(const struct tier *tier) {
    int64_t element = tier->staged_bytes, rows = between(1, 20), inner = between(1, 90), columns = between(1, 100);
    uint8_t *in = exact(rows * inner * 2 + SLACK);
    for (int64_t i = 0; i < rows * inner; i++) {
        store_element(in, i, 2, between(-32767, 32767)); /* −32768 is no value */
    }
    struct step step = of_kind(KIND_QUANTISE_ROWS);
    step.quantise_rows =
        (struct quantise_rows){active(in), between_steps(rows * inner * element), between_steps(rows * 8), rows, inner};
    struct quantise_rows quantised = step.quantise_rows;
    run(tier, &step);
    int8_t *weights = (int8_t *) given(columns * inner);
    uint8_t *packed = exact(tier->product_bytes(columns, 1, inner) + SLACK);
    tier->pack_product(weights, columns, 1, inner, packed);
    step = of_kind(KIND_WIDE_GEMM);
    struct range range = random_range();
    step.wide_gemm = (struct wide_gemm){quantised.out, 0, constant(packed), int64s(columns, -1000, 1000),
                                        int64s(columns, -1000, 1000), int64s(columns, 0, 1 << 15), int64s(columns, 1, 62),
                                        0, quantised.scales, 0, 1, rows, (inner * element + 3) / 4, columns, 1, 1, 0, 0,
                                        inner * element, 1, 0, 0, 0, 0, 0, range};
    step.wide_gemm.out = active(exact(rows * columns * range.bytes));
    run(tier, &step);
    return (struct result){step.wide_gemm.out, rows * columns * range.bytes};
}

static struct result rows_of_int16(const struct tier *tier) {
    int64_t rows = between(1, 9), width = between(1, 90), elements = rows * width;
    struct range range = random_range();
    ref in = activation(elements * 2), out = active(exact(elements * range.bytes));
    struct step step;
    switch (between(0, 2)) {
    case 0:
        step = of_kind(KIND_NORMALISE);
        step.normalise = (struct normalise){in, out, int32s(width, 0, -32767, 32767), int32s(width, 0, -1000, 1000), rows,
                                            width, 2, between(0, 1), between(-100, 100), between(0, 1000),
                                            between(0, 1 << 20), between(1, 50), range};
        break;
    case 1:
        step = of_kind(KIND_INTERPOLATE);
        step.interpolate = (struct interpolate){in, out, int32s(513, 0, -32767, 32767), elements, between(0, 1 << 30),
                                                between(1, 62), range};
        break;
    default:
        step = of_kind(KIND_WIDE_SOFTMAX);
        step.wide_softmax = (struct wide_softmax){in, out, int32s(256, 0, 1, 32767), int32s(256, 0, 1, 32767),
                                                  activation(width), between(0, 1), {1, 1, 1, 1, rows, width},
                                                  {0, 0, 0, 0, 0, 1}, 32767, range};
    }
    run(tier, &step);
    return (struct result){out, elements * range.bytes};
}

static struct result means_and_picks(const struct tier *tier) {
    int64_t rows = between(1, 9), width = between(1, 90), picks = between(1, 9), bytes = one_of(1, 2, 2);
    ref in = activation(rows * width * bytes);
    struct step step = of_kind(KIND_MEAN);
    struct range range = random_range();
    step.mean = (struct mean){in, active(exact(width * range.bytes)), activation(rows), bytes, between(0, 1),
                              {1, 1, 1, 1, 1, width}, {0, 0, 0, 0, width, 1}, {0, 0, 0, 0, 1, 0}, rows, width, 1,
                              between(-128, 127), between(0, 1 << 30), between(1, 30), range};
    ref out = step.mean.out;
    run(tier, &step);
    uint8_t *indices = exact(picks * 2 + SLACK);
    for (int64_t i = 0; i < picks; i++) {
        store_element(indices, i, 2, between(0, rows - 1));
    }
    step = of_kind(KIND_GATHER);
    step.gather = (struct gather){in, active(indices), active(exact(picks * width * bytes)), bytes, 2, 1, rows, width,
                                  picks};
    run(tier, &step);
    return (struct result){out, width * range.bytes};
}

static void hashes(int64_t able) {
    int64_t bytes = one_of(between(1, 300), between(4000, 4200), between(1, 200000));
    int64_t chunks = (bytes + 4095) / 4096, header_bytes = between(20, 60);
    uint8_t *data = given(bytes), *header = given(header_bytes);
    int flipped = (int) between(0, 1);
    uint8_t expected[32] = {0}, root[32];
    for (size_t i = 0, first = 1; i < sizeof hashers / sizeof *hashers; i++) {
        if (able >> i & 1) {
            uint8_t *leaves = exact(chunks * 32);
            hash_chunks(hashers[i], data, bytes, flipped, leaves, 0, chunks_of(bytes));
            hash_root(hashers[i], leaves, bytes, header, header_bytes, root);
            if (first) {
                memcpy(expected, root, 32);
            } else if (memcmp(expected, root, 32)) {
                fprintf(stderr, "%s differs on %lld bytes\n", hashers[i]->name, (long long) bytes);
                exit(1);
            }
            first = 0;
        }
    }
    release();
}

enum { SHARED_RESULTS = 5, STEPS_OF_RESULT = 4, SHARED_STEPS = STEPS_OF_RESULT * SHARED_RESULTS + 1,
        HASHING = 2, ROLE_COMPUTE = 1, ROLE_HASH = 2 };

/* A run whose results several threads hash. */
struct shared {
    struct step steps[SHARED_STEPS];
    struct control control;
    int64_t tier, hasher;
};

static int64_t part_of_run(struct shared *shared, int64_t role, int64_t member) {
    return engram_run(shared->tier, shared->hasher, shared->steps, 0, SHARED_STEPS, origin, origin, &shared->control, role,
                      member, 1);
}

static void *hashing(void *shared) {
    if (part_of_run(shared, ROLE_HASH, 1)) {
        abort();
    }
    return NULL;
}

static void shared_hashes(int64_t tier, int64_t hasher) {
    struct shared shared = {.tier = tier, .hasher = hasher};
    uint8_t *roots = exact(32 * (SHARED_RESULTS + 1)), *tops = exact(32 * (SHARED_RESULTS + 1));
    int64_t header_bytes = between(20, 60);
    uint8_t *header = given(header_bytes);
    for (int64_t i = 0; i < SHARED_RESULTS; i++) {
        int64_t bytes = one_of(between(1, 300), between(4000, 4200), between(1, 400000));
        int64_t *finished = (int64_t *) exact(8);
        *finished = 0;
        uint8_t *data = exact(bytes);
        /* The last two share a place, as results do that do not live together. */
        struct step *steps = shared.steps + STEPS_OF_RESULT * i;
        if (i == SHARED_RESULTS - 1) {
            data = origin + (steps - STEPS_OF_RESULT)->evict.out;
            bytes = (steps - STEPS_OF_RESULT)->evict.bytes;
            steps[0].wait = STEPS_OF_RESULT * i;
        }
        steps[0].kind = can_evict() ? KIND_EVICT : KIND_NOTHING;
        steps[0].evict = (struct evict){active(data), bytes};
        steps[1].kind = KIND_FILL;
        steps[1].fill = (struct fill){active(data), 1, bytes, between(0, 255)};
        struct hash hash = {active(data), active(exact(32 * chunks_of(bytes))), active(tops + 32 * i), constant(header),
                            active(roots + 32 * i), bytes, (int64_t) (next() & 1), header_bytes, active(finished)};
        steps[2].kind = KIND_HASH_LEAVES;
        steps[2].hash = hash;
        steps[3].kind = KIND_HASH_TOP;
        steps[3].hash = hash;
    }
    /* One that has the tree of the first. */
    struct step *last = shared.steps + SHARED_STEPS - 1;
    last->kind = KIND_HASH_TOP;
    last->hash = shared.steps[2].hash;
    last->hash.leaves = shared.steps[2].hash.top;
    last->hash.top = active(tops + 32 * SHARED_RESULTS);
    last->hash.root = active(roots + 32 * SHARED_RESULTS);
    last->hash.bytes = 1;
    pthread_t threads[HASHING];
    for (int i = 0; i < HASHING; i++) {
        if (pthread_create(threads + i, NULL, hashing, &shared)) {
            abort();
        }
    }
    if (part_of_run(&shared, ROLE_COMPUTE, 0) || part_of_run(&shared, ROLE_HASH, 0)) {
        abort();
    }
    for (int i = 0; i < HASHING; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int64_t i = 0; i <= SHARED_RESULTS; i++) {
        const struct step *of = shared.steps + (i < SHARED_RESULTS ? STEPS_OF_RESULT * i : 0);
        int64_t bytes = of[1].fill.elements;
        uint8_t *data = exact(bytes), *leaves = exact(32 * chunks_of(bytes)), root[32];
        memset(data, (int) of[1].fill.pattern, (size_t) bytes);
        hash_chunks(hashers[hasher], data, bytes, (int) of[2].hash.flipped, leaves, 0, chunks_of(bytes));
        hash_root(hashers[hasher], leaves, bytes, header, header_bytes, root);
        if (memcmp(root, roots + 32 * i, 32)) {
            fprintf(stderr, "shared result %lld of %lld bytes differs\n", (long long) i, (long long) bytes);
            exit(1);
        }
    }
    release();
}

typedef struct result (*test)(const struct tier *);

static const struct {
    const char *name;
    test run;
} tests[] = {
    {"product", product}, {"activations", activations}, {"depthwise", depthwise}, {"pool", pool}, {"add", add},
    {"elementwise", elementwise}, {"moves", moves}, {"softmax", softmax}, {"wide", wide}, {"dynamic", dynamic},
    {"rows of int16", rows_of_int16}, {"means and picks", means_and_picks},
};

int main(int argc, char **argv) {
    int64_t rounds = argc > 1 ? atoll(argv[1]) : 200;
    uint64_t seed = argc > 2 ? (uint64_t) atoll(argv[2]) : 1;
    static uint8_t expected[MAX_COMPARED];
    int64_t able = engram_tiers(), able_hashers = engram_hashers();
    for (int64_t round = 0; round < rounds; round++) {
        for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
            int64_t known = 0;
            for (size_t i = 0; i < sizeof tiers / sizeof *tiers; i++) {
                if (!(able >> i & 1)) {
                    continue;
                }
                state = seed * 0x9e3779b97f4a7c15u + (uint64_t) round * 0xbf58476d1ce4e5b9u + t + 1;
                struct result result = tests[t].run(tiers[i]);
                if (result.bytes > MAX_COMPARED) {
                    abort();
                }
                if (known && result.bytes && memcmp(expected, origin + result.place, (size_t) result.bytes)) {
                    fprintf(stderr, "%s: %s differs in round %lld of seed %llu\n", tests[t].name, tiers[i]->name,
                            (long long) round, (unsigned long long) seed);
                    return 1;
                }
                if (result.bytes) {
                    memcpy(expected, origin + result.place, (size_t) result.bytes);
                    known = 1;
                }
                release();
            }
        }
        hashes(able_hashers);
        if (able && able_hashers) {
            shared_hashes(__builtin_ctzll((uint64_t) able), __builtin_ctzll((uint64_t) able_hashers));
        }
    }
    printf("native kernels: %lld rounds of %zu cases, tiers %llx\n", (long long) rounds, sizeof tests / sizeof *tests + 2,
           (unsigned long long) able);
    return 0;
}
