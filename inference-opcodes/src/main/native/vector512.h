/* 512-bit vectors; see kernels.h. */
#include <immintrin.h>
#include <stdint.h>

typedef __m512i vi;
#define VB 64
#define VL 16
#define MAX_VECTORS 4
#define LOADU(p) _mm512_loadu_si512(p)
#define STOREU(p, v) _mm512_storeu_si512(p, v)
#define ZERO() _mm512_setzero_si512()
#define SET1_8(x) _mm512_set1_epi8(x)
#define SET1_32(x) _mm512_set1_epi32(x)
#define SET1_64(x) _mm512_set1_epi64(x)
#define ADD32(a, b) _mm512_add_epi32(a, b)
#define SUB32(a, b) _mm512_sub_epi32(a, b)
#define ADD64(a, b) _mm512_add_epi64(a, b)
#define MAXU8(a, b) _mm512_max_epu8(a, b)
#define MINU8(a, b) _mm512_min_epu8(a, b)
#define MULS(a, b) _mm512_mul_epi32(a, b)
#define MULU(a, b) _mm512_mul_epu32(a, b)
#define SRL64_32(a) _mm512_srli_epi64(a, 32)
#define SRLV64(a, s) _mm512_srlv_epi64(a, s)
#define SRL64(a, s) _mm512_srl_epi64(a, _mm_cvtsi64_si128(s))
#define SLL64(a, s) _mm512_sll_epi64(a, _mm_cvtsi64_si128(s))
#define SHIFTS 1
#define SRAV64(a, s) _mm512_srav_epi64(a, s)
#define HALVES(low, high) _mm512_mask_blend_epi32(0xaaaa, low, high)
#define UNPACKLO8(a, b) _mm512_unpacklo_epi8(a, b)
#define UNPACKHI8(a, b) _mm512_unpackhi_epi8(a, b)
#define UNPACKLO16(a, b) _mm512_unpacklo_epi16(a, b)
#define UNPACKHI16(a, b) _mm512_unpackhi_epi16(a, b)
#define PACKS32(a, b) _mm512_packs_epi32(a, b)
#define PACKUS16(a, b) _mm512_packus_epi16(a, b)
#define ORDER(v)                                                                                                       \
    _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), v)
#define CVT_U8_32(p) _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *) (p)))

/* From memory straight into all lanes: a detour over a general register costs a shuffle each. */
static inline __attribute__((always_inline)) vi BROADCAST(const uint8_t *p) {
    vi v;
    __asm__("vpbroadcastd %1, %0" : "=v"(v) : "m"(*(const int32_t *) p));
    return v;
}

static inline __attribute__((always_inline)) void STORE_BYTES(uint8_t *p, vi v, int64_t count) {
    if (count == VB) {
        STOREU(p, v);
    } else {
        _mm512_mask_storeu_epi8(p, ((__mmask64) 1 << count) - 1, v);
    }
}
