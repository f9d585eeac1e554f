/*
 * Hashing beside computing. Threads take pieces of the leaves in the order of the steps, each as soon as the step before
 * is done: those that only hash, and the first member whenever it would have to wait. Nobody waits for a piece that
 * nobody has begun, so a thread that the system does not let run holds nothing up. Whoever finishes the last piece of a
 * result makes the top of its tree.
 */
#include "engram.h"

/* Chunks of a piece: the widest hasher's lanes, about 20 microseconds. */
enum { PIECE = 16 };

/* control.piece is the index of a step and the number of its piece. */
enum { STEP_SHIFT = 32 };

static int64_t pieces_of(const struct hash *hash) { return (chunks_of(hash->bytes) + PIECE - 1) / PIECE; }

static int64_t *finished_of(const struct run *run, const struct hash *hash) {
    return (int64_t *) at(&run->memory, hash->finished);
}

static void leaves_of(const struct run *run, const struct step *step, int64_t piece) {
    const struct hash *hash = &step->hash;
    const struct memory *memory = &run->memory;
    int64_t end = min64(chunks_of(hash->bytes), (piece + 1) * PIECE);
    hash_chunks(memory->hasher, at(memory, hash->in), hash->bytes, (int) hash->flipped, at(memory, hash->leaves),
                piece * PIECE, end);
    if (__atomic_add_fetch(finished_of(run, hash), 1, __ATOMIC_ACQ_REL) == pieces_of(hash)) {
        hash_top(step, memory, (struct part){0, 1});
        __atomic_add_fetch(finished_of(run, hash), 1, __ATOMIC_RELEASE);
    }
}

enum turn hash_piece(const struct run *run, int64_t to) {
    struct control *control = run->control;
    int64_t taken = __atomic_load_n(&control->piece, __ATOMIC_RELAXED);
    for (;;) {
        int64_t index = taken >> STEP_SHIFT;
        int64_t piece = taken - (index << STEP_SHIFT);
        while (index < to && run->steps[index].kind != KIND_HASH_LEAVES) {
            index++;
        }
        if (index >= to) {
            return TURN_NONE_LEFT;
        }
        if (__atomic_load_n(&control->done, __ATOMIC_ACQUIRE) < index) {
            return TURN_NONE_READY;
        }
        const struct step *step = run->steps + index;
        int last = piece + 1 == pieces_of(&step->hash);
        int64_t next = last ? (index + 1) << STEP_SHIFT : (index << STEP_SHIFT) + piece + 1;
        if (__atomic_compare_exchange_n(&control->piece, &taken, next, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            leaves_of(run, step, piece);
            return TURN_DONE;
        }
    }
}

int hashed_before(const struct run *run, int64_t to) {
    int64_t index = run->control->hashed;
    if (index >= to) {
        return 1;
    }
    for (; index < to; index++) {
        const struct step *step = run->steps + index;
        if (step->kind == KIND_HASH_LEAVES
            && __atomic_load_n(finished_of(run, &step->hash), __ATOMIC_ACQUIRE) <= pieces_of(&step->hash)) {
            break;
        }
    }
    __atomic_store_n(&run->control->hashed, index, __ATOMIC_RELEASE);
    return index >= to;
}

void hash_shared_tops(const struct run *run, int64_t to) {
    for (int64_t index = 0; index < to; index++) {
        int own = index > 0 && run->steps[index - 1].kind == KIND_HASH_LEAVES;
        if (run->steps[index].kind == KIND_HASH_TOP && !own) {
            hash_top(run->steps + index, &run->memory, (struct part){0, 1});
        }
    }
}
