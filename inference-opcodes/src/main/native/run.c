/* What Java calls. Nothing here keeps state between calls. */
#include <cpuid.h>
#include <sched.h>
#include <immintrin.h>

#include "engram.h"

#define EXPORT __attribute__((visibility("default")))

static const struct tier *const tiers[] = {&tier_avx512vnni, &tier_avxvnni, &tier_avx512bw, &tier_avx2};
static const struct hasher *const hashers[] = {&hasher_avx512_sha, &hasher_avx512, &hasher_sha_pairs, &hasher_sha,
                                               &hasher_avx2};

enum { TIERS = sizeof tiers / sizeof *tiers, HASHERS = sizeof hashers / sizeof *hashers };

/* Changes with every change of struct step or of a signature. */
EXPORT int64_t engram_interface(void) { return (int64_t) sizeof(struct step) << 8 | 5; }

static int has_sha(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

static int has_avxvnni(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}

/* Bit i: this processor can run tier i. */
EXPORT int64_t engram_tiers(void) {
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2");
    int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return (avx2 && wide && __builtin_cpu_supports("avx512vnni")) | (avx2 && has_avxvnni()) << 1 | (avx2 && wide) << 2
            | (avx2 != 0) << 3;
}

EXPORT int64_t engram_hashers(void) {
    int64_t able = engram_tiers();
    int wide = able >> 2 & 1;
    return (wide && has_sha()) | wide << 1 | has_sha() << 2 | has_sha() << 3 | (able >> 3 & 1) << 4;
}

/* Whether plans may have steps of KIND_EVICT. */
EXPORT int64_t engram_evicts(void) { return can_evict(); }

EXPORT const char *engram_tier_name(int64_t tier) { return tier >= 0 && tier < TIERS ? tiers[tier]->name : ""; }

EXPORT const char *engram_hasher_name(int64_t index) {
    return index >= 0 && index < HASHERS ? hashers[index]->name : "";
}

EXPORT int64_t engram_staged_bytes(int64_t tier) { return tiers[tier]->staged_bytes; }

EXPORT int64_t engram_product_bytes(int64_t tier, int64_t columns, int64_t segments, int64_t length) {
    return tiers[tier]->product_bytes(columns, segments, length);
}

EXPORT void engram_pack_product(int64_t tier, const int8_t *weights, int64_t columns, int64_t segments, int64_t length,
                                uint8_t *out) {
    tiers[tier]->pack_product(weights, columns, segments, length, out);
}

EXPORT int64_t engram_finish_bytes(int64_t tier, int64_t channels) { return tiers[tier]->finish_bytes(channels); }

EXPORT void engram_pack_finish(int64_t tier, int64_t count, const int32_t *bias, const int32_t *multipliers,
                               const int32_t *shifts, int64_t zero, uint8_t *out) {
    struct channels channels = {count, bias, multipliers, shifts, zero};
    tiers[tier]->pack_finish(&channels, out);
}

EXPORT int64_t engram_depthwise_bytes(int64_t tier, int64_t channels, int64_t taps) {
    return tiers[tier]->depthwise_bytes(channels, taps);
}

EXPORT void engram_pack_depthwise(int64_t tier, const int8_t *weights, int64_t channels, int64_t taps, uint8_t *out) {
    tiers[tier]->pack_depthwise(weights, channels, taps, out);
}

EXPORT int64_t engram_depthwise_finish_bytes(int64_t tier, int64_t channels) {
    return tiers[tier]->depthwise_finish_bytes(channels);
}

EXPORT void engram_pack_depthwise_finish(int64_t tier, int64_t count, const int32_t *bias, const int32_t *multipliers,
                                         const int32_t *shifts, int64_t zero, uint8_t *out) {
    struct channels channels = {count, bias, multipliers, shifts, zero};
    tiers[tier]->pack_depthwise_finish(&channels, out);
}

/* The root of a tensor whose header, all before the top, is given. `leaves` has room for a digest a chunk. */
EXPORT void engram_tensor_root(int64_t hasher, const uint8_t *data, int64_t bytes, int64_t flipped,
                               const uint8_t *header, int64_t header_bytes, uint8_t *leaves, uint8_t *root) {
    hash_chunks(hashers[hasher], data, bytes, (int) flipped, leaves, 0, chunks_of(bytes));
    hash_root(hashers[hasher], leaves, bytes, header, header_bytes, root);
}

/* Between int8 and the form in which it is kept. Every tier has AVX2. */
__attribute__((target("avx2"))) EXPORT void engram_flip(uint8_t *restrict to, const uint8_t *restrict from, int64_t bytes) {
    for (int64_t i = 0; i < bytes; i++) {
        to[i] = from[i] ^ 0x80;
    }
}

enum { ROLE_ALONE, ROLE_COMPUTE, ROLE_HASH };

/* Between two looks at what another thread does: spins, then lets others run. False when the run is given up. */
static int rest(const struct control *control, int64_t looks) {
    if (__atomic_load_n(&control->stopped, __ATOMIC_RELAXED)) {
        return 0;
    }
    if (looks < 2000) {
        _mm_pause();
    } else {
        sched_yield();
    }
    return 1;
}

static int wait_for(const struct control *control, const int64_t *counter, int64_t value) {
    for (int64_t looks = 0; __atomic_load_n(counter, __ATOMIC_ACQUIRE) < value; looks++) {
        if (!rest(control, looks)) {
            return 0;
        }
    }
    return 1;
}

/* The first member waits until all before step `to` is hashed, and hashes meanwhile. */
static int hash_up_to(const struct run *run, int64_t to) {
    for (int64_t looks = 0; !hashed_before(run, to); looks++) {
        if (hash_piece(run, to) == TURN_DONE) {
            looks = 0;
        } else if (!rest(run->control, looks)) {
            return 0;
        }
    }
    return 1;
}

/* Hashes what is ready until nothing is left; the first member, done with its steps, sees to the end of it. */
static int hash_all(const struct run *run, int64_t to, int64_t member) {
    if (member == 0) {
        if (!hash_up_to(run, to)) {
            return 0;
        }
        hash_shared_tops(run, to);
        return 1;
    }
    int64_t looks = 0;
    for (enum turn turn; (turn = hash_piece(run, to)) != TURN_NONE_LEFT; looks++) {
        if (turn == TURN_DONE) {
            looks = 0;
        }
        if (!rest(run->control, looks)) {
            return 0;
        }
    }
    return 1;
}

/* Called by the first member before it has others help. */
EXPORT void engram_lead(struct control *control) { note_place(control); }

static int is_hash(const struct step *step) {
    return step->kind == KIND_HASH_LEAVES || step->kind == KIND_HASH_TOP;
}

/* Whether a thread that computes passes a step by. `hashing`: another thread hashes what this run computes. */
static int is_skipped(const struct step *step, int64_t role, int hashing) {
    return step->kind == KIND_NOTHING || (role == ROLE_COMPUTE && is_hash(step))
            || (step->kind == KIND_EVICT && !hashing);
}

/*
 * Runs the steps `from` to `to`. ROLE_ALONE: all of them, split over `members`. ROLE_COMPUTE: all but hash steps.
 * ROLE_HASH: only those, for threads that compute nothing and, after the last step, for those that did. Member 0 leads.
 * Returns 0, or 1 when the run was given up, or 2 for a step that this library does not know.
 */
EXPORT int64_t engram_run(int64_t tier, int64_t hasher, const struct step *steps, int64_t from, int64_t to,
                          uint8_t *arena, uint8_t *constants, struct control *control, int64_t role, int64_t member,
                          int64_t members) {
    struct run run = {steps, {arena, constants, hashers[hasher]}, control};
    if (member > 0) {
        leave_place(control);
    }
    if (role == ROLE_HASH) {
        return !hash_all(&run, to, member);
    }
    const struct part whole = {0, 1};
    int hashing = role == ROLE_COMPUTE && __atomic_load_n(&control->hashed, __ATOMIC_RELAXED) < INT64_MAX;
    for (int64_t i = from; i < to; i++) {
        const struct step *step = steps + i;
        if ((uint64_t) step->kind >= KINDS) {
            return 2;
        }
        kernel own = tiers[tier]->kernels[step->kind];
        kernel kernel = own ? own : common_kernels[step->kind];
        int skipped = is_skipped(step, role, hashing);
        int split = !skipped && step->divisible && members > 1;
        if (member > 0) {
            if (split) {
                if (!wait_for(control, &control->done, i)
                    || (role == ROLE_COMPUTE && !wait_for(control, &control->hashed, step->wait))) {
                    return 1;
                }
                kernel(step, &run.memory, (struct part){member, members});
                __atomic_add_fetch(&control->finished, 1, __ATOMIC_ACQ_REL);
            }
            continue;
        }
        if (role == ROLE_COMPUTE && !hash_up_to(&run, step->wait)) {
            return 1;
        }
        if (!skipped) {
            kernel(step, &run.memory, split ? (struct part){0, members} : whole);
            if (split) {
                control->divided++;
                if (!wait_for(control, &control->finished, control->divided * (members - 1))) {
                    return 1;
                }
            }
        }
        __atomic_store_n(&control->done, i + 1, __ATOMIC_RELEASE);
    }
    return 0;
}
