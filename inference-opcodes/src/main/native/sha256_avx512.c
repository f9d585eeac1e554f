/* Sixteen messages at once. */
#pragma GCC target("avx512f,avx512bw,avx512vl")
#include <immintrin.h>
#include <stdint.h>

typedef __m512i vi;
#define LANES 16
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define SET1(x) _mm512_set1_epi32(x)
#define ADD(a, b) _mm512_add_epi32(a, b)
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define CHOOSE(e, f, g) _mm512_ternarylogic_epi32(e, f, g, 0xca)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xe8)
#define ROR(x, n) _mm512_ror_epi32(x, n)
#define SHR(x, n) _mm512_srli_epi32(x, n)

/* A transposition of 16 by 16 words. */
static inline __attribute__((always_inline)) void GATHER(vi w[16], const uint8_t *const *blocks, uint8_t flip) {
    const vi swap = _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    const vi flips = _mm512_set1_epi8((char) flip);
    vi r[16], t[16];
    for (int i = 0; i < 16; i++) {
        r[i] = _mm512_shuffle_epi8(_mm512_xor_si512(_mm512_loadu_si512(blocks[i]), flips), swap);
    }
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        vi a = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        vi b = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
        vi c = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        vi d = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
        w[i] = _mm512_shuffle_i32x4(a, c, 0x88);
        w[i + 8] = _mm512_shuffle_i32x4(a, c, 0xdd);
        w[i + 4] = _mm512_shuffle_i32x4(b, d, 0x88);
        w[i + 12] = _mm512_shuffle_i32x4(b, d, 0xdd);
    }
}

#include "sha256_lanes.h"

const struct hasher hasher_avx512 = {"avx512", LANES, 1, hash_lanes, NULL};
/* Where there are SHA instructions too, few messages are theirs. */
const struct hasher hasher_avx512_sha = {"avx512+sha", LANES, 7, hash_lanes, &hasher_sha_pairs};
