/*
 * SHA-256 (FIPS 180-4) of several messages at once, one in each 32-bit lane. The file that includes this one has defined
 *   vi, LANES, LOAD, STORE, SET1, ADD, XOR3, CHOOSE, MAJORITY, ROR, SHR and GATHER(words, blocks, flip): the 16 big-endian words
 *   of a block of each lane.
 */
#include "sha256_constants.h"
#include "sha256_message.h"

#define BIG0(x) XOR3(ROR(x, 2), ROR(x, 13), ROR(x, 22))
#define BIG1(x) XOR3(ROR(x, 6), ROR(x, 11), ROR(x, 25))
#define SMALL0(x) XOR3(ROR(x, 7), ROR(x, 18), SHR(x, 3))
#define SMALL1(x) XOR3(ROR(x, 17), ROR(x, 19), SHR(x, 10))

#define ROUND(a, b, c, d, e, f, g, h, word, k)                                                                         \
    do {                                                                                                               \
        /* In an order that leaves little to do once e, the newest word, is known. */                                  \
        vi sum = ADD(ADD(h, ADD(word, SET1((int32_t) (k)))), CHOOSE(e, f, g));                                         \
        vi turned = BIG1(e);                                                                                           \
        vi other = ADD(sum, ADD(BIG0(a), MAJORITY(a, b, c)));                                                          \
        d = ADD(ADD(d, sum), turned);                                                                                  \
        h = ADD(other, turned);                                                                                        \
    } while (0)

#define NEXT(w, i)                                                                                                     \
    (w[(i) & 15] = ADD(ADD(w[(i) & 15], SMALL0(w[((i) + 1) & 15])), ADD(w[((i) + 9) & 15], SMALL1(w[((i) + 14) & 15]))))

static void compress(vi state[8], vi w[16]) {
    vi a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
#define EIGHT(W, i)                                                                                                    \
    ROUND(a, b, c, d, e, f, g, h, W(w, i), K[i]);                                                                      \
    ROUND(h, a, b, c, d, e, f, g, W(w, i + 1), K[i + 1]);                                                              \
    ROUND(g, h, a, b, c, d, e, f, W(w, i + 2), K[i + 2]);                                                              \
    ROUND(f, g, h, a, b, c, d, e, W(w, i + 3), K[i + 3]);                                                              \
    ROUND(e, f, g, h, a, b, c, d, W(w, i + 4), K[i + 4]);                                                              \
    ROUND(d, e, f, g, h, a, b, c, W(w, i + 5), K[i + 5]);                                                              \
    ROUND(c, d, e, f, g, h, a, b, W(w, i + 6), K[i + 6]);                                                              \
    ROUND(b, c, d, e, f, g, h, a, W(w, i + 7), K[i + 7])
#define GIVEN(w, i) w[i]
    EIGHT(GIVEN, 0);
    EIGHT(GIVEN, 8);
    for (int i = 16; i < 64; i += 16) {
#define AHEAD(w, j) NEXT(w, (j) - i)
        EIGHT(AHEAD, i);
        EIGHT(AHEAD, i + 8);
    }
    state[0] = ADD(state[0], a);
    state[1] = ADD(state[1], b);
    state[2] = ADD(state[2], c);
    state[3] = ADD(state[3], d);
    state[4] = ADD(state[4], e);
    state[5] = ADD(state[5], f);
    state[6] = ADD(state[6], g);
    state[7] = ADD(state[7], h);
}

static void hash_lanes(uint8_t prefix, const uint8_t *const *data, int64_t length, int flipped,
                       uint8_t *const *digests, int64_t count) {
    uint8_t flip = flipped ? 0x80 : 0;
    vi state[8];
    for (int i = 0; i < 8; i++) {
        state[i] = SET1((int32_t) START[i]);
    }
    uint8_t space[LANES][64];
    for (int64_t block = 0; block < blocks_of_message(length); block++) {
        const uint8_t *places[LANES];
        for (int64_t lane = 0; lane < LANES; lane++) {
            places[lane] = message_block(prefix, data[lane < count ? lane : 0], length, block, flip, space[lane]);
        }
        vi words[16];
        GATHER(words, places, flip);
        compress(state, words);
    }
    uint32_t out[8][LANES];
    for (int i = 0; i < 8; i++) {
        STORE(out[i], state[i]);
    }
    for (int64_t lane = 0; lane < count; lane++) {
        for (int i = 0; i < 8; i++) {
            uint32_t word = __builtin_bswap32(out[i][lane]);
            memcpy(digests[lane] + 4 * i, &word, 4);
        }
    }
}
