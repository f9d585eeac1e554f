/* The SHA instructions, for one message or two in turn, which hides half of their latency. */
#pragma GCC target("sha,sse4.1")
#include <immintrin.h>

#include "sha256_constants.h"
#include "sha256_message.h"

#define INLINE static inline __attribute__((always_inline))

/* The instructions keep the state as the words (A, B, E, F) and (C, D, G, H), highest first. */
INLINE void compress(int streams, __m128i abef[2], __m128i cdgh[2], const uint8_t *const *blocks, __m128i flips) {
    const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    __m128i words[2][4], first[2], second[2];
    for (int s = 0; s < streams; s++) {
        first[s] = abef[s];
        second[s] = cdgh[s];
        for (int i = 0; i < 4; i++) {
            __m128i block = _mm_loadu_si128((const __m128i *) (blocks[s] + 16 * i));
            words[s][i] = _mm_shuffle_epi8(_mm_xor_si128(block, flips), swap);
        }
    }
    _Pragma("GCC unroll 16") for (int i = 0; i < 16; i++) {
        for (int s = 0; s < streams; s++) {
            __m128i *w = words[s];
            if (i >= 4) {
                /* w[i & 3] holds the words of 16 rounds ago. */
                __m128i part = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
                part = _mm_add_epi32(part, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
                w[i & 3] = _mm_sha256msg2_epu32(part, w[(i + 3) & 3]);
            }
            __m128i sum = _mm_add_epi32(w[i & 3], _mm_load_si128((const __m128i *) (K + 4 * i)));
            second[s] = _mm_sha256rnds2_epu32(second[s], first[s], sum);
            first[s] = _mm_sha256rnds2_epu32(first[s], second[s], _mm_shuffle_epi32(sum, 0x0e));
        }
    }
    for (int s = 0; s < streams; s++) {
        abef[s] = _mm_add_epi32(abef[s], first[s]);
        cdgh[s] = _mm_add_epi32(cdgh[s], second[s]);
    }
}

INLINE void hash_streams(int streams, uint8_t prefix, const uint8_t *const *data, int64_t length, int flipped,
                         uint8_t *const *digests) {
    uint8_t flip = flipped ? 0x80 : 0;
    __m128i flips = _mm_set1_epi8((char) flip);
    __m128i abef[2], cdgh[2];
    for (int s = 0; s < streams; s++) {
        abef[s] = _mm_set_epi32((int) START[0], (int) START[1], (int) START[4], (int) START[5]);
        cdgh[s] = _mm_set_epi32((int) START[2], (int) START[3], (int) START[6], (int) START[7]);
    }
    uint8_t space[2][64];
    for (int64_t block = 0; block < blocks_of_message(length); block++) {
        const uint8_t *places[2];
        for (int s = 0; s < streams; s++) {
            places[s] = message_block(prefix, data[s], length, block, flip, space[s]);
        }
        compress(streams, abef, cdgh, places, flips);
    }
    for (int s = 0; s < streams; s++) {
        uint32_t words[8] = {
            (uint32_t) _mm_extract_epi32(abef[s], 3), (uint32_t) _mm_extract_epi32(abef[s], 2),
            (uint32_t) _mm_extract_epi32(cdgh[s], 3), (uint32_t) _mm_extract_epi32(cdgh[s], 2),
            (uint32_t) _mm_extract_epi32(abef[s], 1), (uint32_t) _mm_extract_epi32(abef[s], 0),
            (uint32_t) _mm_extract_epi32(cdgh[s], 1), (uint32_t) _mm_extract_epi32(cdgh[s], 0)};
        for (int i = 0; i < 8; i++) {
            uint32_t word = __builtin_bswap32(words[i]);
            memcpy(digests[s] + 4 * i, &word, 4);
        }
    }
}

static void hash_one(uint8_t prefix, const uint8_t *const *data, int64_t length, int flipped, uint8_t *const *digests,
                     int64_t count) {
    (void) count;
    hash_streams(1, prefix, data, length, flipped, digests);
}

static void hash_two(uint8_t prefix, const uint8_t *const *data, int64_t length, int flipped, uint8_t *const *digests,
                     int64_t count) {
    (void) count;
    hash_streams(2, prefix, data, length, flipped, digests);
}

const struct hasher hasher_sha = {"sha", 1, 1, hash_one, NULL};
const struct hasher hasher_sha_pairs = {"sha-pairs", 2, 2, hash_two, &hasher_sha};
