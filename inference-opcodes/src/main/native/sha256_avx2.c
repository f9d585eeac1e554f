/* Eight messages at once. */
#pragma GCC target("avx2")
#include <immintrin.h>
#include <stdint.h>

typedef __m256i vi;
#define LANES 8
#define STORE(p, v) _mm256_storeu_si256((__m256i *) (p), v)
#define SET1(x) _mm256_set1_epi32(x)
#define ADD(a, b) _mm256_add_epi32(a, b)
#define XOR3(a, b, c) _mm256_xor_si256(_mm256_xor_si256(a, b), c)
#define CHOOSE(e, f, g) _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)))
#define MAJORITY(a, b, c) _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)))
#define ROR(x, n) _mm256_or_si256(_mm256_srli_epi32(x, n), _mm256_slli_epi32(x, 32 - (n)))
#define SHR(x, n) _mm256_srli_epi32(x, n)

static inline __attribute__((always_inline)) void GATHER(vi w[16], const uint8_t *const *blocks, uint8_t flip) {
    const vi swap = _mm256_broadcastsi128_si256(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    const vi flips = _mm256_set1_epi8((char) flip);
    for (int half = 0; half < 2; half++) {
        vi r[8], t[8];
        for (int i = 0; i < 8; i++) {
            vi block = _mm256_loadu_si256((const __m256i *) (blocks[i] + 32 * half));
            r[i] = _mm256_shuffle_epi8(_mm256_xor_si256(block, flips), swap);
        }
        for (int i = 0; i < 8; i += 2) {
            t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
            t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
        }
        for (int i = 0; i < 8; i += 4) {
            r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
            r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
            r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
            r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
        }
        for (int i = 0; i < 4; i++) {
            w[8 * half + i] = _mm256_permute2x128_si256(r[i], r[i + 4], 0x20);
            w[8 * half + 4 + i] = _mm256_permute2x128_si256(r[i], r[i + 4], 0x31);
        }
    }
}

#include "sha256_lanes.h"

const struct hasher hasher_avx2 = {"avx2", LANES, 1, hash_lanes, NULL};
