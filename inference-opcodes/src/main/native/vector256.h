/* 256-bit vectors; see kernels.h. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

typedef __m256i vi;
#define VB 32
#define VL 8
#define MAX_VECTORS 2
#define LOADU(p) _mm256_loadu_si256((const __m256i *) (p))
#define STOREU(p, v) _mm256_storeu_si256((__m256i *) (p), v)
#define ZERO() _mm256_setzero_si256()
#define SET1_8(x) _mm256_set1_epi8(x)
#define SET1_32(x) _mm256_set1_epi32(x)
#define SET1_64(x) _mm256_set1_epi64x(x)
#define ADD32(a, b) _mm256_add_epi32(a, b)
#define SUB32(a, b) _mm256_sub_epi32(a, b)
#define ADD64(a, b) _mm256_add_epi64(a, b)
#define MAXU8(a, b) _mm256_max_epu8(a, b)
#define MINU8(a, b) _mm256_min_epu8(a, b)
#define MULS(a, b) _mm256_mul_epi32(a, b)
#define MULU(a, b) _mm256_mul_epu32(a, b)
#define SRL64_32(a) _mm256_srli_epi64(a, 32)
#define SRLV64(a, s) _mm256_srlv_epi64(a, s)
#define SRL64(a, s) _mm256_srl_epi64(a, _mm_cvtsi64_si128(s))
#define SLL64(a, s) _mm256_sll_epi64(a, _mm_cvtsi64_si128(s))
#define SHIFTS 0
#define HALVES(low, high) _mm256_blend_epi32(low, high, 0xaa)
#define UNPACKLO8(a, b) _mm256_unpacklo_epi8(a, b)
#define UNPACKHI8(a, b) _mm256_unpackhi_epi8(a, b)
#define UNPACKLO16(a, b) _mm256_unpacklo_epi16(a, b)
#define UNPACKHI16(a, b) _mm256_unpackhi_epi16(a, b)
#define PACKS32(a, b) _mm256_packs_epi32(a, b)
#define PACKUS16(a, b) _mm256_packus_epi16(a, b)
#define ORDER(v) _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7))
#define CVT_U8_32(p) _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *) (p)))

static inline __attribute__((always_inline)) void STORE_BYTES(uint8_t *p, vi v, int64_t count) {
    if (count == VB) {
        STOREU(p, v);
    } else if (count == 16) {
        _mm_storeu_si128((__m128i *) p, _mm256_castsi256_si128(v));
    } else if (count == 8) {
        _mm_storel_epi64((__m128i *) p, _mm256_castsi256_si128(v));
    } else {
        uint8_t all[VB];
        STOREU(all, v);
        memcpy(p, all, (size_t) count);
    }
}

static inline __attribute__((always_inline)) vi BROADCAST(const uint8_t *p) {
    vi v;
    __asm__("vpbroadcastd %1, %0" : "=x"(v) : "m"(*(const int32_t *) p));
    return v;
}
