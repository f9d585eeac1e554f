/* The hash tree of a tensor: leaf SHA-256(00 ‖ chunk), node SHA-256(01 ‖ left ‖ right), in the shape of RFC 6962. */
#include "engram.h"

enum { CHUNK = 4096, DIGEST = 32, MOST_LANES = 16, LONGEST_HEADER = 128 };

/* Messages of one length at equal distances, with digests side by side. */
static void hash_row(const struct hasher *hasher, uint8_t prefix, const uint8_t *data, int64_t step, int64_t length,
                     int flipped, uint8_t *digests, int64_t count) {
    while (count > 0) {
        while (count < hasher->worth) {
            hasher = hasher->rest;
        }
        const uint8_t *messages[MOST_LANES];
        uint8_t *places[MOST_LANES];
        int64_t now = min64(count, hasher->lanes);
        for (int64_t i = 0; i < now; i++) {
            messages[i] = data + i * step;
            places[i] = digests + i * DIGEST;
        }
        hasher->hash(prefix, messages, length, flipped, places, now);
        data += now * step;
        digests += now * DIGEST;
        count -= now;
    }
}

int64_t chunks_of(int64_t bytes) { return (bytes + CHUNK - 1) / CHUNK; }

void hash_chunks(const struct hasher *hasher, const uint8_t *in, int64_t bytes, int flipped, uint8_t *leaves,
                 int64_t begin, int64_t end) {
    int64_t whole = bytes / CHUNK;
    int64_t equal = min64(end, whole);
    if (begin < equal) {
        hash_row(hasher, 0, in + begin * CHUNK, CHUNK, CHUNK, flipped, leaves + begin * DIGEST, equal - begin);
    }
    if (end > whole) {
        hash_row(hasher, 0, in + whole * CHUNK, CHUNK, bytes - whole * CHUNK, flipped, leaves + whole * DIGEST, 1);
    }
}

/* SHA-256(header ‖ top). The top takes the place of the first leaf. */
void hash_root(const struct hasher *hasher, uint8_t *leaves, int64_t bytes, const uint8_t *header, int64_t header_bytes,
               uint8_t *root) {
    int64_t count = chunks_of(bytes);
    while (count > 1) {
        int64_t pairs = count / 2;
        /* A lane has read its pair before any digest is written, and digests go before the pairs not read yet. */
        hash_row(hasher, 1, leaves, 2 * DIGEST, 2 * DIGEST, 0, leaves, pairs);
        if (count & 1) {
            memcpy(leaves + pairs * DIGEST, leaves + (count - 1) * DIGEST, DIGEST);
        }
        count = pairs + (count & 1);
    }
    uint8_t message[LONGEST_HEADER + DIGEST];
    memcpy(message, header, (size_t) header_bytes);
    memcpy(message + header_bytes, leaves, DIGEST);
    hash_row(hasher, message[0], message + 1, 0, header_bytes - 1 + DIGEST, 0, root, 1);
}

void hash_leaves(const struct step *step, const struct memory *memory, struct part part) {
    const struct hash *hash = &step->hash;
    int64_t chunks = chunks_of(hash->bytes);
    hash_chunks(memory->hasher, at(memory, hash->in), hash->bytes, (int) hash->flipped, at(memory, hash->leaves),
                part_begin(chunks, part), part_end(chunks, part));
}

void hash_top(const struct step *step, const struct memory *memory, struct part part) {
    (void) part;
    const struct hash *hash = &step->hash;
    uint8_t *leaves = at(memory, hash->leaves);
    hash_root(memory->hasher, leaves, hash->bytes, at(memory, hash->header), hash->header_bytes,
              at(memory, hash->root));
    memcpy(at(memory, hash->top), leaves, DIGEST);
}
