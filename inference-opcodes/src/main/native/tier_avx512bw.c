/* vpmaddwd on 512 bits: s16 by s16, two products added to each 32-bit lane. */
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl")
#include "vector512.h"

#define DOT(sum, rows, columns) (sum = _mm512_add_epi32(sum, _mm512_madd_epi16(rows, columns)))
#define GROUP 2
#define TIER tier_avx512bw
#define TIER_NAME "avx512-bw"
#include "kernels.h"
